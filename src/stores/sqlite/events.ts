// Stop 5: the index over the log. One narrow row an event, with the place of its line; never the text itself.
// The row's key is its time: milliseconds × 2048 + a slot, so that rows are in the order of time whatever order they came in,
// newest first costs nothing, and a span of time is a span of keys. Ids begin with the time too, so an id is found among the few rows
// of its millisecond: an index of its own would be a third of all writing.
// `arrivals` is the order they came in, for those who follow: one row for a run of lines that were appended to one file together.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { timeOfId } from '../../event/ids.ts'
import type { EventIndex, IndexedEvent } from '../store.ts'
import { idBytes, idText, type Known, openDatabase, snapshot, transaction } from './database.ts'

export const SLOTS_PER_MS = 2048 // 2^53 / 2048 milliseconds reach to the year 2109
const MS_MAX = 4e12
export const EVENTS_SCHEMA = {
  version: 2,
  sql: `
    CREATE TABLE sessions (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, agent TEXT NOT NULL, project TEXT NOT NULL, file TEXT NOT NULL);
    CREATE TABLE words (n INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
    CREATE TABLE events (
      at INTEGER PRIMARY KEY, id BLOB NOT NULL, session INTEGER NOT NULL, kind INTEGER NOT NULL, agent_id INTEGER,
      log_offset INTEGER NOT NULL, log_length INTEGER NOT NULL,
      seq INTEGER NOT NULL, published_ms INTEGER NOT NULL);
    CREATE INDEX events_by_session ON events (session, at);
    CREATE TABLE elsewhere (id BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE arrivals (n INTEGER PRIMARY KEY, session INTEGER NOT NULL, log_offset INTEGER NOT NULL, log_end INTEGER NOT NULL,
      ats BLOB NOT NULL, indexed_ms INTEGER NOT NULL);
    CREATE INDEX arrivals_by_place ON arrivals (session, log_offset);
    CREATE TABLE indexed (file TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO facts VALUES ('acked_seq', 0), ('events', 0), ('other', 0), ('damaged', 0), ('made', abs(random() % 1000000000000));`,
}

// The keys of a run of events, in the order of their lines, as the column `ats` holds them.
export const atsBytes = (ats: readonly number[]): Uint8Array => new Uint8Array(Float64Array.from(ats).buffer)
export const atsOf = (bytes: Uint8Array): Float64Array => new Float64Array(Uint8Array.from(bytes).buffer)

// Where an event stands; null when it is not there.
export function atOfId(db: DatabaseSync, id: string): number | null {
  const from = timeOfId(id) * SLOTS_PER_MS
  const found = db
    .prepare(
      `SELECT at FROM events WHERE at >= ?1 AND at < ?1 + ${SLOTS_PER_MS} AND id = ?2
       UNION ALL SELECT at FROM elsewhere WHERE id = ?2 LIMIT 1`,
    )
    .get(from, idBytes(id)) as { at: number } | undefined
  return found?.at ?? null
}

export function openEventIndex(
  path: string,
  known: Known = {},
): EventIndex & { readonly fresh: boolean; readonly setAside: string | null } {
  const { db, fresh, setAside } = openDatabase(path, EVENTS_SCHEMA, known)
  let writer = new EventWriter(db)
  return {
    fresh,
    setAside,
    known: (ids) => snapshot(db, () => new Set(ids.filter((id) => writer.has(id)))),
    insert(events, ackedSeq) {
      try {
        return transaction(db, () => writer.insert(events, ackedSeq))
      } catch (error) {
        writer = new EventWriter(db) // it remembers rows that were rolled back
        throw error
      }
    },
    begin: (ackedSeq) => void db.prepare(`UPDATE facts SET value = ? WHERE name = 'acked_seq'`).run(ackedSeq),
    indexedBytes: () =>
      new Map(
        (db.prepare('SELECT file, bytes FROM indexed').all() as { file: string; bytes: number }[]).map((row) => [
          row.file,
          row.bytes,
        ]),
      ),
    close: () => db.close(),
  }
}

// Lines that stand one behind the other in a file of the log and were indexed together.
interface Run {
  readonly session: number
  readonly from: number
  readonly ats: number[]
  end: number
}

