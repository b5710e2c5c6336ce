// The promises of a durable consumer: its cursor, ack after handle, order, filters, batches.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  assertSame,
  idsOf,
  made,
  nextOf,
  type Promised,
  range,
  seqsOf,
  several,
  silent,
  take,
} from './fixture.contract.ts'

const DURABLE = { durable: 'd', filter: '>' } as const
const PROMPT_MS_MAX = 500

const FILTERS = [
  ['>', [1, 2, 3, 4, 5, 6]],
  ['events.>', [1, 2, 3, 4]],
  ['events.p.*.main', [1, 3]],
  ['events.p.s.main', [1]],
  ['events.p.s.agent.*', [2]],
  ['events.*.s.>', [1, 2, 4]],
  ['patterns.>', [5]],
] as const

export function deliveryContract(promise: Promised): void {
  promise('a durable gets every message once, in order, from the oldest on', async ({ bus }) => {
    await bus.publish(several(1, 2_500))
    const got = await take(await bus.consume(DURABLE), 2_500, 'ack')
    assertSame(got, several(1, 2_500))
    assert.deepEqual(seqsOf(got), range(1, 2_500))
  })

  promise('next() waits for a message and delivers it promptly', async ({ bus }) => {
    const subscription = await bus.consume(DURABLE)
    for (const n of range(1, 5)) {
      const waiting = nextOf(subscription)
      await sleep(50)
      const published = performance.now()
      await bus.publish([made(n)])
      const batch = await waiting
      assert.ok(performance.now() - published < PROMPT_MS_MAX, 'delivered promptly')
      assert.deepEqual(idsOf(batch.messages), [`id-${n}`])
      await batch.ack()
    }
  })

  promise('the cursor goes on after the bus was opened again: nothing acked comes twice', async ({ bus, reopen }) => {
    await bus.publish(several(1, 100))
    const batch = await nextOf(await bus.consume({ ...DURABLE, messagesMax: 40 }))
    const acked = batch.messages.length
    await batch.ack()
    const later = await reopen()
    await later.publish(several(101, 110))
    const got = await take(await later.consume(DURABLE), 110 - acked, 'leave')
    assertSame(got, several(acked + 1, 110))
  })

  promise('everything not acked is delivered again after the bus was opened again', async ({ bus, reopen }) => {
    await bus.publish(several(1, 60))
    const subscription = await bus.consume({ ...DURABLE, messagesMax: 10 })
    const first = await nextOf(subscription)
    await first.ack()
    await take(subscription, 60 - first.messages.length, 'leave')
    const got = await take(await (await reopen()).consume(DURABLE), 60 - first.messages.length, 'leave')
    assertSame(got, several(first.messages.length + 1, 60))
  })

  promise('an ack covers all that was handed out before', async ({ bus, reopen }) => {
    await bus.publish(several(1, 30))
    const subscription = await bus.consume({ ...DURABLE, messagesMax: 5 })
    const first = await nextOf(subscription)
    const second = await nextOf(subscription)
    await second.ack()
    const acked = first.messages.length + second.messages.length
    const got = await take(await (await reopen()).consume(DURABLE), 30 - acked, 'leave')
    assertSame(got, several(acked + 1, 30))
  })

  promise('reset() starts again behind the last ack', async ({ bus }) => {
    await bus.publish(several(1, 30))
    const subscription = await bus.consume({ ...DURABLE, messagesMax: 5 })
    const first = await nextOf(subscription)
    await first.ack()
    await nextOf(subscription)
    await nextOf(subscription)
    await subscription.reset()
    await bus.publish([made(31)])
    const got = await take(subscription, 31 - first.messages.length, 'ack')
    assertSame(got, several(first.messages.length + 1, 31))
    await subscription.reset()
    assert.ok(await silent(subscription), 'nothing comes again after everything was acked')
    await subscription.stop()
  })

  promise('reset() of a durable that acked nothing starts at the oldest', async ({ bus }) => {
    await bus.publish(several(1, 3))
    const subscription = await bus.consume(DURABLE)
    await take(subscription, 3, 'leave')
    await subscription.reset()
    assertSame(await take(subscription, 3, 'leave'), several(1, 3))
  })

  promise('two durables are independent: one that is stuck does not hold the other', async ({ bus, reopen }) => {
    const stuck = await bus.consume({ durable: 'stuck', filter: '>' })
    const swift = await bus.consume({ durable: 'swift', filter: '>' })
    await bus.publish(several(1, 10))
    await nextOf(stuck)
    assertSame(await take(swift, 10, 'ack'), several(1, 10))
    await bus.publish(several(11, 3_000))
    assertSame(await take(swift, 2_990, 'ack'), several(11, 3_000))
    const later = await reopen()
    assertSame(await take(await later.consume({ durable: 'stuck', filter: '>' }), 3_000, 'ack'), several(1, 3_000))
  })

  for (const [filter, want] of FILTERS)
    promise(`the filter ${filter} lets through what it says, with the stream's numbers`, async ({ bus }) => {
      await bus.publish([
        made(1, 'events.p.s.main'),
        made(2, 'events.p.s.agent.a1'),
        made(3, 'events.p.t.main'),
        made(4, 'events.q.s.main'),
        made(5, 'patterns.p.s'),
        made(6, 'sessions.p.s'),
      ])
      const subscription = await bus.consume({ durable: 'd', filter })
      assert.deepEqual(seqsOf(await take(subscription, want.length, 'ack')), want)
      assert.ok(await silent(subscription), 'and nothing else')
      await subscription.stop()
    })

  promise('a batch holds no more messages than asked', async ({ bus }) => {
    await bus.publish(several(1, 100))
    const subscription = await bus.consume({ ...DURABLE, messagesMax: 7 })
    for (let count = 0; count < 100; ) {
      const batch = await nextOf(subscription)
      assert.ok(batch.messages.length <= 7, `${batch.messages.length} messages`)
      count += batch.messages.length
      await batch.ack()
    }
  })

  promise('a batch holds no more bytes than asked, but at least one message', async ({ bus }) => {
    const sizes = [400, 400, 400, 5_000, 10, 990, 1, 3_000, 400]
    await bus.publish(sizes.map((size, i) => made(i, 'events.p.s.main', 'x'.repeat(size))))
    const subscription = await bus.consume({ ...DURABLE, bytesMax: 1_000 })
    const seen: number[] = []
    while (seen.length < sizes.length) {
      const { messages } = await nextOf(subscription)
      const bytes = messages.reduce((sum, { data }) => sum + data.length, 0)
      assert.ok(bytes <= 1_000 || messages.length === 1, `${messages.length} messages with ${bytes} bytes`)
      seen.push(...messages.map(({ data }) => data.length))
    }
    assert.deepEqual(seen, sizes)
  })

  promise('order holds while publishing, consuming and resetting go on at once', async ({ bus }) => {
    const subscription = await bus.consume({ ...DURABLE, messagesMax: 50 })
    const publishing = (async () => {
      for (let from = 1; from <= 1_000; from += 20) await bus.publish(several(from, from + 19))
    })()
    const handled: string[] = []
    for (let turn = 0; handled.length < 1_000; turn++) {
      const batch = await nextOf(subscription)
      if (turn % 4 === 3) await subscription.reset()
      else {
        handled.push(...idsOf(batch.messages))
        await batch.ack()
      }
    }
    await publishing
    assert.deepEqual(handled, idsOf(several(1, 1_000)))
  })
}
