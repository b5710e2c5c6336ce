// The hub's promise: from the number a client says hello with, everything, once, in order, whatever happens meanwhile.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { silentLog } from '../base/log.ts'
import type { LiveSocket } from './client.ts'
import { fakeStream } from './fixture.test.ts'
import type { HubParts } from './hub.ts'
import { FakeSocket, settle, startHub as start, upTo } from './sockets.test.ts'

test('a client from now on hears everything after hello, and nothing before', async () => {
  const { stream, hub, join } = start()
  hub.publish(stream.next(5))
  const socket = await join(null)
  hub.publish(stream.next(4))
  await settle()
  assert.deepEqual(socket.heard[0], { type: 'welcome', seq: 5, from: 5 })
  assert.deepEqual(socket.seqs, [6, 7, 8, 9])
  assert.equal(stream.reads, 0)
})

test('"from now on" includes what comes while the server looks up how far the stream is', async () => {
  const { promise, resolve } = Promise.withResolvers<number>()
  const { stream, hub, join } = start({ lastSeq: () => promise })
  hub.publish(stream.next(5))
  const socket = await join(null)
  hub.publish(stream.next(2))
  resolve(7)
  await settle()
  assert.deepEqual(socket.seqs, [6, 7])
})

test('a client from an earlier number gets the rest from the replay and then goes on live', async () => {
  const { stream, hub, join } = start()
  hub.publish(stream.next(10))
  const socket = await join(2)
  hub.publish(stream.next(2))
  await settle()
  assert.deepEqual(socket.types, ['welcome', 'batch', 'batch', 'batch', 'caught_up', 'batch'])
  assert.deepEqual(socket.seqs, upTo(2, 12))
})

test('a client that knows more than was given out yet gets only what it does not know', async () => {
  const { stream, hub, join } = start()
  const first = stream.next(4)
  const second = stream.next(4)
  const socket = await join(6)
  const other = await join(0)
  hub.publish(first)
  hub.publish(second)
  await settle()
  assert.deepEqual(socket.seqs, [7, 8])
  assert.deepEqual(other.seqs, upTo(0, 8))
})

test('a batch is written once and the same bytes go to every client', async () => {
  const { stream, hub, join } = start()
  const sockets = [await join(null), await join(null), await join(0)]
  hub.publish(stream.next(3))
  await settle()
  assert.ok(sockets[0]!.frames[1] === sockets[1]!.frames[1] && sockets[1]!.frames[1] === sockets[2]!.frames[1])
})

test('what the consumer hands over twice is given out once', async () => {
  const { stream, hub, join } = start()
  const socket = await join(null)
  const batch = stream.next(4)
  const other = await join(null)
  hub.publish(batch)
  hub.publish(batch)
  hub.publish({ to: 2, items: batch.items.slice(0, 2) })
  assert.equal(hub.seq, 4)
  const more = stream.next(2)
  hub.publish({ to: more.to, items: [...batch.items.slice(2), ...more.items] })
  await settle()
  assert.deepEqual(socket.seqs, upTo(0, 6))
  assert.ok(socket.frames.at(-1) === other.frames.at(-1), 'and still written once')
})

test('a slow client is told so, leaves the others alone, and catches up without gap or repeat', async () => {
  const { stream, hub, join } = start({ limits: { bufferBytesMax: 2_000 }, size: 200 })
  const [slow, quick] = [await join(null), await join(null)]
  slow.isPaused = true
  for (let i = 0; i < 20; i++) {
    hub.publish(stream.next(2))
    await settle(1)
  }
  assert.ok(slow.bufferedAmount <= 2_100, `${slow.bufferedAmount} bytes wait for a slow client`)
  assert.deepEqual([hub.stats().clients, hub.stats().live, hub.stats().turnedBehind], [2, 1, 1])
  assert.deepEqual(quick.seqs, upTo(0, 40))
  slow.resume()
  await settle(100)
  hub.publish(stream.next(2))
  await settle()
  assert.deepEqual(slow.seqs, upTo(0, 42))
  assert.deepEqual(
    slow.types.filter((type) => type !== 'batch'),
    ['welcome', 'behind', 'caught_up'],
  )
  assert.equal(hub.stats().live, 2)
  const behind = slow.heard.find((message) => message.type === 'behind')
  assert.ok(behind?.type === 'behind' && behind.lag === 2)
})

