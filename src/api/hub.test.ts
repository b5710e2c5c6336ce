// The hub's promise: from the number a client says hello with, everything, once, in order, whatever happens meanwhile.
import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import fc from 'fast-check'
import { silentLog } from '../base/log.ts'
import type { ServerMessage } from '../wire/live.ts'
import type { LiveSocket } from './client.ts'
import { fakeStream } from './fixture.test.ts'
import { Hub, type HubLimits, type HubParts } from './hub.ts'

// A socket whose other end may stop taking bytes.
class FakeSocket extends EventEmitter {
  readonly heard: ServerMessage[] = []
  readonly frames: Buffer[] = []
  closed: string | null = null
  pings = 0
  isPaused = false
  #waiting: { readonly frame: Buffer; readonly done: () => void }[] = []

  get bufferedAmount(): number {
    return this.#waiting.reduce((sum, { frame }) => sum + frame.length, 0)
  }
  send(frame: Buffer, _options: object, done: () => void): void {
    this.#waiting.push({ frame, done })
    if (!this.isPaused) setImmediate(() => this.drain())
  }
  drain(): void {
    if (this.isPaused) return
    for (const { frame, done } of this.#waiting.splice(0)) {
      this.frames.push(frame)
      this.heard.push(JSON.parse(frame.toString()))
      done()
    }
  }
  resume(): void {
    this.isPaused = false
    this.drain()
  }
  ping(): void {
    this.pings++
  }
  close(code: number, reason: string): void {
    this.closed = `${code} ${reason}`
  }
  terminate(): void {
    this.closed = 'terminated'
  }
  say(message: unknown): void {
    this.emit('message', Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)), false)
  }
  get seqs(): number[] {
    return this.heard.flatMap((message) => (message.type === 'batch' ? message.items.map(({ seq }) => seq) : []))
  }
  get types(): string[] {
    return this.heard.map(({ type }) => type)
  }
}

const settle = async (turns = 30) => {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
}

function start({
  limits = {},
  step = 3,
  size = 0,
  ...change
}: Partial<HubParts> & { limits?: Partial<HubLimits>; step?: number; size?: number } = {}) {
  const stream = fakeStream(step, size)
  const hub = new Hub({ seq: 0, replay: stream.replay, lastSeq: () => stream.last, log: silentLog, limits, ...change })
  const join = async (from: number | null): Promise<FakeSocket> => {
    const socket = new FakeSocket()
    hub.attach(socket as unknown as LiveSocket)
    socket.say({ type: 'hello', from })
    await settle()
    return socket
  }
  return { stream, hub, join }
}
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + 1 + i)

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
  hub.publish(batch)
  hub.publish(batch)
  const more = stream.next(2)
  hub.publish({ to: more.to, items: [...batch.items.slice(2), ...more.items] })
  await settle()
  assert.deepEqual(socket.seqs, upTo(0, 6))
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
  for (let i = 0; i < 10; i++) hub.publish(stream.next(2))
  for (let i = 0; i < 30; i++) {
    assert.ok(slow.bufferedAmount < 2_000)
    slow.isPaused = false
    slow.drain()
    slow.isPaused = true
    await settle(3)
  }
  assert.deepEqual(slow.seqs, upTo(0, 20))
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

const wrong = [
  '',
  'hello',
  '{}',
  '[]',
  'null',
  '"hello"',
  '{"type":"hello"}',
  '{"type":"hello","from":"1"}',
  '{"type":"hello","from":-1}',
  '{"type":"hello","from":1.5}',
  '{"type":"hello","from":1e300}',
  '{"type":"bye","from":1}',
  '{"type":"hello","from":1',
]
for (const message of wrong)
  test(`a client that says ${JSON.stringify(message)} is closed with a reason`, () => {
    const { hub } = start()
    const socket = new FakeSocket()
    hub.attach(socket as unknown as LiveSocket)
    socket.say(message)
    assert.equal(socket.closed, '1008 expected {"type":"hello","from":<seq>|null}')
    assert.equal(hub.stats().clients, 0)
  })

test('hello twice, bytes, and silence are closed with a reason', async () => {
  const { hub, join } = start({ limits: { helloMsMax: 5 } })
  const twice = await join(null)
  twice.say({ type: 'hello', from: null })
  assert.equal(twice.closed, '1008 hello was said already')
  const bytes = new FakeSocket()
  hub.attach(bytes as unknown as LiveSocket)
  bytes.emit('message', Buffer.from('x'), true)
  assert.equal(bytes.closed, '1003 messages are JSON text')
  const silent = new FakeSocket()
  hub.attach(silent as unknown as LiveSocket)
  await new Promise((resolve) => setTimeout(resolve, 30))
  assert.equal(silent.closed, '1008 no hello came')
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
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { stream, hub } = start({ limits: { bufferBytesMax: 300 }, size: 40, step: 2 })
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
