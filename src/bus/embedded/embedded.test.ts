// The embedded bus keeps the contract, from the process that holds the folder and from one that is linked to it; and it survives what
// only files can suffer: torn ends, full disks, kill -9.
import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { busContract } from '../bus.contract.ts'
import type { Bus, Message } from '../bus.ts'
import { connectEmbeddedBus } from './client.ts'
import { type EmbeddedOptions, openEmbeddedBus } from './embedded.ts'

const SMALL: EmbeddedOptions = { segmentBytes: 64 * 1024, retainBytes: 128 * 1024 }
const folder = () => mkdtempSync(join(tmpdir(), 'openstory-bus-'))
const messages = (from: number, n: number, bytes = 200): Message[] =>
  Array.from({ length: n }, (_, i) => ({
    subject: 'events.p.s.main',
    id: `m${from + i}`,
    data: Buffer.alloc(bytes, 65 + ((from + i) % 26)),
  }))

// More than is retained comes and is taken by the only durable, so that the oldest segments go.
async function loseOldest(bus: Bus): Promise<void> {
  for (let i = 0; i < 20; i++) await bus.publish(messages(1_000_000 + i, 1, 32 * 1024))
  const subscription = await bus.consume({ durable: 'loser', filter: '>' })
  const { lastSeq } = await bus.state()
  for (let seq = 0; seq < lastSeq; ) {
    const batch = await subscription.next()
    seq = batch!.messages.at(-1)!.seq
    await batch!.ack()
  }
  await subscription.stop()
  await bus.forget('nobody')
}

