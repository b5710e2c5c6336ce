// A store as rows that can be compared with those of another.
import { DatabaseSync } from 'node:sqlite'
import { storePaths } from '../stores/sqlite/reader.ts'

// All that the store says, without what numbers the order of coming: rows by their ids, words by the event they stand in.
export function dump({ store }: { readonly store: string }): Record<string, unknown[]> {
  const paths = storePaths(store)
  const db = new DatabaseSync(paths.events)
  for (const name of ['search', 'sessions', 'turns'] as const) db.exec(`ATTACH DATABASE '${paths[name]}' AS ${name}_db`)
  db.exec(`CREATE VIRTUAL TABLE temp.spoken USING fts5vocab('search_db', 'search', 'instance')`)
  const all = (sql: string) =>
    db
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }))
  const dumped = {
    events:
      all(`SELECT hex(e.id) AS id, e.at / 2048 AS ms, s.*, NULL AS n, k.word AS kind, a.word AS lane, log_offset, log_length FROM events e
      JOIN sessions s ON s.n = e.session JOIN words k ON k.n = e.kind LEFT JOIN words a ON a.n = e.agent_id ORDER BY s.id, e.at`),
    arrived: all(
      `SELECT s.id, sum(log_end - log_offset) AS bytes, sum(length(ats)) / 8 AS events
       FROM arrivals a JOIN sessions s ON s.n = a.session GROUP BY s.id ORDER BY 1`,
    ),
    indexed: all('SELECT * FROM indexed ORDER BY file'),
    facts: all(`SELECT * FROM facts WHERE name <> 'made' ORDER BY name`),
    words: all(
      'SELECT hex(e.id) AS id, term, col, offset FROM temp.spoken w JOIN events e ON e.at = w.doc ORDER BY 1, 2, 3, 4',
    ),
    followed: all(`SELECT value FROM search_db.facts WHERE name = 'events'`),
    sessions: all('SELECT * FROM sessions_db.sessions ORDER BY id'),
    seenBySessions: all('SELECT hex(id) AS id FROM sessions_db.seen ORDER BY 1'),
    turns: all('SELECT hex(id) AS key, *, NULL AS n FROM turns_db.turns ORDER BY 1'),
    open: all('SELECT lane, hex(turn) AS turn FROM turns_db.open ORDER BY 1'),
    touches: all(
      `SELECT hex(x.event) AS event, hex(t.id) AS turn, f.path, f.name, w.path AS was, change, added, removed, by_command, whole
       FROM turns_db.touches x JOIN turns_db.turns t ON t.n = x.turn JOIN turns_db.paths f ON f.n = x.path
       LEFT JOIN turns_db.paths w ON w.n = x.was ORDER BY 1, 3, 6, 5`,
    ),
    seenByTurns: all('SELECT hex(id) AS id FROM turns_db.seen ORDER BY 1'),
  }
  db.close()
  return dumped
}
