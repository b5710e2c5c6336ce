// What of an event is counted beside its words: tool, file, model, and whether it failed; in the file of full text, written with the words.
// What came back from a call has the tool, the file and the model of its call, so that what a command printed is found as that command's.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type Event, parseHead } from '../../event/event.ts'
import type { EventLog } from '../store.ts'

export const MARKS_SQL = `
    CREATE TABLE names (n INTEGER PRIMARY KEY, what TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (what, name));
    CREATE TABLE marks (at INTEGER PRIMARY KEY, tool INTEGER, file INTEGER, model INTEGER, failed INTEGER);`

export interface Marks {
  readonly tool: string | null
  readonly file: string | null
  readonly model: string | null
}
const NONE: Marks = { tool: null, file: null, model: null }

const CALLS_MAX = 20_000 // in memory; a result mostly follows its call at once
const EARLIER_CALLS_MAX = 64
const NAMES_MAX = 20_000
const FILE_CHARS_MAX = 1_000

export class MarkTable {
  readonly #log: Pick<EventLog, 'read'>
  readonly #put: StatementSync
  readonly #find: StatementSync
  readonly #add: StatementSync
  readonly #earlier: StatementSync
  readonly #names = new Map<string, number>()
  readonly #calls = new Map<string, Marks>()
  readonly #asked = new Set<string>() // sessions whose earlier calls were looked up

  // `index`: the event index, for calls that were made before this process began.
  constructor(db: DatabaseSync, index: DatabaseSync, log: Pick<EventLog, 'read'>) {
    this.#log = log
    this.#put = db.prepare('INSERT OR REPLACE INTO marks VALUES (?, ?, ?, ?, ?)')
    this.#find = db.prepare('SELECT n FROM names WHERE what = ? AND name = ?')
    this.#add = db.prepare('INSERT INTO names (what, name) VALUES (?, ?)')
    this.#earlier = index.prepare(
      `SELECT s.file, e.log_offset, e.log_length FROM events e JOIN sessions s ON s.n = e.session
       WHERE e.session = (SELECT n FROM sessions WHERE id = ?) AND e.at < ?
         AND e.kind = (SELECT n FROM words WHERE word = 'message.assistant.tool_use') ORDER BY e.at DESC LIMIT ${EARLIER_CALLS_MAX}`,
    )
  }

  // Keeps what the event has and returns it, for the columns of full text.
  add(at: number, event: Event): Marks {
    const marks = this.#marksOf(at, event)
    const failed = event.kind === 'system.error' || event.payload.result?.failed === true ? 1 : null
    const { tool, file, model } = marks
    if (tool !== null || file !== null || model !== null || failed !== null)
      this.#put.run(at, this.#name('tool', tool), this.#name('file', file), this.#name('model', model), failed)
    return marks
  }

  // At the beginning of each transaction: the names of one that was undone are not there.
  begin(): void {
    this.#names.clear()
  }

  #marksOf(at: number, event: Event): Marks {
    const { tool, result, model } = event.payload
    if (tool !== undefined) {
      const marks = ownMarks(event)
      if (tool.call !== null) this.#remember(event.session, tool.call, marks)
      return marks
    }
    if (result?.call != null) return this.#callOf(at, event.session, result.call)
    return model === undefined ? NONE : { ...NONE, model }
  }

  #callOf(at: number, session: string, call: string): Marks {
    const key = `${session}|${call}`
    const known = this.#calls.get(key)
    if (known !== undefined || this.#asked.has(session)) return known ?? NONE
    if (this.#asked.size > CALLS_MAX) this.#asked.clear()
    this.#asked.add(session)
    const places = this.#earlier.all(session, at) as { file: string; log_offset: number; log_length: number }[]
    for (const { file, log_offset: offset, log_length: length } of places) {
      const earlier = parseHead(Buffer.from(this.#log.read({ file, offset, length })).toString())
      const name = earlier.payload.tool?.call
      if (name != null) this.#remember(session, name, ownMarks(earlier))
    }
    return this.#calls.get(key) ?? NONE
  }

  #remember(session: string, call: string, marks: Marks): void {
    if (this.#calls.size >= CALLS_MAX)
      for (const key of [...this.#calls.keys()].slice(0, CALLS_MAX / 2)) this.#calls.delete(key)
    this.#calls.set(`${session}|${call}`, marks)
  }

  #name(what: keyof Marks, name: string | null): number | null {
    if (name === null) return null
    const key = `${what}|${name}`
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const found = this.#find.get(what, name) as { n: number } | undefined
    // Not by RETURNING: its savepoint makes full text write out all it holds, 180 µs each time.
    const n = found?.n ?? Number(this.#add.run(what, name).lastInsertRowid)
    if (this.#names.size >= NAMES_MAX) this.#names.clear()
    this.#names.set(key, n)
    return n
  }
}

function ownMarks({ payload: { tool, model } }: Event): Marks {
  const isFile = tool !== undefined && /^(read|edit|write)$/.test(tool.kind)
  const file = isFile && tool.target ? tool.target.slice(0, FILE_CHARS_MAX) : null
  return { tool: tool?.name.slice(0, 200) ?? null, file, model: model ?? null }
}