busContract('embedded, held', async () => {
  const dir = folder()
  let bus = await openEmbeddedBus(dir, SMALL)
  return {
    bus,
    loseOldest,
    async reopen() {
      await bus.close()
      bus = await openEmbeddedBus(dir, SMALL)
      return bus
    },
    async destroy() {
      await bus.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
})

busContract('embedded, linked', async () => {
  const dir = folder()
  let holder = await openEmbeddedBus(dir, SMALL)
  let bus = connectEmbeddedBus(dir)
  return {
    bus,
    loseOldest,
    async reopen() {
      await bus.close()
      await holder.close()
      holder = await openEmbeddedBus(dir, SMALL)
      bus = connectEmbeddedBus(dir)
      return bus
    },
    async destroy() {
      await bus.close()
      await holder.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
})

async function withFolder(run: (dir: string) => Promise<void>): Promise<void> {
  const dir = folder()
  try {
    await run(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const segments = (dir: string) => readdirSync(dir).filter((name) => name.endsWith('.seg'))

async function takeAll(bus: Bus, durable: string, n: number): Promise<string[]> {
  const subscription = await bus.consume({ durable, filter: 'events.>' })
  const ids: string[] = []
  while (ids.length < n) {
    const batch = await subscription.next()
    ids.push(...batch!.messages.map(({ id }) => id))
    await batch!.ack()
  }
  await subscription.stop()
  return ids
}

test('a torn record at the end of the stream is cut off and what was answered before it is all there', () =>
  withFolder(async (dir) => {
    const bus = await openEmbeddedBus(dir)
    await bus.publish(messages(0, 10))
    await bus.close()
    const last = join(dir, segments(dir).at(-1)!)
    const whole = statSync(last).size
    appendFileSync(last, Buffer.from([200, 0, 0, 0, 1, 2, 3, 4, 9, 9]))
    const again = await openEmbeddedBus(dir)
    assert.equal(statSync(last).size, whole)
    assert.deepEqual(await again.publish(messages(10, 1)), [{ seq: 11, duplicate: false }])
    assert.deepEqual(
      await takeAll(again, 'd', 11),
      messages(0, 11).map(({ id }) => id),
    )
    await again.close()
  }))

test('segments go once every durable is past them, and not before', () =>
  withFolder(async (dir) => {
    const bus = await openEmbeddedBus(dir, { segmentBytes: 20_000, retainBytes: 1 })
    const slow = await bus.consume({ durable: 'slow', filter: 'events.>' })
    for (let i = 0; i < 20; i++) await bus.publish(messages(i * 50, 50))
    await takeAll(bus, 'quick', 1_000)
    await bus.forget('nobody') // looks at what may go
    assert.ok(segments(dir).length > 5, 'the slow one still needs them')
    assert.equal((await bus.state()).firstSeq, 1)
    await slow.stop()
    assert.equal((await takeAll(bus, 'slow', 1_000)).length, 1_000)
    await bus.forget('nobody')
    assert.ok(segments(dir).length <= 2, `only the newest are kept: ${segments(dir)}`)
    await bus.close()
  }))

test('old messages that cannot be removed for now stop nobody: not a publisher, not the process', () =>
  withFolder(async (dir) => {
    const bus = await openEmbeddedBus(dir, { segmentBytes: 10_000, retainBytes: 1 })
    await bus.publish(messages(0, 10))
    renameSync(join(dir, 'cursors'), join(dir, 'away'))
    writeFileSync(join(dir, 'cursors'), 'a file where the folder was')
    for (let i = 1; i < 20; i++) await bus.publish(messages(i * 10, 10))
    rmSync(join(dir, 'cursors'))
    renameSync(join(dir, 'away'), join(dir, 'cursors'))
    assert.equal((await takeAll(bus, 'd', 200)).length, 200)
    await bus.forget('nobody')
    assert.ok(segments(dir).length <= 2, 'they go another time')
    await bus.close()
  }))

test('how long the oldest message waits is said, by whoever is furthest behind; nothing waits when all is taken', () =>
  withFolder(async (dir) => {
    const bus = await openEmbeddedBus(dir, { segmentBytes: 10_000 })
    const [slow, quick] = [await bus.consume({ durable: 'slow', filter: '>' }), 'quick']
    await slow.stop()
    for (let i = 0; i < 10; i++) await bus.publish(messages(i * 10, 10))
    await takeAll(bus, quick, 100)
    const { oldestMs } = await bus.state()
    assert.ok(typeof oldestMs === 'number' && oldestMs >= 0 && oldestMs < 600_000)
    await takeAll(bus, 'slow', 100)
    assert.equal((await bus.state()).oldestMs, null)
    await bus.close()
  }))

test('publish waits while the stream is full of messages nobody has taken, and goes on when someone takes them', () =>
  withFolder(async (dir) => {
    const bus = await openEmbeddedBus(dir, { segmentBytes: 10_000, retainBytes: 1, backlogBytesMax: 50_000 })
    await (await bus.consume({ durable: 'd', filter: 'events.>' })).stop()
    let published = 0
    const publishing = (async () => {
      for (let i = 0; i < 40; i++) {
        await bus.publish(messages(i * 10, 10))
        published++
      }
    })()
    await new Promise((resolve) => setTimeout(resolve, 300))
    const waiting = published
    assert.ok(waiting < 40, 'it must not take everything')
    assert.ok((await bus.state()).bytes < 80_000)
    assert.equal((await takeAll(bus, 'd', 400)).length, 400)
    await publishing
    assert.equal(published, 40)
    await bus.close()
  }))

test('a linked process goes on publishing when the holder is gone for a while, and nothing is lost or doubled', () =>
  withFolder(async (dir) => {
    let holder = await openEmbeddedBus(dir)
    const guest = connectEmbeddedBus(dir)
    await guest.publish(messages(0, 5))
    await holder.close()
    const late = guest.publish(messages(5, 5))
    await new Promise((resolve) => setTimeout(resolve, 50))
    holder = await openEmbeddedBus(dir)
    assert.deepEqual(
      (await late).map(({ seq }) => seq),
      [6, 7, 8, 9, 10],
    )
    assert.deepEqual(
      await takeAll(guest, 'd', 10),
      messages(0, 10).map(({ id }) => id),
    )
    await guest.close()
    await holder.close()
  }))

test('a data folder with a very long path works', () =>
  withFolder(async (dir) => {
    const deep = join(dir, 'a'.repeat(100), 'b'.repeat(100))
    const holder = await openEmbeddedBus(deep)
    const guest = connectEmbeddedBus(deep)
    assert.equal((await guest.publish(messages(0, 1)))[0]!.seq, 1)
    await guest.close()
    await holder.close()
  }))
