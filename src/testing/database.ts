// Databases for tests: made by SQLite itself in every journal mode, left behind as a killed writer leaves them, and a source that reads them.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Ask, FileFacts, FileMemory, LineMeaning, RecordIn, TablePage, TableSource } from '../sources/source.ts'
import { damagedPart, isJson, jsonIn, nonEmpty, saying } from '../sources/values.ts'

export function makeDatabase(path: string, journalMode: string, rows = 0): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true })
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA journal_mode = ${journalMode}; CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)`)
  addRows(database, rows)
  return database
}

export function addRows(database: DatabaseSync, rows: number, words = 'note'): void {
  const insert = database.prepare('INSERT INTO notes (text) VALUES (?)')
  for (let n = 0; n < rows; n++) insert.run(`${words} ${n}`)
}

// The files of a database as they stand at this moment, put somewhere else: what is found after a writer was killed.
export function leaveBehind(from: string, to: string, ends: readonly string[]): void {
  mkdirSync(dirname(to), { recursive: true })
  for (const end of ends) copyFileSync(from + end, to + end)
}

export function lookOf(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return ['.', ...names].map((name) => {
    const path = join(folder, name)
    const { ino, size, mtimeNs, ctimeNs, mode, nlink, uid } = statSync(path, { bigint: true })
    const bytes = statSync(path).isFile() ? readFileSync(path).toString('base64') : ''
    return [name, ino, size, mtimeNs, ctimeNs, mode.toString(8), nlink, uid, bytes].join(' ')
  })
}

// Three rows a page, so that small tables have several.
const PAGE_ROWS = 3

export const notes: TableSource = {
  agent: 'notes',
  label: 'Notes',
  reads: 'tables',
  variables: [],
  roots: () => [],
  owner: ({ path }) => (path.endsWith('.db') ? { agentId: null, memory: { after: 0 } } : null),
  read,
  translate,
}

function read(ask: Ask, _: FileFacts, memory: FileMemory): TablePage {
  if (!ask.columns('notes').has('text')) return { rows: [], memory, more: false }
  const rows: RecordIn[] = []
  let after = Number(memory.after)
  for (const row of ask.rows('SELECT * FROM notes WHERE id > ? ORDER BY id LIMIT ?', after, PAGE_ROWS)) {
    const text = JSON.stringify(row)
    after = Number(row.id)
    rows.push({ text, value: row, bytes: Buffer.from(text), damage: null, key: `notes:${after}`, at: after })
  }
  return { rows, memory: { after }, more: rows.length === PAGE_ROWS }
}

function translate(row: RecordIn, _: FileFacts, memory: FileMemory): LineMeaning {
  const text = nonEmpty(jsonIn(row.value).text)
  const part = isJson(row.value) ? saying('message.user.prompt', text, '/text') : damagedPart(row)
  return { parts: [part], session: 's1', project: 'app', agentId: null, nativeId: row.key, time: null, memory }
}
