// reindex over the log of an older version: in the end it is as if today's version had read everything, wherever it was killed in between.
import assert from 'node:assert/strict'
import fs, { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { silentLog } from '../base/log.ts'
import type { Message } from '../bus/bus.ts'
import { catchUp } from '../consumers/persist/persist.ts'
import { parseEvent } from '../event/event.ts'
import { example } from '../sources/example/source.ts'
import type { LineSource } from '../sources/source.ts'
import { openEventLog } from '../stores/log/log.ts'
import { openEventIndex } from '../stores/sqlite/events.ts'
import { storePaths } from '../stores/sqlite/reader.ts'
import { untilStep } from '../testing/dying-disk.ts'
import { keep } from '../testing/kept.ts'
import { made } from '../testing/made-events.ts'
import { older } from '../testing/older.ts'
import { dump } from '../testing/store-dump.ts'
import { Den, records } from '../testing/watching.ts'
import type { Config } from './config.ts'
import { layoutOf } from './layout.ts'
import { reindex } from './reindex.ts'

// A disk in memory where there is one: a hundred stores are made here, and waiting for a real disk was most of the time.
if (existsSync('/dev/shm')) process.env.TMPDIR = '/dev/shm'

interface Old {
  readonly config: Config // of a data folder with the log and the store of an older version
  readonly wanted: Config // and of one as today's version makes it
}

const stranger = [made(1), made(2)] // an agent that nobody knows any more

async function oldVersion(t: TestContext): Promise<Old> {
  const den = new Den()
  t.after(() => den.remove())
  den.write('s1.jsonl', records(0, 2))
  den.write('s2.jsonl', `${records(3, 4)}oops\n${records(4, 5)}`)
  const read = async (source: LineSource, journal: string): Promise<Message[]> => {
    const messages: Message[] = []
    den.hooks.publish = (published) => void messages.push(...published)
    rmSync(den.journal, { force: true })
    await den.lookOnce({ sources: [source] })
    assert.ok(messages.length > 0, journal)
    return messages
  }
  const config = (name: string): Config => ({
    dataDir: join(den.dir, name),
    host: '127.0.0.1',
    port: 0,
    bus: 'embedded',
    watch: { example: [den.root] },
    open: false,
    logLevel: 'silent',
  })
  const [then, now] = [config('then'), config('now')]
  fill(then, [...(await read(older(example as LineSource), 'then')), ...stranger])
  fill(now, [...(await read(example as LineSource, 'now')), ...stranger])
  await reindex(now, silentLog, () => {})
  return { config: then, wanted: now }
}

function fill({ dataDir }: Config, messages: readonly Message[]): void {
  const layout = layoutOf(dataDir)
  const log = openEventLog(layout.log)
  keep(log, messages)
  const index = openEventIndex(storePaths(layout.store).events)
  catchUp(log, index)
  index.close()
  log.close()
}

const logOf = ({ dataDir }: Config): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(dataDir, 'log'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.includes('.jsonl'))
      .map((name) => [name, readFileSync(join(dataDir, 'log', name), 'utf8')]),
  )
const storeOf = ({ dataDir }: Config) => dump(layoutOf(dataDir))
const lyingAbout = ({ dataDir }: Config): string[] =>
  readdirSync(dataDir).filter((name) => !['bus', 'lock.sqlite', 'log', 'store'].includes(name))

test('an older log and its store become what a fresh import makes today', async (t) => {
  const { config, wanted } = await oldVersion(t)
  const done: string[] = []
  const { events, retold } = await reindex(config, silentLog, ({ doing }) => void done.push(doing))
  assert.deepEqual(retold, { files: 2, lines: 5, left: 0 })
  assert.equal(events, 7)
  assert.deepEqual(logOf(config), logOf(wanted))
  assert.deepEqual(storeOf(config), storeOf(wanted))
  assert.deepEqual(lyingAbout(config), [])
})

test('--from-raw makes today’s events again as well, and finds nothing to change', async (t) => {
  const { wanted } = await oldVersion(t)
  const before = logOf(wanted)
  const { retold } = await reindex(wanted, silentLog, () => {}, { fromRaw: true })
  assert.deepEqual(retold, { files: 0, lines: 0, left: 0 })
  assert.deepEqual(logOf(wanted), before)
})

