// The records of a session as a long page that follows its end. Virtualised: what is out of sight is not there.
import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { VList, type VListHandle } from 'virtua'
import type { OutlineTurn } from '../../folds/outline.ts'
import type { AgentRow } from '../../folds/session.ts'
import type { SessionSummary } from '../../wire/live.ts'
import { go, useLabel, useNow, useRoute, useStore } from '../state/hooks.ts'
import { type Route, spanMs } from '../state/route.ts'
import type { ReadyWindow } from '../state/store.ts'
import { Icon } from '../ui/bits.tsx'
import { useFollow } from '../ui/follow-end.ts'
import { RecordView } from '../ui/record.tsx'
import { indexOfEvent, type Row, type Rows, rowsOf, shownRows } from '../ui/rows.ts'
import { counted, dayName, presenceOf } from '../ui/words.ts'
import { openRow, useCursor } from './cursor.ts'
import { END_ROW, heldBack, lastRows, type ReaderItem } from './walk.ts'

const NEAR_PX = 900

interface Props {
  readonly session: SessionSummary
  readonly held: ReadyWindow
  readonly turns: readonly OutlineTurn[]
}

export function Reader({ session, held, turns }: Props) {
  const { window } = held
  const store = useStore()
  const route = useRoute()
  const label = useLabel(session.agent)
  const list = useRef<VListHandle>(null)
  const [heldAt, setHeldAt] = useState<string | null>(null)
  const { shown, waiting } = useMemo(() => heldBack(window.records, heldAt), [window.records, heldAt])
  const isHelper = session.agents.some((agent) => agent.id === route.agent && agent.hidden)
  const rows = useShownRows(shown, route, session.ended, isHelper)
  const { byId, byCall } = useMemo(() => agentsOf(session.agents), [session.agents])
  const { isFollowing, onScroll, stick, onHand, follow, letGo } = useFollow(
    list,
    rows,
    route.event === null && !window.more.after,
  )
  const isPrepended = useIsPrepended(rows)
  const grow = useCallback((end: 'older' | 'newer') => store.growWindow(window, end), [store, window])
  useLanding(list, rows, route.event)

  const isNarrowed = route.only.length > 0 || route.last !== null
  const toEnd = () => {
    setHeldAt(null)
    if (window.more.after || route.event !== null) go({ ...route, event: null })
    follow()
  }
  const hold = () => setHeldAt((now) => (now === null ? (window.records.at(-1)?.id ?? null) : null))
  const at = useCursor(list, rows, turns, { letGo, isFollowing, toEnd, hold, isHeld: heldAt !== null })

  // A short page may leave room above itself.
  useEffect(() => {
    const handle = list.current
    if (handle && !isNarrowed && handle.scrollSize <= handle.viewportSize) grow('older')
  }, [grow, isNarrowed])

  const scrolled = (offset: number) => {
    onScroll(offset)
    const handle = list.current
    if (handle === null) return
    if (offset < NEAR_PX && !isNarrowed) grow('older')
    if (window.more.after && handle.scrollSize - offset - handle.viewportSize < NEAR_PX) grow('newer')
  }
  return (
    <section className="reader" aria-label="Records" {...onHand} onKeyDownCapture={openRow}>
      <Above held={held} isFiltered={isNarrowed} grow={grow} />
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
            lanes={byId}
            agents={row.kind === 'record' && row.record.tool?.call ? byCall.get(row.record.tool.call) : undefined}
            session={session}
            only={route.agent}
            event={route.event}
            isAt={row.key === at}
          />
        )}
      </VList>
      {rows.length <= 1 && <p className="reader-none">{nothing(isNarrowed, window.more.before)}</p>}
      <div className="reader-foot">
        {heldAt !== null && (
          <button type="button" className="plain held" onClick={hold}>
            Paused<span className="held-count">{waiting === 0 ? '' : ` · ${counted(waiting, 'record')} waiting`}</span>{' '}
            <kbd>p</kbd>
          </button>
        )}
        {!isFollowing && (
          <button type="button" className="to-end plain" onClick={toEnd}>
            <Icon name="down" /> {window.more.after ? 'To the end' : 'Follow'} <kbd>G</kbd>
          </button>
        )}
      </div>
    </section>
  )
}

function agentsOf(agents: readonly AgentRow[]) {
  return {
    byId: new Map(agents.map((agent) => [agent.id, agent.type ?? 'Subagent'])),
    byCall: Map.groupBy(
      agents.filter(({ parentCall, hidden, events }) => parentCall !== null && !hidden && events > 0),
      ({ parentCall }) => parentCall,
    ) as ReadonlyMap<string, readonly AgentRow[]>,
  }
}

const nothing = (isNarrowed: boolean, hasBefore: boolean) =>
  !isNarrowed
    ? 'Nothing has been written yet.'
    : `Nothing of this kind ${hasBefore ? 'among the records loaded so far' : 'in this session'}.`

const END_WORDS = {
  working: 'Working …',
  waiting: 'Waiting for you',
  errored: 'Stopped by an error',
  idle: '',
} as const

interface RowProps {
  readonly row: ReaderItem
  readonly label: string
  readonly lanes: ReadonlyMap<string, string>
  readonly session: SessionSummary
  readonly only: string | null
  readonly event: string | null
  readonly agents: readonly AgentRow[] | undefined
  readonly isAt: boolean
}
function ReaderRow({ row, label, lanes, session, only, event, agents, isAt }: RowProps) {
  const nowMs = useNow()
  if (row.kind === 'day')
    return (
      <div className="day">
        <h2>{dayName(row.time, nowMs)}</h2>
      </div>
    )
  if (row.kind === 'end') {
    const presence = presenceOf(session, nowMs)
    return (
      <p className="reader-end" aria-hidden="true">
        {presence !== 'idle' && <span className={`dot ${presence}`} />} {END_WORDS[presence]}
      </p>
    )
  }
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
      isAt={isAt}
      {...(agents && { agents })}
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

function useShownRows(
  records: ReadyWindow['window']['records'],
  { only, last }: Route,
  ended: string | null,
  isHelper: boolean,
) {
  const before = useRef<Rows | undefined>(undefined)
  const all = useMemo(() => rowsOf(records, before.current, isHelper), [records, isHelper])
  useEffect(() => {
    before.current = all
  }, [all])
  const until = last === null ? null : ended
  return useMemo(() => [...shownRows(lastRows(all.list, until, spanMs(last)), only), END_ROW], [all, only, until, last])
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

// Lands once on the event of the address; whoever scrolls on afterwards is left alone.
function useLanding(list: RefObject<VListHandle | null>, rows: readonly ReaderItem[], event: string | null) {
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
