// The records of a session as a long page that follows its end. Virtualised: what is out of sight is not there.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { VList, type VListHandle } from 'virtua'
import type { SessionSummary } from '../../wire/live.ts'
import { go, useLabel, useNow, useRoute, useStore } from '../state/hooks.ts'
import type { ReadyWindow } from '../state/store.ts'
import { Icon } from '../ui/bits.tsx'
import { useKeys } from '../ui/keys.ts'
import { RecordView } from '../ui/record.tsx'
import { indexOfEvent, type Row, type Rows, rowsOf, shownRows } from '../ui/rows.ts'
import { dayName, presenceOf } from '../ui/words.ts'
import { afterScroll, startFollow } from './follow.ts'

const NEAR_PX = 900
const BY_HAND_MS = 800

interface Props {
  readonly session: SessionSummary
  readonly held: ReadyWindow
}

export function Reader({ session, held }: Props) {
  const { window } = held
  const store = useStore()
  const route = useRoute()
  const label = useLabel(session.agent)
  const list = useRef<VListHandle>(null)
  const rows = useShownRows(window.records, route.only)
  const lanes = useMemo(
    () => new Map(session.agents.map((agent) => [agent.id, agent.type ?? 'Subagent'])),
    [session.agents],
  )
  const { isFollowing, onScroll, stick, onHand, follow } = useFollow(
    list,
    rows,
    route.event === null && !window.more.after,
  )
  const isPrepended = useIsPrepended(rows)
  const grow = useCallback((end: 'older' | 'newer') => store.growWindow(window, end), [store, window])
  useLanding(list, rows, route.event)

  const toEnd = () => {
    if (window.more.after || route.event !== null) go({ ...route, event: null })
    follow()
  }
  useKeys({ End: toEnd, G: toEnd })

  // A short page may leave room above itself.
  useEffect(() => {
    const handle = list.current
    if (handle && route.only.length === 0 && handle.scrollSize <= handle.viewportSize) grow('older')
  }, [grow, route.only])

  const scrolled = (offset: number) => {
    onScroll(offset)
    const handle = list.current
    if (handle === null) return
    if (offset < NEAR_PX && route.only.length === 0) grow('older')
    if (window.more.after && handle.scrollSize - offset - handle.viewportSize < NEAR_PX) grow('newer')
  }
  return (
    <section className="reader" aria-label="Records" {...onHand}>
      <Above held={held} isFiltered={route.only.length > 0} grow={grow} />
      <VList
        ref={list}
        className="scroller records"
        data={rows}
        shift={isPrepended}
        bufferSize={600}
        onScroll={scrolled}
        onResize={stick}
        tabIndex={0}
        role="region"
        aria-label="Records of the session, oldest first"
      >
        {(row) => (
          <ReaderRow
            key={row.key}
            row={row}
            label={label}
            lanes={lanes}
            session={session}
            only={route.agent}
            event={route.event}
          />
        )}
      </VList>
      {rows.length === 0 && <p className="reader-none">{nothing(route.only, window.more.before)}</p>}
      {!isFollowing && (
        <button type="button" className="to-end plain" onClick={toEnd}>
          <Icon name="down" /> {window.more.after ? 'To the end' : 'Follow'} <kbd>G</kbd>
        </button>
      )}
    </section>
  )
}

const nothing = (only: readonly string[], hasBefore: boolean) =>
  only.length === 0
    ? 'Nothing has been written yet.'
    : `None of these kinds ${hasBefore ? 'among the records loaded so far' : 'in this session'}.`

const END_WORDS = {
  working: 'Working …',
  waiting: 'Waiting for you',
  errored: 'Stopped by an error',
  idle: '',
} as const

