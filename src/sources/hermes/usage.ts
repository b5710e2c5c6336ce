// Tokens and money are counted up per session (and, newer, per model of a session) in columns that only grow. What is told is how far
// they have come, whole: an account that is told twice, or after a look whose end was never kept, says nothing that was not known.
// A session whose Hermes began to count per model while it ran has both kinds; nothing there says that they overlap.
import type { Usage } from '../../event/payload.ts'
import type { Ask } from '../source.ts'
import { decimalOf, type Json, textOfAny, type Writable } from '../values.ts'
import { numberIn, type Row, shortHash } from './rows.ts'

const MODEL_USAGE = 'session_model_usage'

// The rows that say which model a session's tokens went to, oldest first.
export function modelRows(ask: Ask, session: string): readonly Row[] {
  const columns = ask.columns(MODEL_USAGE)
  if (!columns.has('session_id') || !columns.has('model')) return []
  const order = columns.has('last_seen') ? 'last_seen, rowid' : 'rowid'
  return [...ask.rows(`SELECT * FROM ${MODEL_USAGE} WHERE session_id = ? ORDER BY ${order}`, session)]
}

// A session has a row for each of these.
const ACCOUNT = ['model', 'task', 'billing_provider', 'billing_base_url', 'billing_mode']

export const accountOf = (session: string, row: Row): string =>
  `${MODEL_USAGE}:${session}:${shortHash(
    ACCOUNT.map((name) => row[name] ?? null),
    12,
  )}`

// A short text for each session that changes when its counts do.
export function modelTotals(ask: Ask): ReadonlyMap<string, string> {
  const columns = ask.columns(MODEL_USAGE)
  if (!columns.has('session_id') || !columns.has('model')) return new Map()
  const sums = COUNTS.filter((name) => columns.has(name)).map((name) => `sum(${name})`)
  const sql = `SELECT session_id, ${[...sums, 'count(*)'].join(', ')} FROM ${MODEL_USAGE} GROUP BY session_id`
  return new Map([...ask.rows(sql)].map((row) => [String(row.session_id), textOfAny(Object.values(row).slice(1))]))
}

const COUNTS = [
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'estimated_cost_usd',
  'actual_cost_usd',
]

const MARK_LETTERS = 6

// A short text that changes with the row's counts; null: it has counted nothing.
export const usedMark = (account: string, row: Row): string | null =>
  COUNTS.some((name) => numberIn(row, name) > 0)
    ? shortHash([account, ...COUNTS.map((name) => row[name] ?? null)], MARK_LETTERS)
    : null

export function usageIn(row: Json): Usage {
  const tokens = (name: string): number => Math.trunc(Math.min(numberIn(row, name), Number.MAX_SAFE_INTEGER))
  const usage: Writable<Usage> = {
    input: tokens('input_tokens'),
    output: tokens('output_tokens'),
    cacheRead: tokens('cache_read_tokens'),
    cacheWrite5m: tokens('cache_write_tokens'),
    cacheWrite1h: 0,
  }
  const actual = numberIn(row, 'actual_cost_usd')
  const usd = actual > 0 ? actual : numberIn(row, 'estimated_cost_usd')
  const costUsd = usd > 0 ? decimalOf(usd) : undefined
  if (costUsd !== undefined) usage.costUsd = costUsd
  return usage
}
