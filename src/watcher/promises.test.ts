// What holds for every real session, whoever wrote it: however and whenever its files are read, the same events come out, to the last
// byte; each is as the published schema says; and none is dated by the clock of whoever reads. Prints its seed: SEED=… runs it again.
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, mock, test } from 'node:test'
import type { Message } from '../bus/bus.ts'
import { claudeCode } from '../sources/claude-code/source.ts'
import { corpusHome, freshPlace, type Home, noCorpus, readOn, SHARED, watched } from '../testing/corpus.ts'
import { schemaComplaints } from '../testing/event-schema.ts'
import { Den } from '../testing/watching.ts'
import type { FilePlace } from './offsets.ts'
import type { Job } from './translation.ts'
import type { WatcherParts } from './watcher.ts'

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)
const CUTS = 8 // of a file that is longer than:
const BYTE_BY_BYTE_MAX = 1_500
const LONG_AFTER = Date.UTC(2099, 0, 1)

let home: Home
let parts: Partial<WatcherParts>
let whole: ReadonlyMap<string, readonly Message[]> // file → its messages, read at once
const fileOf = ({ root, path }: Job): string => `${root}/${path}`
const textOf = ({ data }: Message): string => Buffer.from(data).toString()
const texts = (messages: readonly Message[]): string[] => messages.map(textOf)
const all = (): Message[] => [...whole.values()].flat()
// By id, so that the order of coming does not matter.
const contentOf = (messages: readonly Message[]): string[] =>
  messages.map(({ id, data }) => `${id} ${hash('sha256', data)}`).sort()

describe('every real session', { skip: noCorpus }, () => {
  before(() => {
    if (noCorpus) return
    home = corpusHome()
    parts = { sources: watched, machine: home.machine, extraRoots: {}, onlyExtra: false }
    whole = new Map(home.files.map((job) => [fileOf(job), readOn(job, freshPlace(job)).messages]))
  })
  after(() => home?.remove())

  test('there are some of every agent that is read', () => {
    assert.ok(all().length > 10_000, `${all().length} events`)
    const agents = new Set(home.files.map(({ source }) => source.agent))
    const wanted = watched.map(({ agent }) => agent).filter((agent) => agent !== 'example')
    assert.deepEqual([...agents].sort(), [...new Set(wanted)].sort())
  })

  test('each event is as its JSON Schema says', () => {
    for (const message of all())
      assert.deepEqual(schemaComplaints(JSON.parse(textOf(message))), [], textOf(message).slice(0, 1_000))
  })

  test('a home read twice, with nothing remembered, adds nothing', async () => {
    const den = new Den()
    await look(den, parts)
    const once = contentOf(den.bus.stream)
    assert.deepEqual(once, contentOf(all()), 'and it is what the files hold')
    rmSync(den.journal)
    await look(den, parts)
    assert.deepEqual(contentOf(den.bus.stream), once)
    await den.remove()
  })

  test('a home read in another order gives the same events', async () => {
    for (const { root, path } of home.files)
      utimesSync(`${root}/${path}`, 1, Number.parseInt(hash('sha256', `${SEED}${path}`).slice(0, 6), 16))
    const den = new Den()
    await look(den, parts)
    assert.notDeepEqual(
      den.ids(),
      all().map(({ id }) => id),
      'the order is another one',
    )
    assert.deepEqual(contentOf(den.bus.stream), contentOf(all()))
    await den.remove()
  })

  test('a home read in two halves gives the same events', async () => {
    const den = new Den()
    const away = home.files.filter((_, i) => (i * 7 + SEED) % 2 === 0).map(fileOf)
    for (const file of away) renameSync(file, `${file}.away`)
    await look(den, parts)
    const first = den.bus.stream.length
    for (const file of away) renameSync(`${file}.away`, file)
    await look(den, parts)
    assert.ok(first > 1_000 && first < den.bus.stream.length)
    assert.deepEqual(contentOf(den.bus.stream), contentOf(all()))
    await den.remove()
  })

  test(`files that grow, cut anywhere, give the same events, whatever the clock says (SEED=${SEED})`, (t) => {
    const dir = scratch(t)
    mock.timers.enable({ apis: ['Date'], now: LONG_AFTER })
    t.after(() => mock.timers.reset())
    for (const job of home.files) {
      const bytes = readFileSync(fileOf(job))
      const copy = { ...job, root: dir }
      const grown = readWhileGrowing(copy, bytes, cutsOf(bytes.length, job.path))
      assert.deepEqual(texts(grown), texts(readOn(copy, freshPlace(copy)).messages), job.path)
      assert.deepEqual(
        grown.map(({ id }) => id),
        whole.get(fileOf(job))!.map(({ id }) => id),
        job.path,
      )
    }
  })

  test('sessions as they were found while they grew give the same events', (t) => {
    const series = join(SHARED, 'corpus/claude/_series')
    const folders = existsSync(series)
      ? readdirSync(series, { recursive: true, withFileTypes: true }).filter(({ name }) => name.startsWith('000-'))
      : []
    assert.ok(folders.length > 0)
    for (const { parentPath } of folders) {
      const snapshots = readdirSync(parentPath)
        .sort()
        .map((name) => readFileSync(join(parentPath, name)))
      const job = { source: claudeCode, root: scratch(t), path: `project/${parentPath.split('/').at(-1)}.jsonl` }
      const last = snapshots.at(-1)!
      for (const snapshot of snapshots) assert.ok(last.subarray(0, snapshot.length).equals(snapshot), 'it only grew')
      const grown = readWhileGrowing(
        job,
        last,
        snapshots.map(({ length }) => length),
      )
      assert.deepEqual(texts(grown), texts(readOn(job, freshPlace(job)).messages))
    }
  })

  test('the time of an event is a moment its file names, never that of the reader', () => {
    for (const job of home.files) {
      const moments = momentsIn(readFileSync(fileOf(job)))
      const newest = Math.max(...moments)
      for (const message of whole.get(fileOf(job))!) {
        const { time } = JSON.parse(textOf(message)) as { time?: string }
        if (time === undefined) continue
        const at = Date.parse(time)
        assert.ok(at <= newest && moments.has(at), `${job.path}: ${time} stands nowhere in the file`)
      }
    }
  })
})

