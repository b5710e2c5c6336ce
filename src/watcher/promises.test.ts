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
import { CloudEvent } from 'cloudevents'
import type { Message } from '../bus/bus.ts'
import { claudeCode } from '../sources/claude-code/source.ts'
import type { LineSource } from '../sources/source.ts'
import { SOURCES } from '../sources/sources.ts'
import { corpusHome, type Home, isPacked, newPlace, noCorpus, plainBytes, readOn, SHARED } from '../testing/corpus.ts'
import { schemaComplaints } from '../testing/event-schema.ts'
import { Den, rawBytesIn } from '../testing/watching.ts'
import { fileOf, type Job } from './look.ts'
import type { FilePlace } from './offsets.ts'
import type { WatcherParts } from './watcher.ts'

const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000)
const CUTS = 8 // of a file that is longer than:
const BYTE_BY_BYTE_MAX = 1_500
const LONG_AFTER = Date.UTC(2099, 0, 1)

let home: Home
let parts: Partial<WatcherParts>
let sent: readonly Message[] // all that a watcher sends of the home, also what the bus knows by then: a line that stands in two files
let known: readonly string[] // ids, in the order of their coming

const textOf = ({ data }: Message): string => Buffer.from(data).toString()
const texts = (messages: readonly Message[]): string[] => messages.map(textOf)
// By id, so that the order of coming does not matter.
const contentOf = (messages: readonly Message[]): string[] => [
  ...new Set(messages.map(({ id, data }) => `${id} ${hash('sha256', data)}`).sort()),
]

