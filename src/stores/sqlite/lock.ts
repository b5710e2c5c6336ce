// Who holds the data folder: an exclusive lock on a small SQLite file, which the system lets go of when its process ends, however it ends.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makePrivate } from './database.ts'

// A lock that nobody refers to any more must not be let go of by the garbage collector.
const held = new Set<DatabaseSync>()

// Null when another process holds it.
export function lockFolder(path: string): { release(): void } | null {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  makePrivate(path)
  const db = new DatabaseSync(path)
  try {
    db.exec('PRAGMA busy_timeout = 200; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    held.add(db)
    return {
      release() {
        held.delete(db)
        db.close()
      },
    }
  } catch (error) {
    db.close()
    if (/locked|busy/i.test((error as Error).message)) return null
    throw error
  }
}
