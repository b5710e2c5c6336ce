// One SQLite file of ours: opened with the same pragmas everywhere, its schema made or checked, a corrupt one set aside.
// Measured on 2 cores: a checkpoint every 4,000 pages (16 MB of log) instead of 1,000 halves what a commit costs during an import.
// Keys are in the order of time, so writing touches few pages: a page cache of 2 MB is as fast as one of 8, nine times over.
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { isCorrupt } from '../../base/passing.ts'
import { StoreError } from '../store.ts'

export interface Schema {
  readonly version: number
  readonly sql: string
}

// Made by an older version: nothing to keep, the log has it all.
class OutdatedError extends Error {}

export interface Opened {
  readonly db: DatabaseSync
  readonly fresh: boolean // it did not exist, was of an older version, or corrupt and is set aside: fill it from the log
  readonly setAside: string | null
}

// What whoever used it found out, where opening it does not show.
export interface Known {
  readonly isCorrupt?: boolean // set aside
  readonly isStale?: boolean // thrown away: the log has it all
}

export function openDatabase(path: string, schema: Schema, known: Known = {}): Opened {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const existed = existsSync(path)
  const anew = () => {
    for (const side of ['', ...SIDES]) rmSync(path + side, { force: true })
    return { db: prepare(path, schema), fresh: true, setAside: null }
  }
  if (known.isCorrupt && existed) return remade(path, schema)
  if (known.isStale) return anew()
  try {
    return { db: prepare(path, schema), fresh: !existed, setAside: null }
  } catch (error) {
    if (error instanceof OutdatedError) return anew()
    if (error instanceof StoreError || !isCorrupt(error)) throw error
    return remade(path, schema)
  }
}

const SIDES = ['-wal', '-shm']

// Its log goes with it: a log beside another database than its own would be played into that.
function remade(path: string, schema: Schema): Opened {
  const aside = `${path}.corrupt-${Date.now()}`
  renameSync(path, aside)
  for (const side of SIDES) rmSync(path + side, { force: true })
  return { db: prepare(path, schema), fresh: true, setAside: aside }
}

export function openReadOnly(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true })
  db.exec('PRAGMA busy_timeout = 5000; PRAGMA cache_size = -2000; PRAGMA query_only = 1')
  return db
}

// Whether every page of a file of ours is what it should be. Reads all of it: for when there is a suspicion.
export function isSound(path: string): boolean {
  try {
    const db = openReadOnly(path)
    try {
      return Object.values(db.prepare('PRAGMA quick_check(1)').get() ?? {})[0] === 'ok'
    } finally {
      db.close()
    }
  } catch (error) {
    if (isCorrupt(error)) return false
    throw error
  }
}

// Another file beside the one that is open, to be asked with it.
export function attachReadOnly(db: DatabaseSync, path: string, name: string): void {
  const uri = encodeURI(path).replaceAll("'", '%27').replaceAll('?', '%3f').replaceAll('#', '%23')
  db.exec(`ATTACH DATABASE 'file:${uri}?mode=ro' AS ${name}`)
}

function prepare(path: string, schema: Schema): DatabaseSync {
  const before = schemaOf(path)
  if (before !== null && before > schema.version)
    throw new StoreError(
      `${path} was made by a newer OpenStory (schema ${before}, this one knows ${schema.version}); update OpenStory, or make the store anew from the log with this one: openstory reindex`,
    )
  makePrivate(path)
  const db = new DatabaseSync(path)
  try {
    db.exec(
      'PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -2000; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000',
    )
    const { user_version: found } = db.prepare('PRAGMA user_version').get() as { user_version: number }
    if (found > 0 && found < schema.version) throw new OutdatedError(`${path} is of schema ${found}`)
    if (found === 0) db.exec(`BEGIN; ${schema.sql}; PRAGMA user_version = ${schema.version}; COMMIT`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

// A file of ours opened without a trace: neither the file nor its write-ahead log changes by the look.
export function openUntouched(path: string): DatabaseSync {
  // Without a log beside it there is nothing to read but the file, and a plain look would make one.
  const url = pathToFileURL(path)
  const [name, value] = hasLog(path) ? ['mode', 'ro'] : ['immutable', '1']
  url.searchParams.set(name, value)
  return new DatabaseSync(url, { readOnly: true })
}

// Whether a write-ahead log has what the file has not. Whoever only reads leaves an empty one.
export const hasLog = (path: string): boolean => (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0

// The schema of a file of ours; null where there is none, or it is no database. Found out without a trace.
export function schemaOf(path: string): number | null {
  if (!existsSync(path)) return null
  try {
    const db = openUntouched(path)
    try {
      const { user_version: found } = db.prepare('PRAGMA user_version').get() as { user_version: number }
      return found === 0 ? null : found
    } finally {
      db.close()
    }
  } catch (error) {
    if (isCorrupt(error)) return null
    throw error
  }
}

// For the owner only. SQLite gives its side files the mode of the file itself. One that is there is not opened: closing it again would
// let go of the locks that other threads of this process have on it (https://sqlite.org/howtocorrupt.html, 2.2).
export function makePrivate(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

// All or nothing. What `work` throws comes out after the rollback.
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  begin(db, 'BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    rollBack(db)
    throw error
  }
}

// Many questions of one state: SQLite takes its locks once for all of them instead of once for each. There is nothing to commit, and an end
// that can fail would leave every later transaction standing inside this one.
export function snapshot<T>(db: DatabaseSync, ask: () => T): T {
  begin(db, 'BEGIN')
  try {
    return ask()
  } finally {
    rollBack(db)
  }
}

// Connections whose rollback failed (a disk that does not write): it is made up for before the next begins.
const stuck = new WeakSet<DatabaseSync>()

function begin(db: DatabaseSync, how: string): void {
  if (stuck.has(db) && db.isTransaction) db.exec('ROLLBACK')
  stuck.delete(db)
  db.exec(how)
}

// A full disk may have rolled it back already. What is thrown here would hide what was wrong.
function rollBack(db: DatabaseSync): void {
  try {
    if (db.isTransaction) db.exec('ROLLBACK')
  } catch {
    stuck.add(db)
  }
}

export const idBytes = (id: string): Uint8Array => Buffer.from(id, 'hex')
export const idText = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString('hex')
