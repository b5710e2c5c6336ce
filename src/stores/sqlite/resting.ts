// What a store says that nobody has open, asked without a trace: no side file is made, no byte is written.
import { existsSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { isCorrupt } from '../../base/passing.ts'
import { hasLog, openUntouched } from './database.ts'
import { numberIn } from './facts.ts'
import type { StorePaths } from './reader.ts'
import { pricedBy } from './reprice.ts'
import { foreignStores } from './versions.ts'

export interface RestingStore {
  readonly sessions: number
  readonly searchLag: number // events not yet in full text
  readonly pricedBy: string | null // edition of the prices that costs were computed by
}

// Null where it is not whole: a file is not there, no database, of another schema, or has a write-ahead log that is not in it yet.
export function restingStore({ events, search, sessions, turns }: Omit<StorePaths, 'dir'>): RestingStore | null {
  const files = [events, search, sessions, turns]
  if (!files.every((path) => existsSync(path) && !hasLog(path))) return null
  try {
    if (foreignStores({ events, search, sessions, turns }).length > 0) return null
    const kept = asked(events, eventsIn)
    return {
      searchLag: kept - asked(search, eventsIn),
      ...asked(sessions, (db) => ({
        sessions: numberIn(db, 'SELECT count(*) AS n FROM sessions'),
        pricedBy: pricedBy(db) ?? null,
      })),
    }
  } catch (error) {
    if (isCorrupt(error)) return null
    throw error
  }
}

const eventsIn = (db: DatabaseSync) => numberIn(db, "SELECT value AS n FROM facts WHERE name = 'events'")

function asked<T>(path: string, question: (db: DatabaseSync) => T): T {
  const db = openUntouched(path)
  try {
    return question(db)
  } finally {
    db.close()
  }
}
