// A file that is broken, newer, or half-written, and what the parts over it make of that.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { made, timeAt } from '../../testing/made-events.ts'
import { openEventLog } from '../log/log.ts'
import { ANY_EVENT, type EventLog, type IndexedEvent, StoreError } from '../store.ts'
import { openDatabase, openReadOnly, snapshot, transaction } from './database.ts'
import { openEventIndex } from './events.ts'
import { openSessionFolds, openTurnFolds } from './folds.ts'
import { SqliteReader, storePaths } from './reader.ts'
import { openSearchIndex } from './search.ts'

const SCHEMA = { version: 2, sql: 'CREATE TABLE breads (name TEXT PRIMARY KEY)' }

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-db-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

test('a new file gets its schema, and keeps what is in it when it is opened again', (t) => {
  const path = join(folder(t), 'deep', 'in', 'x.sqlite')
  const first = openDatabase(path, SCHEMA)
  assert.deepEqual([first.fresh, first.setAside], [true, null])
  first.db.exec(`INSERT INTO breads VALUES ('rye')`)
  first.db.close()
  const second = openDatabase(path, SCHEMA)
  assert.deepEqual([second.fresh, second.setAside], [false, null])
  assert.deepEqual({ ...second.db.prepare('SELECT name FROM breads').get() }, { name: 'rye' })
  second.db.close()
})

const breakages: [string, (path: string) => void][] = [
  ['full of something else', (path) => writeFileSync(path, 'this was never a database. '.repeat(200))],
  ['cut short', (path) => truncateSync(path, 5_000)],
]
for (const [what, breakIt] of breakages)
  test(`a file ${what} is set aside whole, said so, and a new one is made`, (t) => {
    const dir = folder(t)
    const path = join(dir, 'x.sqlite')
    const { db } = openDatabase(path, SCHEMA)
    for (let i = 0; i < 2_000; i++) db.prepare('INSERT INTO breads VALUES (?)').run(`bread number ${i}`)
    db.close()
    breakIt(path)
    const broken = readFileSync(path)
    const opened = openDatabase(path, SCHEMA)
    assert.equal(opened.fresh, true)
    assert.match(basename(opened.setAside ?? ''), /^x\.sqlite\.corrupt-\d+$/)
    assert.deepEqual(readFileSync(opened.setAside!), broken, 'what was there can still be looked at')
    opened.db.exec(`INSERT INTO breads VALUES ('rye')`)
    opened.db.close()
    assert.equal(readdirSync(dir).filter((name) => name.includes('corrupt')).length, 1)
  })

test('a file of an older version is made anew: the log has all that was in it', (t) => {
  const dir = folder(t)
  const path = join(dir, 'x.sqlite')
  const { db } = openDatabase(path, SCHEMA)
  db.exec(`INSERT INTO breads VALUES ('rye')`)
  db.close()
  const opened = openDatabase(path, { ...SCHEMA, version: SCHEMA.version + 1 })
  assert.deepEqual([opened.fresh, opened.setAside], [true, null])
  assert.deepEqual(opened.db.prepare('SELECT * FROM breads').all(), [])
  opened.db.close()
  assert.deepEqual(readdirSync(dir), ['x.sqlite'])
})

test('a file of a newer version is refused with the way out, and left as it is', (t) => {
  const path = join(folder(t), 'x.sqlite')
  openDatabase(path, { ...SCHEMA, version: 3 }).db.close()
  const before = readFileSync(path)
  assert.throws(
    () => openDatabase(path, SCHEMA),
    (error: Error) => {
      assert.ok(error instanceof StoreError)
      assert.equal(
        error.message,
        `${path} was made by a newer OpenStory (schema 3, this one knows 2); update OpenStory, or make the store anew from the log with this one: openstory reindex`,
      )
      return true
    },
  )
  assert.deepEqual(readFileSync(path), before)
})

test('a schema that cannot be made leaves no half of it', (t) => {
  const path = join(folder(t), 'x.sqlite')
  assert.throws(
    () => openDatabase(path, { version: 1, sql: 'CREATE TABLE a (x); CREATE TABLE a (y)' }),
    /already exists/,
  )
  openDatabase(path, { version: 1, sql: 'CREATE TABLE a (z)' }).db.close()
})

test('a transaction is all or nothing, and what was thrown comes out', (t) => {
  const { db } = openDatabase(join(folder(t), 'x.sqlite'), SCHEMA)
  t.after(() => db.close())
  const names = () =>
    db
      .prepare('SELECT name FROM breads')
      .all()
      .map(({ name }) => name)
  const put = (name: string) => db.prepare('INSERT INTO breads VALUES (?)').run(name)
  assert.equal(
    transaction(db, () => put('rye').changes),
    1,
  )
  const stumble = new Error('stumbled')
  assert.throws(
    () =>
      transaction(db, () => {
        put('spelt')
        throw stumble
      }),
    (error) => error === stumble,
  )
  assert.throws(
    () =>
      transaction(db, () => {
        put('oat')
        put('rye')
      }),
    /UNIQUE/,
  )
  assert.deepEqual(names(), ['rye'])
  transaction(db, () => put('wheat'))
  assert.deepEqual(names(), ['rye', 'wheat'])
})

