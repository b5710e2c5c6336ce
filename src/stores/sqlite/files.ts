// Which call did what to which file: tables in the file of turns, written with them by the thread of patterns. Paths stand once each, and
// rows in the order they come, so that a touch costs a row and two short keys.
import type { DatabaseSync } from 'node:sqlite'
import { nameOf } from '../../folds/turn/paths.ts'
import type { Touch } from '../../folds/turn/turn.ts'
import type { FileTouches } from '../files.ts'
import { idBytes } from './database.ts'

export const FILES_SQL = `
    CREATE TABLE paths (n INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
    CREATE INDEX paths_by_name ON paths (name);
    CREATE TABLE touches (path INTEGER NOT NULL, turn INTEGER NOT NULL, event BLOB NOT NULL, change INTEGER NOT NULL, added INTEGER NOT NULL,
      removed INTEGER NOT NULL, was INTEGER, by_command INTEGER NOT NULL, whole INTEGER NOT NULL);
    CREATE INDEX touches_by_path ON touches (path);
    CREATE INDEX touches_by_turn ON touches (turn);
    CREATE INDEX touches_by_old_path ON touches (was) WHERE was IS NOT NULL;`

// Kept by their place in this list.
export const CHANGES: readonly Touch['change'][] = ['read', 'created', 'modified', 'deleted', 'renamed']
export const READ = 0
export const WHOLE: readonly Touch['whole'][] = [undefined, 'made', 'over']

export function openFiles(db: DatabaseSync): FileTouches {
  const pathAt = db.prepare('SELECT n FROM paths WHERE path = ?')
  const addPath = db.prepare('INSERT INTO paths (path, name) VALUES (?, ?)')
  const turnAt = db.prepare('SELECT n FROM turns WHERE id = ?')
  const add = db.prepare('INSERT INTO touches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const eventBytes = Buffer.alloc(16) // SQLite copies what it is given
  return {
    put(touches) {
      // Numbers of one batch only: what is rolled back takes its numbers with it.
      const paths = new Map<string, number>()
      const turns = new Map<string, number>()
      const pathNumber = (path: string): number => {
        let n = paths.get(path)
        if (n === undefined) {
          const found = pathAt.get(path) as { n: number } | undefined
          n = found?.n ?? (addPath.run(path, nameOf(path)).lastInsertRowid as number)
          paths.set(path, n)
        }
        return n
      }
      const turnNumber = (id: string): number => {
        let n = turns.get(id)
        if (n === undefined) {
          n = (turnAt.get(idBytes(id)) as { n: number }).n
          turns.set(id, n)
        }
        return n
      }
      for (const { turn, path, change, from, added, removed, by, event, whole } of touches) {
        eventBytes.write(event, 'hex')
        const was = from === undefined ? null : pathNumber(from)
        const kind = CHANGES.indexOf(change)
        const [n, command] = [turnNumber(turn), Number(by === 'command')]
        add.run(pathNumber(path), n, eventBytes, kind, added, removed, was, command, WHOLE.indexOf(whole))
      }
    },
  }
}
