// What a row is made of in the end: its requests, the latest first, each with the event that tells of it.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { CostRequest } from '../../../folds/cost.ts'
import { askCost, askCostRequests, type CostWish } from '../../state/api.ts'
import type { CostPlace } from '../../state/cost-route.ts'
import { useLive, useNow } from '../../state/hooks.ts'
import { hrefOf } from '../../state/route.ts'
import { Flat } from '../../ui/read-markdown.ts'
import { clock, compact, counted, dollars, fullTime, modelName, when } from '../../ui/words.ts'
import { Answer, MoreButton } from '../file/parts.tsx'
import { SpentColumns } from './columns.tsx'
import { CUT_WORDS, lineName, tokensOut } from './model.ts'

const REQUESTS_A_PAGE = 100
const ROWS_MAX = 1_000
const WORDS_SHOWN = 300
const timeOf = (time: string, nowMs: number): string => [...new Set([when(time, nowMs), clock(time)])].join(', ')

export function Requests({ place, wish }: { place: CostPlace; wish: Omit<CostWish, 'limit' | 'offset'> }) {
  const key = place.row ?? ''
  const row = useQuery({
    queryKey: ['cost', wish, ROWS_MAX],
    queryFn: ({ signal }) => askCost({ ...wish, limit: ROWS_MAX, offset: 0 }, signal),
    select: ({ rows }) => rows.find((each) => each.key === key) ?? null,
    retry: false,
  })
  const pages = useInfiniteQuery({
    queryKey: ['cost-requests', wish, key],
    queryFn: ({ pageParam, signal }) =>
      askCostRequests({ ...wish, key, limit: REQUESTS_A_PAGE, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (page, all) => {
      const seen = all.reduce((sum, { requests }) => sum + requests.length, 0)
      return seen < page.count && page.requests.length > 0 ? seen : null
    },
    retry: false,
  })
  const requests = pages.data?.pages.flatMap((page) => page.requests) ?? []
  const count = pages.data?.pages[0]?.count ?? 0
  const name = row.data?.text === undefined ? lineName(key) : <Flat text={row.data.text.slice(0, WORDS_SHOWN)} />
  const session = row.data?.session
  return (
    <Answer what="these requests" asked={pages}>
      <section className="requests" aria-label="Requests">
        <h2>
          {CUT_WORDS[place.cut].name}: {name}
        </h2>
        <p className="aside">
          {counted(count, 'request')}
          {row.data != null && `, together ${dollars(row.data)}`}
          {place.cut === 'tool' && ' (what each of them shares out to this tool)'}
          {session !== undefined && (
            <>
              {' · '}
              <a href={hrefOf({ view: 'live', session, event: key })}>the prompt in Live</a>
            </>
          )}
        </p>
        <table className="cost-table">
          <caption className="quietly">Requests, the latest first</caption>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Asked for</th>
              <SpentColumns />
            </tr>
          </thead>
          <tbody>
            {requests.map((request) => (
              <Request
                key={request.event}
                request={request}
                withSession={place.session === null && session === undefined}
              />
            ))}
          </tbody>
        </table>
        <MoreButton pages={pages} what="requests" />
      </section>
    </Answer>
  )
}

function Request({ request, withSession }: { request: CostRequest; withSession: boolean }) {
  const nowMs = useNow()
  const title = useLive((state) => state.sessions.rows.get(request.session)?.title ?? null)
  const tools = [...new Set(request.tools)]
  return (
    <tr data-row tabIndex={-1}>
      <th scope="row">
        <a
          href={hrefOf({ view: 'live', session: request.session, event: request.event })}
          title={`${fullTime(request.time)} · open in Live`}
          data-opens
        >
          {request.time === null ? 'no time' : timeOf(request.time, nowMs)}
        </a>
        {withSession && <small>{title ?? request.session}</small>}
      </th>
      <td className="said">
        {tools.length === 0 ? 'words' : tools.join(', ')}
        <small>
          {request.model === null ? 'no model named' : modelName(request.model)}
          {request.agent_id !== null && ' · a subagent'}
        </small>
      </td>
      <td className="wide">{compact(request.input)}</td>
      <td className="wide">{compact(request.cache_read + request.cache_write_5m + request.cache_write_1h)}</td>
      <td className="wide">{tokensOut(request.output, request.partial)}</td>
      <td>
        <b>{dollars(request)}</b>
      </td>
    </tr>
  )
}