test('what cannot be ended now, by COMMIT or by ROLLBACK, stands in nobody’s way later, and what was wrong comes out', (t) => {
  const { db } = openDatabase(join(folder(t), 'x.sqlite'), SCHEMA)
  t.after(() => db.close())
  const exec = db.exec.bind(db)
  const failing = (...all: readonly string[]) => {
    db.exec = (sql: string) => {
      if (all.includes(sql)) throw new Error(`no ${sql} now`)
      exec(sql)
    }
  }
  const put = (name: string) => db.prepare('INSERT INTO breads VALUES (?)').run(name)
  const names = () => snapshot(db, () => db.prepare('SELECT name FROM breads ORDER BY name').all().length)
  failing('COMMIT', 'ROLLBACK')
  assert.throws(() => transaction(db, () => put('rye')), /no COMMIT now/)
  failing()
  assert.equal(names(), 0)
  failing('COMMIT', 'ROLLBACK')
  assert.equal(names(), 0)
  failing()
  transaction(db, () => put('spelt'))
  assert.equal(names(), 1)
})

test('a read-only connection writes nothing', (t) => {
  const path = join(folder(t), 'x.sqlite')
  const { db } = openDatabase(path, SCHEMA)
  const reading = openReadOnly(path)
  t.after(() => {
    reading.close()
    db.close()
  })
  assert.throws(() => reading.exec(`INSERT INTO breads VALUES ('rye')`), /readonly|read.only/i)
})

test('a store that is not there is named, with the way out', (t) => {
  const dir = folder(t)
  const paths = storePaths(join(dir, 'store'))
  assert.throws(
    () => new SqliteReader(paths, openEventLog(join(dir, 'log'))),
    (error: Error) => {
      assert.equal(error.message, `there is no store at ${paths.events}; run: openstory import`)
      return true
    },
  )
})

const rowsOf = (log: EventLog, events: readonly ReturnType<typeof made>[]): IndexedEvent[] =>
  events.map(({ event, data }) => ({ event, place: log.append(event.session, [data])[0]!, seq: 1, publishedMs: 1 }))

test('an event without a time stands behind the one before it after a restart as well', (t) => {
  const dir = folder(t)
  const paths = storePaths(join(dir, 'store'))
  const log = openEventLog(join(dir, 'log'))
  // The helper was at work later than the main agent; its file was read first.
  const [helper, main, untimed] = [made(9, { agentId: 'helper' }), made(1), made(2, { time: null })]
  for (const events of [[helper, main], [untimed]]) {
    const index = openEventIndex(paths.events)
    index.insert(rowsOf(log, events), 1)
    index.close()
  }
  const search = openReadOnly(paths.events)
  for (const part of [
    openSearchIndex(paths.search, search, log),
    openSessionFolds(paths.sessions),
    openTurnFolds(paths.turns),
  ])
    part.close()
  search.close()
  const reader = new SqliteReader(paths, log)
  t.after(() => reader.close())
  const { texts } = reader.records('invented:s1', { limit: 9 })
  assert.deepEqual(texts, [main.text, untimed.text, helper.text])
})

test('full text follows an index that was made anew from its beginning, and finds nothing twice', (t) => {
  const dir = folder(t)
  const paths = storePaths(join(dir, 'store'))
  const log = openEventLog(join(dir, 'log'))
  openSessionFolds(paths.sessions).close()
  openTurnFolds(paths.turns).close()
  const same = { time: timeAt(0) }
  const [rye, spelt] = [made(1, { text: 'rye', ...same }), made(2, { text: 'spelt', ...same })]
  const indexed = (events: readonly ReturnType<typeof made>[]) => {
    const index = openEventIndex(paths.events)
    index.insert(rowsOf(log, events), 1)
    index.close()
    const reading = openReadOnly(paths.events)
    const search = openSearchIndex(paths.search, reading, log)
    const took = search.follow(100)
    search.close()
    reading.close()
    return took
  }
  assert.equal(indexed([rye, spelt]), 2)
  assert.equal(indexed([]), 0, 'the same index: nothing to do')
  writeFileSync(paths.events, 'broken '.repeat(1_000))
  for (const side of ['-wal', '-shm']) if (existsSync(paths.events + side)) rmSync(paths.events + side)
  assert.equal(indexed([spelt, rye]), 2, 'another index: all of it')
  const reader = new SqliteReader(paths, log)
  t.after(() => reader.close())
  const found = reader.search(
    { ...ANY_EVENT, all: [{ words: ['rye'], prefix: false }] },
    { limit: 9, offset: 0, ranked: false },
  )
  assert.deepEqual(
    found.map(({ id }) => id),
    [rye.id],
  )
  assert.equal(reader.facts().searchLag, 0)
})
