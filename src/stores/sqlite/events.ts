// Stop 5: the index over the log. One narrow row an event, with the place of its line; never the text itself.
// The row's key is its time: milliseconds × 2048 + a slot, so that rows are in the order of time whatever order they came in,
// newest first costs nothing, and a span of time is a span of keys. `arrivals` is the order they came in, for those who follow.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { EventIndex, IndexedEvent } from '../store.ts'
import { idBytes, openDatabase, transaction } from './database.ts'

export const SLOTS_PER_MS = 2048 // 2^53 / 2048 milliseconds reach to the year 2109
const EVENTS_SCHEMA = {
  version: 1,
  sql: `
    CREATE TABLE sessions (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, agent TEXT NOT NULL, project TEXT NOT NULL, file TEXT NOT NULL);
    CREATE TABLE words (n INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE);
    CREATE TABLE events (
      at INTEGER PRIMARY KEY, id BLOB NOT NULL, session INTEGER NOT NULL, kind INTEGER NOT NULL, agent_id INTEGER,
      log_offset INTEGER NOT NULL, log_length INTEGER NOT NULL);
    CREATE UNIQUE INDEX events_by_id ON events (id);
    CREATE INDEX events_by_session ON events (session, at);
    CREATE TABLE arrivals (n INTEGER PRIMARY KEY, at INTEGER NOT NULL, seq INTEGER NOT NULL, published_ms INTEGER NOT NULL, indexed_ms INTEGER NOT NULL);
    CREATE TABLE indexed (file TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO facts VALUES ('acked_seq', 0), ('events', 0), ('other', 0), ('damaged', 0), ('made', abs(random() % 1000000000000));`,
}

export function openEventIndex(
  path: string,
): EventIndex & { readonly fresh: boolean; readonly setAside: string | null } {
  const { db, fresh, setAside } = openDatabase(path, EVENTS_SCHEMA)
  let writer = new EventWriter(db)
  const byId = db.prepare('SELECT 1 FROM events WHERE id = ?')
  return {
    fresh,
    setAside,
    known: (ids) => new Set(ids.filter((id) => byId.get(idBytes(id)) !== undefined)),
    insert(events, ackedSeq) {
      try {
        return transaction(db, () => writer.insert(events, ackedSeq))
      } catch (error) {
        writer = new EventWriter(db) // it remembers numbers of rows that were rolled back
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

class EventWriter {
  readonly #insert: StatementSync
  readonly #arrive: StatementSync
  readonly #reach: StatementSync
  readonly #addFact: StatementSync
  readonly #ack: StatementSync
  readonly #sessions: Numbers
  readonly #words: Numbers
  readonly #keys: TimeKeys

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING')
    this.#arrive = db.prepare('INSERT INTO arrivals (at, seq, published_ms, indexed_ms) VALUES (?, ?, ?, ?)')
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
    this.#keys = new TimeKeys(db)
  }

  insert(events: readonly IndexedEvent[], ackedSeq: number): { inserted: number } {
    const count = { events: 0, other: 0, damaged: 0 }
    const reached = new Map<string, number>()
    const now = Date.now()
    for (const { event, place, seq, publishedMs } of events) {
      const session = this.#sessions.get(event.session, () => [event.session, event.agent, event.project, place.file])
      const at = this.#keys.next(session, event.time)
      const agentId = event.agentId === null ? null : this.#words.get(event.agentId, () => [event.agentId!])
      const kind = this.#words.get(event.kind, () => [event.kind])
      const { changes } = this.#insert.run(at, idBytes(event.id), session, kind, agentId, place.offset, place.length)
      reached.set(place.file, Math.max(reached.get(place.file) ?? 0, place.offset + place.length + 1))
      if (Number(changes) === 0) continue
      this.#arrive.run(at, seq, publishedMs, now)
      count.events++
      if (event.kind.startsWith('other.')) count.other++
      if (event.kind === 'system.damaged_line') count.damaged++
    }
    for (const [file, bytes] of reached) this.#reach.run(file, bytes)
    for (const [name, n] of Object.entries(count)) if (n > 0) this.#addFact.run(n, name)
    this.#ack.run(ackedSeq)
    return { inserted: count.events }
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

// Keys from times. An event without a time stands right behind the last one of its session.
class TimeKeys {
  readonly #next = new Map<number, number>() // ms → next free key
  readonly #lastMs = new Map<number, number>() // session → ms
  readonly #highest: StatementSync
  readonly #latest: StatementSync

  constructor(db: DatabaseSync) {
    this.#highest = db.prepare('SELECT max(at) AS at FROM events WHERE at >= ? AND at < ?')
    // The last one of its log, which is the last that came: what is remembered and what is asked for are the same after a restart.
    this.#latest = db.prepare('SELECT at, max(log_offset) FROM events WHERE session = ?')
  }

  next(session: number, time: string | null): number {
    const parsed = time === null ? Number.NaN : Date.parse(time)
    const ms = Number.isFinite(parsed) && parsed > 0 && parsed < 4e12 ? parsed : this.#last(session)
    if (this.#lastMs.size > 20_000) this.#lastMs.clear()
    this.#lastMs.set(session, ms)
    const key = this.#free(ms)
    if (this.#next.size > 50_000) this.#next.clear()
    this.#next.set(Math.floor(key / SLOTS_PER_MS), key + 1)
    return key
  }

  #last(session: number): number {
    const known = this.#lastMs.get(session)
    if (known !== undefined) return known
    const { at } = this.#latest.get(session) as { at: number | null }
    return at === null ? 0 : Math.floor(at / SLOTS_PER_MS)
  }

  // The slots of one millisecond may be full (thousands of events without a time): its neighbours take what is over.
  #free(ms: number): number {
    for (let at = ms; ; at++) {
      const from = at * SLOTS_PER_MS
      const key =
        this.#next.get(at) ??
        ((this.#highest.get(from, from + SLOTS_PER_MS) as { at: number | null }).at ?? from - 1) + 1
      if (key < from + SLOTS_PER_MS) return key
    }
  }
}