interface RowProps {
  readonly row: Row | { readonly kind: 'end'; readonly key: string }
  readonly label: string
  readonly lanes: ReadonlyMap<string, string>
  readonly session: SessionSummary
  readonly only: string | null
  readonly event: string | null
}
function ReaderRow({ row, label, lanes, session, only, event }: RowProps) {
  const nowMs = useNow()
  if (row.kind === 'day')
    return (
      <div className="day">
        <h3>{dayName(row.time, nowMs)}</h3>
      </div>
    )
  if (row.kind === 'end')
    return (
      <p className="reader-end" aria-hidden="true">
        <span className={`dot ${presenceOf(session, nowMs)}`} /> {END_WORDS[presenceOf(session, nowMs)]}
      </p>
    )
  const { agentId } = row.record
  const isMarked =
    event !== null && (row.key === event || row.result?.id === event || row.notes.some((note) => note.id === event))
  return (
    <RecordView
      row={row}
      label={label}
      laneName={
        agentId === null || agentId === only ? null : (lanes.get(agentId) ?? row.record.agentType ?? 'Subagent')
      }
      cwd={session.cwd}
      isMarked={isMarked}
    />
  )
}

// What there is above the first record, said over the page so that nothing moves when it comes.
function Above({ held, isFiltered, grow }: { held: ReadyWindow; isFiltered: boolean; grow: (end: 'older') => void }) {
  if (held.error)
    return (
      <p className="above bad" role="alert">
        {held.error.message}{' '}
        <button type="button" className="bare" onClick={() => grow('older')}>
          Try again
        </button>
      </p>
    )
  if (held.busy === 'older') return <p className="above">Loading earlier records …</p>
  if (isFiltered && held.window.more.before)
    return (
      <p className="above">
        <button type="button" className="bare" onClick={() => grow('older')}>
          Look further back
        </button>
      </p>
    )
  return null
}

const END_ROW = { kind: 'end', key: 'end' } as const
function useShownRows(records: ReadyWindow['window']['records'], only: readonly string[]) {
  const before = useRef<Rows | undefined>(undefined)
  const all = useMemo(() => rowsOf(records, before.current), [records])
  useEffect(() => {
    before.current = all
  }, [all])
  return useMemo(() => [...shownRows(all.list, only), END_ROW], [all, only])
}

// The list keeps its place from the end when rows came in front, and only then.
function useIsPrepended(rows: readonly { readonly key: string }[]): boolean {
  const before = useRef<readonly { readonly key: string }[]>(rows)
  const old = before.current
  useEffect(() => {
    before.current = rows
  })
  return (
    rows.length > old.length && rows !== old && rows.at(-2)?.key === old.at(-2)?.key && rows[0]?.key !== old[0]?.key
  )
}

function useFollow(list: RefObject<VListHandle | null>, rows: readonly unknown[], atFirst: boolean) {
  const state = useRef(startFollow(atFirst))
  const movedMs = useRef(0)
  const [isFollowing, setFollowing] = useState(atFirst)
  const toEnd = useCallback(() => list.current?.scrollToIndex(rows.length - 1, { align: 'end' }), [list, rows])
  // What grows under a reader who went up must not pull them down again: asked of the state as it is, not as it was drawn.
  const stick = useCallback(() => {
    if (state.current.isFollowing) toEnd()
  }, [toEnd])
  useLayoutEffect(stick, [stick])
  const onScroll = (offset: number) => {
    const handle = list.current
    if (handle === null) return
    const gap = handle.scrollSize - offset - handle.viewportSize
    const byHand = performance.now() - movedMs.current < BY_HAND_MS
    state.current = afterScroll(state.current, { offset, gap, byHand })
    setFollowing(state.current.isFollowing)
  }
  const moved = () => {
    movedMs.current = performance.now()
  }
  const follow = () => {
    state.current = { ...state.current, isFollowing: true }
    movedMs.current = 0
    setFollowing(true)
    toEnd()
  }
  const onHand = {
    onWheel: moved,
    onTouchMove: moved,
    onKeyDown: moved,
    onPointerDown: moved,
    onPointerMove: (e: { buttons: number }) => e.buttons > 0 && moved(),
  }
  return { isFollowing, onScroll, stick, onHand, follow }
}

// Lands once on the event of the address; whoever scrolls on afterwards is left alone.
function useLanding(
  list: RefObject<VListHandle | null>,
  rows: readonly (Row | typeof END_ROW)[],
  event: string | null,
) {
  const landed = useRef<string | null>(null)
  useLayoutEffect(() => {
    if (event === null) landed.current = null
    if (event === null || landed.current === event) return
    const at = indexOfEvent(rows as readonly Row[], event)
    if (at < 0) return
    landed.current = event
    list.current?.scrollToIndex(at, { align: 'center' })
  }, [list, rows, event])
}
