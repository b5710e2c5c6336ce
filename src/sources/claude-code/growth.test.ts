// However a file is read, at once, in halves, or line by line as it grew, with the memory kept on disk in between: its lines mean the same.
// What an event's id is made of (session, lane, time, the line's own id, the parts' order) is part of that.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { FileMemory, LineMeaning } from '../source.ts'
import { claudeCode } from './source.ts'

const SHARED = process.env.OPENSTORY_SHARED ?? '../shared'
const SERIES = join(SHARED, 'corpus/claude/_series')
const skip = existsSync(SERIES) ? false : `SKIPPED: no sessions as they grew at ${SERIES} (set OPENSTORY_SHARED)`

type Meaning = Omit<LineMeaning, 'memory'>

// `cuts`: the numbers of lines after which the reader stopped, kept its memory on disk and began anew.
function read(path: string, texts: readonly string[], cuts: ReadonlySet<number>): readonly Meaning[] {
  const file = { root: '/root', path }
  let memory: FileMemory = claudeCode.owner(file)!.memory
  return texts.map((text, i) => {
    if (cuts.has(i)) memory = JSON.parse(JSON.stringify(memory))
    const line = { text, value: JSON.parse(text), bytes: new Uint8Array(), damage: null }
    const { memory: next, ...meaning } = claudeCode.translate(line, file, memory)
    memory = next
    return meaning
  })
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '')
const none = new Set<number>()
const every = (lines: readonly string[]) => new Set(lines.keys())

test('real sessions, as they were found while they grew', { skip }, () => {
  const folders = readdirSync(SERIES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.startsWith('000-'))
    .map((entry) => entry.parentPath)
  assert.ok(folders.length > 0)
  for (const folder of folders) {
    const path = `project/${folder.split('/').at(-1)}.jsonl`
    const snapshots = readdirSync(folder)
      .sort()
      .map((name) => linesOf(readFileSync(join(folder, name), 'utf8')))
    const last = snapshots.at(-1)!
    const whole = read(path, last, none)
    for (const snapshot of snapshots) {
      assert.deepEqual(
        read(path, snapshot, none),
        whole.slice(0, snapshot.length),
        `${folder}: ${snapshot.length} lines`,
      )
    }
    assert.deepEqual(read(path, last, new Set(snapshots.map((lines) => lines.length))), whole)
    assert.deepEqual(read(path, last, every(last)), whole)
  }
})

test('real sessions of every version, stopped after each line', { skip }, () => {
  const root = join(SHARED, 'corpus/claude')
  let lines = 0
  for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.jsonl') || path.startsWith('_series')) continue
    const texts = linesOf(readFileSync(join(root, path), 'utf8')).filter(isJson)
    lines += texts.length
    assert.deepEqual(read(path, texts, every(texts)), read(path, texts, none), path)
  }
  assert.ok(lines > 1_000, `${lines} lines`)
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false // torn or damaged: told elsewhere
  }
}
