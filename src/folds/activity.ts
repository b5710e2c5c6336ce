// How busy a session was over its time: events counted in at most BUCKETS_MAX spans of one width. Pure, and cheap enough for every event.
// The width doubles when the session outgrows it, and spans begin at multiples of their width: what is counted does not depend on
// the order in which events come.
export interface Activity {
  readonly fromMs: number // where the first span begins
  readonly widthMs: number
  readonly counts: readonly number[]
}

export const BUCKETS_MAX = 32
const WIDTH_MS_MIN = 15_000

export function activityAfter(before: Activity | null, time: string | null): Activity | null {
  const ms = time === null ? Number.NaN : Date.parse(time)
  if (Number.isNaN(ms)) return before
  if (before === null) return { fromMs: floorTo(ms, WIDTH_MS_MIN), widthMs: WIDTH_MS_MIN, counts: [1] }
  const at = Math.floor((ms - before.fromMs) / before.widthMs)
  if (at >= 0 && at < before.counts.length)
    return { ...before, counts: before.counts.map((n, i) => (i === at ? n + 1 : n)) }
  return grown(before, ms)
}

// An event outside of the spans: more of them, or wider ones.
function grown({ fromMs, widthMs, counts }: Activity, ms: number): Activity {
  const endMs = fromMs + widthMs * (counts.length - 1)
  let width = widthMs
  while (spansOf(Math.min(fromMs, ms), Math.max(endMs, ms), width) > BUCKETS_MAX) width *= 2
  const from = floorTo(Math.min(fromMs, ms), width)
  const next = new Array<number>(spansOf(from, Math.max(endMs, ms), width)).fill(0)
  const add = (atMs: number, n: number) => {
    const at = Math.floor((atMs - from) / width)
    next[at] = (next[at] ?? 0) + n
  }
  counts.forEach((n, i) => {
    add(fromMs + i * widthMs, n)
  })
  add(ms, 1)
  return { fromMs: from, widthMs: width, counts: next }
}

const floorTo = (ms: number, width: number): number => Math.floor(ms / width) * width
const spansOf = (fromMs: number, toMs: number, width: number): number =>
  Math.floor(toMs / width) - Math.floor(fromMs / width) + 1
