// Cost: what was spent, cut as one asks, of which time and of what; every row opens what it is made of.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { askCost, type CostWish } from '../../state/api.ts'
import { ALL_COST, type CostPlace } from '../../state/cost-route.ts'
import { go, useLive, useRoute } from '../../state/hooks.ts'
import { hrefOf } from '../../state/route.ts'
import { compact, counted, dollars, projectName, titleOf } from '../../ui/words.ts'
import { useRowKeys } from '../file/keys.ts'
import { Answer, Frame, MoreButton } from '../file/parts.tsx'
import { DayChart } from './chart.tsx'
import { CUT_ORDER, CUT_WORDS, timeSaid, tokensOut } from './model.ts'
import { Requests } from './requests.tsx'
import { CostTable } from './rows.tsx'
import { Times } from './times.tsx'
import './cost.css'

const ROWS_A_PAGE = 100
const DAYS_MAX = 1_000

export function Cost() {
  const place = useRoute().cost ?? ALL_COST
  useRowKeys()
  const wish = wishOf(place)
  const pages = useInfiniteQuery({
    queryKey: ['cost', wish, ROWS_A_PAGE],
    queryFn: ({ pageParam, signal }) => askCost({ ...wish, limit: ROWS_A_PAGE, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (page, all) => {
      const seen = all.reduce((sum, { rows }) => sum + rows.length, 0)
      return seen < page.count && page.rows.length > 0 ? seen : null
    },
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  })
  const answer = pages.data?.pages[0]
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? []
  // While another cut is on its way, the rows of the one before are still that one's.
  const shown = answer === undefined ? place : { ...place, cut: answer.by }
  return (
    <Frame label="Cost">
      <header className="explore-head">
        <h1 aria-live="polite">{answer === undefined ? 'Cost' : spentSaid(answer)}</h1>
        <p className="aside cost-said">
          {answer === undefined ? (
            <span>What was spent, as far as agents wrote it down.</span>
          ) : (
            <Facts answer={answer} place={place} />
          )}
        </p>
        <Times place={place} />
        <Within place={place} />
      </header>
      <Answer what="what was spent" asked={pages}>
        {answer !== undefined && answer.total.requests === 0 ? (
          <p className="none">Nothing was spent {timeSaid(place) === null ? '' : 'then'}, as far as the record goes.</p>
        ) : place.row !== null ? (
          <Requests place={place} wish={wish} />
        ) : (
          answer !== undefined && (
            <>
              <ByDay wish={wish} place={place} />
              <Cuts place={place} />
              <CostTable
                place={shown}
                rows={rows}
                count={answer.count}
                total={answer.total}
                isOld={pages.isPlaceholderData}
              />
              <MoreButton pages={pages} what={CUT_WORDS[place.cut].many} />
              <Known answer={answer} />
            </>
          )
        )}
      </Answer>
    </Frame>
  )
}

export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

const wishOf = ({
  cut,
  since,
  until,
  zone,
  project,
  agent,
  session,
}: CostPlace): Omit<CostWish, 'limit' | 'offset'> => ({
  by: cut,
  tz: zone ?? ownZone(),
  since,
  until,
  project,
  agent,
  session,
})

type Known = NonNullable<Awaited<ReturnType<typeof askCost>>>

function Facts({ answer: { total }, place }: { answer: Known; place: CostPlace }) {
  const cached = total.cache_read + total.cache_write_5m + total.cache_write_1h
  return (
    <>
      <span>{timeSaid(place) ?? 'all time'}</span>
      <span>{counted(total.requests, 'request')}</span>
      <span>
        {compact(total.input)} in, {compact(cached)} cached, {tokensOut(total.output, total.partial > 0)} out
      </span>
      {total.subagent_requests > 0 && (
        <span>{dollars({ usd: total.subagent_usd, lower_bound: total.lower_bound })} of it by subagents</span>
      )}
    </>
  )
}

const spentSaid = ({ total }: Known): string =>
  total.requests === 0 ? 'Nothing spent' : total.usd === null ? 'Spent: nobody knows' : `${dollars(total)} spent`

// What the sums do not know, and by which list they were priced.
function Known({ answer }: { answer: Known }) {
  const { total, unknown_models: unknown, prices } = answer
  return (
    <ul className="aside cost-known">
      {unknown.map(({ model, requests }) => (
        <li key={model}>
          Nobody knows the price of <b>{model}</b>: {counted(requests, 'request')} of it {requests === 1 ? 'is' : 'are'}{' '}
          counted, and not in the sums.
        </li>
      ))}
      {total.partial > 0 && (
        <li>
          Of {counted(total.partial, 'answer')} only a beginning was written down: what has them in it is shown as “≥”,
          at least.
        </li>
      )}
      {total.compared !== null && (
        <li>
          {counted(total.compared.requests, 'request')} came with the agent’s own price:{' '}
          {dollars({ usd: total.compared.recorded_usd, lower_bound: false })} as written,{' '}
          {dollars({ usd: total.compared.computed_usd, lower_bound: false })} by the list.
        </li>
      )}
      <li>
        Prices: {prices.name} {prices.version}, of {prices.date}, on this machine; nothing was asked of anybody.
      </li>
    </ul>
  )
}

function ByDay({ wish, place }: { wish: Omit<CostWish, 'limit' | 'offset'>; place: CostPlace }) {
  const days = useQuery({
    queryKey: ['cost-days', { ...wish, by: 'day' }],
    queryFn: ({ signal }) => askCost({ ...wish, by: 'day', limit: DAYS_MAX, offset: 0 }, signal),
    placeholderData: keepPreviousData,
    retry: false,
  })
  return days.data === undefined ? null : <DayChart rows={days.data.rows} place={place} />
}

// On a narrow page the cuts are a strip, which begins at its first.
function showChosen(strip: HTMLElement | null): void {
  const chosen = strip?.querySelector<HTMLElement>('[aria-current]')
  if (strip && chosen)
    strip.scrollLeft = chosen.offsetLeft - strip.offsetLeft - (strip.clientWidth - chosen.offsetWidth) / 2
}

function Cuts({ place }: { place: CostPlace }) {
  return (
    <nav className="filters cuts" aria-label="Cut by" ref={showChosen}>
      {CUT_ORDER.map((cut) => (
        <a
          key={cut}
          className="chip"
          aria-current={cut === place.cut ? 'true' : undefined}
          href={hrefOf({ view: 'explore', cost: { ...place, cut, row: null } })}
        >
          {CUT_WORDS[cut].name}
        </a>
      ))}
    </nav>
  )
}

// Of what, and how to let go of it.
function Within({ place }: { place: CostPlace }) {
  const rows = useLive((state) => state.sessions.rows)
  const labels = useLive((state) => state.sessions.labels)
  const session = place.session === null ? undefined : rows.get(place.session)
  const inProject = [...rows.values()].find(({ project }) => project === place.project)
  const chips: readonly (readonly [keyof CostPlace, string, string | null])[] = [
    ['project', 'Project', place.project && (inProject === undefined ? place.project : projectName(inProject))],
    ['agent', 'Agent', place.agent && (labels[place.agent] ?? place.agent)],
    ['session', 'Session', place.session && (session === undefined ? place.session : titleOf(session))],
    ['row', CUT_WORDS[place.cut].name, place.row],
  ]
  const shown = chips.filter(([, , value]) => value !== null)
  if (shown.length === 0) return null
  return (
    <fieldset className="filters within" aria-label="Only of">
      {shown.map(([name, word, value]) => (
        <button
          key={name}
          type="button"
          className="chip lane-chip"
          onClick={() => go({ view: 'explore', cost: { ...place, [name]: null } })}
        >
          <span>{name === 'row' ? `All ${CUT_WORDS[place.cut].many}` : `${word} ${value}`}</span>
          <b aria-hidden="true">×</b>
          <span className="quietly">, let go of it</span>
        </button>
      ))}
      {session !== undefined && (
        <a className="bare" href={hrefOf({ view: 'story', session: session.id })}>
          Read its story
        </a>
      )}
    </fieldset>
  )
}