test('a slow client never has more than one batch of the replay waiting', async () => {
  const { stream, hub, join } = start({ limits: { bufferBytesMax: 1_000 }, size: 200, step: 2 })
  const slow = await join(null)
  slow.isPaused = true
  slow.onlyOne = true
  for (let i = 0; i < 10; i++) hub.publish(stream.next(2))
  let waited = slow.bufferedAmount
  for (let i = 0; i < 30; i++) {
    slow.isPaused = false
    slow.drain()
    slow.isPaused = true
    await settle()
    assert.ok(slow.bufferedAmount < Math.max(waited, 700), `${slow.bufferedAmount} bytes wait`)
    waited = slow.bufferedAmount
  }
  assert.deepEqual(slow.seqs, upTo(0, 20))
})

test('a replay that goes on live is stopped once the client has caught up', async () => {
  let signal: AbortSignal | undefined
  const stream = fakeStream(3, 0, true)
  const { hub, join } = start({
    lastSeq: () => stream.last,
    replay: (from, stop) => {
      signal = stop
      return stream.replay(from, stop)
    },
  })
  hub.publish(stream.next(10))
  const socket = await join(0)
  assert.deepEqual([signal?.aborted, hub.stats().live, socket.seqs], [true, 1, upTo(0, 10)])
})

test('what comes while a replay runs that ends at what was there before is not missed', async () => {
  const { stream, hub } = start({ step: 2 })
  hub.publish(stream.next(10))
  const socket = new FakeSocket()
  hub.attach(socket as unknown as LiveSocket)
  socket.say({ type: 'hello', from: 0 })
  await settle(4)
  assert.ok(socket.seqs.length > 0 && socket.seqs.length < 10, 'the replay is under way')
  hub.publish(stream.next(3))
  await settle()
  hub.publish(stream.next(1))
  await settle()
  assert.deepEqual(socket.seqs, upTo(0, 14))
})

test('a replay that begins before it was asked repeats nothing', async () => {
  const stream = fakeStream(4)
  const { hub, join } = start({
    lastSeq: () => stream.last,
    replay: (from, stop) => stream.replay(Math.max(0, from - 2), stop),
  })
  hub.publish(stream.next(10))
  assert.deepEqual((await join(5)).seqs, upTo(5, 10))
})

test('one batch larger than the limit still reaches a client that waits for nothing', async () => {
  const { stream, hub, join } = start({ limits: { bufferBytesMax: 100 }, size: 500 })
  const socket = await join(null)
  hub.publish(stream.next(3))
  await settle()
  assert.deepEqual([socket.seqs, hub.stats().turnedBehind], [[1, 2, 3], 0])
})

test('a number that is no longer kept is answered with reset, after which the client may say hello again', async () => {
  const { stream, hub, join } = start()
  hub.publish(stream.next(10))
  stream.first = 6
  const socket = await join(2)
  assert.deepEqual(socket.heard.at(-1), { type: 'reset', first: 6, seq: 10 })
  assert.equal(hub.isListening(), false)
  socket.say({ type: 'hello', from: 8 })
  await settle()
  assert.deepEqual(socket.seqs, [9, 10])
  assert.equal(socket.closed, null)
})

test('a number beyond the end is one of another stream: reset', async () => {
  const { stream, hub, join } = start()
  hub.publish(stream.next(3))
  assert.deepEqual((await join(99)).heard, [{ type: 'reset', first: 4, seq: 3 }])
})

test('a replay that fails or ends too early cuts the client off with a reason, instead of a gap', async () => {
  const endsEarly: HubParts['replay'] = async function* () {
    yield { to: 3, items: [] }
  }
  const fails: HubParts['replay'] = async function* () {
    yield { to: 3, items: [] }
    throw new Error('disk')
  }
  for (const replay of [endsEarly, fails]) {
    const warned: string[] = []
    const { stream, hub, join } = start({ replay, log: { ...silentLog, warn: (_, message) => warned.push(message) } })
    hub.publish(stream.next(10))
    const socket = await join(0)
    assert.match(socket.closed!, /^1011 /)
    assert.equal(warned.length, 1)
    assert.equal(hub.stats().clients, 0)
  }
})

