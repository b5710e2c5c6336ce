// The records of a turn as its eval-apply cycles: the model evaluates (thinks, speaks), dispatches tools, sees their results, and evaluates
// again. Pure. What comes before the first evaluation is the prompt with what was put beside it.
import type { StoryRecord } from '../../folds/record.ts'
import type { RecordRow, Row, Rows } from '../ui/rows.ts'
import { verbOf } from '../ui/tool.ts'

export interface Cycle {
  readonly key: string
  readonly number: number // 0: before the first evaluation
  readonly rows: readonly RecordRow[]
  readonly isLast: boolean // it ends in words, and no tool is called any more
  readonly started: string | null
  readonly ended: string | null
}

export function cyclesOf({ list, records }: Pick<Rows, 'list' | 'records'>): readonly Cycle[] {
  const begins = beginnings(records)
  const groups: RecordRow[][] = [[]]
  for (const row of list) {
    if (row.kind !== 'record') continue
    if (begins.has(row.key)) groups.push([])
    groups.at(-1)!.push(row)
  }
  const [before = [], ...rest] = groups
  const cycles = rest.map((rows, i) => cycleOf(rows, i + 1))
  return before.length === 0 ? cycles : [cycleOf(before, 0), ...cycles]
}

function cycleOf(rows: readonly RecordRow[], number: number): Cycle {
  const last = rows.at(-1)!
  return {
    key: `${rows[0]!.key}:cycle`,
    number,
    rows,
    isLast: number > 0 && rows.every(({ record }) => record.tool === undefined),
    started: rows[0]!.record.time,
    ended: last.result?.time ?? last.record.time,
  }
}

// An evaluation begins with the first word of the model after a prompt or a result. Results may come in between the calls of one request:
// lines of one request repeat what went into it.
function beginnings(records: readonly StoryRecord[]): ReadonlySet<string> {
  const begins = new Set<string>()
  let isDue = true
  let before: StoryRecord['usage']
  for (const record of records) {
    if (record.kind.startsWith('message.user.')) isDue = true
    if (!record.kind.startsWith('message.assistant.') || isEmpty(record)) continue
    if (isDue && !isSameRequest(before, record.usage)) begins.add(record.id)
    isDue = false
    before = record.usage ?? before
  }
  return begins
}

const isEmpty = (record: StoryRecord): boolean => record.tool === undefined && record.text.trim() === ''
const isSameRequest = (a: StoryRecord['usage'], b: StoryRecord['usage']): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.input + a.cacheRead > 0 &&
  a.input === b.input &&
  a.cacheRead === b.cacheRead &&
  a.cacheWrite5m + a.cacheWrite1h === b.cacheWrite5m + b.cacheWrite1h

// "Edit, Run ×2": which tools a cycle dispatched.
export function toolsOf({ rows }: Pick<Cycle, 'rows'>): string {
  const counts = new Map<string, number>()
  for (const { record } of rows)
    if (record.tool) counts.set(verbOf(record.tool), (counts.get(verbOf(record.tool)) ?? 0) + 1)
  return [...counts].map(([name, n]) => (n === 1 ? name : `${name} ×${n}`)).join(', ')
}

export const failedIn = ({ rows }: Pick<Cycle, 'rows'>): number =>
  rows.filter(({ result }) => result?.result?.failed === true).length

// The rows that show the events of a clause.
export const rowsShowing = (rows: readonly Row[], events: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(
    rows.flatMap((row) =>
      row.kind === 'record' &&
      (events.has(row.key) || events.has(row.result?.id ?? '') || row.notes.some((note) => events.has(note.id)))
        ? [row.key]
        : [],
    ),
  )