describe('every real session', { skip: noCorpus }, () => {
  before(async () => {
    if (noCorpus) return
    home = corpusHome()
    parts = { sources: SOURCES, machine: home.machine, extraRoots: {}, onlyExtra: false }
    const read = await reading((look) => look())
    sent = read.sent
    known = read.known
  })
  after(() => home?.remove())

  test('there are some of every agent that is read', () => {
    assert.ok(sent.length > 10_000, `${sent.length} events`)
    const agents = new Set(home.files.map(({ source }) => source.agent))
    const wanted = SOURCES.map(({ agent }) => agent).filter((agent) => agent !== 'example')
    assert.deepEqual([...agents].sort(), [...new Set(wanted)].sort())
  })

  test('each event is a CloudEvent in the eyes of the CloudEvents SDK', () => {
    for (const message of sent) {
      const value = JSON.parse(textOf(message))
      assert.equal(new CloudEvent(value, true).validate(), true)
      for (const attribute of Object.keys(value)) assert.match(attribute, /^[a-z0-9]+$/)
    }
  })

  test('each event is as its JSON Schema says', () => {
    for (const message of sent)
      assert.deepEqual(schemaComplaints(JSON.parse(textOf(message))), [], textOf(message).slice(0, 1_000))
  })

  test('a home read twice, with nothing remembered, adds nothing', async () => {
    const again = await reading(async (look, den) => {
      await look()
      rmSync(den.journal)
      await look()
    })
    assert.deepEqual(again.known.toSorted(), known.toSorted())
    assert.deepEqual(contentOf(again.sent), contentOf(sent))
  })

  test('a home read in another order gives the same events', async () => {
    for (const job of home.files)
      utimesSync(fileOf(job), 1, Number.parseInt(hash('sha256', `${SEED}${job.path}`).slice(0, 6), 16))
    const other = await reading((look) => look())
    assert.notDeepEqual(other.known, known, 'the order is another one')
    assert.deepEqual(other.known.toSorted(), known.toSorted())
    assert.deepEqual(contentOf(other.sent), contentOf(sent))
  })

  test('a home read in two halves gives the same events', async () => {
    const halves = await reading(async (look, den) => {
      const apart = home.files.filter((_, i) => (i * 7 + SEED) % 2 === 0)
      const away = [...new Set(apart.map(fileOf))]
      for (const file of away) renameSync(file, `${file}.away`)
      await look()
      assert.ok(den.bus.stream.length > 1_000 && den.bus.stream.length < known.length)
      for (const file of away) renameSync(`${file}.away`, file)
      await look()
    })
    assert.deepEqual(halves.known.toSorted(), known.toSorted())
    assert.deepEqual(contentOf(halves.sent), contentOf(sent))
  })

  test(`files that grow, cut anywhere, give the same events, whatever the clock says (SEED=${SEED})`, (t) => {
    const dir = scratch(t)
    mock.timers.enable({ apis: ['Date'], now: LONG_AFTER })
    t.after(() => mock.timers.reset())
    const ids = Map.groupBy(sent, (message) => fileIn(message))
    for (const job of home.lineFiles.filter((one) => !isPacked(one))) {
      const bytes = readFileSync(fileOf(job))
      const copy = { ...job, root: dir }
      const grown = readWhileGrowing(copy, bytes, cutsOf(bytes.length, job.path))
      assert.deepEqual(texts(grown), texts(readOn(copy, newPlace(copy)).messages), job.path)
      assert.deepEqual(
        grown.map(({ id }) => id),
        (ids.get(fileOf(job)) ?? []).map(({ id }) => id),
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
      assert.deepEqual(texts(grown), texts(readOn(job, newPlace(job)).messages))
    }
  })

  test('the time of an event is a moment its file names, never that of the reader', () => {
    const bytes = new Map(home.lineFiles.map((job) => [fileOf(job), plainBytes(job)]))
    for (const [file, messages] of Map.groupBy(sent, fileIn)) {
      // What is no file of lines speaks through its records.
      const moments = momentsIn(
        bytes.get(file) ?? Buffer.concat(messages.flatMap(({ data }) => rawBytesIn(data) ?? [])),
      )
      const newest = Math.max(...moments)
      for (const message of messages) {
        const { time } = JSON.parse(textOf(message)) as { time?: string }
        if (time === undefined) continue
        const at = Date.parse(time)
        assert.ok(at <= newest && moments.has(at), `${file}: ${time} stands nowhere in the file`)
      }
    }
  })
})

const fileIn = (message: Message): string =>
  (JSON.parse(textOf(message)) as { data: { origin: { file: string } } }).data.origin.file

type Look = () => Promise<void>

// `work` looks at the home as often as it likes, each time with a watcher of its own that goes on from where the last one was.
async function reading(work: (look: Look, den: Den) => Promise<void>): Promise<{ sent: Message[]; known: string[] }> {
  const den = new Den()
  const sent: Message[] = []
  den.hooks.publish = (messages) => void sent.push(...messages)
  await work(async () => {
    den.watch(parts)
    await den.caughtUp()
    await den.stop()
  }, den)
  await den.remove()
  return { sent, known: den.ids() }
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
function readWhileGrowing(job: Job<LineSource>, bytes: Buffer, cuts: readonly number[]): Message[] {
  const file = fileOf(job)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, '')
  const messages: Message[] = []
  let place = newPlace(job)
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

// Every moment that is written in it: in words (by the clock of this machine where they do not say by which), in milliseconds or in
// seconds since 1970.
function momentsIn(bytes: Buffer): ReadonlySet<number> {
  const text = bytes.toString()
  const moments = new Set<number>()
  for (const [words] of text.matchAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?/g))
    moments.add(Math.floor(Date.parse(words.replace(/(\.\d{3})\d+/, '$1'))))
  for (const [digits] of text.matchAll(/(?<!\d)\d{13}(?!\d)/g)) moments.add(Number(digits))
  for (const [seconds] of text.matchAll(/(?<![\d.])\d{10}(?:\.\d+)?(?!\d)/g))
    moments.add(Math.floor(Number(seconds) * 1_000))
  moments.delete(Number.NaN) // a day no month has
  return moments
}
