// Session rows over a real store: counted once, announced until the bus has them, the same however the stream was cut.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../base/clock.ts'
import { type Counted, countSession, foldSession, type SessionRow } from '../../folds/session.ts'
import { openSessionFolds } from '../../stores/sqlite/folds.ts'
import type { SessionFoldStore } from '../../stores/store.ts'
import { delivered, madeDay } from '../../testing/made-events.ts'
import { failing, MemoryBus } from '../../testing/memory-bus.ts'
import { derivedData } from '../derived.ts'
import { foldSessions, projectionsConsumer } from './projections.ts'

const EVENTS = madeDay(3)
const DAY = delivered(EVENTS)
const EXPECTED = ['invented:s1', 'invented:s2'].map((session) =>
  countSession(
    EVENTS.filter(({ event }) => event.session === session).reduce<SessionRow | undefined>(
      (row, { event }) => foldSession(row, event),
      undefined,
    )!,
    // Three turns of the main agent, and of the first session's helper as many: one request and one call each.
    session === 'invented:s1' ? counted(3, 6) : counted(3, 3),
  ),
)

function counted(prompts: number, requests: number): Counted {
  const tokens = { input: requests * 10, output: requests * 20, cacheRead: requests * 30, cacheWrite: requests * 40 }
  return { prompts, turns: prompts, tools: requests, requests, ...tokens, nano: 0, unpriced: requests, partial: 0 }
}

function opened(t?: TestContext): { store: SessionFoldStore; close(): void; reopen(): SessionFoldStore } {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-projections-'))
  const path = join(dir, 'sessions.sqlite')
  let store = openSessionFolds(path)
  const close = () => {
    store.close()
    rmSync(dir, { recursive: true, force: true })
  }
  t?.after(close)
  const reopen = () => {
    store.close()
    store = openSessionFolds(path)
    return store
  }
  return { store, close, reopen }
}
const rowsIn = (store: SessionFoldStore) => ['invented:s1', 'invented:s2'].map((session) => store.get(session))
const announcedOn = (bus: MemoryBus): SessionRow[] => bus.stream.map(({ data }) => derivedData(data) as SessionRow)

test('a session row is its events folded one by one', (t) => {
  const { store } = opened(t)
  foldSessions(store, DAY)
  assert.deepEqual(rowsIn(store), EXPECTED)
  assert.deepEqual(
    EXPECTED.map((row) => [row?.events, row?.title, row?.agents.length]),
    [
      [32, 'Bread', 1],
      [16, 'please bake the bread number 0', 0],
    ],
  )
})

test('however the stream is cut and whatever comes again, the rows are the same', () => {
  const cuts = fc
    .array(fc.nat(DAY.length), { maxLength: 8 })
    .map((some) => [...some.toSorted((a, b) => a - b), DAY.length])
  fc.assert(
    fc.property(cuts, fc.nat(6), (ends, overlap) => {
      const { store, close } = opened()
      try {
        let from = 0
        for (const end of ends) {
          const batch = DAY.slice(Math.max(0, from - overlap), end)
          if (batch.length > 0) foldSessions(store, batch)
          from = Math.max(from, end)
        }
        assert.deepEqual(rowsIn(store), EXPECTED)
      } finally {
        close()
      }
    }),
    { numRuns: 30 },
  )
})

test('an event twice in one batch counts once', (t) => {
  const { store } = opened(t)
  foldSessions(
    store,
    DAY.flatMap((message) => [message, message]),
  )
  assert.deepEqual(rowsIn(store), EXPECTED)
})

test('each changed row is said on the bus, at its place, once', async (t) => {
  const { store } = opened(t)
  const bus = new MemoryBus()
  const consumer = projectionsConsumer({ store, bus, host: 'here', clock: systemClock })
  await consumer.handle(DAY.slice(0, 5))
  assert.deepEqual(
    bus.stream.map(({ subject }) => subject),
    ['sessions.home-dev-bakery.invented:s1'],
  )
  await consumer.handle(DAY.slice(5))
  assert.equal(bus.stream.length, 3)
  assert.deepEqual(
    announcedOn(bus)
      .slice(1)
      .toSorted((a, b) => a.id.localeCompare(b.id)),
    EXPECTED,
  )
  await consumer.handle(DAY)
  assert.equal(bus.stream.length, 3, 'nothing changed: nothing is said')
})

test('a row that the bus did not take is said when it can be', async (t) => {
  const { store, reopen } = opened(t)
  const bus = new MemoryBus()
  bus.before.publish = failing('the bus is full')
  await assert.rejects(
    async () => projectionsConsumer({ store, bus, host: 'here', clock: systemClock }).handle(DAY),
    /the bus is full/,
  )
  assert.equal(bus.stream.length, 0)
  bus.before = {}
  // Even by the next process, with the batch handed out again: the events are known by now, the rows still unsaid.
  await projectionsConsumer({ store: reopen(), bus, host: 'here', clock: systemClock }).handle(DAY)
  assert.deepEqual(
    announcedOn(bus).toSorted((a, b) => a.id.localeCompare(b.id)),
    EXPECTED,
  )
})

test('a crash between saying and noting it says the same again, and the bus knows it as a repeat', async (t) => {
  const { store, reopen } = opened(t)
  const bus = new MemoryBus()
  const dying = {
    ...store,
    announced: () => {
      throw new Error('killed')
    },
  }
  await assert.rejects(
    async () => projectionsConsumer({ store: dying, bus, host: 'here', clock: systemClock }).handle(DAY),
    /killed/,
  )
  const published: number[] = []
  bus.before.publish = (messages) => void published.push(messages.length)
  await projectionsConsumer({ store: reopen(), bus, host: 'here', clock: systemClock }).handle(DAY)
  assert.deepEqual([published, bus.stream.length], [[2], 2])
})

test('a batch that fails in the middle leaves no half of it', (t) => {
  const { store } = opened(t)
  assert.throws(() => foldSessions(store, [...DAY.slice(0, 10), { ...DAY[10]!, data: Buffer.from('{') }]))
  assert.deepEqual(rowsIn(store), [undefined, undefined])
  foldSessions(store, DAY)
  assert.deepEqual(rowsIn(store), EXPECTED)
})
