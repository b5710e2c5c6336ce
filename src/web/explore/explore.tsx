// Explore: full text over everything, as it is typed; without words, every session in a table.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { askSearch } from '../state/api.ts'
import { go, useLive, useNow, useRoute } from '../state/hooks.ts'
import { hrefOf } from '../state/route.ts'
import { Notice, WaitingLines } from '../ui/bits.tsx'
import { compact, counted, fullTime, projectName, titleOf, when } from '../ui/words.ts'
import { Cost } from './cost/cost.tsx'
import { Files } from './file/files.tsx'
import { Grammar } from './grammar.tsx'
import { groupsOf, type HitGroup, kindWord, uniqueHits } from './model.ts'
import { Replay } from './replay/replay.tsx'
import { SessionTable } from './table.tsx'
import './explore.css'

const HITS_A_PAGE = 50

export function Explore() {
  const { q, best, files, replay, cost } = useRoute()
  if (cost !== null) return <Cost />
  if (replay !== null) return <Replay />
  if (files !== null) return <Files place={files} />
  return q.trim() === '' ? <SessionTable /> : <Results q={q.trim()} best={best} />
}

function Results({ q, best }: { q: string; best: boolean }) {
  const search = useInfiniteQuery({
    queryKey: ['search', q, best],
    queryFn: ({ pageParam, signal }) =>
      askSearch({ q, limit: HITS_A_PAGE, offset: pageParam, rank: best ? 1 : 0 }, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  })
  const hits = useMemo(() => uniqueHits(search.data?.pages ?? []), [search.data])
  const groups = useMemo(() => groupsOf(hits), [hits])
  const last = search.data?.pages.at(-1)
  return (
    <section
      className={`explore scroller ${search.isPlaceholderData ? 'is-old' : ''}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Search results"
    >
      <div className="explore-column">
        <header className="explore-head">
          <h1 aria-live="polite">
            {search.isPending ? 'Searching …' : found(hits.length, groups.length, search.hasNextPage)}
          </h1>
          <p className="aside">
            {last?.understood && <span>Read as {last.understood}</span>}
            {last && <span>{last.tookMs < 1 ? 'under 1' : Math.round(last.tookMs)} ms</span>}
          </p>
          <Order best={best} q={q} />
        </header>
        {search.error ? (
          <Notice title="This search did not work." bad>
            <p>{search.error.message}</p>
          </Notice>
        ) : search.isPending ? (
          <WaitingLines what="results" />
        ) : (
          <ol className="groups" onKeyDown={moveFocus}>
            {groups.map((group) => (
              <Group key={group.session} group={group} />
            ))}
          </ol>
        )}
        {search.hasNextPage && (
          <button
            type="button"
            className="plain"
            disabled={search.isFetchingNextPage}
            onClick={() => search.fetchNextPage()}
          >
            {search.isFetchingNextPage ? 'Loading …' : 'More results'}
          </button>
        )}
        {!search.isPending && <Grammar q={q} isOpen={hits.length === 0} />}
      </div>
    </section>
  )
}

const found = (hits: number, sessions: number, hasMore: boolean) =>
  hits === 0
    ? 'Nothing found'
    : `${hasMore ? 'The first ' : ''}${counted(hits, 'event')} in ${counted(sessions, 'session')}`

function Order({ best, q }: { best: boolean; q: string }) {
  return (
    <fieldset className="filters" aria-label="Order">
      {[false, true].map((isBest) => (
        <button
          key={String(isBest)}
          type="button"
          className="chip"
          aria-pressed={best === isBest}
          onClick={() => go({ view: 'explore', q, best: isBest }, 'replace')}
        >
          {isBest ? 'Best match' : 'Newest'}
        </button>
      ))}
    </fieldset>
  )
}

function Group({ group }: { group: HitGroup }) {
  const { first, hits } = group
  const nowMs = useNow()
  const session = useLive((state) => state.sessions.rows.get(group.session))
  const label = useLive((state) => state.sessions.labels[first.agent] ?? first.agent)
  return (
    <li className="group">
      <h2>
        <a href={hrefOf({ view: 'live', session: group.session })}>
          {session ? titleOf(session) : (first.sessionTitle ?? 'Untitled session')}
        </a>
      </h2>
      <p className="aside">
        {label} · {session ? projectName(session) : first.project}
        {session && ` · ${compact(session.events)} events`}
      </p>
      <ol>
        {hits.map((hit) => (
          <li key={hit.event}>
            <a className="hit" href={hrefOf({ view: 'live', session: hit.session, event: hit.event })}>
              <span className="hit-kind">{kindWord(hit.kind, hit.tool)}</span>
              <span className="hit-text">
                {hit.snippet.map((part, i) =>
                  // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never move
                  part.hit ? <mark key={i}>{part.text}</mark> : <span key={i}>{part.text}</span>,
                )}
              </span>
              <time dateTime={hit.time ?? undefined} title={fullTime(hit.time)}>
                {when(hit.time, nowMs)}
              </time>
            </a>
          </li>
        ))}
      </ol>
    </li>
  )
}

// Arrow keys walk the results.
function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('a.hit')]
  const next = all[all.indexOf(document.activeElement as HTMLElement) + step]
  if (next === undefined) return
  event.preventDefault()
  next.focus()
}
