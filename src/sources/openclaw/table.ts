// OpenClaw's database, one an agent: table transcript_events(session_id, seq, event_json), one pi-shaped line a row. The same line read
// from an archived file is the same event: its id is made of the session its header names, its own id or time, and its bytes.
//
// Rows are followed by rowid, the order they were written in. OpenClaw also takes rows away and writes others (a reset, a rewind), and
// SQLite then gives out rowids again. What was written after the newest row that is still there has a larger rowid than it: so the cursor
// keeps marks of some of the rows, and goes back to the newest whose row is unchanged. Ids know what came before.
import { readMemory } from '../pi-shape/memory.ts'
import { translateLine } from '../pi-shape/translate.ts'
import type { Ask, FileFacts, FileMemory, FileOwner, LineMeaning, RecordIn, TablePage } from '../source.ts'
import { type Cursor, cursorBehind, cursorFrom, cursorIn } from './cursor.ts'
import { dialect } from './dialect.ts'
import { projectOfAgent } from './owner.ts'
import { archivedBehind, Rows } from './rows.ts'
import { isWindow, translateWindow, windowsOf } from './windows.ts'

const NAME = 'openclaw-agent.sqlite'

export const tableOwner = ({ path }: FileFacts): FileOwner | null =>
  path === NAME || path.endsWith(`/${NAME}`) ? { agentId: null, memory: {} } : null

// Beside what translate remembers: { row, marks } the cursor, { of, seq } whose row was the last, `archive` the last archive.
export function readTable(ask: Ask, file: FileFacts, memory: FileMemory): TablePage {
  const table = new Rows(ask)
  const cursor = cursorFrom(cursorIn(memory), (row) => table.at(row))
  const run = table.behind(cursor.row)
  if (run.rows.length === 0) return archivePage(ask, file, { ...memory, ...cursor })
  const newest = run.rows.at(-1)!
  const rows = run.rows.map(({ record }) => record).sort((a, b) => a.at - b.at)
  const { session } = newest
  const first = rows[0]!.at
  // What translate remembers is one session's; where another's rows stood between, it is read again from the rows before.
  const goesOn = memory.of === session && memory.seq === first - 1
  const before = goesOn ? [] : table.before(session, first)
  const carried = goesOn
    ? memory
    : remembered(
        before.map(({ record }) => record),
        session,
        file,
      )
  const isBeginning = !goesOn && before.length === 0
  const links = isBeginning ? windowsOf(ask, session, first) : []
  const next: Cursor = cursorBehind(cursor, newest.place, newest.record)
  return {
    rows: [rows[0]!, ...links, ...rows.slice(1)],
    memory: { ...carried, ...next, archive: memory.archive ?? 0, of: session, seq: rows.at(-1)!.at },
    more: true, // archives come last
  }
}

function archivePage(ask: Ask, file: FileFacts, memory: FileMemory): TablePage {
  const archived = archivedBehind(ask, typeof memory.archive === 'number' ? memory.archive : 0)
  if (archived === null) return { rows: [], memory, more: false }
  const { session, records, place } = archived
  const { row = 0, marks = '' } = memory
  const carried = remembered([], session, file)
  return { rows: records, memory: { ...carried, row, marks, archive: place, of: null, seq: null }, more: true }
}

export function translateRow(row: RecordIn, file: FileFacts, memory: FileMemory): LineMeaning {
  const session = typeof memory.session === 'string' ? memory.session : row.key.slice(0, row.key.indexOf('/'))
  const known = { ...memory, session }
  if (isWindow(row)) {
    const { project } = readMemory(known)
    return translateWindow(row, { session: session || 'unnamed', project: project ?? 'unknown' }, memory)
  }
  const meaning = translateLine(dialect, row, file, known)
  return { ...meaning, memory: { ...memory, ...meaning.memory } }
}

// The memory that a session's earlier rows leave behind: its header, and the last few.
function remembered(rows: readonly RecordIn[], session: string, file: FileFacts): FileMemory {
  const agent = file.path.split('/').at(-3) // agents/<agent>/agent/openclaw-agent.sqlite
  const project = agent === undefined ? null : projectOfAgent(agent)
  let memory: FileMemory = { ...readMemory({ session, project }) }
  for (const row of rows) memory = translateLine(dialect, row, file, memory).memory
  return memory
}
