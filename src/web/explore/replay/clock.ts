// Time as a replay plays it: every record at its distance from the one before, but a gap nobody would wait through is a short beat. Pure.
// Play time is in milliseconds from the first record; `shown` is how many records have come by then.

export const GAP_MS = 15_000 // longer than this nothing happened
export const BEAT_MS = 1_200 // and plays as long as this

export interface Clock {
  readonly at: Float64Array // play time of each record; never falls
  readonly totalMs: number
}

// `times`: of the records in their order. What goes back in time goes on at once; what has none comes with the one before it.
export function clockOf(times: ArrayLike<number>): Clock {
  const at = new Float64Array(times.length)
  let play = 0
  for (let i = 1; i < times.length; i++) {
    play += squeezed(gapBefore(times, i))
    at[i] = play
  }
  return { at, totalMs: play }
}

const squeezed = (ms: number): number => (ms > GAP_MS ? BEAT_MS : ms)

// What passed before a record; 0 where that is not known.
export function gapBefore(times: ArrayLike<number>, i: number): number {
  const ms = i <= 0 ? 0 : times[i]! - times[i - 1]!
  return ms > 0 ? ms : 0
}

// The gap that plays as a beat before a record; null: it plays as long as it was.
export function beatBefore(times: ArrayLike<number>, i: number): number | null {
  const ms = gapBefore(times, i)
  return ms > GAP_MS ? ms : null
}

// How many records have come when so much was played.
export function shownAt({ at }: Clock, playMs: number): number {
  let [low, high] = [0, at.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at[middle]! <= playMs) low = middle + 1
    else high = middle
  }
  return low
}

// When the last of so many records comes.
export const playAt = ({ at, totalMs }: Clock, shown: number): number =>
  shown <= 0 ? 0 : (at[Math.min(shown, at.length) - 1] ?? totalMs)
