// Other programs' databases are read whole, followed, and left as they are: not a byte, not a time, not a file beside them.
import assert from 'node:assert/strict'
import { renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { describe, type TestContext, test } from 'node:test'
import { parseEvent } from '../../event/event.ts'
import type { Ask, TableSource } from '../../sources/source.ts'
import { addRows, leaveBehind, lookOf, makeDatabase, notes } from '../../testing/database.ts'
import { eventually } from '../../testing/scenario.ts'
import { Den } from '../../testing/watching.ts'
import type { WatcherParts } from '../watcher.ts'
import { type Snapshot, Snapshots } from './snapshot.ts'

function den(t: TestContext): Den {
  const den = new Den()
  t.after(() => den.remove())
  return den
}
const parts = (home: Den, source: TableSource = notes): Partial<WatcherParts> => ({
  sources: [source],
  extraRoots: { notes: [home.root] },
})
const events = (home: Den) => home.bus.stream.map(({ data }) => parseEvent(Buffer.from(data).toString()))
const texts = (home: Den) => events(home).map(({ kind, payload }) => payload.text ?? kind)
const numbered = (n: number, words = 'note') => Array.from({ length: n }, (_, i) => `${words} ${i}`)
const settled = () => new Promise((resolve) => setTimeout(resolve, 40)) // longer than a file system's tick

// What a writer leaves, and whether it is still there. Each makes a database of seven rows.
type State = readonly [string, (home: Den) => DatabaseSync | null]
const states: readonly State[] = [
  ...['delete', 'truncate', 'persist', 'memory', 'off', 'wal'].flatMap((mode): readonly State[] => [
    [`journal mode ${mode}, the writer has it open`, (home) => makeDatabase(home.path('a.db'), mode, 7)],
    [`journal mode ${mode}, the writer is gone`, (home) => gone(makeDatabase(home.path('a.db'), mode, 7))],
  ]),
  ['a -wal and a -shm left by a killed writer', (home) => killed(home, ['', '-wal', '-shm'])],
  ['a -wal without its -shm', (home) => killed(home, ['', '-wal'])],
  [
    'a -wal of which all is in the database by now',
    (home) => {
      const writer = makeDatabase(home.path('a.db'), 'wal', 7)
      writer.exec('PRAGMA wal_checkpoint(PASSIVE)')
      return writer
    },
  ],
  [
    'a -wal that was emptied',
    (home) => {
      const writer = makeDatabase(home.path('a.db'), 'wal', 7)
      writer.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      return writer
    },
  ],
  [
    'a writer in the middle of a transaction it has begun to write',
    (home) => inTheMiddle(makeDatabase(home.path('a.db'), 'delete', 7)),
  ],
  [
    'a transaction that a killed writer left half done',
    (home) => {
      const writer = inTheMiddle(makeDatabase(join(home.dir, 'a.db'), 'delete', 7))
      leaveBehind(join(home.dir, 'a.db'), home.path('a.db'), ['', '-journal'])
      return gone(writer)
    },
  ],
]

function gone(writer: DatabaseSync): null {
  writer.close()
  return null
}

function killed(home: Den, ends: readonly string[]): null {
  const writer = makeDatabase(join(home.dir, 'a.db'), 'wal', 7)
  leaveBehind(join(home.dir, 'a.db'), home.path('a.db'), ends)
  return gone(writer)
}

// More than its cache holds, so that SQLite must write before it may commit.
function inTheMiddle(writer: DatabaseSync): DatabaseSync {
  writer.exec('PRAGMA cache_size = 2; BEGIN')
  addRows(writer, 200, 'never said '.repeat(300))
  return writer
}

// Each waits for a journal and for clocks, none for another.
const SIDE_BY_SIDE = { concurrency: 8 }

describe('read whole and without a trace', SIDE_BY_SIDE, () => {
  for (const [what, make] of states)
    test(what, async (t) => {
      const home = den(t)
      const writer = make(home)
      t.after(() => writer?.close())
      await settled()
      const before = lookOf(home.root)
      const watcher = home.watch(parts(home))
      await home.caughtUp()
      await home.stop()
      assert.deepEqual(lookOf(home.root), before)
      assert.deepEqual(texts(home), numbered(7))
      assert.equal(watcher.status().trouble, null)
    })
})

for (const mode of ['wal', 'delete'])
  test(`rows that are written while it is watched arrive, in order and once (${mode})`, async (t) => {
    const home = den(t)
    const writer = makeDatabase(home.path('a.db'), mode, 2)
    t.after(() => writer.close())
    home.watch(parts(home))
    await home.arrived(2)
    for (let n = 0; n < 5; n++) {
      addRows(writer, 4, `round ${n}`)
      if (n === 2 && mode === 'wal') writer.exec('PRAGMA wal_checkpoint(RESTART)')
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    await home.arrived(22)
    await home.caughtUp()
    assert.deepEqual(texts(home), [
      ...numbered(2),
      ...[0, 1, 2, 3, 4].flatMap((round) => numbered(4, `round ${round}`)),
    ])
  })

test('a row says where it is from: which database, its place, its length and its hash, and stands in its event as it was', async (t) => {
  const home = den(t)
  makeDatabase(home.path('a.db'), 'delete', 2).close()
  await settled()
  await home.lookOnceAndCatchUp(parts(home))
  const [, second] = events(home)
  const raw = '{"id":2,"text":"note 1"}'
  assert.deepEqual(home.raws()[1], raw)
  assert.deepEqual(
    [second?.origin.file, second?.origin.offset, second?.origin.length, second?.origin.line],
    [home.path('a.db'), 2, raw.length, 3],
  )
  assert.match(second!.origin.sha256, /^[0-9a-f]{64}$/)
  assert.ok(second!.origin.inode > 0)
})

test('what was read is not read again by the next watcher, and what came meanwhile is', async (t) => {
  const home = den(t)
  const writer = makeDatabase(home.path('a.db'), 'wal', 5)
  t.after(() => writer.close())
  await home.lookOnceAndCatchUp(parts(home))
  addRows(writer, 1, 'later')
  const watcher = home.watch(parts(home))
  await home.caughtUp()
  assert.equal(watcher.status().lines, 1)
  assert.deepEqual(texts(home), [...numbered(5), 'later 0'])
})

const deeds = [
  "INSERT INTO notes (text) VALUES ('mine')",
  'DELETE FROM notes',
  'CREATE TABLE mine (a)',
  'PRAGMA journal_mode = DELETE',
  'PRAGMA user_version = 7',
  'PRAGMA wal_checkpoint(TRUNCATE)',
  "ATTACH 'other.db' AS other",
  "VACUUM INTO 'other.db'",
  'VACUUM',
  'BEGIN IMMEDIATE',
]
describe('no question of a source can write', SIDE_BY_SIDE, () => {
  for (const [what, make] of states.filter(([what]) => /mode (wal|delete), the writer is gone|killed/.test(what)))
    test(what, async (t) => {
      const home = den(t)
      make(home)
      await settled()
      const before = lookOf(home.root)
      const refused: string[] = []
      const source: TableSource = {
        ...notes,
        read(ask: Ask, file, memory) {
          for (const deed of deeds)
            try {
              for (const _ of ask.rows(deed));
            } catch {
              refused.push(deed)
            }
          return notes.read(ask, file, memory)
        },
      }
      home.watch(parts(home, source))
      await home.caughtUp()
      await home.stop()
      assert.deepEqual(refused.slice(0, deeds.length), deeds)
      assert.deepEqual(lookOf(home.root), before)
      assert.deepEqual(texts(home), numbered(7))
    })
})

test('bytes that are no database are named, and read once they are one', async (t) => {
  const home = den(t)
  writeFileSync(home.path('a.db'), 'these are the words of somebody else, and many of them. '.repeat(100))
  const watcher = home.watch(parts(home))
  await eventually('the trouble', () => watcher.status().trouble)
  assert.equal(
    watcher.status().trouble,
    `${home.path('a.db')} cannot be read (it is no SQLite database); it is tried again when it changes`,
  )
  makeDatabase(home.path('next'), 'delete', 3).close()
  renameSync(home.path('next'), home.path('a.db'))
  await home.arrived(3)
  await home.caughtUp()
  assert.equal(watcher.status().trouble, null)
})

test('a database that is cut off is tried for a second, then named, and read once it is whole', async (t) => {
  const home = den(t)
  const writer = makeDatabase(join(home.dir, 'a.db'), 'delete', 400)
  leaveBehind(join(home.dir, 'a.db'), home.path('a.db'), [''])
  truncateSync(home.path('a.db'), 4096 * 2)
  const watcher = home.watch(parts(home))
  await eventually('the trouble', () => watcher.status().trouble)
  assert.match(
    watcher.status().trouble!,
    /a\.db cannot be read \(database disk image is malformed\); it is tried again/,
  )
  leaveBehind(join(home.dir, 'a.db'), home.path('a.db'), [''])
  writer.close()
  await home.arrived(400)
  await home.caughtUp()
  assert.deepEqual(texts(home), numbered(400))
  assert.equal(watcher.status().trouble, null)
})

test('a database that vanishes takes nothing from what was read, and is read on when it comes back', async (t) => {
  const home = den(t)
  makeDatabase(home.path('a.db'), 'delete', 3).close()
  makeDatabase(join(home.dir, 'again'), 'delete', 4).close()
  const watcher = home.watch(parts(home))
  await home.arrived(3)
  rmSync(home.path('a.db'))
  await settled()
  assert.deepEqual([home.bus.stream.length, watcher.status().trouble], [3, null])
  renameSync(join(home.dir, 'again'), home.path('a.db'))
  await home.arrived(5)
  await home.caughtUp()
  // Another file under the same name: that is told, its rows are known where they say the same, and what is new is read.
  assert.deepEqual(texts(home), [...numbered(3), 'system.file_replaced', 'note 3'])
  assert.equal(events(home)[3]?.payload.why, 'another database stands in its place')
})

test('one with other tables than were thought of is no trouble', async (t) => {
  const home = den(t)
  const writer = makeDatabase(home.path('a.db'), 'delete')
  writer.exec('ALTER TABLE notes RENAME COLUMN text TO words')
  writer.close()
  await settled()
  const watcher = home.watch(parts(home))
  await home.caughtUp()
  assert.deepEqual([home.ids(), watcher.status().trouble], [[], null])
})

test('numbers that no double can hold arrive digit by digit', async (t) => {
  const home = den(t)
  const writer = makeDatabase(home.path('a.db'), 'delete')
  writer.exec('INSERT INTO notes (id, text) VALUES (1, 9007199254740993)')
  writer.close()
  await settled()
  const seen: unknown[] = []
  const source: TableSource = {
    ...notes,
    read(ask, file, memory) {
      for (const row of ask.rows('SELECT 9007199254740993 AS big, 7 AS small')) seen.push(row.big, row.small)
      return notes.read(ask, file, memory)
    },
  }
  await home.lookOnceAndCatchUp(parts(home, source))
  assert.deepEqual(seen.slice(0, 2), [9007199254740993n, 7])
})

function snapshots(t: TestContext, home: Den, bytesMax?: number): Snapshots {
  const taking = new Snapshots(join(home.dir, 'copies'), bytesMax)
  t.after(() => taking.close())
  return taking
}
const taken = (from: Snapshots, file: string) => {
  const snapshot = from.take(file, true)
  assert.equal(snapshot.is, 'snapshot')
  return snapshot as Snapshot
}

test('a database with a -wal that is too large to copy is read where it stands, as of its last checkpoint', async (t) => {
  const home = den(t)
  const writer = makeDatabase(home.path('a.db'), 'wal', 5)
  t.after(() => writer.close())
  writer.exec('PRAGMA wal_checkpoint(FULL)')
  addRows(writer, 2, 'not yet')
  await settled()
  const before = lookOf(home.root)
  const { behind, url } = taken(snapshots(t, home, 100), home.path('a.db'))
  assert.deepEqual([behind, url.endsWith('a.db?mode=ro&immutable=1')], [true, true])
  assert.deepEqual(lookOf(home.root), before)
})

test('what is read while somebody writes is not taken for whole', async (t) => {
  const home = den(t)
  const writer = makeDatabase(home.path('a.db'), 'delete', 5)
  t.after(() => writer.close())
  await settled()
  const snapshot = taken(snapshots(t, home), home.path('a.db'))
  assert.equal(snapshot.stillWhole(), true)
  addRows(writer, 1)
  assert.equal(snapshot.stillWhole(), false)
  const wal = makeDatabase(home.path('b.db'), 'delete', 5)
  t.after(() => wal.close())
  await settled()
  const other = taken(snapshots(t, home), home.path('b.db'))
  wal.exec('PRAGMA journal_mode = wal')
  addRows(wal, 1)
  assert.equal(other.stillWhole(), false, 'a -wal appeared')
})
