// Promises about reading one session: in the order of time, page by page in both directions, verbatim.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { made, madeTurn, timeAt } from '../../testing/made-events.ts'
import type { StoreReader } from '../store.ts'
import { ids, idsOf, keep, type Promised } from './fixture.contract.ts'

const S1 = 'invented:s1'

export function recordsContract(promise: Promised): void {
  promise('the newest page comes first, and older ones behind it until there are no more', async (store) => {
    const events = Array.from({ length: 10 }, (_, i) => made(i))
    keep(store, events)
    const last = await store.reader.records(S1, { limit: 4 })
    assert.deepEqual(idsOf(last.texts), ids(events.slice(6)))
    assert.deepEqual(last.more, { before: true, after: false })
    const middle = await store.reader.records(S1, { limit: 4, before: last.cursors[0]! })
    assert.deepEqual(idsOf(middle.texts), ids(events.slice(2, 6)))
    assert.deepEqual(middle.more, { before: true, after: true })
    const first = await store.reader.records(S1, { limit: 4, before: middle.cursors[0]! })
    assert.deepEqual(idsOf(first.texts), ids(events.slice(0, 2)))
    assert.deepEqual(first.more, { before: false, after: true })
    const none = await store.reader.records(S1, { limit: 4, before: first.cursors[0]! })
    assert.deepEqual([none.texts, none.more], [[], { before: false, after: true }])
  })

  promise('forward from a cursor comes what follows it, and nothing behind the end', async (store) => {
    const events = Array.from({ length: 6 }, (_, i) => made(i))
    keep(store, events)
    const { cursors } = await store.reader.records(S1, { limit: 6 })
    const page = await store.reader.records(S1, { limit: 2, after: cursors[1]! })
    assert.deepEqual(idsOf(page.texts), ids(events.slice(2, 4)))
    assert.deepEqual(page.more, { before: true, after: true })
    const end = await store.reader.records(S1, { limit: 2, after: cursors[5]! })
    assert.deepEqual([end.texts, end.more], [[], { before: true, after: false }])
  })

  promise('around an event comes a page with it in the middle, no larger than asked for', async (store) => {
    const events = Array.from({ length: 11 }, (_, i) => made(i))
    keep(store, events)
    for (const limit of [1, 2, 5, 6]) {
      const { texts, more } = await store.reader.records(S1, { limit, around: events[5]!.id })
      const from = 5 - Math.floor(limit / 2)
      assert.deepEqual(idsOf(texts), ids(events.slice(from, from + limit)), `limit ${limit}`)
      assert.deepEqual(more, { before: true, after: true })
    }
    const unknown = await store.reader.records(S1, { limit: 4, around: made(99).id })
    assert.deepEqual(unknown.more, { before: true, after: false }, 'an unknown one: the end of the session')
  })

  promise('an agent sees its own lane only', async (store) => {
    const main = madeTurn(0)
    const helper = madeTurn(1, { agentId: 'helper' })
    keep(store, [...main, ...helper])
    const lane = async (agentId: string) => idsOf((await store.reader.records(S1, { limit: 99, agentId })).texts)
    assert.deepEqual(await lane('main'), ids(main))
    assert.deepEqual(await lane('helper'), ids(helper))
    assert.deepEqual(await lane('nobody'), [])
    const page = await store.reader.records(S1, { limit: 5, agentId: 'helper' })
    assert.deepEqual(page.more, { before: false, after: false }, 'what others did is not more of it')
  })

  promise('one session does not show the records of another', async (store) => {
    keep(store, [made(1), made(2, { native: 's2' }), made(3)])
    assert.deepEqual(idsOf((await store.reader.records(S1, { limit: 9 })).texts), ids([made(1), made(3)]))
    const unknown = await store.reader.records('invented:nobody', { limit: 9 })
    assert.deepEqual([unknown.texts, unknown.more], [[], { before: false, after: false }])
  })

  promise('an event without a time stands behind the one that came before it', async (store) => {
    const [a, lost, b, alsoLost] = [made(1), made(2, { time: null }), made(3), made(4, { time: null })]
    keep(store, [a, lost, b, alsoLost])
    assert.deepEqual(idsOf((await store.reader.records(S1, { limit: 9 })).texts), ids([a, lost, b, alsoLost]))
  })

  promise('a session whose beginning has no time begins with it', async (store) => {
    const events = [made(1, { time: null }), made(2, { time: null }), made(3)]
    keep(store, events)
    const { texts, more } = await store.reader.records(S1, { limit: 2 })
    assert.deepEqual([idsOf(texts), more], [ids(events.slice(1)), { before: true, after: false }])
  })

  promise('what comes late stands where its time puts it', async (store) => {
    keep(store, [made(5)])
    keep(store, [made(9)], 2)
    keep(store, [made(7)], 3)
    assert.deepEqual(idsOf((await store.reader.records(S1, { limit: 9 })).texts), ids([made(5), made(7), made(9)]))
  })

  promise('thousands of events in the same millisecond keep their order', async (store) => {
    const events = Array.from({ length: 5_000 }, (_, n) => made(n, { time: timeAt(0) }))
    keep(store, events)
    const later = made(6_000, { time: timeAt(10_000) })
    keep(store, [later], 6_000)
    assert.deepEqual(await pagedForward(store.reader, 700), ids([...events, later]))
  })

  promise('any size of page, in either direction, gives every record once', async (store) => {
    const events = Array.from({ length: 23 }, (_, n) => made(n, { time: timeAt(Math.floor(n / 3)) }))
    keep(store, events)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), async (limit) => {
        assert.deepEqual(await pagedForward(store.reader, limit), ids(events))
        assert.deepEqual(await pagedBack(store.reader, limit), ids(events))
      }),
      { numRuns: 30 },
    )
  })

  promise('an event is given back as the bytes that were put in', async (store) => {
    const odd = made(1, {
      text: 'tab\tquote" \u2028 line \ud83c\udf5e \\u00fc',
      line: { deep: { 'k"ey': [1.5, '\u0000'] } },
    })
    keep(store, [odd])
    assert.equal(await store.reader.eventText(odd.id), odd.text)
    assert.deepEqual((await store.reader.records(S1, { limit: 1 })).texts, [odd.text])
    for (const id of [made(2).id, '', 'x', "' OR 1=1", 'é'.repeat(32)])
      assert.equal(await store.reader.eventText(id), null, id)
  })
}

async function pagedForward(reader: StoreReader, limit: number): Promise<string[]> {
  const found: string[] = []
  for (let after = -1; ; ) {
    const page = await reader.records(S1, { limit, after })
    found.push(...idsOf(page.texts))
    if (!page.more.after) return found
    after = page.cursors.at(-1)!
  }
}

async function pagedBack(reader: StoreReader, limit: number): Promise<string[]> {
  const found: string[] = []
  for (let before: number | undefined; ; ) {
    const page = await reader.records(S1, { limit, ...(before !== undefined && { before }) })
    found.unshift(...idsOf(page.texts))
    if (!page.more.before) return found
    before = page.cursors[0]!
  }
}
