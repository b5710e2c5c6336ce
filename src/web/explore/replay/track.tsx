// The line of a replay: how much happened when, with prompts, errors and commits on it, and a handle to move along it.
import { type KeyboardEvent, memo, useMemo } from 'react'
import { duration } from '../../ui/words.ts'
import { gapBefore } from './clock.ts'
import { type Course, densityOf, drawnOf, type MarkKind } from './course.ts'

const WIDTH = 1_000
const RISE = 34
const SPANS = 200
const LONG_GAP_MS = 30 * 60_000
const GAPS_MAX = 60

interface Props {
  readonly course: Course
  readonly playMs: number
  readonly spoken: string
  readonly scrub: (playMs: number) => void
  readonly onKey: (event: KeyboardEvent) => void
}
export function Track({ course, playMs, spoken, scrub, onKey }: Props) {
  const { totalMs } = course.clock
  const share = totalMs === 0 ? 1 : playMs / totalMs
  return (
    <div className="track">
      <Drawn course={course} />
      <span className="track-past" style={{ width: `${share * 100}%` }} aria-hidden="true" />
      <input
        type="range"
        min={0}
        max={Math.max(1, Math.round(totalMs))}
        step={1}
        value={Math.round(playMs)}
        aria-label="Place in the session"
        aria-valuetext={spoken}
        onChange={({ target }) => scrub(Number(target.value))}
        onKeyDown={onKey}
      />
    </div>
  )
}

const Drawn = memo(function Drawn({ course }: { course: Course }) {
  const { bars, subagents } = useMemo(() => barsOf(course), [course])
  const gaps = useMemo(() => longGaps(course), [course])
  const marks = useMemo(() => drawnOf(course.marks), [course])
  const x = (index: number) =>
    course.clock.totalMs === 0 ? 0 : (course.clock.at[index]! / course.clock.totalMs) * WIDTH
  return (
    <>
      <svg viewBox={`0 0 ${WIDTH} ${RISE + 1}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
        {gaps.map(({ index, ms }) => (
          <path key={index} className="track-gap" d={`M${x(index).toFixed(1)} 0V${RISE}`}>
            <title>{duration(ms)} later</title>
          </path>
        ))}
        <path className="track-bars" d={bars} />
        <path className="track-subagents" d={subagents} />
        <path className="track-line" d={`M0 ${RISE + 0.5}H${WIDTH}`} />
      </svg>
      <svg className="track-marks" aria-hidden="true" focusable="false">
        {marks.map(({ index, kind }) => (
          <svg key={`${kind}${index}`} x={`${x(index) / (WIDTH / 100)}%`} overflow="visible" aria-hidden="true">
            <path className={`track-mark is-${kind}`} d={SHAPES[kind]} />
          </svg>
        ))}
      </svg>
    </>
  )
})

// Told apart by where they stand and by their form, not by colour alone.
const SHAPES: Readonly<Record<MarkKind, string>> = {
  prompt: 'M0 0v8',
  error: 'M-3 8l6 6m-6 0l6 -6',
  commit: 'M-3 11.5a3 3 0 106 0a3 3 0 10-6 0z',
}

function barsOf(course: Course): { readonly bars: string; readonly subagents: string } {
  const { all, subagents } = densityOf(course, SPANS)
  // By the root: one busy span does not make all others vanish.
  const most = Math.sqrt(Math.max(1, ...all))
  const draw = (counts: readonly number[]) =>
    counts
      .map((n, i) => {
        if (n === 0) return ''
        const height = (Math.sqrt(n) / most) * (RISE - 4)
        const step = WIDTH / SPANS
        return `M${(i * step).toFixed(1)} ${RISE}v-${height.toFixed(1)}h${(step * 0.72).toFixed(1)}v${height.toFixed(1)}z`
      })
      .join('')
  return { bars: draw(all), subagents: draw(subagents) }
}

function longGaps({ times }: Course): readonly { readonly index: number; readonly ms: number }[] {
  const gaps: { index: number; ms: number }[] = []
  for (let i = 1; i < times.length && gaps.length < GAPS_MAX; i++) {
    const ms = gapBefore(times, i)
    if (ms >= LONG_GAP_MS) gaps.push({ index: i, ms })
  }
  return gaps
}
