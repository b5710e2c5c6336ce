// Turns over a real store: each lane for itself, counted once, said on the bus, the same however the stream was cut.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { systemClock } from '../../base/clock.ts'
import type { Turn } from '../../folds/turn/turn.ts'
import { openReadOnly } from '../../stores/sqlite/database.ts'
import { openTurnFolds } from '../../stores/sqlite/folds.ts'
import { delivered, made, madeDay, madeTurn } from '../../testing/made-events.ts'
import { failing, MemoryBus } from '../../testing/memory-bus.ts'
import { derivedData } from '../derived.ts'
import { foldTurns, patternsConsumer } from './patterns.ts'

// A turn of each lane that is left open, and one that the next prompt closes.
const EVENTS = [
  ...madeDay(3),
  made(2_000),
  made(2_001, { kind: 'message.assistant.thinking' }),
  made(2_002),
  made(2_003, { agentId: 'helper' }),
]
const DAY = delivered(EVENTS)

function opened(t?: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-patterns-'))
  const path = join(dir, 'turns.sqlite')
  let store = openTurnFolds(path)
  const close = () => {
    store.close()
    rmSync(dir, { recursive: true, force: true })
  }
  t?.after(close)
  return {
    store,
    close,
    reopen() {
      store.close()
      store = openTurnFolds(path)
      return store
    },
    turns(): Turn[] {
      const db = openReadOnly(path)
      const rows = db.prepare('SELECT row FROM turns ORDER BY id').all()
      db.close()
      return rows.map(({ row }) => JSON.parse(String(row)) as Turn)
    },
  }
}

function folded(): Turn[] {
  const once = opened()
  foldTurns(once.store, DAY)
  const turns = once.turns()
  once.close()
  return turns
}
const EXPECTED = folded()
const announcedOn = (bus: MemoryBus) => bus.stream.map(({ data }) => derivedData(data) as Turn)

test('a lane has its turns, whatever happens in the others', () => {
  const told = (agentId: string | null, session: string) =>
    EXPECTED.filter((turn) => turn.agentId === agentId && turn.session === session).map(
      ({ prompt, events, outcome }) => [prompt?.text, events, outcome],
    )
  const three = [0, 1, 2].map((n) => [`please bake the bread number ${n}`, 5, 'answered'])
  assert.deepEqual(told('helper', 'invented:s1'), [...three, ['bread number 2003', 1, 'running']])
  assert.deepEqual(told(null, 'invented:s2'), three)
  assert.deepEqual(told(null, 'invented:s1'), [
    ...three,
    ['bread number 2000', 2, 'interrupted'],
    ['bread number 2002', 1, 'running'],
  ])
})

test('however the stream is cut and whatever comes again, the turns are the same', () => {
  const cuts = fc
    .array(fc.nat(DAY.length), { maxLength: 8 })
    .map((some) => [...some.toSorted((a, b) => a - b), DAY.length])
  fc.assert(
    fc.property(cuts, fc.nat(6), (ends, overlap) => {
      const { store, turns, close } = opened()
      try {
        let from = 0
        for (const end of ends) {
          const batch = DAY.slice(Math.max(0, from - overlap), end)
          if (batch.length > 0) foldTurns(store, batch)
          from = Math.max(from, end)
        }
        assert.deepEqual(turns(), EXPECTED)
      } finally {
        close()
      }
    }),
    { numRuns: 30 },
  )
})

test('every turn is said on the bus when it changes, and only then', async (t) => {
  const { store } = opened(t)
  const bus = new MemoryBus()
  const consumer = patternsConsumer({ store, bus, host: 'here', clock: systemClock })
  const [first, second] = [delivered(madeTurn(1)), delivered(madeTurn(2), 6)]
  await consumer.handle(first.slice(0, 2))
  await consumer.handle(first.slice(2))
  await consumer.handle(first)
  await consumer.handle(second)
  assert.deepEqual(new Set(bus.stream.map(({ subject }) => subject)), new Set(['patterns.home-dev-bakery.invented:s1']))
  assert.deepEqual(
    announcedOn(bus).map(({ prompt, events, outcome }) => [prompt?.text.at(-1), events, outcome]),
    [
      ['1', 2, 'running'],
      ['1', 5, 'answered'],
      ['2', 5, 'answered'],
    ],
  )
})

test('turns the bus did not take are said when it can, by the next process as well, and the same twice is a repeat', async (t) => {
  const { store, reopen } = opened(t)
  const bus = new MemoryBus()
  bus.before.publish = failing('the bus is full')
  await assert.rejects(
    async () => patternsConsumer({ store, bus, host: 'here', clock: systemClock }).handle(DAY),
    /the bus is full/,
  )
  bus.before = {}
  const again = reopen()
  const dying = {
    ...again,
    announced: () => {
      throw new Error('killed')
    },
  }
  await assert.rejects(
    async () => patternsConsumer({ store: dying, bus, host: 'here', clock: systemClock }).handle(DAY),
    /killed/,
  )
  await patternsConsumer({ store: reopen(), bus, host: 'here', clock: systemClock }).handle(DAY)
  assert.deepEqual(
    announcedOn(bus).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    EXPECTED,
  )
})

test('a batch that fails in the middle leaves no half of it', (t) => {
  const { store, turns } = opened(t)
  assert.throws(() => foldTurns(store, [...DAY.slice(0, 10), { ...DAY[10]!, data: Buffer.from('{') }]))
  assert.deepEqual(turns(), [])
  foldTurns(store, DAY)
  assert.deepEqual(turns(), EXPECTED)
})
