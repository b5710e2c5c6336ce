// What the store says of itself: how much is in it, how far it is, and how it does.
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { StoreFacts } from '../store.ts'

interface OpenFiles {
  readonly events: DatabaseSync // with full_text beside it
  readonly sessions: DatabaseSync
  readonly turns: DatabaseSync
}

const ASIDE = /\.corrupt-\d+$/

export function factsOf({ events, sessions, turns }: OpenFiles, dir: string): StoreFacts {
  const fact = (name: string, table = 'facts') =>
    numberIn(events, `SELECT value AS n FROM ${table} WHERE name = '${name}'`)
  const names = readdirSync(dir)
  const sizeOf = (name: string) => statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0
  return {
    events: fact('events'),
    sessions: numberIn(sessions, 'SELECT count(*) AS n FROM sessions'),
    turns: numberIn(turns, 'SELECT count(*) AS n FROM turns'),
    searchLag: fact('events') - fact('events', 'full_text.facts'),
    otherKinds: fact('other'),
    damaged: fact('damaged'),
    // As far as the index knows: to look at every file of the log is a second's work where there are many, and this is asked all the time.
    logBytes: numberIn(events, 'SELECT coalesce(sum(bytes), 0) AS n FROM indexed'),
    storeBytes: names.reduce((sum, name) => sum + sizeOf(name), 0),
    lastIndexedMs: numberIn(events, 'SELECT indexed_ms AS n FROM arrivals ORDER BY arrivals.n DESC LIMIT 1'),
    schemas: {
      events: schemaOf(events),
      search: schemaOf(events, 'full_text'),
      sessions: schemaOf(sessions),
      turns: schemaOf(turns),
    },
    setAside: names.filter((name) => ASIDE.test(name)),
  }
}

export const numberIn = (db: DatabaseSync, sql: string): number =>
  (db.prepare(sql).get() as { n: number } | undefined)?.n ?? 0

const schemaOf = (db: DatabaseSync, file = 'main'): number =>
  (db.prepare(`PRAGMA ${file}.user_version`).get() as { user_version: number }).user_version
