// OpenClaw's database, one an agent: table transcript_events(session_id, seq, event_json), one pi-shaped line a row. The same line read
// from an archived file is the same event: its id is made of the session its header names, its own id or time, and its bytes.
//
// Rows are followed by rowid, the order they were written in. OpenClaw also takes rows away and writes others (a reset, a rewind), and
// SQLite then gives out rowids again. What was written after the newest row that is still there has a larger rowid than it: so the cursor
// keeps marks of some of the rows, and goes back to the newest whose row is unchanged. Ids know what came before.
import { readMemory } from '../pi-shape/memory.ts'
import { translateLine } from '../pi-shape/translate.ts'
import type { Ask, FileFacts, FileMemory, FileOwner, LineMeaning, RecordIn, TablePage } from '../source.ts'
import { type Context, type Contexts, contextsIn, putAside, turnedTo } from './contexts.ts'
import { cursorBehind, cursorFrom, cursorIn } from './cursor.ts'
import { dialect } from './dialect.ts'
import { projectOfAgent } from './owner.ts'
import { archivedBehind, type Found, Rows, sessionOfKey } from './rows.ts'
import { isWindow, translateWindow, windowsOf } from './windows.ts'

const NAME = 'openclaw-agent.sqlite'

export const tableOwner = ({ path }: FileFacts): FileOwner | null =>
  path === NAME || path.endsWith(`/${NAME}`) ? { agentId: null, memory: {} } : null

// Remembered: { row, marks } the cursor, `archive` the last archive read, and the contexts of sessions.
export function readTable(ask: Ask, file: FileFacts, memory: FileMemory): TablePage {
  const table = new Rows(ask)
  const cursor = cursorFrom(cursorIn(memory), (row) => table.at(row))
  const found = table.behind(cursor.row)
  const newest = found.at(-1)
  if (newest === undefined) return archivePage(ask, { ...memory, ...cursor })
  const contexts = new Map<string, Context>(contextsIn(memory))
  const rows = [...bySession(found)].flatMap(([session, records]) => {
    const first = records[0]!
    const known = contexts.get(session)
    contexts.delete(session) // and to the end, where those of this page stand
    if (known?.seq === first.at - 1) {
      contexts.set(session, known)
      return records
    }
    const before = table.before(session, first.at)
    if (before.length > 0) contexts.set(session, contextBehind(before, session, file))
    return before.length > 0 ? records : [first, ...windowsOf(ask, session, first.at), ...records.slice(1)]
  })
  const behind = cursorBehind(cursor, newest.place, newest.record)
  return { rows, memory: memoryOf(contexts, behind, memory.archive), more: true } // archives come last
}

const memoryOf = (contexts: Contexts, cursor: FileMemory, archive: FileMemory[string] = 0): FileMemory => ({
  ...putAside(contexts),
  row: cursor.row ?? 0,
  marks: cursor.marks ?? '',
  archive: archive ?? 0,
})

// Sessions as they come, each one's rows in its own order.
function bySession(found: readonly Found[]): ReadonlyMap<string, readonly RecordIn[]> {
  const sessions = new Map<string, RecordIn[]>()
  for (const { session, record } of found) {
    const records = sessions.get(session)
    if (records === undefined) sessions.set(session, [record])
    else records.push(record)
  }
  for (const records of sessions.values()) records.sort((a, b) => a.at - b.at)
  return sessions
}

function archivePage(ask: Ask, memory: FileMemory): TablePage {
  const archived = archivedBehind(ask, typeof memory.archive === 'number' ? memory.archive : 0)
  if (archived === null) return { rows: [], memory, more: false }
  const contexts = new Map(contextsIn(memory))
  contexts.delete(archived.session) // told again from its beginning
  return { rows: archived.records, memory: memoryOf(contexts, memory, archived.place), more: true }
}

export function translateRow(row: RecordIn, file: FileFacts, memory: FileMemory): LineMeaning {
  const known = turnedTo(sessionOfKey(row.key), memory)
  const before = { ...known, project: known.project ?? projectOf(file) }
  if (isWindow(row)) {
    const { session, project } = readMemory(before)
    return translateWindow(row, { session: session ?? 'unnamed', project: project ?? 'unknown' }, known)
  }
  const meaning = translateLine(dialect, row, file, before)
  return { ...meaning, memory: { ...known, ...meaning.memory, seq: row.at } }
}

// The memory that a session's earlier rows leave behind: its header, and the last few.
function contextBehind(rows: readonly Found[], session: string, file: FileFacts): Context {
  let memory: FileMemory = { ...readMemory({ session, project: projectOf(file) }) }
  for (const { record } of rows) memory = translateLine(dialect, record, file, memory).memory
  return { ...memory, seq: rows.at(-1)!.record.at }
}

// agents/<agent>/agent/openclaw-agent.sqlite
function projectOf({ path }: FileFacts): string | null {
  const agent = path.split('/').at(-3)
  return agent === undefined ? null : projectOfAgent(agent)
}
