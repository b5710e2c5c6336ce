// Promises about putting in: what is there is known, nothing counts twice, the order of coming does not matter, a failure leaves no trace.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Made, made, madeDay } from '../../testing/made-events.ts'
import { ids, idsOf, keep, type Promised, plan, rowsOf, type StoreFixture } from './fixture.contract.ts'

export function indexContract(promise: Promised, open: () => Promise<StoreFixture>): void {
  promise('what was inserted is known, and nothing else is', async ({ index, log }) => {
    const [a, b] = [made(1), made(2)]
    assert.deepEqual(index.known([a.id, b.id]), new Set())
    assert.deepEqual(index.insert(rowsOf({ log }, [a]), 1), { inserted: 1 })
    assert.deepEqual(index.known([a.id, b.id]), new Set([a.id]))
  })

  promise('inserting twice changes nothing', async (store) => {
    const day = madeDay(3)
    assert.equal(keep(store, day), day.length)
    const before = await all(store)
    assert.equal(keep(store, day, 1_000), 0)
    assert.deepEqual(await all(store), before)
  })

  promise('an event without a time is known again, wherever it stands', async (store) => {
    const day = [
      made(1, { time: null, native: 'untimed' }),
      made(2, { native: 'untimed' }),
      made(3, { time: null, native: 'untimed' }),
    ]
    assert.equal(keep(store, day), 3)
    assert.deepEqual(store.index.known(ids(day)), new Set(ids(day)))
    assert.equal(keep(store, day, 10), 0)
    for (const { id, text } of day) assert.equal(await store.reader.eventText(id), text)
  })

  promise('an event twice in one insert counts once', async (store) => {
    const event = made(1)
    assert.equal(keep(store, [event, made(2), event]), 2)
    assert.deepEqual(idsOf((await store.reader.records('invented:s1', { limit: 9 })).texts), ids([event, made(2)]))
  })

  promise('how far each file of the log is indexed is remembered', async ({ index, log }) => {
    const rows = rowsOf({ log }, [made(1), made(2), made(3, { native: 's2' })])
    index.insert(rows.slice(0, 1), 1)
    assert.deepEqual(index.indexedBytes(), new Map([[log.fileOf('invented:s1'), rows[0]!.place.length + 1]]))
    index.insert(rows.slice(1), 3)
    assert.deepEqual(
      index.indexedBytes(),
      new Map([...log.files()].map(({ file, bytes }) => [file, bytes])),
      'all of both files',
    )
    index.insert(rows.slice(0, 1), 3)
    assert.equal(index.indexedBytes().get(log.fileOf('invented:s1')), rows[1]!.place.offset + rows[1]!.place.length + 1)
  })

  promise('the place in the stream moves on, and never back', async (store) => {
    const seq = async () => (await store.reader.records('invented:s1', { limit: 1 })).seq
    store.index.begin(7)
    assert.equal(await seq(), 7)
    store.index.insert(rowsOf(store, [made(1)], 12), 12)
    assert.equal(await seq(), 12)
    store.index.insert([], 0)
    assert.equal(await seq(), 12)
  })

  promise('an insert that fails half-way leaves nothing, and the next one works', async (store) => {
    const [good, other] = [
      made(1, { native: 'new' }),
      made(2, { native: 'new', agentId: 'a1', kind: 'other.first_seen' }),
    ]
    const rows = rowsOf(store, [good, other])
    const broken = { ...rows[1]!, place: { ...rows[1]!.place, offset: Number.NaN } }
    assert.throws(() => store.index.insert([rows[0]!, broken], 2))
    assert.deepEqual(store.index.known([good.id, other.id]), new Set())
    assert.equal((await store.reader.facts()).events, 0)
    // A session of another number comes first: had the failed one's numbers been remembered, it would now stand under them.
    assert.equal(keep(store, [made(3, { native: 'between', kind: 'system.notice' })]), 1)
    assert.equal(store.index.insert(rows, 2).inserted, 2)
    const records = await store.reader.records('invented:new', { limit: 9 })
    assert.deepEqual(idsOf(records.texts), ids([good, other]))
    const found = await store.reader.search(plan({ kind: ['other'] }), { limit: 9, offset: 0, ranked: false })
    assert.deepEqual(
      found.map(({ id, session, kind }) => ({ id, session, kind })),
      [{ id: other.id, session: 'invented:new', kind: 'other.first_seen' }],
    )
  })

  test('whatever the order and the batches events come in, the same is found', async () => {
    const day = madeDay(2).filter(({ event }) => event.time !== null)
    const straight = await viewAfter(open, [day])
    const shuffled = fc.shuffledSubarray(day, { minLength: day.length, maxLength: day.length })
    await fc.assert(
      fc.asyncProperty(shuffled, fc.integer({ min: 1, max: day.length }), async (events, cut) => {
        assert.deepEqual(await viewAfter(open, [events.slice(0, cut), events.slice(cut)]), straight)
      }),
      { numRuns: 15 },
    )
  })
}

// What the index answers; the folds are left out, which read a lane in its order.
async function viewAfter(open: () => Promise<StoreFixture>, batches: readonly (readonly Made[])[]) {
  const store = await open()
  try {
    for (const events of batches) store.index.insert(rowsOf(store, events), 1)
    while (store.search.follow(7) > 0);
    const { sessions: _, turns: __, ...view } = await all(store)
    // Two lanes may have an event in the same millisecond; which of them stands first is the order of coming.
    return { ...view, records: view.records.map((some) => some.toSorted()), found: view.found.toSorted() }
  } finally {
    await store.destroy()
  }
}

async function all({ reader }: StoreFixture) {
  const page = { limit: 1_000, offset: 0, ranked: false }
  const { logBytes: _, storeBytes: __, lastIndexedMs: ___, ...facts } = await reader.facts()
  const { rows } = await reader.sessions({ limit: 100 })
  return {
    facts: { ...facts, sessions: 0, turns: 0 },
    sessions: rows,
    turns: [await reader.turns('invented:s1'), await reader.turns('invented:s2')],
    records: [
      (await reader.records('invented:s1', { limit: 1_000 })).texts,
      (await reader.records('invented:s2', { limit: 1_000 })).texts,
    ],
    found: (await reader.search(plan({ all: [{ words: ['bread'], prefix: false }] }), page)).map(({ id }) => id),
  }
}
