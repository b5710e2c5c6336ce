// The sessions of this machine, down the left side; a drawer where the page is narrow.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { VList, type VListHandle } from 'virtua'
import { askSessions } from '../state/api.ts'
import { go, meetAll, useLive, useLiveSlowly, useNow, useRoute, useStore } from '../state/hooks.ts'
import { useKeys } from '../ui/keys.ts'
import { counted } from '../ui/words.ts'
import { neighbour, type SideRow, sideRows } from './model.ts'
import { AgentRows, SessionRow } from './row.tsx'
import './sidebar.css'

const FOUND_A_PAGE = 100
const openedMs = Date.now()

export function Sidebar({ foot }: { foot: React.ReactNode }) {
  const [words, setWords] = useState('')
  const list = useRef<VListHandle>(null)
  const route = useRoute()
  const { rows, total, isLoaded, more } = useRows(useDeferredValue(words.trim()), route.session)
  const move = (step: 1 | -1) => {
    const id = neighbour(rows, route.session, step)
    if (id === null) return
    go({ view: route.view === 'story' ? 'story' : 'live', session: id })
    list.current?.scrollToIndex(
      rows.findIndex((row) => row.key === id),
      { align: 'nearest' },
    )
  }
  // A story is walked through by the small keys itself.
  const isFree = route.view !== 'story'
  useKeys({ J: () => move(1), K: () => move(-1), ...(isFree && { j: () => move(1), k: () => move(-1) }) })
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
      </div>
      <nav className="side-list" aria-label="Sessions">
        {rows.length === 0 ? (
          <p className="side-none">{sideNothing(isLoaded, words)}</p>
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

const sideNothing = (isLoaded: boolean, words: string) =>
  !isLoaded ? 'Looking …' : words === '' ? 'No sessions yet.' : 'No session has these words in its name.'

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
      return <AgentRows session={row.session} />
    case 'more':
      return (
        <button type="button" className="bare side-more" onClick={more}>
          Older sessions …
        </button>
      )
  }
}

// Without words the list is what the page holds; with words the server is asked too, for sessions further down than that.
function useRows(words: string, open: string | null) {
  const store = useStore()
  const sessions = useLiveSlowly((state) => state.sessions)
  const isLoaded = useLive((state) => state.loaded)
  const nowMs = useNow()
  const found = useInfiniteQuery({
    queryKey: ['sessions', words],
    queryFn: ({ pageParam, signal }) => askSessions({ limit: FOUND_A_PAGE, words, before: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: words !== '',
    staleTime: 10_000,
  })
  useEffect(() => {
    for (const page of found.data?.pages.slice(-1) ?? []) store.keepSessions(page)
  }, [found.data, store])
  useEffect(() => {
    // A session that began while the page was open is news from its first event on.
    meetAll([...sessions.rows.values()].filter((row) => row.started !== null && Date.parse(row.started) < openedMs))
  }, [sessions.rows])
  const hasMore = words === '' ? sessions.next !== null : found.hasNextPage
  const rows = useMemo(
    () => sideRows(sessions.rows.values(), { nowMs, words, open, hasMore }),
    [sessions.rows, nowMs, words, open, hasMore],
  )
  const more = () => {
    if (!hasMore) return
    // A page that did not come is asked for again by the next scroll.
    if (words === '') store.moreSessions().catch((error) => console.warn('openstory: older sessions', error))
    else if (!found.isFetching) found.fetchNextPage()
  }
  return { rows, total: sessions.total, isLoaded, more }
}
