// Real transcripts, laid out as in a person's home: every line of them becomes exactly one event that carries it, byte for byte.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { zstdDecompressSync } from 'node:zlib'
import type { Message } from '../bus/bus.ts'
import { parseHead } from '../event/event.ts'
import type { LineSource } from '../sources/source.ts'
import { SOURCES } from '../sources/sources.ts'
import { Den, rawBytesIn } from '../testing/watching.ts'
import type { WatcherParts } from './watcher.ts'

const MAKE_HOME = join(resolve(process.env.OPENSTORY_SHARED ?? '../shared'), 'corpus/make-home.mjs')
const skip = existsSync(MAKE_HOME) ? false : `no real transcripts at ${MAKE_HOME}; OPENSTORY_SHARED says where they are`
const sources = SOURCES.filter((source): source is LineSource => source.reads === 'lines')

describe('real transcripts', () => {
  const home = mkdtempSync(join(tmpdir(), 'openstory-home-'))
  const machine = { home, env: {}, platform: process.platform }
  const parts: Partial<WatcherParts> = { sources, machine, extraRoots: {}, onlyExtra: false }
  const den = new Den()
  const sent: Message[] = [] // all of them, also those the bus knew: a line copied from file to file keeps its id
  before(async () => {
    if (skip) return
    execFileSync(process.execPath, [MAKE_HOME, home])
    den.hooks.publish = (messages) => void sent.push(...messages)
    den.watch(parts)
    await den.caughtUp()
    await den.stop()
  })
  after(async () => {
    await den.remove()
    rmSync(home, { recursive: true })
  })

  test('every line that is not blank is carried by exactly one event, byte for byte', { skip }, () => {
    const carriers = carriersOf(sent)
    let whole = 0
    for (const file of transcripts(machine)) {
      const here = carriers.get(file) ?? []
      carriers.delete(file)
      whole += accountsFor(file, plainBytes(file), here)
    }
    assert.ok(whole > 1_000, `${whole} lines`)
    assert.deepEqual([...carriers.keys()], [], 'no event comes from anywhere else')
  })

  test('a second watcher with the same places sends nothing', { skip }, async () => {
    const before = sent.length
    const watcher = den.watch(parts)
    await den.caughtUp()
    await den.stop()
    assert.deepEqual([sent.length, watcher.status().files], [before, transcripts(machine).length])
  })

  test('read in another order, the same events come out', { skip }, async () => {
    for (const file of transcripts(machine)) utimesSync(file, 1, Number.parseInt(hash('sha256', file).slice(0, 6), 16))
    const other = new Den()
    other.watch(parts)
    await other.caughtUp()
    await other.remove()
    assert.notDeepEqual(other.ids(), den.ids(), 'the order is another one')
    assert.deepEqual(other.ids().sort(), den.ids().sort())
  })
})

function transcripts(machine: Parameters<LineSource['roots']>[0]): string[] {
  return sources.flatMap((source) =>
    source.roots(machine).flatMap(({ path: root }) => {
      const paths = existsSync(root) ? readdirSync(root, { recursive: true, encoding: 'utf8' }) : []
      return paths.filter((path) => source.owner({ root, path }) !== null).map((path) => `${root}/${path}`)
    }),
  )
}

const plainBytes = (file: string): Buffer =>
  file.endsWith('.zst') ? zstdDecompressSync(readFileSync(file)) : readFileSync(file)

interface Carrier {
  readonly offset: number
  readonly line: number
  readonly raw: Buffer
}

function carriersOf(messages: readonly Message[]): Map<string, Carrier[]> {
  const carriers = new Map<string, Carrier[]>()
  for (const { data } of messages) {
    const raw = rawBytesIn(data)
    if (raw === null) continue
    const { file, offset, line } = parseHead(Buffer.from(data).toString()).origin
    carriers.set(file, [...(carriers.get(file) ?? []), { offset, line, raw }])
  }
  return carriers
}

// Cuts the file as anybody would, and looks for each line among the events. Returns how many whole lines there were.
function accountsFor(file: string, bytes: Buffer, carriers: readonly Carrier[]): number {
  let whole = 0
  let found = 0
  let start = 0
  for (let number = 1; start < bytes.length; number++) {
    const newline = bytes.indexOf(10, start)
    const end = newline < 0 ? bytes.length : newline
    const here = carriers.filter(({ line }) => line === number)
    const text = bytes.subarray(start, end).toString().trim() // a byte order mark included
    if (text !== '' && (newline >= 0 || isJson(text))) {
      whole++
      for (const { offset, raw } of here)
        assert.ok(raw.equals(bytes.subarray(offset, offset + raw.length)), `${file}:${number}`)
      if (isJson(text)) assert.equal(here.length, 1, `${file}:${number} is carried once`)
      assert.equal(
        here.map(({ raw }) => raw.toString().trim()).join(''),
        isJson(text) ? text : withoutGaps(text, here),
        `${file}:${number}`,
      )
    } else assert.deepEqual(here, [], `${file}:${number} is blank or torn`)
    found += here.length
    start = end + 1
  }
  assert.equal(found, carriers.length, `every event of ${file} comes from one of its lines`)
  return whole
}

// Of a line that is no JSON: what stands in it without the blanks between the objects that were glued.
const withoutGaps = (text: string, { length }: readonly Carrier[]): string =>
  length > 1 ? text.replace(/\}\s+(?=\S)/g, '}') : text

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
