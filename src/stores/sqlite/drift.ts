// What agents write that their sources do not know, counted: a table in the file of full text, filled in the same transactions, so that
// an event counts once and making the file anew counts everything anew. Versions are kept a lane, since most lines do not say theirs.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Drift, DriftCount, Sighting } from '../../folds/drift.ts'

// An empty text stands for what is not known: an agent's version, a time.
export const DRIFT_SQL = `
    CREATE TABLE drift (agent TEXT NOT NULL, what TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, n INTEGER NOT NULL,
      first TEXT NOT NULL, last TEXT NOT NULL, event TEXT NOT NULL, sample TEXT, PRIMARY KEY (agent, what, name, version)) WITHOUT ROWID;
    CREATE TABLE versions (lane TEXT PRIMARY KEY, version TEXT NOT NULL) WITHOUT ROWID;`

const ROWS_MAX = 5_000 // more kinds of news than this are no news but noise: they are counted together, each under its kind
const OVERFLOW = 'and more'
const UNTIMED = '~' // behind every time

export class DriftTable {
  readonly #count: StatementSync
  readonly #has: StatementSync
  readonly #rows: StatementSync
  readonly #version: StatementSync
  readonly #say: StatementSync

  constructor(db: DatabaseSync) {
    // The first event with it is the earliest, whichever came first: of two at once the one with the smaller id.
    this.#count = db.prepare(`INSERT INTO drift VALUES (?, ?, ?, ?, 1, ?5, ?5, ?6, ?7)
      ON CONFLICT DO UPDATE SET n = n + 1,
        first = iif(${EARLIER}, excluded.first, first), event = iif(${EARLIER}, excluded.event, event),
        sample = iif(${EARLIER}, excluded.sample, sample), last = max(last, excluded.last)`)
    this.#has = db.prepare('SELECT 1 FROM drift WHERE agent = ? AND what = ? AND name = ? AND version = ?')
    this.#rows = db.prepare('SELECT count(*) AS n FROM drift')
    this.#version = db.prepare('SELECT version FROM versions WHERE lane = ?')
    this.#say = db.prepare('INSERT INTO versions VALUES (?, ?) ON CONFLICT DO UPDATE SET version = excluded.version')
  }

  // In a transaction of the caller's, who sees to it that an event comes once.
  add({ event, version, found }: Sighting): void {
    const lane = laneOf(event.session, event.agentId)
    if (version !== null) this.#say.run(lane, version)
    if (found.length === 0) return
    const by = version ?? this.#said(lane) ?? this.#said(laneOf(event.session, null)) ?? ''
    for (const drift of found) this.#add(event, by, drift)
  }

  #add({ agent, id, time }: Sighting['event'], version: string, { what, name, sample }: Drift): void {
    const isNew = this.#has.get(agent, what, name, version) === undefined
    const isFull = isNew && (this.#rows.get() as { n: number }).n >= ROWS_MAX
    if (isFull) this.#count.run(agent, what, OVERFLOW, '', time ?? '', id, null)
    else this.#count.run(agent, what, name, version, time ?? '', id, sample)
  }

  #said(lane: string): string | undefined {
    return (this.#version.get(lane) as { version: string } | undefined)?.version
  }
}

const timed = (column: string) => `iif(${column} = '', '${UNTIMED}', ${column})`
const EARLIER = `(${timed('excluded.first')}, excluded.event) < (${timed('first')}, event)`

const laneOf = (session: string, agentId: string | null): string => `${session}\n${agentId ?? ''}`

export function readDrift(db: DatabaseSync, schema: string): DriftCount[] {
  const rows = db
    .prepare(
      `SELECT agent, version, what, name, n, first, last, event, sample FROM ${schema}.drift
       ORDER BY agent, what, ${timed('first')}, name, version`,
    )
    .all() as unknown as (Omit<DriftCount, 'count'> & { n: number; version: string; first: string; last: string })[]
  return rows.map(({ n, version, first, last, ...row }) => ({
    ...row,
    version: version === '' ? null : version,
    count: n,
    first: first === '' ? null : first,
    last: last === '' ? null : last,
  }))
}
