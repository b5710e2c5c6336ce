// A data folder from every version there was: taken over, whole, and the log never touched; one from a version to come: refused, and left
// as it is. The older stores are what `import` of those days made of the same transcript, as SQL text (src/testing/older-stores).
import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, type TestContext, test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { openDeadLetters } from '../stores/log/dead-letters.ts'
import { openEventLog } from '../stores/log/log.ts'
import { SqliteReader, storePaths } from '../stores/sqlite/reader.ts'
import { SCHEMA_VERSIONS } from '../stores/sqlite/versions.ts'
import { eventually, header, scenario, turnRecords } from '../testing/scenario.ts'
import { dump } from '../testing/store-dump.ts'
import { openAsking } from './asking.ts'
import type { Config } from './config.ts'
import { diagnose } from './doctor.ts'
import { importAll } from './import.ts'
import { layoutOf } from './layout.ts'
import { startPipeline } from './pipeline.ts'
import { reindex } from './reindex.ts'
import { FORMAT } from './upgrade.ts'

if (existsSync('/dev/shm')) process.env.TMPDIR = '/dev/shm' // many small stores

type Name = keyof typeof SCHEMA_VERSIONS
const NAMES = Object.keys(SCHEMA_VERSIONS) as Name[]
const OLDER = new URL('../testing/older-stores/', import.meta.url)
const oldest = (name: Name, version: number) => new URL(`${name}.v${version}.sql`, OLDER)

// A folder as today's version leaves it behind: made once, and copied.
const first = scenario()
after(() => first.remove())
first.write('s1', [header('s1'), ...turnRecords(1)])
await importAll(first.config, silentLog, () => undefined)

interface Home {
  readonly dir: string
  readonly config: Config
}

function today(t: TestContext): Home {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-upgrade-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const dataDir = join(dir, 'data')
  cpSync(first.config.dataDir, dataDir, { recursive: true })
  return { dir, config: { ...first.config, dataDir } }
}

function putOlder({ config }: Home, name: Name, version: number): string {
  const path = storePaths(layoutOf(config.dataDir).store)[name]
  for (const side of ['', '-wal', '-shm']) rmSync(path + side, { force: true })
  const db = new DatabaseSync(path)
  db.exec(`PRAGMA journal_mode = wal; ${readFileSync(oldest(name, version), 'utf8')}`)
  db.close()
  return path
}

const bytesBelow = (dir: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('-shm'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => [path.slice(dir.length), readFileSync(path).toString('base64')]),
  )

// By their time of coming alone they differ.
const saidBy = (config: Config): Record<string, unknown[]> => {
  const { facts, ...rest } = dump(layoutOf(config.dataDir))
  return { ...rest, facts: facts!.filter((fact) => (fact as { name: string }).name !== 'acked_seq') }
}

async function started(config: Config): Promise<void> {
  const pipeline = await startPipeline({ ...config, watch: { example: [] } }, silentLog)
  try {
    await pipeline.started
    await eventually('full text has all of it', () => pipeline.search.state()?.lag === 0)
  } finally {
    await pipeline.stop()
  }
}

test('there is a fixture of every schema that ever was, for every file of the store', () => {
  for (const name of NAMES)
    for (let version = 1; version < SCHEMA_VERSIONS[name]; version++)
      assert.ok(existsSync(oldest(name, version)), `${name}.v${version}.sql: what the version before made, as SQL text`)
})

for (let back = 1; back < Math.max(...Object.values(SCHEMA_VERSIONS)); back++) {
  const versions = NAMES.flatMap((name) =>
    SCHEMA_VERSIONS[name] > back ? [[name, SCHEMA_VERSIONS[name] - back] as const] : [],
  )
  const what = versions.map(([name, version]) => `${name} ${version}`).join(', ')
  test(`stores of older schemas (${what}) are made anew from the log when a newer version starts, and nothing else is touched`, async (t) => {
    const home = today(t)
    const layout = layoutOf(home.config.dataDir)
    const wanted = saidBy(home.config)
    for (const [name, version] of versions) putOlder(home, name, version)
    const kept = () => [layout.log, layout.watcher].map(bytesBelow)
    const before = kept()
    await started(home.config)
    assert.deepEqual(saidBy(home.config), wanted)
    assert.deepEqual(kept(), before, 'the log and the watcher’s offsets')
    assert.deepEqual(
      readdirSync(layout.store).filter((name) => name.includes('corrupt')),
      [],
    )
  })
}

test('asked before it was made anew, an older store says so and how', async (t) => {
  const home = today(t)
  const path = putOlder(home, 'turns', 1)
  assert.throws(() => openAsking(home.config.dataDir), {
    message: `${path} is of an older OpenStory (schema 1, this one has ${SCHEMA_VERSIONS.turns}); it is made anew from the log by: openstory, or openstory reindex`,
  })
  const said = async () => (await diagnose(home.config)).find(({ about }) => about === 'store')
  assert.deepEqual(await said(), {
    is: 'off',
    about: 'store',
    says: `${path} is of an older OpenStory (schema 1, this one has ${SCHEMA_VERSIONS.turns})`,
    remedy: 'it is made anew from the log by: openstory, or openstory reindex',
  })
  await reindex(home.config, silentLog, () => undefined)
  openAsking(home.config.dataDir).close()
  assert.equal(await said(), undefined)
})

