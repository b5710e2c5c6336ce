// Hermes writes a message again, as a new row, when it compacts a conversation in place, goes on in a new session or rewrites a session's
// rows. Such a row says what one before it in the same conversation said, at the same time; or the one that said it is gone since the
// last look.
import type { Ask } from '../source.ts'
import { GONE, type Kept } from './memory.ts'
import { type Row, shortHash, timeIn } from './rows.ts'
import type { SessionFacts } from './sessions.ts'

const SAID = ['role', 'content', 'tool_call_id', 'tool_calls'] as const
const KEY_LETTERS = 8

export const keyOf = (row: Row): string => shortHash(said(row), KEY_LETTERS)
export const said = (row: Row): readonly unknown[] => SAID.map((name) => row[name] ?? null)

export class Copies {
  readonly #ask: Ask
  readonly #window: Kept['window']
  readonly #byKey = new Map<string, number[]>()
  readonly #older: string | null

  constructor(ask: Ask, window: Kept['window']) {
    this.#ask = ask
    this.#window = window
    for (const [id, { key }] of window) this.noted(key, id)
    this.#older = olderQuestion(ask)
  }

  noted(key: string, id: number): void {
    const ids = this.#byKey.get(key)
    if (ids === undefined) this.#byKey.set(key, [id])
    else ids.push(id)
  }

  isCopy(row: Row, id: number, key: string, { lineage }: SessionFacts): boolean {
    const timed = timeIn(row.timestamp) !== null
    for (const other of this.#byKey.get(key) ?? []) {
      const seen = this.#window.get(other)
      if (other >= id || seen === undefined || !lineage.includes(seen.session)) continue
      const original = this.#timestampOf(other)
      if (original === undefined ? seen.state !== GONE : timed && original === row.timestamp) return true
    }
    return timed && this.#isInOlder(row, id, lineage)
  }

  // Undefined: the row is not there any more.
  #timestampOf(id: number): unknown {
    for (const { timestamp } of this.#ask.rows('SELECT timestamp FROM messages WHERE id = ?', id))
      return timestamp ?? null
    return undefined
  }

  #isInOlder(row: Row, id: number, lineage: readonly string[]): boolean {
    const values = said(row)
    if (this.#older === null || !values.every(isPlain) || typeof row.timestamp !== 'number') return false
    for (const session of lineage)
      for (const _ of this.#ask.rows(this.#older, session, row.timestamp, id, ...values)) return true
    return false
  }
}

const isPlain = (value: unknown): value is string | number | bigint | null =>
  value === null || ['string', 'number', 'bigint'].includes(typeof value)

// Only where an index leads there: without one, every row would be compared with every other.
function olderQuestion(ask: Ask): string | null {
  const columns = ask.columns('messages')
  if (!['timestamp', ...SAID].every((name) => columns.has(name))) return null
  for (const { name } of ask.rows("SELECT name FROM pragma_index_list('messages')"))
    for (const first of ask.rows('SELECT name FROM pragma_index_info(?) WHERE seqno = 0', String(name)))
      if (first.name === 'session_id')
        return `SELECT 1 FROM messages WHERE session_id = ? AND timestamp = ? AND id < ? AND ${SAID.map((said) => `${said} IS ?`).join(' AND ')} LIMIT 1`
  return null
}
