// What is behind a sentence: the prompt, then cycle by cycle what the model thought and said, the tools it called and what they answered, with
// the same rows as Live; and under a call that sent a subagent, the subagent's own turns.
import { createElement, type ReactNode, useEffect, useMemo, useRef } from 'react'
import type { TurnStory } from '../../wire/live.ts'
import { hrefOf } from '../state/route.ts'
import { RecordView } from '../ui/record.tsx'
import type { RecordRow } from '../ui/rows.ts'
import { counted, duration } from '../ui/words.ts'
import { type Cycle, cyclesOf, failedIn, rowsShowing, toolsOf } from './cycles.ts'
import { HeldIn } from './held.tsx'
import { useTurnRecords } from './pages.ts'
import type { Scene } from './scene.ts'
import { bringIntoSight } from './sight.ts'

interface Props {
  readonly turn: TurnStory
  readonly depth: number
  readonly scene: Scene
  readonly drawTurn: (turn: TurnStory) => ReactNode
}

export function Unfolded({ turn, depth, scene, drawTurn }: Props) {
  const { mark, lanes, session } = scene
  const label = turn.agentId === null ? scene.label : (turn.agentType ?? 'Subagent')
  const asked = mark?.turn === turn.id ? mark.event : null
  const { rows, isWhole, isWaiting, error, more } = useTurnRecords(turn, asked)
  const cycles = useMemo(() => cyclesOf(rows), [rows])
  const marked = useMemo(() => rowsShowing(rows.list, eventsWith(turn, asked)), [rows, turn, asked])
  const sent = lanes.under.get(turn.id) ?? []
  const byCall = Map.groupBy(sent, (inner) => lanes.calls.get(inner.id) ?? '')
  const shown = new Set(rows.calls.keys())
  const rest = isWhole ? sent.filter((inner) => !shown.has(lanes.calls.get(inner.id) ?? '')) : []
  const box = useLanding(mark, asked !== null && marked.size > 0)
  return (
    <div className="unfolded" ref={box}>
      {cycles.map((cycle) => (
        <CycleView key={cycle.key} cycle={cycle} depth={depth}>
          {cycle.rows.map((row) => (
            <Step key={row.key} row={row} depth={depth} label={label} cwd={session.cwd} isMarked={marked.has(row.key)}>
              {row.record.tool?.call != null && byCall.get(row.record.tool.call)?.map(drawTurn)}
            </Step>
          ))}
        </CycleView>
      ))}
      {error !== null ? (
        <p className="aside bad" role="alert">
          {error.message}{' '}
          <button type="button" className="bare" onClick={more}>
            Try again
          </button>
        </p>
      ) : isWaiting ? (
        <p className="aside">Loading …</p>
      ) : (
        !isWhole && <Further turn={turn} shown={rows.records.length} last={rows.records.at(-1)?.id} more={more} />
      )}
      {rest.length > 0 && (
        <section className="cycle">
          <div className="cycle-head">
            {createElement(headingAt(depth * 2 + 1), null, 'Subagents')}{' '}
            <span>of this turn; which call sent them is not written</span>
          </div>
          {rest.map(drawTurn)}
        </section>
      )}
      <HeldIn turn={turn} cwd={session.cwd} heading={headingAt(depth * 2 + 1)} />
    </div>
  )
}

function CycleView({ cycle, depth, children }: { cycle: Cycle; depth: number; children: ReactNode }) {
  const name = cycle.number === 0 ? 'Prompt' : cycle.isLast ? 'Answer' : `Cycle ${cycle.number}`
  const failed = failedIn(cycle)
  const ms = cycle.started && cycle.ended ? Date.parse(cycle.ended) - Date.parse(cycle.started) : 0
  return (
    <section className={cycle.isLast ? 'cycle last' : 'cycle'}>
      <div className="cycle-head">
        {createElement(headingAt(depth * 2 + 1), null, name)} <span>{toolsOf(cycle)}</span>
        {failed > 0 && <span className="fail">{failed} failed</span>}
        {ms >= 1_000 && <span className="took">{duration(ms)}</span>}
      </div>
      {children}
    </section>
  )
}

interface StepProps {
  readonly row: RecordRow
  readonly depth: number
  readonly label: string
  readonly cwd: string | null
  readonly isMarked: boolean
  readonly children: ReactNode
}
// A turn goes by the name of its prompt's event, so a row needs one of its own.
function Step({ row, depth, label, cwd, isMarked, children }: StepProps) {
  return (
    <>
      <div data-stop={`row:${row.key}`} data-depth={depth * 2 + 1} tabIndex={-1} className="step">
        <RecordView row={row} label={label} laneName={null} cwd={cwd} isMarked={isMarked} />
      </div>
      {children && <div className="sent">{children}</div>}
    </>
  )
}

function Further({
  turn,
  shown,
  last,
  more,
}: {
  turn: TurnStory
  shown: number
  last: string | undefined
  more: () => void
}) {
  return (
    <p className="further">
      <button type="button" className="plain" onClick={more}>
        Show more
      </button>
      <span className="aside">
        {shown} of {counted(turn.events, 'event')}
        {last !== undefined && (
          <>
            {' · '}
            <a href={hrefOf({ view: 'live', session: turn.session, event: last })}>read on in Live</a>
          </>
        )}
      </span>
    </p>
  )
}

// A turn's heading stands over those of its cycles, and these over the turns inside them.
export const headingAt = (level: number): string => `h${Math.min(6, 2 + level)}`

// All events of the clause that the one in the address belongs to.
function eventsWith(turn: TurnStory, event: string | null): ReadonlySet<string> {
  if (event === null) return new Set()
  const clause = turn.clauses.find(({ events }) => events[0] === event)
  return new Set(clause?.events ?? [event])
}

// Once for each time a place is pointed at; whoever scrolls on afterwards is left alone.
function useLanding(mark: Scene['mark'], isThere: boolean) {
  const box = useRef<HTMLDivElement>(null)
  const done = useRef<Scene['mark']>(null)
  useEffect(() => {
    if (!isThere || done.current === mark) return
    done.current = mark
    const row = box.current?.querySelector('.row.marked')
    const stop = row?.closest<HTMLElement>('[data-stop]')
    if (!stop) return
    bringIntoSight(stop, 'center')
    stop.focus({ preventScroll: true })
  })
  return box
}
