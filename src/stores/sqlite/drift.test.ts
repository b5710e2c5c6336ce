// The counts of the drift radar: an event counts once, in the version its lane was in, however the events came together.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { catchUp, persistConsumer } from '../../consumers/persist/persist.ts'
import type { Event } from '../../event/event.ts'
import { type Known, sightingOf } from '../../folds/drift.ts'
import { delivered, type Made, made, madeDay, madeTool, timeAt, type Wanted } from '../../testing/made-events.ts'
import { openEventLog } from '../log/log.ts'
import { openDatabase, openReadOnly } from './database.ts'
import { openEventIndex } from './events.ts'
import { openSessionFolds, openTurnFolds } from './folds.ts'
import { SqliteReader, storePaths } from './reader.ts'
import { openSearchIndex } from './search.ts'

const known: Known = { strangeIn: () => [], knowsTool: () => false }
const look = (event: Event) => sightingOf(event, known)

function store(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-drift-'))
  const paths = storePaths(join(dir, 'store'))
  const log = openEventLog(join(dir, 'log'))
  const index = openEventIndex(paths.events)
  const events = openReadOnly(paths.events)
  for (const fold of [openSessionFolds(paths.sessions), openTurnFolds(paths.turns)]) fold.close()
  t.after(() => {
    for (const part of [events, index, log]) part.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const persist = persistConsumer({ log, index, onInserted: () => undefined })
  return {
    paths,
    log,
    take: async (made: readonly Made[]) => void (await persist.handle(delivered(made))),
    // Looks at what has come, in transactions of about `max` events.
    follow(max: number) {
      const search = openSearchIndex(paths.search, events, log, look)
      while (search.follow(max) > 0);
      search.close()
    },
    drift() {
      const reader = new SqliteReader(paths, log)
      const found = reader.drift()
      reader.close()
      return found
    },
  }
}

const says = (n: number, version: string, wanted: Wanted = {}) =>
  made(n, { ...wanted, kind: 'system.session_start', payload: { version } })
const light = (n: number, wanted: Wanted = {}) => made(n, { ...wanted, kind: 'other.oven_light' })

// The helper works with an older version beside its session; the other session never says its own.
const HISTORY: readonly Made[] = [
  says(1, '1.0'),
  light(2),
  says(3, '0.9', { agentId: 'helper' }),
  light(4, { agentId: 'helper' }),
  light(5),
  says(6, '1.1'),
  light(7),
  light(8, { agentId: 'nameless' }),
  madeTool(9, { name: 'Proof', kind: 'other', input: { minutes: 20 } }),
  light(10, { native: 's2' }),
  light(11, { native: 's2', time: timeAt(0) }),
  light(12, { native: 's2', time: null }),
  light(13, { time: timeAt(1_500) }), // told late: its time is of the first version, its place is behind the second
]

const COUNTED = [
  ['tool', 'Proof', '1.1', 1, timeAt(9_000), timeAt(9_000)],
  ['type', 'oven_light', null, 3, timeAt(0), timeAt(10_000)],
  ['type', 'oven_light', '1.1', 3, timeAt(1_500), timeAt(8_000)],
  ['type', 'oven_light', '1.0', 2, timeAt(2_000), timeAt(5_000)],
  ['type', 'oven_light', '0.9', 1, timeAt(4_000), timeAt(4_000)],
]
const shown = ({ counts }: ReturnType<ReturnType<typeof store>['drift']>) =>
  counts.map(({ what, name, version, count, first, last }) => [what, name, version, count, first, last])

for (const max of [1, 3, 1_000])
  test(`news is counted by version, with when it was first and last seen, ${max} events at a time`, async (t) => {
    const kept = store(t)
    await kept.take(HISTORY)
    kept.follow(max)
    assert.deepEqual(shown(kept.drift()), COUNTED)
    assert.equal(kept.drift().waiting, 0)
    assert.deepEqual(kept.drift().agents, ['invented'])
    const first = kept.drift().counts[1]!
    assert.equal(first.event, HISTORY[10]!.id, 'the first by its time, not by when it came')
    assert.match(first.sample ?? '', /^\{"n":0,/)
  })

test('what comes again counts once, in whatever pieces it comes', async (t) => {
  const kept = store(t)
  for (const end of [3, 7, 13, 13]) {
    await kept.take(HISTORY.slice(0, end))
    kept.follow(2)
  }
  assert.deepEqual(shown(kept.drift()), COUNTED)
})

test('made anew, the counts are the same', async (t) => {
  const kept = store(t)
  await kept.take([...HISTORY, ...madeDay(3)])
  kept.follow(5)
  const before = kept.drift()
  rmSync(kept.paths.search)
  kept.follow(1_000)
  assert.deepEqual(kept.drift(), before)
})

test('when the event index is made anew, counting begins anew with it', async (t) => {
  const kept = store(t)
  await kept.take(HISTORY)
  kept.follow(5)
  const path = `${kept.paths.events}.anew`
  const index = openEventIndex(path)
  catchUp(kept.log, index)
  const reading = openReadOnly(path)
  const search = openSearchIndex(kept.paths.search, reading, kept.log, look)
  while (search.follow(4) > 0);
  for (const part of [search, reading, index]) part.close()
  assert.deepEqual(shown(kept.drift()), COUNTED)
})

test('where an older version has not counted, that is said, and all is looked at once the file was made anew', async (t) => {
  const kept = store(t)
  await kept.take(HISTORY)
  kept.follow(5)
  rmSync(kept.paths.search)
  openDatabase(kept.paths.search, { version: 2, sql: 'CREATE TABLE facts (name TEXT, value INTEGER)' }).db.close()
  assert.throws(
    () => kept.drift(),
    /search\.sqlite is of an older OpenStory \(schema 2, this one has \d+\); it is made anew from the log by/,
  )
  kept.follow(5)
  assert.deepEqual(shown(kept.drift()), COUNTED)
})
