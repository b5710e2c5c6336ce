// The moments of a session, read where each is kept: turns and touches in their file, requests in the ledger, to-dos by their marks.
// 100,000 events in a tenth of a second, most of which goes into reading the turns.
import type { DatabaseSync } from 'node:sqlite'
import { timeOfId } from '../../event/ids.ts'
import { momentsIn } from '../../folds/moments.ts'
import type { Turn } from '../../folds/turn/turn.ts'
import type { Moments, TouchThen } from '../moments.ts'
import type { EventLog } from '../store.ts'
import { idText } from './database.ts'
import { CHANGES } from './files.ts'
import { TOLD_HERE } from './files-reader.ts'
import { sessionIn, spentIn } from './timeline.ts'
import { todosOf } from './todos.ts'

const TOUCHES_MAX = 100_000

interface Files {
  readonly events: DatabaseSync // with full text attached
  readonly sessions: DatabaseSync
  readonly turns: DatabaseSync // with the ledger attached
  readonly log: Pick<EventLog, 'read' | 'lines'>
}

// `told`: the session's turns. Null: there is no such session.
export function momentsOf(files: Files, session: string, told: readonly Turn[]): Moments | null {
  const found = sessionIn(files.events, session)
  if (found === undefined) return null
  return {
    ...momentsIn(told),
    ...touchesIn(files.turns, session),
    spent: spentIn(files.sessions, session),
    todos: todosOf(files.events, files.log, found),
  }
}

function touchesIn(db: DatabaseSync, session: string): Pick<Moments, 'paths' | 'touches' | 'isCut'> {
  const statement = db.prepare(
    `WITH here AS MATERIALIZED (SELECT t.n FROM turns t WHERE t.session = ? AND ${TOLD_HERE})
     SELECT x.event, x.path, x.change FROM touches x JOIN here ON here.n = x.turn
     ORDER BY substr(x.event, 1, 6), x.rowid LIMIT ${TOUCHES_MAX + 1}`,
  )
  statement.setReturnArrays(true)
  const rows = statement.all(session) as unknown as [Uint8Array, number, number][]
  const pathAt = db.prepare('SELECT path FROM paths WHERE n = ?')
  const paths: string[] = []
  const places = new Map<number, number>()
  const placeOf = (n: number) => {
    const known = places.get(n)
    if (known !== undefined) return known
    places.set(n, paths.length)
    return paths.push((pathAt.get(n) as { path: string }).path) - 1
  }
  const touches = rows
    .slice(0, TOUCHES_MAX)
    .map(([event, path, change]): TouchThen => [timeOfId(idText(event)), placeOf(path), CHANGES[change]!])
  return { paths, touches, isCut: rows.length > TOUCHES_MAX }
}
