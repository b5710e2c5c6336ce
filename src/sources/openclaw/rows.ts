// The rows of transcript_events, and of what was archived of them, as records. A large event is kept packed.

import { zstdDecompressSync } from 'node:zlib'
import { reasonOf } from '../../base/log.ts'
import { isTooDeep, whyNotJson } from '../../base/nesting.ts'
import type { Ask, RecordIn } from '../source.ts'
import { nonEmpty } from '../values.ts'
import { CONTEXTS_MAX } from './contexts.ts'

const PAGE_ROWS = 512
const PAGE_CHARS = 8 * 1024 * 1024
const CONTEXT_ROWS = 24
const UNPACKED_BYTES_MAX = 256 * 1024 * 1024

type Values = Readonly<Record<string, unknown>>

export interface Found {
  readonly place: number // its rowid
  readonly session: string
  readonly record: RecordIn
}

export class Rows {
  readonly #ask: Ask
  readonly #from: string | null // null: there is no such table

  constructor(ask: Ask) {
    const columns = ask.columns('transcript_events')
    const isThere = ['session_id', 'seq', 'event_json'].every((name) => columns.has(name))
    const packed = columns.has('event_zstd') ? ', event_zstd' : ''
    this.#ask = ask
    this.#from = isThere
      ? `SELECT rowid AS place, session_id, seq, event_json${packed} FROM transcript_events WHERE`
      : null
  }

  at(place: number): RecordIn | null {
    return this.#all('rowid = ?', place)[0]?.record ?? null
  }

  // The next rows, of no more sessions than can be remembered.
  behind(place: number): readonly Found[] {
    const rows: Found[] = []
    const sessions = new Set<string>()
    let chars = 0
    if (this.#from === null) return rows
    for (const values of this.#ask.rows(`${this.#from} rowid > ? ORDER BY rowid LIMIT ${PAGE_ROWS}`, place)) {
      const next = found(values)
      if (chars > PAGE_CHARS || sessions.add(next.session).size > CONTEXTS_MAX) break
      chars += next.record.text.length
      rows.push(next)
    }
    return rows
  }

  // The first row of the session, and the last ones before this.
  before(session: string, seq: number): readonly Found[] {
    const last = this.#all(`session_id = ? AND seq < ? ORDER BY seq DESC LIMIT ${CONTEXT_ROWS}`, session, seq).reverse()
    const first = this.#all('session_id = ? AND seq < ? ORDER BY seq LIMIT 1', session, seq)
    return first[0]?.place === last[0]?.place ? last : [...first, ...last]
  }

  #all(where: string, ...values: readonly (string | number)[]): Found[] {
    return this.#from === null ? [] : Array.from(this.#ask.rows(`${this.#from} ${where}`, ...values), found)
  }
}

// What cannot be had as text is a record all the same, and says why.
function found(values: Values): Found {
  const session = String(values.session_id)
  const seq = Number(values.seq)
  const at = Number.isSafeInteger(seq) && seq > 0 ? seq : 0
  const plain = nonEmpty(values.event_json)
  const { text, damage } = plain === undefined ? unpacked(values.event_zstd, true) : { text: plain, damage: null }
  return { place: Number(values.place), session, record: recordFrom(`${session}/${seq}`, at, text, damage) }
}

const ARCHIVED = 'archived/'

// `<session>/<seq>`, `archived/<session>/<line>`, `window/<session>/<seq>`
export function sessionOfKey(key: string): string {
  const start = [ARCHIVED, WINDOW].find((begin) => key.startsWith(begin))?.length ?? 0
  return key.slice(start, key.lastIndexOf('/')) || 'unnamed'
}

export const WINDOW = 'window/'

export interface Archived {
  readonly place: number
  readonly session: string
  readonly records: readonly RecordIn[]
}

// A session that was deleted or reset leaves the table as one piece: its lines, packed or not.
export function archivedBehind(ask: Ask, place: number): Archived | null {
  const columns = ask.columns('session_transcript_archives')
  if (!['session_id', 'encoding', 'archive_blob'].every((name) => columns.has(name))) return null
  const sql =
    'SELECT rowid AS place, session_id, encoding, archive_blob FROM session_transcript_archives WHERE rowid > ?'
  for (const values of ask.rows(`${sql} ORDER BY rowid LIMIT 1`, place)) {
    const session = String(values.session_id)
    const { text, damage } = unpacked(values.archive_blob, values.encoding === 'zstd')
    const lines = damage === null ? text.split('\n').filter((line) => line.trim() !== '') : [text]
    const records = lines.map((line, i) => recordFrom(`${ARCHIVED}${session}/${i}`, i, line, damage))
    return { place: Number(values.place), session, records }
  }
  return null
}

function recordFrom(key: string, at: number, text: string, damage: string | null): RecordIn {
  const bytes = new TextEncoder().encode(text)
  if (isTooDeep(text)) return { key, at, text, value: undefined, bytes, damage: damage ?? whyNotJson(text) }
  try {
    return { key, at, text, value: JSON.parse(text), bytes, damage }
  } catch (error) {
    return { key, at, text, value: undefined, bytes, damage: damage ?? `not JSON (${reasonOf(error)})` }
  }
}

function unpacked(blob: unknown, isPacked: boolean): { readonly text: string; readonly damage: string | null } {
  if (!(blob instanceof Uint8Array)) return { text: '', damage: 'the row holds no event' }
  try {
    const bytes = isPacked ? zstdDecompressSync(blob, { maxOutputLength: UNPACKED_BYTES_MAX }) : blob
    return { text: new TextDecoder().decode(bytes), damage: null }
  } catch (error) {
    const kept = Buffer.from(blob).toString('base64')
    return { text: kept, damage: `the row cannot be unpacked (${reasonOf(error)}); its bytes stand here in base64` }
  }
}
