// Which call a tool's row is the result of, where the row does not say, and which subagent did the work.
import type { Ask } from '../source.ts'
import { beginsReview } from './messages.ts'
import { type AroundRow, type Row, textIn } from './rows.ts'
import type { SessionFacts } from './sessions.ts'
import { type Call, callsIn } from './tools.ts'

interface Asking {
  readonly prefix: string // of ids made for its calls
  readonly calls: readonly Call[]
  readonly at: unknown
  answered: number
}

const DELEGATING = 'delegate_task'

export interface Pairing {
  around(row: Row, id: number, facts: SessionFacts): AroundRow
}

export function pairing(ask: Ask): Pairing {
  const lasts = new Map<string, Asking | null>() // by session: its last message with calls
  const reviews = new Map<string, boolean>() // by session: whether it is looking back
  return {
    around(row, id, facts) {
      const review = beginsReview(row) ?? reviews.get(facts.id) ?? lastAsked(ask, facts.id, id)
      reviews.set(facts.id, review)
      const own = { source: facts.source, subagent: facts.subagent }
      const base: AroundRow = review ? { ...own, review } : own
      if (row.role === 'assistant') {
        const calls = callsIn(row.tool_calls)
        if (calls.length > 0) lasts.set(facts.id, { prefix: `${id}:`, calls, at: row.timestamp, answered: 0 })
        return base
      }
      if (row.role !== 'tool') return base
      if (!lasts.has(facts.id)) lasts.set(facts.id, lastAsking(ask, facts.id, id))
      const asking = lasts.get(facts.id) ?? null
      if (asking === null) return base
      const place = asking.answered++
      const call = callOf(asking, place, textIn(row, 'tool_call_id'))
      const child = row.tool_name === DELEGATING ? childOf(ask, facts.id, asking.at, row.timestamp) : undefined
      return { ...base, ...(call !== undefined && { call }), ...(child !== undefined && { child }) }
    },
  }
}

// By position, where the call at the result's place has no id of its own.
function callOf({ calls, prefix }: Asking, place: number, named: string | null): string | undefined {
  if (named !== null && calls.some(({ id }) => id === named)) return named
  return calls[place]?.id === null ? `${prefix}${place}` : undefined
}

function lastAsked(ask: Ask, session: string, before: number): boolean {
  if (!ask.columns('messages').has('content')) return false
  const sql =
    "SELECT role, content FROM messages WHERE session_id = ? AND id < ? AND role = 'user' ORDER BY id DESC LIMIT 1"
  for (const row of ask.rows(sql, session, before)) return beginsReview(row) === true
  return false
}

function lastAsking(ask: Ask, session: string, before: number): Asking | null {
  const columns = ask.columns('messages')
  if (!columns.has('tool_calls')) return null
  const at = columns.has('timestamp') ? 'timestamp' : 'NULL AS timestamp'
  const sql = `SELECT id, role, tool_calls, ${at} FROM messages WHERE session_id = ? AND id < ? ORDER BY id DESC LIMIT 50`
  let answered = 0
  for (const row of ask.rows(sql, session, before)) {
    const calls = row.role === 'assistant' ? callsIn(row.tool_calls) : []
    if (calls.length > 0) return { prefix: `${Number(row.id)}:`, calls, at: row.timestamp, answered }
    if (row.role === 'tool') answered++
  }
  return null
}

// The one subagent that was started between a call and its result.
function childOf(ask: Ask, parent: string, from: unknown, to: unknown): string | undefined {
  const columns = ask.columns('sessions')
  if (!['id', 'parent_session_id', 'started_at', 'source'].every((name) => columns.has(name))) return undefined
  if (typeof from !== 'number' || typeof to !== 'number') return undefined
  const sql =
    "SELECT id FROM sessions WHERE parent_session_id = ? AND source = 'subagent' AND started_at >= ? AND started_at <= ? LIMIT 2"
  const children = [...ask.rows(sql, parent, from, to)]
  return children.length === 1 ? String(children[0]!.id) : undefined
}

// The call that started a subagent: the last one of its parent that hands work on, before it began.
export function startingCall(ask: Ask, parent: string, startedAt: unknown): string | null {
  const columns = ask.columns('messages')
  if (!columns.has('tool_calls') || !columns.has('timestamp') || typeof startedAt !== 'number') return null
  const sql =
    "SELECT id, tool_calls FROM messages WHERE session_id = ? AND role = 'assistant' AND timestamp <= ? AND tool_calls LIKE ? ORDER BY id DESC LIMIT 1"
  for (const row of ask.rows(sql, parent, startedAt, `%${DELEGATING}%`)) {
    const calls = callsIn(row.tool_calls)
    const place = calls.findIndex(({ name }) => name === DELEGATING)
    if (place >= 0) return calls[place]!.id ?? `${Number(row.id)}:${place}`
  }
  return null
}
