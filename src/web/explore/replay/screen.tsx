// The records that have come so far, as Live draws them. The end is followed until a hand goes up, and again when it comes back.
import { useEffect, useMemo, useRef } from 'react'
import { VList, type VListHandle } from 'virtua'
import type { SessionSummary } from '../../../wire/live.ts'
import { useNow } from '../../state/hooks.ts'
import { Icon } from '../../ui/bits.tsx'
import { useFollow } from '../../ui/follow-end.ts'
import { RecordView } from '../../ui/record.tsx'
import { dayName, duration } from '../../ui/words.ts'
import type { Course } from './course.ts'
import { RECORDS_A_PAGE, type Reeling } from './reel.ts'
import { type ReplayRow, type ReplayRows, replayRows } from './rows.ts'

const NEAR_PX = 600

interface Props {
  readonly session: SessionSummary
  readonly label: string
  readonly course: Course
  readonly reel: Reeling
  readonly shown: number
  readonly hasOlder: boolean
  readonly more: () => void
}
export function Screen({ session, label, course, reel, shown, hasOlder, more }: Props) {
  const list = useRef<VListHandle>(null)
  const before = useRef<ReplayRows | undefined>(undefined)
  const rows = useMemo(() => replayRows(reel, shown, course.times, before.current), [reel, shown, course])
  useEffect(() => {
    before.current = rows
  }, [rows])
  const lanes = useMemo(() => new Map(session.agents.map(({ id, type }) => [id, type ?? 'Subagent'])), [session.agents])
  const { isFollowing, onScroll, stick, onHand, follow } = useFollow(list, rows.list, true)
  const isPrepended = useIsPrepended(rows.list)
  const here = hereOf(rows.list, reel.records[shown - 1 - reel.from]?.id)
  const scrolled = (offset: number) => {
    onScroll(offset)
    if (offset < NEAR_PX && hasOlder && !isFollowing && reel.from > 0 && reel.records.length >= RECORDS_A_PAGE) more()
  }
  return (
    <section className="screen" aria-label="Records" {...onHand}>
      <VList
        ref={list}
        className="scroller records"
        data={rows.list}
        shift={isPrepended}
        bufferSize={600}
        onScroll={scrolled}
        onResize={stick}
        tabIndex={0}
        role="region"
        aria-label="Records so far, oldest first"
      >
        {(row) => (
          <ScreenRow key={row.key} row={row} label={label} lanes={lanes} cwd={session.cwd} isAt={row.key === here} />
        )}
      </VList>
      {reel.error !== null && (
        <p className="screen-error" role="alert">
          {reel.error.message}{' '}
          <button type="button" className="bare" onClick={reel.retry}>
            Try again
          </button>
        </p>
      )}
      {!isFollowing && (
        <div className="reader-foot">
          <button type="button" className="to-end plain" onClick={follow}>
            <Icon name="down" /> To the moment
          </button>
        </div>
      )}
    </section>
  )
}

interface RowProps {
  readonly row: ReplayRow
  readonly label: string
  readonly lanes: ReadonlyMap<string, string>
  readonly cwd: string | null
  readonly isAt: boolean
}
function ScreenRow({ row, label, lanes, cwd, isAt }: RowProps) {
  const nowMs = useNow()
  if (row.kind === 'day')
    return (
      <div className="day">
        <h2>{dayName(row.time, nowMs)}</h2>
      </div>
    )
  if (row.kind === 'gap')
    return (
      <p className="gap">
        <span>{duration(row.ms)} later</span>
      </p>
    )
  const { agentId, agentType } = row.record
  const laneName = agentId === null ? null : (lanes.get(agentId) ?? agentType ?? 'Subagent')
  return <RecordView row={row} label={label} laneName={laneName} cwd={cwd} isMarked={false} isAt={isAt} />
}

// The row that the record which came last is in: its own, its call's, or the one it is a note of.
function hereOf(rows: readonly ReplayRow[], id: string | undefined): string | null {
  const row = rows.findLast(
    (each) =>
      each.kind === 'record' &&
      (each.record.id === id || each.result?.id === id || each.notes.some((note) => note.id === id)),
  )
  return row?.key ?? null
}

// The list keeps its place from the end when rows came in front, and only then.
function useIsPrepended(rows: readonly { readonly key: string }[]): boolean {
  const before = useRef(rows)
  const old = before.current
  useEffect(() => {
    before.current = rows
  })
  return rows.length > old.length && rows.at(-1)?.key === old.at(-1)?.key && rows[0]?.key !== old[0]?.key
}
