// A message of any size is one message: whole, byte-identical, with one number, wherever it is read.
import assert from 'node:assert/strict'
import type { Message } from '../bus.ts'
import {
  assertAscending,
  assertSame,
  made,
  nextOf,
  type Promised,
  readSome,
  seqsOf,
  several,
  take,
} from './fixture.contract.ts'

const LARGE_BYTES = 20 * 1024 * 1024

// Bytes without a pattern that a part could hide behind: a part lost, doubled or swapped shows.
function large(n: number, bytes: number): Message {
  const data = new Uint8Array(bytes)
  const words = new Uint32Array(data.buffer, 0, bytes >> 2)
  for (let i = 0, state = n + 1; i < words.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    words[i] = state
  }
  return { ...made(n), data }
}

export function largeContract(promise: Promised): void {
  promise('a message of 20 MB goes through whole, and its neighbours keep their order', async ({ bus, reopen }) => {
    const messages = [made(1), large(2, LARGE_BYTES), made(3), large(4, 3_000_000), made(5)]
    const results = await bus.publish(messages)
    assertAscending(seqsOf(results))
    const subscription = await bus.consume({ durable: 'd', filter: 'events.>' })
    const got = await take(subscription, 5, 'leave')
    assertSame(got, messages)
    assert.deepEqual(seqsOf(got), seqsOf(results))
    const later = await reopen()
    const replayed = await readSome(later, 1, '>', 5)
    assertSame(replayed, messages)
    assert.deepEqual(seqsOf(replayed), seqsOf(results))
    assertSame(await take(await later.consume({ durable: 'd', filter: 'events.>' }), 5, 'ack'), messages)
  })

  promise('a large message published again is a duplicate with the same number', async ({ bus, reopen }) => {
    const message = large(1, 5_000_000)
    const [first] = await bus.publish([message])
    const [again] = await bus.publish([message])
    assert.deepEqual(again, { seq: first!.seq, duplicate: true })
    const later = await reopen()
    const [third, next] = await later.publish([message, made(2)])
    assert.deepEqual(third, { seq: first!.seq, duplicate: true })
    assert.ok(next!.seq > first!.seq)
    assertSame(await take(await later.consume({ durable: 'd', filter: '>' }), 2, 'ack'), [message, made(2)])
  })

  promise('read() from behind a message leads to the large one after it, whole', async ({ bus }) => {
    const messages = [made(1), large(2, 4_000_000), made(3)]
    const [first, second, third] = seqsOf(await bus.publish(messages))
    const [found, after] = await readSome(bus, first! + 1, '>', 2)
    assertSame([found!, after!], messages.slice(1))
    assertSame((await readSome(bus, second!, '>', 2)).slice(0, 1), [messages[1]!])
    assert.equal((await readSome(bus, second! + 1, '>', 1))[0]!.seq, third)
  })

  promise('large messages of several publishers at once stay whole', async ({ bus, reopen }) => {
    const messages = [1, 2, 3].map((n) => large(n, 3_000_000 + n))
    const small = several(10, 60)
    await Promise.all([...messages.map((message) => bus.publish([message])), ...small.map((one) => bus.publish([one]))])
    const subscription = await bus.consume({ durable: 'd', filter: '>', messagesMax: 3 })
    const first = await nextOf(subscription)
    await first.ack()
    const rest = await take(
      await (await reopen()).consume({ durable: 'd', filter: '>' }),
      54 - first.messages.length,
      'leave',
    )
    const got = [...first.messages, ...rest]
    assertAscending(seqsOf(got))
    const byId = (a: Message, b: Message): number => a.id.localeCompare(b.id)
    assertSame([...got].sort(byId), [...messages, ...small].sort(byId))
  })
}
