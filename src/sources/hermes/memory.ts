// What must be remembered between looks, small enough to be kept with every one: how far messages were read, what the newest of them and
// the newest sessions looked like, which turns were at work.
import type { FileMemory } from '../source.ts'

export const WINDOW_ROWS = 1_500
export const SESSIONS_MAX = 2_000

export interface Kept {
  cursor: number // id of the last message read
  readonly window: Map<number, Seen> // by id, oldest first
  readonly sessions: Map<string, SessionState>
  readonly leases: Map<string, string> // session at work → since when
  time: string | null // of the last record, for whatever says none
}

// A message as it was when last looked at.
export interface Seen {
  readonly session: string
  readonly key: string // of what it says
  readonly state: string // of its bookkeeping; GONE: its row is no longer there
}
export const GONE = '-'

export interface SessionState {
  readonly state: string // of everything that is watched; empty: begun, and nothing more was said
  readonly title: string
  readonly model: string
  readonly ended: string
  readonly used: readonly string[] // how far each of its accounts was told, in short
}

export const BEGUN: SessionState = { state: '', title: '', model: '', ended: '', used: [] }

const SESSION = 's:'
const LEASE = 'l:'

// Another database, repaired or put back, holds the same sessions: what was said of them was said.
export const again = (memory: FileMemory): FileMemory => ({ ...memory, cursor: 0, window: null })

export function unpack(memory: FileMemory): Kept {
  const kept: Kept = {
    cursor: typeof memory.cursor === 'number' && memory.cursor > 0 ? Math.trunc(memory.cursor) : 0,
    window: windowIn(memory.window),
    sessions: new Map(),
    leases: new Map(),
    time: typeof memory.time === 'string' ? memory.time : null,
  }
  for (const [name, value] of Object.entries(memory)) {
    if (typeof value !== 'string') continue
    if (name.startsWith(SESSION)) kept.sessions.set(name.slice(SESSION.length), sessionIn(value))
    if (name.startsWith(LEASE)) kept.leases.set(name.slice(LEASE.length), value)
  }
  return kept
}

export function pack({ cursor, window, sessions, leases, time }: Kept): FileMemory {
  const memory: Record<string, string | number | null> = { cursor, window: windowText(window), time }
  for (const [id, state] of [...sessions].slice(-SESSIONS_MAX)) memory[SESSION + id] = sessionText(state)
  for (const [id, since] of leases) memory[LEASE + id] = since
  return memory
}

// Session names once, then for each message: id, name's number, key, state.
function windowText(window: Kept['window']): string {
  const rows = [...window].slice(-WINDOW_ROWS)
  const names = [...new Set(rows.map(([, { session }]) => session))]
  const numbers = new Map(names.map((name, i) => [name, i]))
  const texts = rows.map(([id, { session, key, state }]) => `${id} ${numbers.get(session)} ${key} ${state}`)
  return JSON.stringify([names, texts.join(',')])
}

function windowIn(value: unknown): Kept['window'] {
  const window: Kept['window'] = new Map()
  let names: readonly unknown[] = []
  let texts = ''
  try {
    const read: unknown = JSON.parse(typeof value === 'string' ? value : '[]')
    if (Array.isArray(read) && Array.isArray(read[0]) && typeof read[1] === 'string') [names, texts] = read
  } catch {
    return window // of another version, or another hand: as if nothing were remembered, ids tell what is known
  }
  for (const text of texts.split(',')) {
    const [id, name, key, state] = text.split(' ')
    const session = names[Number(name)]
    if (key && state && typeof session === 'string' && Number(id) > 0) window.set(Number(id), { session, key, state })
  }
  return window
}

const sessionText = ({ state, title, model, ended, used }: SessionState): string =>
  [state, title, model, ended, used.join(',')].join(' ')

function sessionIn(text: string): SessionState {
  const [state = '', title = '', model = '', ended = '', used = ''] = text.split(' ')
  return { state, title, model, ended, used: used === '' ? [] : used.split(',') }
}