test('an older store whose log is gone is not thrown away', async (t) => {
  const home = today(t)
  const { log } = layoutOf(home.config.dataDir)
  const path = putOlder(home, 'turns', 2)
  rmSync(log, { recursive: true })
  const before = readFileSync(path)
  await assert.rejects(
    startPipeline(home.config, silentLog),
    /of an older OpenStory .* the log .* is not in .*log; put the log back there, or move .*store away$/,
  )
  assert.deepEqual(readFileSync(path), before)
})

for (const name of NAMES)
  test(`a newer ${name} store is refused in one sentence, the whole folder is left as it is, and reindex is the way out`, async (t) => {
    const home = today(t)
    const { config } = home
    const wanted = saidBy(config)
    const path = storePaths(layoutOf(config.dataDir).store)[name]
    const newer = SCHEMA_VERSIONS[name] + 1
    const db = new DatabaseSync(path)
    db.exec(`CREATE TABLE of_tomorrow (x); PRAGMA user_version = ${newer}`)
    db.close()
    const before = bytesBelow(config.dataDir)
    const says = `${path} was made by a newer OpenStory (schema ${newer}, this one knows ${SCHEMA_VERSIONS[name]}); update OpenStory, or make the store anew from the log with this one: openstory reindex`
    await assert.rejects(startPipeline(config, silentLog), { message: says })
    await assert.rejects(
      importAll(config, silentLog, () => undefined),
      { message: says },
    )
    assert.throws(() => openAsking(config.dataDir), /was made by a newer OpenStory/)
    assert.deepEqual(bytesBelow(config.dataDir), before, 'nothing was touched')
    await reindex(config, silentLog, () => undefined)
    assert.deepEqual(saidBy(config), wanted)
  })

test('a newer store that still has its write-ahead log is refused as well, and no byte of either changes', async (t) => {
  const home = today(t)
  const path = storePaths(layoutOf(home.config.dataDir).store).turns
  const aside = join(home.dir, 'aside')
  mkdirSync(aside)
  const db = new DatabaseSync(path)
  db.exec('PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 99')
  for (const side of ['', '-wal']) cpSync(path + side, join(aside, basename(path) + side)) // as a killed program leaves them
  db.close()
  for (const side of ['', '-wal']) cpSync(join(aside, basename(path) + side), path + side)
  const before = bytesBelow(home.config.dataDir)
  await assert.rejects(startPipeline(home.config, silentLog), /schema 99/)
  assert.deepEqual(bytesBelow(home.config.dataDir), before)
})

test('a folder whose log, bus or offsets a newer version laid out is refused whole, by reindex too', async (t) => {
  const home = today(t)
  const { config } = home
  const file = join(config.dataDir, 'format')
  assert.equal(readFileSync(file, 'utf8'), `${FORMAT}\n`)
  for (const text of [`${FORMAT + 1}\n`, 'what is this']) {
    writeFileSync(file, text)
    const before = bytesBelow(config.dataDir)
    const message = `${config.dataDir} was made by a newer OpenStory (format ${text.trim()}, this one knows ${FORMAT}); update OpenStory, or choose another folder with --data-dir`
    await assert.rejects(startPipeline(config, silentLog), { message })
    await assert.rejects(
      reindex(config, silentLog, () => undefined),
      { message },
    )
    assert.deepEqual(bytesBelow(config.dataDir), before)
  }
  rmSync(file) // as the first version leaves it
  await started(config)
  assert.equal(readFileSync(file, 'utf8'), `${FORMAT}\n`)
})

test('lines of a newer vocabulary stay byte for byte, whatever is made anew here', async (t) => {
  const home = today(t)
  const { config } = home
  const layout = layoutOf(config.dataDir)
  const log = openEventLog(layout.log)
  const { file } = [...log.files()][0]!
  log.close()
  const path = join(layout.log, file)
  const text = readFileSync(path, 'utf8').replaceAll(
    /"payload":\{"v":\d+/g,
    '"payload":{"v":999,"of":{"tomorrow":true}',
  )
  writeFileSync(path, text)
  rmSync(layout.store, { recursive: true })
  await reindex(config, silentLog, () => undefined)
  assert.equal(readFileSync(path, 'utf8'), text)
  const asking = openAsking(config.dataDir)
  t.after(() => asking.close())
  assert.equal((await asking.reader.turns('example:s1')).length, 1)
})

test('dead letters of before are still there after a store was made anew', async (t) => {
  const home = today(t)
  const layout = layoutOf(home.config.dataDir)
  const letter = {
    consumer: 'patterns',
    id: 'a'.repeat(32),
    subject: 'events.a.b.main',
    seq: 1,
    publishedMs: 1,
    attempts: 5,
    round: 1,
  }
  openDeadLetters(layout.deadLetters, 'patterns').add([
    { ...letter, at: '2026-01-01T00:00:00.000Z', error: 'x', data: Buffer.from('{}') },
  ])
  const before = bytesBelow(layout.deadLetters)
  putOlder(home, 'turns', 3)
  await started(home.config)
  assert.deepEqual(bytesBelow(layout.deadLetters), before)
  new SqliteReader(storePaths(layout.store), openEventLog(layout.log)).close()
})
