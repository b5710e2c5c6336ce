// The calls that keep a session's list of to-dos, and what came back from them. Which tools keep one is asked of the first call of each;
// the rest is found by the marks beside full text, and only what is not there yet is looked for in the log, by the bytes of each head.
import type { DatabaseSync } from 'node:sqlite'
import { HEAD_MARKS_BYTES, headEnd, parseEvent, parseHead } from '../../event/event.ts'
import type { EventLog } from '../store.ts'
import type { TodoEvent } from '../timeline.ts'
import { atOfId } from './events.ts'

const TODOS_MAX = 2_000
const LINE_BYTES_MAX = 256 * 1024 // a longer one is no list that a person could follow

const CALL = Buffer.from('"kind":"todo"')
const RESULT = Buffer.from('"type":"live.openstory.message.user.tool_result"')

export interface OfSession {
  readonly n: number // in the index
  readonly file: string // of the log
}
type Log = Pick<EventLog, 'read' | 'lines'>

// `db`: the index, with full text attached. The newest ones, oldest first.
export function todosOf(db: DatabaseSync, log: Log, { n, file }: OfSession): readonly TodoEvent[] {
  const { value: followed } = db.prepare("SELECT value FROM full_text.facts WHERE name = 'followed'").get() as {
    value: number
  }
  const found = new Map(marked(db, log, { n, file }).map((todo) => [todo.cursor, todo]))
  const { rest } = db
    .prepare('SELECT min(log_offset) AS rest FROM arrivals WHERE session = ? AND n > ?')
    .get(n, followed) as { rest: number | null }
  if (rest !== null) for (const todo of unmarked(db, log, file, rest)) found.set(todo.cursor, todo)
  return [...found.values()].sort((a, b) => a.cursor - b.cursor).slice(-TODOS_MAX)
}

interface Placed {
  readonly at: number
  readonly offset: number
  readonly length: number
}

function marked(db: DatabaseSync, log: Log, { n, file }: OfSession): readonly TodoEvent[] {
  const textAt = ({ offset, length }: Placed) => Buffer.from(log.read({ file, offset, length })).toString()
  const first = db.prepare(
    `SELECT e.at, e.log_offset AS offset, e.log_length AS length FROM events e JOIN full_text.marks m ON m.at = e.at
     WHERE e.session = ?1 AND e.at >= ?2 AND m.tool = ?3 AND e.kind = (SELECT n FROM words WHERE word = 'message.assistant.tool_use')
     ORDER BY e.at LIMIT 1`,
  )
  const tools = db
    .prepare(
      `SELECT m.tool, min(m.at) AS at FROM events e JOIN full_text.marks m ON m.at = e.at
       WHERE e.session = ? AND m.tool IS NOT NULL GROUP BY m.tool`,
    )
    .all(n) as { tool: number; at: number }[]
  const keeping = tools.filter(({ tool, at }) => {
    const call = first.get(n, at, tool) as Placed | undefined
    return call !== undefined && parseHead(textAt(call)).payload.tool?.kind === 'todo'
  })
  if (keeping.length === 0) return []
  const places = db
    .prepare(
      `SELECT e.at, e.log_offset AS offset, e.log_length AS length FROM events e JOIN full_text.marks m ON m.at = e.at
       WHERE e.session = ? AND m.tool IN (SELECT value FROM json_each(?)) AND e.log_length <= ${LINE_BYTES_MAX}
       ORDER BY e.at DESC LIMIT ${TODOS_MAX}`,
    )
    .all(n, JSON.stringify(keeping.map(({ tool }) => tool))) as unknown as Placed[]
  return places.map((place) => ({ cursor: place.at, text: textAt(place) }))
}

// What came since full text was written, line by line. What such a line answers is a call among them, or is not looked for.
function* unmarked(db: DatabaseSync, log: Log, file: string, from: number): Generator<TodoEvent> {
  const calls = new Set<string>()
  for (const { bytes: line } of log.lines(file, from)) {
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
    const text = bytes.toString()
    const cursor = atOfId(db, parseHead(text).id)
    if (cursor !== null) yield { cursor, text }
  }
}
