// The heights of a sparkline. Pure. Up to now where the session goes on, so that silence is seen to grow.
import type { Activity } from '../../folds/activity.ts'

export interface Spark {
  readonly slots: number // spans the line has room for
  readonly heights: readonly number[] // 0 to 1
  readonly depths: readonly number[]
}

const SLOTS_MIN = 24
const SLOTS_MAX = 64

export function barsOf({ fromMs, widthMs, counts }: Activity, depths: readonly number[], nowMs: number | null): Spark {
  const most = Math.max(1, ...counts)
  // One busy moment would flatten everything else; a root keeps quiet work visible.
  const heights = counts.map((n) => (n === 0 ? 0 : Math.max(0.12, Math.sqrt(n / most))))
  const untilNow = nowMs === null ? 0 : Math.ceil((nowMs - fromMs) / widthMs)
  return { slots: Math.max(SLOTS_MIN, counts.length, Math.min(SLOTS_MAX, untilNow)), heights, depths }
}