test('killed at any step and run again, it is the same; started without being run again, every event is there', async (t) => {
  const { config, wanted } = await oldVersion(t)
  const before = logOf(config)
  const log = logOf(wanted)
  const store = storeOf(wanted)
  const lines = linesIn(before)
  const fresh = join(config.dataDir, '..', 'fresh')
  cpSync(config.dataDir, fresh, { recursive: true })
  const seen = new Set<string>()
  for (let step = 0; ; step++) {
    rmSync(config.dataDir, { recursive: true })
    cpSync(fresh, config.dataDir, { recursive: true })
    const { log: logDir, store: storeDir, scratch } = layoutOf(config.dataDir)
    const steps = await untilStep(step, [logDir, storeDir, scratch], () => reindex(config, silentLog, () => {}))
    if (steps < step) break
    const left = logOf(config)
    for (const name of Object.keys(before))
      assert.ok(left[name] === before[name] || left[name] === log[name], `${name}, step ${step}`)
    assert.deepEqual(linesIn(left), lines, `no line is lost, step ${step}`)
    seen.add(`${left['example/s1.jsonl'] === before['example/s1.jsonl']} ${existsSync(storeDir)}`)
    await startedAgain(t, config, step)
    await reindex(config, silentLog, () => {})
    assert.deepEqual(logOf(config), log, `step ${step}`)
    assert.deepEqual(storeOf(config), store, `step ${step}`)
    assert.deepEqual(lyingAbout(config), [], `step ${step}`)
  }
  assert.deepEqual(
    [...seen].sort(),
    ['false false', 'false true', 'true false', 'true true'],
    'it was killed on both sides of each',
  )
})

// Which lines are carried, by whatever events.
const linesIn = (log: Record<string, string>): string[] =>
  Object.entries(log)
    .filter(([name]) => name.endsWith('.jsonl'))
    .flatMap(([, text]) => text.split('\n').filter((line) => line !== ''))
    .flatMap((line) => {
      const { rawIn, id, raw } = parseEvent(line)
      return rawIn === null ? `${id} ${JSON.stringify(raw)}` : []
    })
    .sort()

// What `serve` does first: what the index does not know is taken from the log. On a copy.
async function startedAgain(t: TestContext, { dataDir }: Config, step: number): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), 'openstory-started-'))
  t.after(() => rmSync(copy, { recursive: true, force: true }))
  const { log: logDir, store } = layoutOf(dataDir)
  cpSync(logDir, join(copy, 'log'), { recursive: true })
  if (existsSync(store)) cpSync(store, join(copy, 'store'), { recursive: true })
  const log = openEventLog(join(copy, 'log'))
  const index = openEventIndex(storePaths(join(copy, 'store')).events)
  catchUp(log, index)
  const ids = [...log.files()].flatMap(({ file }) =>
    [...log.lines(file, 0)].map(({ bytes }) => parseEvent(Buffer.from(bytes).toString()).id),
  )
  assert.equal(index.known(ids).size, ids.length, `step ${step}`)
  index.close()
  log.close()
}

const troubles = [
  ['while the log is written anew', '.jsonl.next', 'writeSync'],
  ['while its files change places', '.jsonl', 'renameSync'],
  ['while the store is made', 'store.next', 'mkdirSync'],
] as const
for (const [what, where, call] of troubles)
  test(`a disk that is full ${what}: everything is as it was`, async (t) => {
    const { config, wanted } = await oldVersion(t)
    const before = { log: logOf(config), names: readdirSync(config.dataDir) }
    const open = fs.openSync
    const real = fs[call] as (...args: unknown[]) => unknown
    let handle: unknown = null
    let times = 0
    const isFull = (path: unknown) => String(path).endsWith(where) && (call !== 'renameSync' || times++ === 1)
    t.mock.method(fs, 'openSync', (...args: Parameters<typeof open>) => {
      const fd = open(...args)
      if (String(args[0]).endsWith(where)) handle = fd
      return fd
    })
    t.mock.method(fs, call, (...args: unknown[]) => {
      if (call === 'writeSync' ? args[0] === handle : isFull(args[call === 'renameSync' ? 1 : 0]))
        throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
      return real(...args)
    })
    syncBuiltinESMExports()
    try {
      await assert.rejects(reindex(config, silentLog, () => {}))
    } finally {
      t.mock.restoreAll()
      syncBuiltinESMExports()
    }
    assert.deepEqual(logOf(config), before.log)
    assert.ok(existsSync(layoutOf(config.dataDir).store))
    await reindex(config, silentLog, () => {})
    assert.deepEqual(logOf(config), logOf(wanted), 'and with room again it is done')
    assert.deepEqual(storeOf(config), storeOf(wanted))
  })
