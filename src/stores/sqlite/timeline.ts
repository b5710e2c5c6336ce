// A session's timeline out of the index alone (100,000 events in some 60 ms), and beside it what was spent and its to-dos.
import type { DatabaseSync } from 'node:sqlite'
import type { SpentThen } from '../../folds/cost.ts'
import { NEVER } from '../../folds/ledger.ts'
import type { EventLog } from '../store.ts'
import type { Timeline, TimelinePart } from '../timeline.ts'
import { SLOTS_PER_MS } from './events.ts'
import { type OfSession, todosOf } from './todos.ts'

const REQUESTS_MAX = 200_000

export function timelineOf(
  db: DatabaseSync,
  ledger: DatabaseSync,
  log: Pick<EventLog, 'read' | 'lines'>,
  session: string,
  max: number,
  part: TimelinePart,
): Timeline | null {
  const found = sessionIn(db, session)
  if (found === undefined) return null
  const word = db.prepare('SELECT word FROM words WHERE n = ?')
  const words = new Map<number, string>()
  const wordOf = (n: number) => words.get(n) ?? (word.get(n) as { word: string }).word
  const rows = db.prepare('SELECT at, kind, agent_id IS NOT NULL FROM events WHERE session = ? ORDER BY at LIMIT ?')
  rows.setReturnArrays(true)
  const cursors: number[] = []
  const kinds: string[] = []
  const isSubagent: boolean[] = []
  for (const [at, kind, isOther] of rows.all(found.n, max) as unknown as [number, number, number][]) {
    const name = wordOf(kind)
    words.set(kind, name)
    cursors.push(at)
    kinds.push(name)
    isSubagent.push(isOther === 1)
  }
  const { n: count } = db.prepare('SELECT count(*) AS n FROM events WHERE session = ?').get(found.n) as { n: number }
  return {
    count,
    cursors,
    kinds,
    isSubagent,
    perMs: SLOTS_PER_MS,
    todos: part === 'course' ? [] : todosOf(db, log, found),
    spent: part === 'course' ? [] : spentIn(ledger, session),
  }
}

export const sessionIn = (db: DatabaseSync, session: string): OfSession | undefined =>
  db.prepare('SELECT n, file FROM sessions WHERE id = ?').get(session) as unknown as OfSession | undefined

export function spentIn(ledger: DatabaseSync, session: string): readonly SpentThen[] {
  const rows = ledger.prepare(
    `SELECT nullif(at, ${NEVER}), input, output, cache_read + cache_write_5m + cache_write_1h, nano, partial FROM requests
     WHERE session = ? ORDER BY at, event LIMIT ${REQUESTS_MAX}`,
  )
  rows.setReturnArrays(true)
  return rows.all(session) as unknown as readonly SpentThen[]
}
