// Full text over the log, in a file of its own so that its writing waits for nobody and nobody for it. Contentless: the words are made
// by folds/words, the text itself stays in the log. It follows the index by order of arrival, from its own place, in its own thread.
import type { DatabaseSync } from 'node:sqlite'
import { Scratch } from '../../base/scratch.ts'
import { type Event, parseEvent } from '../../event/event.ts'
import type { Sighting } from '../../folds/drift.ts'
import { searchableOf } from '../../folds/searchable.ts'
import { indexText } from '../../folds/words.ts'
import type { EventLog, SearchIndex } from '../store.ts'
import { type Known, openDatabase, transaction } from './database.ts'
import { DRIFT_SQL, DriftTable } from './drift.ts'
import { atsOf } from './events.ts'
import { MARKS_SQL, type Marks, MarkTable } from './marks.ts'

const NEWLINE = 10
const LINES_BYTES_KEPT = 8 * 1024 * 1024 // a batch of events; more is a few very long ones
export const CHARS_MAX = 200_000 // of one event; what follows is kept in the log and found by what stands before it

export const SEARCH_SCHEMA = {
  version: 4,
  sql: `${DRIFT_SQL}${MARKS_SQL}
    CREATE VIRTUAL TABLE search USING fts5 (words, parts, tool, file, content='', contentless_delete=1, tokenize='unicode61');
    CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO facts VALUES ('followed', 0), ('events', 0), ('follows', 0);`,
}

// Fewer, larger merges, and more words held before they are written: measured faster on import, and a live event costs the same.
const TUNING = { automerge: 8, hashsize: 4 * 1024 * 1024 }

interface Arrival {
  readonly n: number
  readonly ats: Uint8Array
  readonly file: string
  readonly log_offset: number
  readonly log_end: number
}

interface Line {
  readonly at: number
  readonly text: Buffer
}

export interface SearchOptions {
  readonly known?: Known
  // The text of an event whose words cannot be made. What it throws is thrown.
  readonly onUnread?: (text: Uint8Array, error: unknown) => void
}

// `index` is a read-only connection to the event index. What `look` sees in an event is counted in the transaction that indexes it:
// here each event passes exactly once, whole, off the live path, and passes again when the index is made anew.
export function openSearchIndex(
  path: string,
  index: DatabaseSync,
  log: Pick<EventLog, 'read'>,
  look: (event: Event) => Sighting | null = () => null,
  { known = {}, onUnread = fail }: SearchOptions = {},
): SearchIndex & { readonly fresh: boolean; readonly setAside: string | null } {
  const { db, fresh, setAside } = openDatabase(path, SEARCH_SCHEMA, known)
  for (const [name, value] of Object.entries(TUNING))
    db.exec(`INSERT INTO search (search, rank) VALUES ('${name}', ${value})`)
  followIndex(db, index)
  const arrivals = index.prepare(
    `SELECT a.n, a.ats, s.file, a.log_offset, a.log_end FROM arrivals a JOIN sessions s ON s.n = a.session
     WHERE a.n > ? ORDER BY a.n LIMIT ?`,
  )
  const arrived = index.prepare(`SELECT value FROM facts WHERE name = 'events'`)
  const followed = db.prepare('SELECT value FROM facts WHERE name = ?')
  const follow = db.prepare('UPDATE facts SET value = ? WHERE name = ?')
  const drift = new DriftTable(db)
  const marks = new MarkTable(db, index, log)
  const insert = db.prepare('INSERT INTO search (rowid, words, parts, tool, file) VALUES (?, ?, ?, ?, ?)')
  const scratch = new Scratch(LINES_BYTES_KEPT)
  const done = (name: 'followed' | 'events') => (followed.get(name) as { value: number }).value
  return {
    fresh,
    setAside,
    follow(max) {
      const runs = nextRuns(arrivals.iterate(done('followed'), max) as Iterable<unknown> as Iterable<Arrival>, max)
      if (runs.length === 0) return 0
      // Ascending keys: FTS5 flushes to disk each time a key is lower than the one before.
      const lines = linesOf(runs, log, scratch)
      const inOrder = lines.map((line, arrival) => ({ ...line, arrival })).sort((a, b) => a.at - b.at)
      transaction(db, () => {
        marks.begin()
        const seen: { readonly arrival: number; readonly sighting: Sighting }[] = []
        for (const { at, text, arrival } of inOrder) {
          const read = readOne(text, look, onUnread)
          if (read === null) continue
          insert.run(at, ...columnsOf(read.event, marks.add(at, read.event)))
          if (read.sighting !== null) seen.push({ arrival, sighting: read.sighting })
        }
        // In the order of the log, as whoever makes it anew will see them, whatever came together in a batch.
        for (const { sighting } of seen.sort((a, b) => a.arrival - b.arrival)) drift.add(sighting)
        follow.run(runs.at(-1)!.n, 'followed')
        follow.run(done('events') + inOrder.length, 'events')
      })
      return inOrder.length
    },
    lag: () => (arrived.get() as { value: number }).value - done('events'),
    close: () => db.close(),
  }
}

