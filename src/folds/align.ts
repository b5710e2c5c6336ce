// Which lines of one text are which lines of another: unique lines first (patience), the rest by the shortest edit between them (Myers).
// Pure and bounded: what would take too long is taken for replaced, never waited for.

const DISTANCE_MAX = 1_000 // lines that may come and go between two anchors
const WORK_MAX = 4_000_000 // steps of one alignment, all gaps together

// For each line of `after` the index of the same line in `before`, or -1: rising, so that nothing crosses.
export function align(before: readonly string[], after: readonly string[]): Int32Array {
  const from = new Int32Array(after.length).fill(-1)
  const budget = { left: WORK_MAX }
  const spans: Span[] = [{ a: 0, aEnd: before.length, b: 0, bEnd: after.length }]
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const gap = trimmed(before, after, span, from)
    if (gap.a === gap.aEnd || gap.b === gap.bEnd) continue
    const anchors = anchorsIn(before, after, gap)
    if (anchors.length === 0) {
      shortest(before, after, gap, from, budget)
      continue
    }
    let { a, b } = gap
    for (const [i, j] of anchors) {
      from[j] = i
      spans.push({ a, aEnd: i, b, bEnd: j })
      a = i + 1
      b = j + 1
    }
    spans.push({ a, aEnd: gap.aEnd, b, bEnd: gap.bEnd })
  }
  return from
}

interface Span {
  readonly a: number
  readonly aEnd: number
  readonly b: number
  readonly bEnd: number
}

// Equal beginnings and ends are the same lines.
function trimmed(before: readonly string[], after: readonly string[], span: Span, from: Int32Array): Span {
  let { a, aEnd, b, bEnd } = span
  while (a < aEnd && b < bEnd && before[a] === after[b]) from[b++] = a++
  while (a < aEnd && b < bEnd && before[aEnd - 1] === after[bEnd - 1]) from[--bEnd] = --aEnd
  return { a, aEnd, b, bEnd }
}

// Lines that stand once on either side, as many of them as keep their order.
function anchorsIn(before: readonly string[], after: readonly string[], span: Span): (readonly [number, number])[] {
  const inBefore = onceIn(before, span.a, span.aEnd)
  const inAfter = onceIn(after, span.b, span.bEnd)
  const pairs: [number, number][] = []
  for (const [text, j] of inAfter) {
    const i = inBefore.get(text) ?? -1
    if (i >= 0 && j >= 0) pairs.push([i, j])
  }
  return longestRising(pairs) // the map keeps the order of `after`
}

// -1: more than once.
function onceIn(lines: readonly string[], start: number, end: number): Map<string, number> {
  const found = new Map<string, number>()
  for (let at = start; at < end; at++) found.set(lines[at]!, found.has(lines[at]!) ? -1 : at)
  return found
}

function longestRising(pairs: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const ends: number[] = [] // index of the pair that ends the best run of each length
  const before: number[] = []
  for (const [n, [i]] of pairs.entries()) {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (pairs[ends[middle]!]![0] < i) low = middle + 1
      else high = middle
    }
    before.push(low === 0 ? -1 : ends[low - 1]!)
    ends[low] = n
  }
  const run: (readonly [number, number])[] = []
  for (let n = ends.at(-1) ?? -1; n >= 0; n = before[n]!) run.push(pairs[n]!)
  return run.reverse()
}

// Myers' greedy algorithm; each round is kept so that the way can be walked back.
function shortest(
  before: readonly string[],
  after: readonly string[],
  { a, aEnd, b, bEnd }: Span,
  from: Int32Array,
  budget: { left: number },
): void {
  const [n, m] = [aEnd - a, bEnd - b]
  const most = Math.min(n + m, DISTANCE_MAX)
  const rounds: Int32Array[] = []
  const reach = new Int32Array(2 * most + 3)
  const middle = most + 1
  for (let d = 0; d <= most; d++) {
    budget.left -= d + 1
    if (budget.left < 0) return
    rounds.push(reach.slice(middle - d - 1, middle + d + 2))
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && reach[middle + k - 1]! < reach[middle + k + 1]!)
      let x = down ? reach[middle + k + 1]! : reach[middle + k - 1]! + 1
      while (x < n && x - k < m && before[a + x] === after[b + x - k]) x++
      reach[middle + k] = x
      if (x >= n && x - k >= m) return walkBack(rounds, { a, b, n, m }, from)
    }
  }
}

function walkBack(
  rounds: readonly Int32Array[],
  { a, b, n, m }: { readonly a: number; readonly b: number; readonly n: number; readonly m: number },
  from: Int32Array,
): void {
  let [x, y] = [n, m]
  for (let d = rounds.length - 1; d > 0; d--) {
    const reach = (k: number) => rounds[d]![k + d + 1]!
    const k = x - y
    const down = k === -d || (k !== d && reach(k - 1) < reach(k + 1))
    const kBefore = down ? k + 1 : k - 1
    const xBefore = reach(kBefore)
    const yBefore = xBefore - kBefore
    while (x > xBefore && y > yBefore) from[b + --y] = a + --x
    x = xBefore
    y = yBefore
  }
  while (x > 0 && y > 0) from[b + --y] = a + --x
}