test('a replay stops when its client leaves', async () => {
  let signal: AbortSignal | undefined
  const { stream, hub, join } = start({
    replay: async function* (_from, stop) {
      signal = stop
      yield { to: 1, items: [] }
      await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve()))
    },
  })
  hub.publish(stream.next(10))
  const socket = await join(0)
  assert.equal(signal?.aborted, false)
  socket.emit('close')
  await settle()
  assert.deepEqual([signal?.aborted, hub.stats().clients], [true, 0])
})

test('more clients than the limit are told to try later', async () => {
  const { hub, join } = start({ limits: { clientsMax: 1 } })
  await join(null)
  const late = new FakeSocket()
  assert.equal(hub.attach(late as unknown as LiveSocket), null)
  assert.equal(late.closed, '1013 there are 1 clients already')
  assert.equal(hub.stats().refused, 1)
})

test('the heartbeat cuts off who neither answers nor takes anything, and moves quiet clients on', async () => {
  const { stream, hub, join } = start()
  const [quiet, dead, answers] = [await join(null), await join(null), await join(null)]
  hub.beat()
  answers.emit('pong')
  quiet.emit('pong')
  hub.publish({ to: stream.next(5).to, items: [] })
  dead.isPaused = true
  hub.beat()
  await settle()
  assert.deepEqual([quiet.closed, dead.closed, answers.closed], [null, 'terminated', null])
  assert.deepEqual(quiet.heard.at(-1), { type: 'batch', to: 5, items: [] })
  assert.equal(hub.stats().clients, 2)
})

test('everything, once, in order, for every interleaving of publishing, joining, stalling and leaving', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 4 }) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('publish' as const), again: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('join' as const), back: fc.option(fc.nat(12)) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('stall' as const), who: fc.nat(5) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('resume' as const), who: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), who: fc.nat(5) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), turns: fc.integer({ min: 1, max: 4 }) }) },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (steps, goesOn) => {
      const { stream, hub } = start({ limits: { bufferBytesMax: 300 }, size: 40, step: 2, goesOn })
      const pending: ReturnType<typeof stream.next>[] = []
      let published: ReturnType<typeof stream.next> | undefined
      const clients: { readonly socket: FakeSocket; readonly from: number; left: boolean }[] = []
      for (const one of steps) {
        const client = 'who' in one ? clients[one.who % Math.max(1, clients.length)] : undefined
        if (one.do === 'append') pending.push(stream.next(one.count))
        else if (one.do === 'publish') {
          const batch = one.again ? published : pending.shift()
          if (batch) hub.publish(batch)
          published = batch
        } else if (one.do === 'join') {
          const socket = new FakeSocket()
          // As many behind the end of the stream as asked for, or from now on.
          const from = one.back === null ? null : Math.max(0, stream.last - one.back)
          hub.attach(socket as unknown as LiveSocket)
          clients.push({ socket, from: from ?? hub.seq, left: false })
          socket.say({ type: 'hello', from })
        } else if (one.do === 'stall' && client) client.socket.isPaused = true
        else if (one.do === 'resume' && client) client.socket.resume()
        else if (one.do === 'leave' && client) {
          client.left = true
          client.socket.emit('close')
        } else if (one.do === 'wait') await settle(one.turns)
      }
      for (const batch of pending) hub.publish(batch)
      for (const { socket } of clients) socket.resume()
      await settle(80)
      for (const { socket, from, left } of clients) {
        const wanted = upTo(from, stream.last)
        if (left) assert.deepEqual(socket.seqs, wanted.slice(0, socket.seqs.length))
        else assert.deepEqual(socket.seqs, wanted, `from ${from}: ${socket.types}`)
      }
      assert.equal(hub.stats().live, clients.filter(({ left }) => !left).length)
    }),
    { numRuns: 400 },
  )
})
