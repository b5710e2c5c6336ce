// Full text over the log, in a file of its own so that its writing waits for nobody and nobody for it. Contentless: the words are made
// by folds/words, the text itself stays in the log. It follows the index by order of arrival, from its own place, in its own thread.
import type { DatabaseSync } from 'node:sqlite'
import { parseEvent } from '../../event/event.ts'
import { searchableOf } from '../../folds/searchable.ts'
import { indexText } from '../../folds/words.ts'
import type { EventLog, SearchIndex } from '../store.ts'
import { openDatabase, transaction } from './database.ts'

const CHARS_MAX = 200_000 // of one event; what follows is kept in the log and found by what stands before it

const SEARCH_SCHEMA = {
  version: 1,
  sql: `
    CREATE VIRTUAL TABLE search USING fts5 (words, parts, tool, file, content='', contentless_delete=1, tokenize='unicode61');
    CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO facts VALUES ('followed', 0), ('follows', 0);`,
}

interface Arrival {
  readonly n: number
  readonly at: number
  readonly file: string
  readonly log_offset: number
  readonly log_length: number
}

// `index` is a read-only connection to the event index.
export function openSearchIndex(
  path: string,
  index: DatabaseSync,
  log: Pick<EventLog, 'read'>,
): SearchIndex & { readonly setAside: string | null } {
  const { db, setAside } = openDatabase(path, SEARCH_SCHEMA)
  // Fewer, larger merges: measured faster on import, and a live event costs the same.
  db.exec(`INSERT INTO search (search, rank) VALUES ('automerge', 8)`)
  followIndex(db, index)
  const arrivals = index.prepare(
    `SELECT a.n, a.at, s.file, e.log_offset, e.log_length
     FROM arrivals a JOIN events e ON e.at = a.at JOIN sessions s ON s.n = e.session WHERE a.n > ? ORDER BY a.n LIMIT ?`,
  )
  const newest = index.prepare('SELECT coalesce(max(n), 0) AS n FROM arrivals')
  const followed = db.prepare(`SELECT value FROM facts WHERE name = 'followed'`)
  const follow = db.prepare(`UPDATE facts SET value = ? WHERE name = 'followed'`)
  const insert = db.prepare('INSERT INTO search (rowid, words, parts, tool, file) VALUES (?, ?, ?, ?, ?)')
  return {
    setAside,
    follow(max) {
      const from = (followed.get() as { value: number }).value
      const rows = arrivals.all(from, max) as unknown as Arrival[]
      if (rows.length === 0) return 0
      // Ascending keys: FTS5 flushes to disk each time a key is lower than the one before.
      const inOrder = rows.toSorted((a, b) => a.at - b.at)
      transaction(db, () => {
        for (const row of inOrder) {
          const event = parseEvent(
            log.read({ file: row.file, offset: row.log_offset, length: row.log_length }).toString(),
          )
          const { words, parts } = indexText(searchableOf(event), CHARS_MAX)
          const tool = event.payload.tool
          const isFile = tool !== undefined && /^(read|edit|write)$/.test(tool.kind)
          const path = isFile ? indexText(tool.target ?? '', 4_000) : null
          insert.run(
            row.at,
            words,
            parts,
            tool ? indexText(tool.name, 200).words : '',
            path === null ? '' : `${path.words} ${path.parts}`,
          )
        }
        follow.run(rows.at(-1)!.n)
      })
      return rows.length
    },
    lag: () => (newest.get() as { n: number }).n - (followed.get() as { value: number }).value,
    close: () => db.close(),
  }
}

// An index that was made anew has keys and arrivals of its own: what is here stands for others, and is made anew as well.
function followIndex(db: DatabaseSync, index: DatabaseSync): void {
  const fact = (of: DatabaseSync, name: string) =>
    (of.prepare('SELECT value FROM facts WHERE name = ?').get(name) as { value: number } | undefined)?.value ?? 0
  const made = fact(index, 'made')
  if (fact(db, 'follows') === made) return
  transaction(db, () => {
    db.exec(`INSERT INTO search (search) VALUES ('delete-all')`)
    db.prepare(`INSERT OR REPLACE INTO facts VALUES ('followed', 0), ('follows', ?)`).run(made)
  })
}
