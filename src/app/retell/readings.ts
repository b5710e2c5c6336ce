// The lines of one transcript in the order in which they were read. A file that was replaced was read more than once, each time from its
// beginning, and of a later reading only what was new is in the log: what it said again stands where it was told first. So each reading is
// filled up by line number, from the readings before it, or from a file of the same session that holds the same lines.
import type { ToldLine } from './told.ts'

// A line to be told anew, or one told elsewhere that only says what is to be remembered for those behind it.
export interface Step {
  readonly line: ToldLine
  readonly only: 'remembered' | null
}

// `told`: the file's lines, in each log that has some of it. `beside`: lines of another file of the session, where there is one.
export function readingsOf(told: readonly (readonly ToldLine[])[], beside: readonly ToldLine[]): Step[][] {
  const readings = new Map<string, ToldLine[]>()
  for (const lines of told.toSorted((a, b) => b.length - a.length))
    for (const [key, run] of runsOf(lines)) readings.set(key, [...(readings.get(key) ?? []), ...run])
  const before = new Map(beside.map((line) => [line.line, [line]]))
  return [...readings.values()].map((reading) => {
    const steps = filled(reading.toSorted(byPlace), before)
    for (const [number, lines] of Map.groupBy(reading, ({ line }) => line)) before.set(number, lines)
    return steps
  })
}

const byPlace = (a: ToldLine, b: ToldLine): number => a.offset - b.offset || a.line - b.line

// From where a file begins anew: it is another file, or goes back.
function runsOf(lines: readonly ToldLine[]): [string, ToldLine[]][] {
  const runs: [string, ToldLine[]][] = []
  const times = new Map<number, number>()
  let last: ToldLine | null = null
  for (const line of lines) {
    if (last === null || line.inode !== last.inode || line.offset < last.offset) {
      const time = (times.get(line.inode) ?? 0) + 1
      times.set(line.inode, time)
      runs.push([`${line.inode} ${time}`, []])
    }
    runs.at(-1)![1].push(line)
    last = line
  }
  return runs
}

function filled(reading: readonly ToldLine[], before: ReadonlyMap<number, readonly ToldLine[]>): Step[] {
  const steps: Step[] = []
  let next = 1
  for (const line of reading) {
    for (; next < line.line; next++)
      for (const known of before.get(next) ?? []) steps.push({ line: known, only: 'remembered' })
    steps.push({ line, only: null })
    next = line.line + 1
  }
  return steps
}
