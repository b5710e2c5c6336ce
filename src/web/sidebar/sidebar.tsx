// The sessions of this machine, down the left side; a drawer where the page is narrow.
import { useInfiniteQuery } from '@tanstack/react-query'
import { type RefObject, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { VList, type VListHandle } from 'virtua'
import { askSessions } from '../state/api.ts'
import {
  go,
  isEverything,
  meetAll,
  narrowList,
  useLive,
  useLiveSlowly,
  useNow,
  useRoute,
  useStore,
  wholeList,
} from '../state/hooks.ts'
import type { ListFilter } from '../state/route.ts'
import { useActions } from '../ui/actions.ts'
import { useKeys } from '../ui/keys.ts'
import { counted } from '../ui/words.ts'
import { AgentTree } from './agents.tsx'
import { type Choice, choicesOf, neighbour, type SideRow, sideRows } from './model.ts'
import { SessionRow } from './row.tsx'
import './sidebar.css'

const FOUND_A_PAGE = 100
const openedMs = Date.now()

export function Sidebar({ foot }: { foot: React.ReactNode }) {
  const [words, setWords] = useState('')
  const list = useRef<VListHandle>(null)
  const route = useRoute()
  const { rows, total, isLoaded, more } = useRows(useDeferredValue(words.trim()), route.list, route.session)
  const move = (step: 1 | -1) => {
    const id = neighbour(rows, route.session, step)
    if (id === null) return
    go({ view: route.view === 'story' ? 'story' : 'live', session: id })
  }
  useOpenInSight(list, rows, route.session)
  useActions([
    { name: 'Next session', keys: ['J'], run: () => move(1) },
    { name: 'Previous session', keys: ['K'], run: () => move(-1) },
  ])
  // Where nothing else is walked through, the small keys walk through the sessions too.
  const isFree = route.session === null && route.view === 'live'
  useKeys(isFree ? { j: () => move(1), k: () => move(-1) } : {})
  return (
    <>
      <div className="side-filter">
        <input
          type="search"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            setWords('')
            event.currentTarget.blur()
          }}
          placeholder="Filter sessions"
          aria-label="Filter sessions by title, project, agent or branch"
          spellCheck={false}
        />
        <Narrow list={route.list} />
      </div>
      <nav className="side-list" aria-label="Sessions">
        {rows.length === 0 ? (
          <div className="side-none">
            <p>{sideNothing(isLoaded, words, !isEverything(route.list))}</p>
            {!isEverything(route.list) && (
              <button type="button" className="bare" onClick={wholeList}>
                Show all sessions
              </button>
            )}
          </div>
        ) : (
          <VList
            ref={list}
            className="scroller"
            data={rows}
            bufferSize={400}
            onScroll={(offset) => {
              const handle = list.current
              if (handle && offset + handle.viewportSize > handle.scrollSize - 600) more()
            }}
          >
            {(row) => <Row key={row.key} row={row} more={more} />}
          </VList>
        )}
      </nav>
      <footer className="side-foot">
        <span>{isLoaded ? counted(total, 'session') : ''}</span>
        {foot}
      </footer>
    </>
  )
}

// The open session is in sight when one comes to it, and not pulled there again while the list changes.
function useOpenInSight(list: RefObject<VListHandle | null>, rows: readonly SideRow[], open: string | null): void {
  const shown = useRef<string | null>(null)
  const at = open === null ? -1 : rows.findIndex((row) => row.key === open)
  useEffect(() => {
    if (open === null || at < 0 || shown.current === open) return
    shown.current = open
    const handle = list.current
    if (handle === null) return
    const top = handle.getItemOffset(at)
    const isSeen = top >= handle.scrollOffset && top + SEEN_PX < handle.scrollOffset + handle.viewportSize
    if (!isSeen) handle.scrollToIndex(at, { align: 'center' })
  }, [list, open, at])
}
const SEEN_PX = 90

