// New rows of `messages`, oldest first, a page at a time; and what became of the newest ones that were read before: taken back, folded
// away by compaction, removed.
import type { Ask } from '../source.ts'
import { Copies, keyOf } from './copies.ts'
import { BEGUN, GONE, type Kept, WINDOW_ROWS } from './memory.ts'
import { pairing } from './pairing.ts'
import {
  type About,
  type AroundRow,
  absence,
  type HermesRow,
  type Row,
  recordOf,
  shortHash,
  timeIn,
  type Undone,
} from './rows.ts'
import type { SessionFacts, Sessions } from './sessions.ts'

export const PAGE_ROWS = 500
const PAGE_CHARS = 8_000_000
// Room for what is said between two messages.
export const STEP = 1_000

export interface Reading {
  readonly ask: Ask
  readonly kept: Kept
  readonly sessions: Sessions
  readonly rows: HermesRow[]
  begin(session: SessionFacts, at: number): void // tells of a session that is met for the first time
}

interface Found {
  readonly row: Row
  readonly id: number
  readonly facts: SessionFacts
  readonly isUndone: boolean
}

export const messageKey = (id: number): string => `messages:${id}`

// True when there is more to read.
export function readNew(reading: Reading): boolean {
  const { ask, kept, sessions } = reading
  const columns = ask.columns('messages')
  if (!['id', 'session_id', 'role'].every((name) => columns.has(name))) return false
  const copies = new Copies(ask, kept.window)
  const pairs = pairing(ask)
  const found: (Found & { readonly copied: boolean; readonly around: AroundRow })[] = []
  let chars = 0
  for (const row of ask.rows('SELECT * FROM messages WHERE id > ? ORDER BY id LIMIT ?', kept.cursor, PAGE_ROWS)) {
    const id = Number(row.id)
    const facts = sessions.of(String(row.session_id))
    const key = keyOf(row)
    const copied = copies.isCopy(row, id, key, facts)
    copies.noted(key, id)
    kept.window.set(id, { session: facts.id, key, state: stateOf(row) })
    kept.cursor = id
    found.push({ row, id, facts, copied, isUndone: isUndone(row), around: pairs.around(row, id, facts) })
    chars += typeof row.content === 'string' ? row.content.length : 0
    if (chars > PAGE_CHARS) break
  }
  const undone = runsOf(ask, found)
  for (const each of found) {
    const { row, id, facts, copied, around } = each
    if (!kept.sessions.has(facts.id)) {
      kept.sessions.set(facts.id, BEGUN)
      reading.begin(facts, id * STEP - STEP / 2)
    }
    const says = { is: 'message', around, copied, undone: undone.get(each) ?? null } as const
    const about: About = { lane: facts.lane, time: timeOf(ask, row, id), says }
    reading.rows.push(recordOf(row, messageKey(id), id * STEP, undefined, about))
  }
  return found.length === PAGE_ROWS || chars > PAGE_CHARS
}

// A row whose time is garbage happened no earlier than the one before it in its session.
function timeOf(ask: Ask, row: Row, id: number): string | null {
  const own = timeIn(row.timestamp)
  if (own !== null || !ask.columns('messages').has('timestamp')) return own
  const before = 'SELECT timestamp FROM messages WHERE session_id = ? AND id < ? ORDER BY id DESC LIMIT 20'
  for (const { timestamp } of ask.rows(before, String(row.session_id), id)) {
    const time = timeIn(timestamp)
    if (time !== null) return time
  }
  return null
}

const isUndone = (row: Row): boolean => row.active === 0 && row.compacted === 0

// The last message of each run that was taken back tells of the run.
function runsOf<F extends Found>(ask: Ask, found: readonly F[]): Map<F, Undone> {
  const open = new Map<string, { last: F; first: F; count: number }>()
  const runs = new Map<F, Undone>()
  const end = (session: string) => {
    const run = open.get(session)
    if (run === undefined) return
    open.delete(session)
    runs.set(run.last, {
      count: run.count,
      first: String(run.first.id),
      after: beforeOf(ask, session, run.first.id),
    })
  }
  for (const each of found) {
    const run = open.get(each.facts.id)
    if (!each.isUndone) end(each.facts.id)
    else open.set(each.facts.id, { last: each, first: run?.first ?? each, count: (run?.count ?? 0) + 1 })
  }
  for (const session of [...open.keys()]) end(session)
  return runs
}

