// A session's time as a line of its own: how much happened, and below the line how deep work was handed on.
import { memo } from 'react'
import type { SessionSummary } from '../../wire/live.ts'
import { counted, duration } from '../ui/words.ts'
import { barsOf, type Spark } from './spark.ts'
import { depthsOf, treeOf } from './tree.ts'

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
      <path
        className="spark-bars"
        d={pathOf(spark.heights, spark, (x, h) => `M${x} ${RISE}V${(RISE - h * RISE).toFixed(1)}`)}
      />
      <path
        className="spark-depth"
        d={pathOf(spark.depths, spark, (x, d) => `M${x} ${RISE + 1}V${RISE + 1 + Math.min(3, d) * STEP}`)}
      />
    </svg>
  )
})

function pathOf(values: readonly number[], { slots }: Spark, draw: (x: string, value: number) => string): string {
  const step = WIDTH / slots
  return values.map((value, i) => (value === 0 ? '' : draw(((i + 0.5) * step).toFixed(1), value))).join('')
}

function spoken({ activity, events }: SessionSummary, { depths }: Spark): string {
  const span = activity === null ? '' : ` over ${duration(activity.widthMs * activity.counts.length)}`
  const deepest = Math.max(0, ...depths)
  return `${counted(events, 'event')}${span}${deepest === 0 ? '' : `, work handed on ${deepest} deep`}`
}
