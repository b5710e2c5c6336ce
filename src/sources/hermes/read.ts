// One look at the database: first the messages that are new, page by page, each session told of before its first; when all are read,
// what changed since: older messages, what sessions are called, what they used, that they ended, that a turn is over.
import type { Ask, FileFacts, FileMemory, TablePage } from '../source.ts'
import { withFound } from './found.ts'
import { BEGUN, type Kept, pack, SESSIONS_MAX, type SessionState, unpack } from './memory.ts'
import { startingCall } from './pairing.ts'
import { lastTimeOf, type Reading, readChanged, readNew, STEP } from './read-messages.ts'
import {
  type About,
  absence,
  LASTING_CHARS_MIN,
  numberIn,
  type Row,
  recordOf,
  type Says,
  shortHash,
  textIn,
  timeIn,
} from './rows.ts'
import { type SessionFacts, Sessions } from './sessions.ts'
import { callsIn } from './tools.ts'
import { accountOf, modelRows, modelTotals, usedMark } from './usage.ts'

export function read(ask: Ask, _: FileFacts, memory: FileMemory): TablePage {
  const kept = unpack(memory)
  startOver(ask, kept)
  const reading: Reading = {
    ask,
    kept,
    sessions: new Sessions(ask),
    rows: [],
    begin: (facts, at) => begin(reading, facts, at),
  }
  const more = readNew(reading)
  if (!more) readRest(reading)
  const time = reading.rows.at(-1)?.about.time ?? kept.time
  return { rows: reading.rows.map((row) => withFound(row, time)), memory: pack({ ...kept, time }), more }
}

// Ids only grow: a database that has given out fewer than were read is another one.
function startOver(ask: Ask, kept: Kept): void {
  if (!ask.columns('sqlite_sequence').has('seq')) return
  for (const { seq } of ask.rows("SELECT seq FROM sqlite_sequence WHERE name = 'messages'"))
    if (typeof seq === 'number' && seq < kept.cursor) {
      kept.cursor = 0
      kept.window.clear()
    }
}

// A session that is met for the first time, and the system prompt it brings.
function begin({ ask, sessions, rows }: Reading, facts: SessionFacts, at: number): void {
  const { id, row, parent, lane } = facts
  if (row === null) return
  const call = facts.subagent && parent !== null ? startingCall(ask, parent, row.started_at) : null
  const continued = facts.subagent || parent === null ? null : sessions.of(parent).lane.session
  const about: About = { lane, time: timeIn(row.started_at), says: { is: 'session', parent: continued, call } }
  rows.push(recordOf(row, `sessions:${id}`, at, `begun ${id}`, about))
  const hash = textIn(row, 'system_prompt_hash')
  if (hash === null || !ask.columns('system_prompts').has('prompt')) return
  // Told once, in the first session that has it.
  const first = ask.rows('SELECT id FROM sessions WHERE system_prompt_hash = ? ORDER BY rowid LIMIT 1', hash)
  if ([...first][0]?.id !== id) return
  for (const prompt of ask.rows('SELECT * FROM system_prompts WHERE hash = ?', hash))
    rows.push(
      recordOf(prompt, `system_prompts:${hash}`, at + 1, `prompt ${hash}`, { ...about, says: { is: 'prompt' } }),
    )
}

function readRest(reading: Reading): void {
  let between = 0
  const nextAt = () => reading.kept.cursor * STEP + 1 + Math.min(between++, STEP / 2 - 3)
  readChanged(reading, nextAt)
  if (reading.ask.columns('sessions').has('id')) readSessions(reading, nextAt)
  readLeases(reading, nextAt)
}

const WATCHED = [
  'title',
  'model',
  'ended_at',
  'end_reason',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'estimated_cost_usd',
  'actual_cost_usd',
  'cwd',
  'git_branch',
]
const STATE_LETTERS = 6
const WORD_LETTERS = 4

// The newest sessions: what is watched of them, in short, and those of which it is another than at the last look.
function readSessions(reading: Reading, nextAt: () => number): void {
  const { ask, kept, sessions } = reading
  const names = ['id', ...WATCHED.filter((name) => ask.columns('sessions').has(name))]
  const totals = modelTotals(ask)
  const newest = `SELECT ${names.join(', ')} FROM sessions ORDER BY rowid DESC LIMIT ?`
  for (const row of [...ask.rows(newest, SESSIONS_MAX)].reverse()) {
    const id = String(row.id)
    const state = shortHash([Object.values(row), totals.get(id) ?? null], STATE_LETTERS)
    const before = kept.sessions.get(id)
    if (before?.state === state) continue
    const facts = sessions.of(id)
    if (facts.row === null) continue
    if (before === undefined) begin(reading, facts, nextAt())
    kept.sessions.delete(id) // to stand behind those that changed before it
    kept.sessions.set(id, changed(reading, facts, facts.row, before ?? BEGUN, state, nextAt))
  }
}