class EventWriter {
  readonly #insert: StatementSync
  readonly #arrive: StatementSync
  readonly #reach: StatementSync
  readonly #addFact: StatementSync
  readonly #ack: StatementSync
  readonly #sessions: Numbers
  readonly #words: Numbers
  readonly #slots: Slots

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    this.#arrive = db.prepare(
      'INSERT INTO arrivals (session, log_offset, log_end, ats, indexed_ms) VALUES (?, ?, ?, ?, ?)',
    )
    this.#reach = db.prepare(
      'INSERT INTO indexed VALUES (?, ?) ON CONFLICT (file) DO UPDATE SET bytes = max(bytes, excluded.bytes)',
    )
    this.#addFact = db.prepare('UPDATE facts SET value = value + ? WHERE name = ?')
    this.#ack = db.prepare(`UPDATE facts SET value = max(value, ?) WHERE name = 'acked_seq'`)
    this.#sessions = new Numbers(
      db,
      'SELECT n FROM sessions WHERE id = ?',
      'INSERT INTO sessions (id, agent, project, file) VALUES (?, ?, ?, ?) RETURNING n',
    )
    this.#words = new Numbers(
      db,
      'SELECT n FROM words WHERE word = ?',
      'INSERT INTO words (word) VALUES (?) RETURNING n',
    )
    this.#slots = new Slots(db)
  }

  has(id: string): boolean {
    return this.#slots.has(id)
  }

  insert(events: readonly IndexedEvent[], ackedSeq: number): { inserted: number } {
    const count = { events: 0, other: 0, damaged: 0 }
    const runs = new Map<string, Run>()
    const now = Date.now()
    for (const { event, place, seq, publishedMs } of events) {
      const end = place.offset + place.length + 1
      if (this.#slots.has(event.id)) {
        this.#reach.run(place.file, end)
        continue
      }
      const session = this.#sessions.get(event.session, () => [event.session, event.agent, event.project, place.file])
      const at = this.#slots.take(event.id, session)
      const agentId = event.agentId === null ? null : this.#words.get(event.agentId, () => [event.agentId!])
      const kind = this.#words.get(event.kind, () => [event.kind])
      this.#insert.run(at, idBytes(event.id), session, kind, agentId, place.offset, place.length, seq, publishedMs)
      const run = runs.get(place.file)
      if (run?.end === place.offset) {
        run.ats.push(at)
        run.end = end
      } else {
        if (run) this.#close(place.file, run, now)
        runs.set(place.file, { session, from: place.offset, ats: [at], end })
      }
      count.events++
      if (event.kind.startsWith('other.')) count.other++
      if (event.kind === 'system.damaged_line') count.damaged++
    }
    for (const [file, run] of runs) this.#close(file, run, now)
    for (const [name, n] of Object.entries(count)) if (n > 0) this.#addFact.run(n, name)
    this.#ack.run(ackedSeq)
    return { inserted: count.events }
  }

  #close(file: string, run: Run, now: number): void {
    this.#arrive.run(run.session, run.from, run.end, atsBytes(run.ats), now)
    this.#reach.run(file, run.end)
  }
}

// Small numbers for long words that repeat in every row.
class Numbers {
  readonly #known = new Map<string, number>()
  readonly #find: StatementSync
  readonly #add: StatementSync

  constructor(db: DatabaseSync, find: string, add: string) {
    this.#find = db.prepare(find)
    this.#add = db.prepare(add)
  }

  get(word: string, row: () => readonly string[]): number {
    const known = this.#known.get(word)
    if (known !== undefined) return known
    const found = (this.#find.get(word) ?? this.#add.get(...row())) as { n: number }
    if (this.#known.size > 20_000) this.#known.clear()
    this.#known.set(word, found.n)
    return found.n
  }
}

// The events of a millisecond: which ids are there, and the next free key.
interface Slot {
  readonly ids: string[]
  next: number
}

// Keys from the times that ids begin with. An event without a time stands right behind the last one of its session; where it stands,
// and where one stands whose millisecond was full, `elsewhere` says.
class Slots {
  readonly #slots = new Map<number, Slot>()
  readonly #lastMs = new Map<number, number>() // session → ms
  readonly #load: StatementSync
  readonly #latest: StatementSync
  readonly #elsewhere: StatementSync
  readonly #putElsewhere: StatementSync

  constructor(db: DatabaseSync) {
    this.#load = db.prepare('SELECT at, id FROM events WHERE at >= ? AND at < ? ORDER BY at')
    // The last one of its log, which is the last that came: what is remembered and what is asked for are the same after a restart.
    this.#latest = db.prepare('SELECT at, max(log_offset) FROM events WHERE session = ?')
    this.#elsewhere = db.prepare('SELECT 1 FROM elsewhere WHERE id = ?')
    this.#putElsewhere = db.prepare('INSERT INTO elsewhere VALUES (?, ?)')
  }

  has(id: string): boolean {
    const ms = timeOfId(id)
    if (isTime(ms)) {
      const slot = this.#slot(ms)
      if (slot.ids.includes(id)) return true
      if (!isFull(ms, slot)) return false
    }
    return this.#elsewhere.get(idBytes(id)) !== undefined
  }

  // The key of an event that is not there yet.
  take(id: string, session: number): number {
    const own = timeOfId(id)
    const ms = isTime(own) ? own : this.#last(session)
    if (this.#lastMs.size > 20_000) this.#lastMs.clear()
    this.#lastMs.set(session, ms)
    // The slots of one millisecond may be full (thousands of events without a time): its neighbours take what is over.
    for (let at = ms; ; at++) {
      const slot = this.#slot(at)
      if (isFull(at, slot)) continue
      slot.ids.push(id)
      if (at !== own || !isTime(own)) this.#putElsewhere.run(idBytes(id), slot.next)
      return slot.next++
    }
  }

  #slot(ms: number): Slot {
    const known = this.#slots.get(ms)
    if (known !== undefined) return known
    const from = ms * SLOTS_PER_MS
    const slot: Slot = { ids: [], next: from }
    for (const row of this.#load.all(from, from + SLOTS_PER_MS) as unknown as { at: number; id: Uint8Array }[]) {
      slot.ids.push(idText(row.id))
      slot.next = row.at + 1
    }
    if (this.#slots.size > 20_000) this.#slots.clear()
    this.#slots.set(ms, slot)
    return slot
  }

  #last(session: number): number {
    const known = this.#lastMs.get(session)
    if (known !== undefined) return known
    const { at } = this.#latest.get(session) as { at: number | null }
    return at === null ? 0 : Math.floor(at / SLOTS_PER_MS)
  }
}

const isTime = (ms: number): boolean => ms > 0 && ms < MS_MAX
const isFull = (ms: number, slot: Slot): boolean => slot.next >= (ms + 1) * SLOTS_PER_MS