const sideNothing = (isLoaded: boolean, words: string, isNarrow: boolean) =>
  !isLoaded
    ? 'Looking …'
    : words !== ''
      ? 'No session has these words in its name.'
      : isNarrow
        ? 'No session here is of this kind.'
        : 'No sessions yet.'

const SPANS: readonly Choice[] = [
  { value: '1h', name: 'Last hour' },
  { value: '24h', name: 'Last 24 hours' },
  { value: '7d', name: 'Last 7 days' },
  { value: '30d', name: 'Last 30 days' },
]

// Which agent, which project, since when: in the address, so that a narrowed list can be kept and sent on.
function Narrow({ list }: { list: ListFilter }) {
  const sessions = useLiveSlowly((state) => state.sessions)
  const { agents, projects } = useMemo(() => choicesOf(sessions.rows.values(), sessions.labels), [sessions])
  return (
    <div className="side-narrow">
      <Select all="All agents" choices={agents} value={list.by} set={(by) => narrowList({ by })} />
      <Select all="All projects" choices={projects} value={list.project} set={(project) => narrowList({ project })} />
      <Select all="Any time" choices={SPANS} value={list.active} set={(active) => narrowList({ active })} />
    </div>
  )
}

interface SelectProps {
  readonly all: string
  readonly choices: readonly Choice[]
  readonly value: string | null
  readonly set: (value: string | null) => void
}
function Select({ all, choices, value, set }: SelectProps) {
  const isKnown = value === null || choices.some((choice) => choice.value === value)
  return (
    <select
      aria-label={`Sessions: ${all.toLowerCase()}, or one`}
      className={value === null ? '' : 'chosen'}
      value={value ?? ''}
      onChange={(event) => set(event.target.value || null)}
    >
      <option value="">{all}</option>
      {!isKnown && <option value={value}>{value}</option>}
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.name}
        </option>
      ))}
    </select>
  )
}

function Row({ row, more }: { row: SideRow; more: () => void }) {
  switch (row.kind) {
    case 'head':
      return (
        <h2 className="side-head">
          {row.text} <span>{row.count}</span>
        </h2>
      )
    case 'session':
      return <SessionRow session={row.session} />
    case 'agents':
      return <AgentTree session={row.session} />
    case 'more':
      return (
        <button type="button" className="bare side-more" onClick={more}>
          Older sessions …
        </button>
      )
  }
}

// The whole list is what the page holds; a part of it is asked of the server too, for sessions further down than that.
function useRows(words: string, list: ListFilter, open: string | null) {
  const store = useStore()
  const sessions = useLiveSlowly((state) => state.sessions)
  const isLoaded = useLive((state) => state.loaded)
  const nowMs = useNow()
  const isPart = words !== '' || list.by !== null || list.project !== null
  const found = useInfiniteQuery({
    queryKey: ['sessions', words, list.by, list.project],
    queryFn: ({ pageParam, signal }) =>
      askSessions({ limit: FOUND_A_PAGE, words, agent: list.by, project: list.project, before: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: isPart,
    staleTime: 10_000,
  })
  useEffect(() => {
    for (const page of found.data?.pages.slice(-1) ?? []) store.keepSessions(page)
  }, [found.data, store])
  useEffect(() => {
    // A session that began while the page was open is news from its first event on.
    meetAll([...sessions.rows.values()].filter((row) => row.started !== null && Date.parse(row.started) < openedMs))
  }, [sessions.rows])
  const hasMore = isPart ? found.hasNextPage : sessions.next !== null
  const rows = useMemo(
    () => sideRows(sessions.rows.values(), { nowMs, words, list, open, hasMore }),
    [sessions.rows, nowMs, words, list, open, hasMore],
  )
  const more = () => {
    if (!hasMore) return
    // A page that did not come is asked for again by the next scroll.
    if (!isPart) store.moreSessions().catch((error) => console.warn('openstory: older sessions', error))
    else if (!found.isFetching) found.fetchNextPage()
  }
  return { rows, total: sessions.total, isLoaded, more }
}
