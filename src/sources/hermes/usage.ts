// Tokens and money are counted up per session (and, newer, per model of a session) in columns that only grow: what is told is how much
// came since the last look.
import type { Usage } from '../../event/payload.ts'
import type { Ask } from '../source.ts'
import { decimalOf, type Writable } from '../values.ts'
import { type Counted, NOTHING_COUNTED } from './memory.ts'
import { numberIn, type Row } from './rows.ts'

const MODEL_USAGE = 'session_model_usage'

export interface Share {
  readonly row: Row
  readonly usage: Usage
}

// The rows that say which model a session's tokens went to; newest first, for that is where the newest tokens went.
export function modelRows(ask: Ask, session: string): readonly Row[] {
  const columns = ask.columns(MODEL_USAGE)
  if (!columns.has('session_id') || !columns.has('model')) return []
  const order = columns.has('last_seen') ? 'last_seen DESC, rowid DESC' : 'rowid DESC'
  return [...ask.rows(`SELECT * FROM ${MODEL_USAGE} WHERE session_id = ? ORDER BY ${order}`, session)]
}

// A short text for each session that changes when its counts do.
export function modelTotals(ask: Ask): ReadonlyMap<string, string> {
  const columns = ask.columns(MODEL_USAGE)
  if (!columns.has('session_id') || !columns.has('model')) return new Map()
  const sums = COUNTS.filter((name) => columns.has(name)).map((name) => `sum(${name})`)
  const sql = `SELECT session_id, ${[...sums, 'count(*)'].join(', ')} FROM ${MODEL_USAGE} GROUP BY session_id`
  return new Map([...ask.rows(sql)].map((row) => [String(row.session_id), JSON.stringify(Object.values(row).slice(1))]))
}

const COUNTS = [
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'estimated_cost_usd',
  'actual_cost_usd',
]

export function countedIn(row: Row): Counted {
  const actual = numberIn(row, 'actual_cost_usd')
  return {
    input: Math.trunc(numberIn(row, 'input_tokens')),
    output: Math.trunc(numberIn(row, 'output_tokens')),
    cacheRead: Math.trunc(numberIn(row, 'cache_read_tokens')),
    cacheWrite: Math.trunc(numberIn(row, 'cache_write_tokens')),
    usd: actual > 0 ? actual : numberIn(row, 'estimated_cost_usd'),
  }
}

const each = (a: Counted, b: Counted, of: (a: number, b: number) => number): Counted => ({
  input: of(a.input, b.input),
  output: of(a.output, b.output),
  cacheRead: of(a.cacheRead, b.cacheRead),
  cacheWrite: of(a.cacheWrite, b.cacheWrite),
  usd: of(a.usd, b.usd),
})

export const larger = (a: Counted, b: Counted): Counted => each(a, b, Math.max)
const more = (now: Counted, before: Counted): Counted => each(now, before, (a, b) => Math.max(0, a - b))

// What came since `before`, as usage; null: nothing.
export function usageSince(now: Counted, before: Counted): Usage | null {
  const since = more(now, before)
  if (Object.values(since).every((count) => count <= 0)) return null
  return usageOf(since)
}

// Shared out among the models: the newest row takes what it can hold, the next one what is left.
export function sharesSince(
  rows: readonly Row[],
  before: Counted,
): { readonly shares: readonly Share[]; readonly now: Counted } {
  const now = rows.map(countedIn).reduce((sum, one) => each(sum, one, (a, b) => a + b), NOTHING_COUNTED)
  let left = more(now, before)
  const shares: Share[] = []
  for (const row of rows) {
    const share = each(left, countedIn(row), Math.min)
    left = more(left, share)
    if (Object.values(share).some((count) => count > 0)) shares.push({ row, usage: usageOf(share) })
  }
  return { shares, now: larger(now, before) }
}

function usageOf({ input, output, cacheRead, cacheWrite, usd }: Counted): Usage {
  const usage: Writable<Usage> = { input, output, cacheRead, cacheWrite5m: cacheWrite, cacheWrite1h: 0 }
  const costUsd = usd > 0 ? decimalOf(usd) : undefined
  if (costUsd !== undefined) usage.costUsd = costUsd
  return usage
}
