// How a consumer runs, whatever it does: in order, acked when done, tried again when not, stopped without a loose end.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { running, settled, until } from '../testing/held-clock.ts'
import { made } from '../testing/made-events.ts'
import { failing, MemoryBus } from '../testing/memory-bus.ts'

const events = (from: number, n: number) => Array.from({ length: n }, (_, i) => made(from + i))

test('messages are handled in order, in batches no larger than asked for, and only those it asked for', async () => {
  const seen: number[][] = []
  const bus = new MemoryBus()
  await bus.publish(events(1, 3))
  await bus.publish([{ subject: 'sessions.p.s', id: 'x', data: Buffer.from('{}') }])
  await bus.publish(events(4, 2))
  const { it, acked } = await running(
    { messagesMax: 2, handle: (batch) => void seen.push(batch.map(({ seq }) => seq)) },
    bus,
  )
  await until('all are acked', () => acked() === 6)
  assert.deepEqual(seen, [[1, 2], [3, 5], [6]])
  assert.deepEqual(it.state(), {
    name: 'test',
    handledSeq: 6,
    handled: 5,
    retries: 0,
    dead: 0,
    trouble: null,
  })
  await it.stop()
})

test('what can wait is done when nothing comes any more, once, and at the end', async () => {
  const done: string[] = []
  const { it, bus, clock } = await running({
    handle: (batch) => void done.push(`handled ${batch.length}`),
    rest: () => void done.push('rested'),
  })
  await until('it waits', () => clock.isAsked)
  await bus.publish(events(1, 2))
  await until('it is handled', () => done.length === 1)
  assert.deepEqual(done, ['handled 2'], 'more may come')
  await until('it waits again', () => clock.slept.length === 2)
  clock.move(100)
  await until('it rests', () => done.length === 2)
  await settled()
  assert.equal(clock.slept.length, 2, 'a rest is not repeated')
  await bus.publish(events(3, 1))
  await until('it goes on', () => done.length === 3)
  await it.stop()
  assert.deepEqual(done, ['handled 2', 'rested', 'handled 1', 'rested'])
})

test('a rest that fails is said once, holds up nothing, and is tried again later and later, until it is done', async () => {
  let rests = 0
  const { it, bus, clock, log, acked } = await running({
    rest() {
      if (++rests <= 3) throw new Error('the bus is full')
    },
  })
  await until('it waits', () => clock.isAsked)
  clock.move(100)
  await until('it was said', () => it.state().trouble === 'test: the bus is full')
  await bus.publish(events(1, 1))
  await until('what came meanwhile is acked', () => acked() === 1)
  for (let n = 2; n <= 4; n++) {
    await until(`it waits for try ${n}`, () => clock.isAsked)
    clock.move(100)
    await until(`try ${n}`, () => rests === n)
  }
  await until('all is well', () => it.state().trouble === null)
  assert.equal(log.lines.length, 2, 'once a rest')
  await it.stop()
})

test('nothing is acked before it is handled', async () => {
  const inHand = Promise.withResolvers<void>()
  let began = false
  const { it, bus, acked } = await running({
    handle: () => {
      began = true
      return inHand.promise
    },
  })
  await bus.publish(events(1, 2))
  await until('it is in hand', () => began)
  await settled()
  assert.deepEqual([acked(), it.state().handled], [0, 0])
  inHand.resolve()
  await until('it is acked', () => acked() === 2)
  await it.stop()
})

test('what the machine refuses is tried again with the same messages, later and later, said once, and acked when it works', async () => {
  const tries: string[][] = []
  const { it, bus, clock, log, acked } = await running({
    handle(batch) {
      tries.push(batch.map(({ id }) => id))
      if (tries.length <= 9) throw Object.assign(new Error('the disk is full'), { code: 'ENOSPC', syscall: 'write' })
    },
  })
  const batch = events(1, 2)
  await bus.publish(batch)
  for (let attempt = 1; attempt <= 9; attempt++) {
    await until(`try ${attempt} failed`, () => tries.length === attempt && clock.isAsked)
    assert.deepEqual([acked(), it.state().trouble], [0, 'test: the disk is full'])
    clock.move(0)
  }
  await until('it is acked', () => acked() === 2)
  assert.deepEqual(clock.slept, [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000])
  assert.deepEqual(tries, Array(10).fill(batch.map(({ id }) => id)))
  assert.deepEqual(log.lines, ['warn: consumer: could not handle messages; trying again until it can'])
  assert.equal(it.state().trouble, null)
  await it.stop()
})

