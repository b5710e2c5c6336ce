// A session's timeline out of the index alone (100,000 events in some 60 ms), and what takes ten times as long: what was spent, and the calls
// that keep its list of to-dos, which are found by a look at the bytes of each head, so that nothing else is parsed.
import type { DatabaseSync } from 'node:sqlite'
import { HEAD_MARKS_BYTES, headEnd, parseEvent, parseHead } from '../../event/event.ts'
import type { SpentThen } from '../../folds/cost.ts'
import { NEVER } from '../../folds/ledger.ts'
import type { EventLog } from '../store.ts'
import type { Timeline, TimelinePart, TodoEvent } from '../timeline.ts'
import { atOfId, SLOTS_PER_MS } from './events.ts'

const TODOS_MAX = 2_000
const REQUESTS_MAX = 200_000
const LINE_BYTES_MAX = 256 * 1024 // a longer one is no list that a person could follow

const CALL = Buffer.from('"kind":"todo"')
const RESULT = Buffer.from('"type":"live.openstory.message.user.tool_result"')

export function timelineOf(
  db: DatabaseSync,
  ledger: DatabaseSync,
  log: Pick<EventLog, 'lines'>,
  session: string,
  max: number,
  part: TimelinePart,
): Timeline | null {
  const found = db.prepare('SELECT n, file FROM sessions WHERE id = ?').get(session) as
    | { n: number; file: string }
    | undefined
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
    todos: part === 'course' ? [] : todosOf(db, log, found.file),
    spent: part === 'course' ? [] : spentIn(ledger, session),
  }
}

function spentIn(ledger: DatabaseSync, session: string): readonly SpentThen[] {
  const rows = ledger.prepare(
    `SELECT nullif(at, ${NEVER}), input, output, cache_read + cache_write_5m + cache_write_1h, nano, partial FROM requests
     WHERE session = ? ORDER BY at, event LIMIT ${REQUESTS_MAX}`,
  )
  rows.setReturnArrays(true)
  return rows.all(session) as unknown as readonly SpentThen[]
}

function todosOf(db: DatabaseSync, log: Pick<EventLog, 'lines'>, file: string): readonly TodoEvent[] {
  const calls = new Set<string>()
  const found: string[] = []
  for (const { bytes: line } of log.lines(file, 0)) {
    if (line.length > LINE_BYTES_MAX) continue
    const bytes = Buffer.from(line.buffer, line.byteOffset, line.length)
    const end = headEnd(bytes, HEAD_MARKS_BYTES)
    const head = end < 0 ? bytes : bytes.subarray(0, end)
    if (head.includes(CALL)) {
      const call = parseEvent(bytes.toString()).payload.tool?.call
      if (call != null) calls.add(call)
    } else if (calls.size === 0 || !head.includes(RESULT)) continue
    else {
      const { result } = parseHead(end < 0 ? bytes.toString() : `${head.toString()}}}`).payload
      if (!calls.has(result?.call ?? '')) continue
    }
    found.push(bytes.toString())
  }
  return found
    .slice(-TODOS_MAX)
    .flatMap((text) => {
      const cursor = atOfId(db, parseHead(text).id)
      return cursor === null ? [] : [{ cursor, text }]
    })
    .sort((a, b) => a.cursor - b.cursor)
}