function beforeOf(ask: Ask, session: string, id: number): string | null {
  const columns = ask.columns('messages')
  const alive = columns.has('active') && columns.has('compacted') ? ' AND NOT (active = 0 AND compacted = 0)' : ''
  for (const row of ask.rows(`SELECT max(id) AS id FROM messages WHERE session_id = ? AND id < ?${alive}`, session, id))
    return row.id === null ? null : String(row.id)
  return null
}

// What Hermes changes in a row it has written.
const STATE = [
  'active',
  'compacted',
  'display_kind',
  'display_metadata',
  'finish_reason',
  'token_count',
  'observed',
  'effect_disposition',
  '_compressed_summary',
]
const STATE_LETTERS = 4

const stateOf = (row: Row): string => {
  const content = typeof row.content === 'string' ? Buffer.byteLength(row.content) : null
  return stateText(row, content)
}
const stateText = (row: Row, contentBytes: unknown): string =>
  shortHash([...STATE.map((name) => row[name] ?? null), contentBytes], STATE_LETTERS)

// The newest messages, looked at again.
export function readChanged(reading: Reading, nextAt: () => number): void {
  const { ask, kept, sessions } = reading
  const [first] = [...kept.window.keys()].slice(-WINDOW_ROWS)
  if (first === undefined) return
  const columns = ask.columns('messages')
  const names = ['id', ...STATE.filter((name) => columns.has(name))]
  const length = columns.has('content') ? "CASE typeof(content) WHEN 'text' THEN octet_length(content) END" : 'NULL'
  const sql = `SELECT ${names.join(', ')}, ${length} AS content_bytes FROM messages WHERE id >= ? AND id <= ?`
  const now = new Map<number, string>()
  for (const row of ask.rows(sql, first, kept.cursor)) now.set(Number(row.id), stateText(row, row.content_bytes))
  const changed: Found[] = []
  const gone: number[] = []
  for (const [id, seen] of kept.window) {
    if (id < first) continue
    const state = now.get(id)
    if (state === seen.state || (state === undefined && seen.state === GONE)) continue
    kept.window.set(id, { ...seen, state: state ?? GONE })
    if (state === undefined) gone.push(id)
    else
      for (const row of ask.rows('SELECT * FROM messages WHERE id = ?', id))
        changed.push({ row, id, facts: sessions.of(String(row.session_id)), isUndone: isUndone(row) })
  }
  const undone = runsOf(ask, changed)
  for (const each of changed) {
    const { row, id, facts } = each
    const says = { is: 'again', undone: undone.get(each) ?? null } as const
    const about: About = { lane: facts.lane, time: timeOf(ask, row, id), says }
    reading.rows.push(recordOf(row, messageKey(id), nextAt(), `again ${kept.window.get(id)?.state}`, about))
  }
  tellGone(reading, gone, nextAt)
}

// Rows that were removed while their session stays: taken back, unless they stand again under other ids. Of a session that was removed
// whole nothing is told: what was read of it stays.
function tellGone({ ask, kept, sessions, rows }: Reading, gone: readonly number[], nextAt: () => number): void {
  const living = new Set<string>()
  for (const { session, key, state } of kept.window.values()) if (state !== GONE) living.add(`${session} ${key}`)
  const bySession = new Map<string, number[]>()
  for (const id of gone) {
    const { session, key } = kept.window.get(id)!
    if (!living.has(`${session} ${key}`)) bySession.set(session, [...(bySession.get(session) ?? []), id])
  }
  for (const [session, ids] of bySession) {
    const facts = sessions.of(session)
    if (facts.row === null) continue
    const undone = { count: ids.length, first: String(ids[0]), after: beforeOf(ask, session, ids[0]!) }
    const about: About = { lane: facts.lane, time: lastTimeOf(ask, session), says: { is: 'gone', undone } }
    rows.push(absence(`gone:${session}:${nameOf(ids)}`, nextAt(), about))
  }
}

// Short enough to be kept with the event.
const NAMED_MAX = 12
const nameOf = (ids: readonly number[]): string =>
  ids.length <= NAMED_MAX ? ids.join(',') : `${ids[0]},${ids.length},${shortHash(ids, 16)}`

// When the last message of a session was.
export function lastTimeOf(ask: Ask, session: string): string | null {
  if (!ask.columns('messages').has('timestamp')) return null
  const newest = 'SELECT timestamp FROM messages WHERE session_id = ? ORDER BY id DESC LIMIT 20'
  for (const { timestamp } of ask.rows(newest, session)) {
    const time = timeIn(timestamp)
    if (time !== null) return time
  }
  return null
}