test('one that always fails never acks, stops when told to, and finds its messages again', async () => {
  const first = await running({
    handle: async () => {
      throw new Error('never')
    },
  })
  await first.bus.publish(events(1, 3))
  await until('it has failed', () => first.clock.isAsked)
  await first.it.stop()
  assert.equal(first.acked(), 0)
  const seen: number[] = []
  const second = await running({ handle: (batch) => void seen.push(...batch.map(({ seq }) => seq)) }, first.bus)
  await until('they are acked', () => second.acked() === 3)
  assert.deepEqual(seen, [1, 2, 3])
  await second.it.stop()
})

test('what was handled is made safe before it is acked', async () => {
  const steps: string[] = []
  const bus = new MemoryBus()
  bus.before.ack = (seq) => void steps.push(`ack ${seq}`)
  const { it, acked } = await running(
    { handle: (batch) => void steps.push(`handle ${batch.at(-1)!.seq}`), settle: () => void steps.push('settle') },
    bus,
  )
  await bus.publish(events(1, 2))
  await until('it is acked', () => acked() === 2)
  assert.deepEqual(steps, ['handle 2', 'settle', 'ack 2'])
  await it.stop()
})

test('what cannot be made safe is not acked, and said', async () => {
  let isBroken = true
  const { it, bus, clock, log, acked } = await running({
    settle: () => {
      if (isBroken) throw new Error('I/O error')
    },
  })
  await bus.publish(events(1, 2))
  await until('it is handled', () => it.state().handled === 2 && it.state().trouble !== null)
  assert.deepEqual([acked(), it.state().trouble], [0, 'test: I/O error'])
  assert.match(log.lines.join(), /^warn: consumer: could not ack/)
  isBroken = false
  clock.move(60_000)
  await bus.publish(events(3, 1))
  await until('the next ack covers both', () => acked() === 3)
  assert.equal(it.state().trouble, null)
  await it.stop()
})

test('settling is not done for every batch: at most every half second, and at the end', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let settles = 0
  const { it, bus, clock, acked } = await running({ messagesMax: 1, settle: () => void settles++ })
  await bus.publish(events(1, 4))
  await until('all are handled', () => it.state().handled === 4)
  assert.deepEqual([settles, acked()], [1, 1])
  clock.now = 500
  t.mock.timers.tick(500)
  await until('those that waited are acked together', () => acked() === 4)
  assert.equal(settles, 2)
  await bus.publish(events(5, 1))
  await until('it is handled', () => it.state().handled === 5)
  await it.stop()
  assert.deepEqual([settles, acked()], [3, 5], 'stopping does not leave the last ones to come again')
})

test('stopping waits for what is in hand, acks it, and touches nothing afterwards', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const inHand = Promise.withResolvers<void>()
  let stopped = false
  const late: string[] = []
  const { it, bus, acked } = await running({
    messagesMax: 1,
    handle: ([message]) => (message!.seq === 2 ? inHand.promise : undefined),
    settle: () => void (stopped && late.push('settle')),
  })
  bus.before.ack = () => void (stopped && late.push('ack'))
  await bus.publish(events(1, 3))
  await until('the first is acked and the second in hand', () => acked() === 1 && it.state().handled === 1)
  const stopping = it.stop()
  await settled()
  inHand.resolve()
  await stopping
  stopped = true
  assert.equal(acked(), 2)
  t.mock.timers.tick(60_000)
  await settled()
  assert.deepEqual(late, [])
})