async function look(den: Den, parts: Partial<WatcherParts>): Promise<void> {
  den.watch(parts)
  await den.caughtUp()
  await den.stop()
}

function scratch(t: { after: (clean: () => void) => void }): string {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-grow-'))
  t.after(() => rmSync(dir, { recursive: true }))
  return dir
}

// Sizes at which the file is looked at, on its way to all of its bytes.
function cutsOf(length: number, name: string): number[] {
  if (length <= BYTE_BY_BYTE_MAX) return Array.from({ length }, (_, i) => i)
  const random = (i: number) => Number.parseInt(hash('sha256', `${SEED} ${name} ${i}`).slice(0, 8), 16) / 2 ** 32
  return Array.from({ length: CUTS }, (_, i) => Math.floor(random(i) * length)).sort((a, b) => a - b)
}

// The file as it grows on the disk, read after each step by a reader who keeps nothing but the place it wrote down.
function readWhileGrowing(job: Job, bytes: Buffer, cuts: readonly number[]): Message[] {
  const file = fileOf(job)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, '')
  const messages: Message[] = []
  let place = freshPlace(job)
  let size = 0
  for (const cut of [...cuts, bytes.length]) {
    appendFileSync(file, bytes.subarray(size, cut))
    size = cut
    const read = readOn(job, place)
    messages.push(...read.messages)
    place = JSON.parse(JSON.stringify(read.place)) as FilePlace
  }
  return messages
}

// Every moment that is written in it: in words with its offset, in milliseconds or in seconds since 1970.
function momentsIn(bytes: Buffer): ReadonlySet<number> {
  const text = bytes.toString()
  const moments = new Set<number>()
  for (const [words] of text.matchAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g))
    moments.add(Math.floor(Date.parse(words)))
  for (const [digits] of text.matchAll(/(?<!\d)\d{13}(?!\d)/g)) moments.add(Number(digits))
  for (const [seconds] of text.matchAll(/(?<![\d.])\d{10}(?:\.\d+)?(?!\d)/g))
    moments.add(Math.floor(Number(seconds) * 1_000))
  moments.delete(Number.NaN) // a day no month has
  return moments
}