function changed(
  { ask, rows }: Reading,
  { id, lane }: SessionFacts,
  row: Row,
  before: SessionState,
  state: string,
  nextAt: () => number,
): SessionState {
  const time = timeIn(row.ended_at) ?? timeIn(row.last_activity_at) ?? lastTimeOf(ask, id) ?? timeIn(row.started_at)
  const title = textIn(row, 'title')
  const model = textIn(row, 'model')
  const words = {
    title: title === null ? '' : shortHash(title, WORD_LETTERS),
    model: model === null ? '' : shortHash(model, WORD_LETTERS),
    ended: numberIn(row, 'ended_at') === 0 ? '' : shortHash([row.ended_at, row.end_reason ?? null], WORD_LETTERS),
  }
  const perModel = modelRows(ask, id)
  const accounts: readonly (readonly [string, Row])[] =
    perModel.length > 0 ? perModel.map((share) => [accountOf(id, share), share]) : [[`sessions:${id}`, row]]
  const used = accounts.map(([account, counts]) => usedMark(account, counts))
  const isNews = (i: number) => used[i] !== null && !before.used.includes(used[i]!)
  const says: Says = {
    is: 'state',
    ...(title !== null && words.title !== before.title && { title }),
    ...(model !== null && before.model !== '' && words.model !== before.model && { model }),
    ...(perModel.length === 0 && isNews(0) && { used: true }),
    ...(words.ended !== '' && words.ended !== before.ended && { ended: textIn(row, 'end_reason') ?? 'ended' }),
  }
  if (perModel.length > 0)
    for (const [i, [account, share]] of accounts.entries()) {
      if (!isNews(i)) continue
      const about: About = { lane, time: timeIn(share.last_seen) ?? time, says: { is: 'usage' } }
      rows.push(recordOf(share, account, nextAt(), `used ${used[i]}`, about))
    }
  if (Object.keys(says).length > 1)
    rows.push(recordOf(withoutLasting(row), `sessions:${id}`, nextAt(), `state ${state}`, { lane, time, says }))
  return { state, ...words, used: used.filter((mark) => mark !== null) }
}

// What is long and stays as it was stands in the record of the session's beginning.
const LASTING: ReadonlySet<string> = new Set(['system_prompt', 'tool_names', 'origin_json', 'model_config'])
const withoutLasting = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).filter(
      ([name, value]) => !LASTING.has(name) || typeof value !== 'string' || value.length < LASTING_CHARS_MIN,
    ),
  )

// A lease stands while a turn is at work. Where the turn's last message does not say that it was the last, the end of its lease does.
function readLeases({ ask, kept, sessions, rows }: Reading, nextAt: () => number): void {
  const columns = ask.columns('session_turn_leases')
  if (!columns.has('session_id')) return
  const since = columns.has('acquired_at') ? 'acquired_at' : 'NULL'
  const now = new Map<string, string>()
  for (const row of ask.rows(`SELECT session_id, ${since} AS since FROM session_turn_leases`))
    now.set(String(row.session_id), String(row.since))
  for (const [session, began] of kept.leases) {
    if (now.get(session) === began || endsItself(ask, session)) continue
    const about: About = { lane: sessions.of(session).lane, time: lastTimeOf(ask, session), says: { is: 'turn_end' } }
    rows.push(absence(`turn:${session}:${began}`, nextAt(), about))
  }
  kept.leases.clear()
  for (const [session, began] of now) kept.leases.set(session, began)
}

function endsItself(ask: Ask, session: string): boolean {
  const columns = ask.columns('messages')
  if (!columns.has('finish_reason') || !columns.has('tool_calls')) return false
  const last = 'SELECT role, finish_reason, tool_calls FROM messages WHERE session_id = ? ORDER BY id DESC LIMIT 1'
  for (const row of ask.rows(last, session))
    return row.role === 'assistant' && textIn(row, 'finish_reason') !== null && callsIn(row.tool_calls).length === 0
  return true // nothing was said in it
}