test('handling goes on while what was handled is made safe, one settling at a time, and stopping waits for it', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const settles: PromiseWithResolvers<void>[] = []
  const settle = () => {
    settles.push(Promise.withResolvers<void>())
    return settles.at(-1)!.promise
  }
  const { it, bus, clock, acked } = await running({ messagesMax: 1, settle })
  await bus.publish(events(1, 3))
  await until('all are handled', () => it.state().handled === 3)
  await settled()
  assert.deepEqual([settles.length, acked()], [1, 0])
  settles[0]!.resolve()
  await until('what was handled before is acked, and no more', () => acked() === 1)
  await settled()
  clock.now = 500
  t.mock.timers.tick(500)
  await until('the rest is being made safe', () => settles.length === 2)
  let isStopped = false
  const stopping = it.stop().then(() => {
    isStopped = true
  })
  await settled()
  assert.deepEqual([acked(), isStopped], [1, false])
  settles[1]!.resolve()
  await stopping
  assert.deepEqual([acked(), settles.length], [3, 2])
})

test('in a burst the next batch is let grow for a moment; a few messages never wait', async () => {
  const { it, bus, clock, acked } = await running({})
  await bus.publish(events(1, 3))
  await until('they are acked', () => acked() === 3)
  assert.deepEqual(clock.slept, [])
  clock.now += 20
  await bus.publish(events(10, 300))
  await until('it waits', () => acked() === 303 && clock.isAsked)
  assert.deepEqual(clock.slept, [40])
  await it.stop()
})

for (const [what, settle] of [
  ['settles', () => {}],
  ['does not settle', undefined],
] as const)
  test(`an ack that fails does not end a consumer that ${what}: the next one covers it`, async () => {
    const bus = new MemoryBus()
    const { it, clock, log, acked } = await running(settle ? { settle } : {}, bus)
    bus.before.ack = failing('the bus is away')
    await bus.publish(events(1, 2))
    await until('the ack failed', () => it.state().trouble === 'test: the bus is away')
    assert.equal(acked(), 0)
    bus.before = {}
    clock.move(60_000)
    await bus.publish(events(3, 1))
    await until('all are acked', () => acked() === 3)
    assert.deepEqual([it.state().handled, it.state().trouble], [3, null])
    assert.equal(log.lines.length, 1)
    await it.stop()
  })

test('a stream that cannot be read is said and read again from the last ack, however long it takes', async () => {
  const bus = new MemoryBus()
  bus.before.next = failing('I/O error')
  const seen: number[] = []
  const { it, log, clock, acked } = await running(
    { handle: (batch) => void seen.push(...batch.map(({ seq }) => seq)) },
    bus,
  )
  await bus.publish(events(1, 2))
  for (let n = 1; n <= 3; n++) {
    await until(`try ${n}`, () => clock.slept.length === n && clock.isAsked)
    assert.equal(it.state().trouble, 'test: I/O error')
    clock.move(0)
  }
  bus.before = {}
  await until('they are acked', () => acked() === 2)
  assert.deepEqual([seen, it.state().trouble], [[1, 2], null])
  assert.deepEqual(log.lines, ['warn: consumer: could not read the stream; trying again until it can'])
  await it.stop()
})

test('an ack that fails is tried again by itself, when nothing else comes', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const bus = new MemoryBus()
  const { it, clock, acked } = await running({ settle: () => {} }, bus)
  bus.before.ack = failing('the bus is away')
  await bus.publish(events(1, 2))
  await until('the ack failed', () => it.state().trouble !== null)
  bus.before = {}
  clock.now = 60_000
  t.mock.timers.tick(60_000)
  await until('they are acked', () => acked() === 2)
  await it.stop()
})

test('a clock that is set back holds up no ack', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { it, bus, clock, acked } = await running({ messagesMax: 1, settle: () => {} })
  await bus.publish(events(1, 1))
  await until('the first is acked', () => acked() === 1)
  clock.wallMs = -3_600_000
  clock.now = 500
  await bus.publish(events(2, 1))
  t.mock.timers.tick(500)
  await until('the second is acked', () => acked() === 2)
  await it.stop()
})