// An event that cannot be read holds up no other: it is told of, and passed over.
function readOne(text: Buffer, look: (event: Event) => Sighting | null, onUnread: SearchOptions['onUnread'] & {}) {
  try {
    const event = parseEvent(text.toString())
    return { event, sighting: look(event) }
  } catch (error) {
    onUnread(text, error)
    return null
  }
}

function fail(_: Uint8Array, error: unknown): never {
  throw error
}

// Whole runs, until they have `max` events or more.
function nextRuns(arrivals: Iterable<Arrival>, max: number): Arrival[] {
  const runs: Arrival[] = []
  let events = 0
  for (const run of arrivals) {
    runs.push(run)
    events += run.ats.length / 8
    if (events >= max) break
  }
  return runs
}

// One read for the lines of a run; all of them stand in `scratch` until they are asked for again.
function linesOf(runs: readonly Arrival[], log: Pick<EventLog, 'read'>, scratch: Scratch): Line[] {
  const lines: Line[] = []
  const room = scratch.take(runs.reduce((sum, run) => sum + run.log_end - run.log_offset, 0))
  let from = 0
  for (const { file, ats, log_offset: offset, log_end: end } of runs) {
    log.read({ file, offset, length: end - offset }, room.subarray(from, from + end - offset))
    for (const at of atsOf(ats)) {
      const stop = room.indexOf(NEWLINE, from)
      lines.push({ at, text: room.subarray(from, stop) })
      from = stop + 1
    }
  }
  return lines
}

function columnsOf(event: Event, { tool, file }: Marks): [words: string, parts: string, tool: string, file: string] {
  const { words, parts } = indexText(searchableOf(event), CHARS_MAX)
  const path = file === null ? null : indexText(file, 4_000)
  return [
    words,
    parts,
    tool === null ? '' : indexText(tool, 200).words,
    path === null ? '' : `${path.words} ${path.parts}`,
  ]
}

// An index that was made anew has keys and arrivals of its own: what is here stands for others, and is made anew as well.
function followIndex(db: DatabaseSync, index: DatabaseSync): void {
  const fact = (of: DatabaseSync, name: string) =>
    (of.prepare('SELECT value FROM facts WHERE name = ?').get(name) as { value: number } | undefined)?.value ?? 0
  const made = fact(index, 'made')
  if (fact(db, 'follows') === made) return
  transaction(db, () => {
    db.exec(
      `INSERT INTO search (search) VALUES ('delete-all'); DELETE FROM drift; DELETE FROM versions; DELETE FROM marks; DELETE FROM names`,
    )
    db.prepare(`INSERT OR REPLACE INTO facts VALUES ('followed', 0), ('events', 0), ('follows', ?)`).run(made)
  })
}
