// A session's time as a line of its own: how much happened, and below the line how deep work was handed on.
import { memo } from 'react'
import type { SessionSummary } from '../../wire/live.ts'
import { barsOf, type Spark } from './spark.ts'
import { depthsOf, treeOf } from './tree.ts'
import { counted, duration } from './words.ts'

const WIDTH = 248
const RISE = 14
const STEP = 2

export const Sparkline = memo(function Sparkline({
  session,
  nowMs,
}: {
  session: SessionSummary
  nowMs: number | null
}) {
  const { activity } = session
  if (activity === null) return null
  const depths = depthsOf(treeOf(session.agents), activity)
  const spark = barsOf(activity, depths, nowMs)
  return (
    <svg
      className="spark"
      viewBox={`0 0 ${WIDTH} ${RISE + 8}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={spoken(session, spark)}
    >
      <path className="spark-line" d={`M0 ${RISE + 0.5}H${WIDTH}`} />
      <path className="spark-bars" d={pathOf(spark.heights, spark, (h) => [RISE - h * RISE, h * RISE])} />
      <path className="spark-depth" d={pathOf(spark.depths, spark, (d) => [RISE + 1, Math.min(3, d) * STEP])} />
    </svg>
  )
})

// One block a span, with a little air between them.
const AIR = 0.72
function pathOf(
  values: readonly number[],
  { slots }: Spark,
  draw: (value: number) => readonly [number, number],
): string {
  const step = WIDTH / slots
  return values
    .map((value, i) => {
      if (value === 0) return ''
      const [top, height] = draw(value)
      return `M${(i * step).toFixed(1)} ${top.toFixed(1)}h${(step * AIR).toFixed(1)}v${height.toFixed(1)}h-${(step * AIR).toFixed(1)}z`
    })
    .join('')
}

function spoken({ activity, events }: SessionSummary, { depths }: Spark): string {
  const span = activity === null ? '' : ` over ${duration(activity.widthMs * activity.counts.length)}`
  const deepest = Math.max(0, ...depths)
  return `${counted(events, 'event')}${span}${deepest === 0 ? '' : `, work handed on ${deepest} deep`}`
}
