// The log is the truth: whatever became of the store, reindex makes the same one again.
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { openEmbeddedBus } from '../bus/embedded/embedded.ts'
import { patternsConsumer } from '../consumers/patterns/patterns.ts'
import { persistConsumer } from '../consumers/persist/persist.ts'
import { projectionsConsumer } from '../consumers/projections/projections.ts'
import { openEventLog } from '../stores/log/log.ts'
import { openReadOnly } from '../stores/sqlite/database.ts'
import { openEventIndex } from '../stores/sqlite/events.ts'
import { openSessionFolds, openTurnFolds } from '../stores/sqlite/folds.ts'
import { lockFolder } from '../stores/sqlite/lock.ts'
import { storePaths } from '../stores/sqlite/reader.ts'
import { openSearchIndex } from '../stores/sqlite/search.ts'
import { madeDay } from '../testing/made-events.ts'
import { dump } from '../testing/store-dump.ts'
import { type Config, ConfigError } from './config.ts'
import { type Layout, layoutOf } from './layout.ts'
import { reindex } from './reindex.ts'

const DAY = madeDay(3)

// A data folder in which the day came through the bus and the consumers, in small batches.
async function lived(t: TestContext): Promise<{ config: Config; layout: Layout }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'openstory-reindex-'))
  t.after(() => rmSync(dataDir, { recursive: true, force: true }))
  const layout = layoutOf(dataDir)
  const paths = storePaths(layout.store)
  const bus = await openEmbeddedBus(layout.bus)
  await bus.publish(DAY)
  const log = openEventLog(layout.log)
  const index = openEventIndex(paths.events)
  const [sessions, turns] = [openSessionFolds(paths.sessions), openTurnFolds(paths.turns)]
  const consumers = [
    persistConsumer({ log, index, onInserted: () => {} }),
    projectionsConsumer({ store: sessions, bus, host: 'here', clock: systemClock }),
    patternsConsumer({ store: turns, bus, host: 'here', clock: systemClock }),
  ]
  for (const consumer of consumers) {
    const subscription = await bus.consume({ durable: consumer.name, filter: consumer.filter, messagesMax: 7 })
    for (let taken = 0; taken < DAY.length; ) {
      const batch = (await subscription.next())!
      await consumer.handle(batch.messages)
      await batch.ack()
      taken += batch.messages.length
    }
    await subscription.stop()
  }
  const reading = openReadOnly(paths.events)
  const search = openSearchIndex(paths.search, reading, log)
  while (search.follow(5) > 0);
  for (const part of [search, reading, sessions, turns, index, log]) part.close()
  await bus.close()
  const config = { dataDir, host: '127.0.0.1', port: 0, bus: 'embedded', watch: {}, open: false, logLevel: 'silent' }
  return { config, layout }
}

test('the dump that is compared has something of everything in it', async (t) => {
  const { layout } = await lived(t)
  const { facts, ...lists } = dump(layout)
  for (const [name, rows] of Object.entries(lists)) assert.ok(rows.length > 0, name)
  assert.equal(lists.events?.length, DAY.length)
  assert.deepEqual(
    facts?.map((fact) => Object.values(fact as object)),
    [
      ['acked_seq', DAY.length],
      ['damaged', 1],
      ['events', DAY.length],
      ['other', 1],
    ],
  )
})

const damages: [string, (layout: Layout) => void][] = [
  ['as it should be', () => {}],
  ['gone', ({ store }) => rmSync(store, { recursive: true })],
  [
    'corrupt',
    ({ store }) => {
      for (const name of readdirSync(store)) writeFileSync(join(store, name), 'broken '.repeat(500))
    },
  ],
  ['cut short', ({ store }) => truncateSync(join(store, 'sessions.sqlite'), 100)],
  [
    'half-made by a reindex that was killed',
    ({ store }) => {
      rmSync(store, { recursive: true })
      writeFileSync(`${store}.next`, 'x')
      writeFileSync(`${store}.old`, 'x')
    },
  ],
]
for (const [what, damage] of damages)
  test(`a store that is ${what} is made anew from the log, the same to the last row`, async (t) => {
    const { config, layout } = await lived(t)
    const before = dump(layout)
    damage(layout)
    const told: number[] = []
    const { events } = await reindex(config, silentLog, ({ done }) => void told.push(done))
    assert.equal(events, DAY.length)
    assert.equal(told.at(-1), DAY.length)
    assert.deepEqual(dump(layout), before)
    assert.deepEqual(
      readdirSync(config.dataDir).filter((name) => name.startsWith('store')),
      ['store'],
      'nothing is left lying about',
    )
  })

test('a torn last line of the log does not stand in the way', async (t) => {
  const { config, layout } = await lived(t)
  const before = dump(layout)
  const file = join(layout.log, 'invented', 's1.jsonl')
  writeFileSync(file, '{"specversion":"1.0","id":"', { flag: 'a' })
  await reindex(config, silentLog, () => {})
  assert.deepEqual(dump(layout), before)
})

test('reindex twice is reindex once', async (t) => {
  const { config, layout } = await lived(t)
  await reindex(config, silentLog, () => {})
  const once = dump(layout)
  await reindex(config, silentLog, () => {})
  assert.deepEqual(dump(layout), once)
})

test('a log that cannot be read leaves the store as it is', async (t) => {
  const { config, layout } = await lived(t)
  const before = dump(layout)
  writeFileSync(join(layout.log, 'invented', 's1.jsonl'), 'not an event\n', { flag: 'a' })
  await assert.rejects(
    reindex(config, silentLog, () => {}),
    /the log invented\/s1\.jsonl has a line at byte \d+ that is no event/,
  )
  assert.deepEqual(dump(layout), before)
  const lock = lockFolder(join(layout.dataDir, 'lock.sqlite'))
  assert.ok(lock !== null, 'and the folder is free')
  lock.release()
})

test('without a log, or while another OpenStory runs, it refuses with the way out', async (t) => {
  const { config, layout } = await lived(t)
  const before = dump(layout)
  const lock = lockFolder(join(layout.dataDir, 'lock.sqlite'))!
  await assert.rejects(
    reindex(config, silentLog, () => {}),
    (error: Error) => {
      assert.ok(error instanceof ConfigError)
      assert.equal(error.message, `another OpenStory uses ${config.dataDir}; stop it first`)
      return true
    },
  )
  lock.release()
  assert.deepEqual(dump(layout), before)
  rmSync(layout.log, { recursive: true })
  await assert.rejects(
    reindex(config, silentLog, () => {}),
    /there is no log at .*; run: openstory import$/,
  )
  assert.ok(existsSync(layout.store))
})
