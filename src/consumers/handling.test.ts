// What is set aside and what never is: poison goes, the machine is waited for, and a consumer that fails for everything loses nothing.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mock, type TestContext, test } from 'node:test'
import type { Delivered } from '../bus/bus.ts'
import { BusError } from '../bus/bus.ts'
import { openDeadLetters } from '../stores/log/dead-letters.ts'
import { running, until } from '../testing/held-clock.ts'
import { made } from '../testing/made-events.ts'
import { MemoryBus } from '../testing/memory-bus.ts'

mock.timers.enable({ apis: ['setInterval'] })

const events = (from: number, n: number) => Array.from({ length: n }, (_, i) => made(from + i))

interface Wanted {
  readonly poison?: (seq: number) => boolean
  readonly machine?: () => Error | null
}

// A consumer over `n` messages that throws where it is told to; time passes by itself.
async function failing(t: TestContext, n: number, wanted: Wanted = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-dead-'))
  const dead = openDeadLetters(dir, 'test')
  const bus = new MemoryBus()
  const seen = new Map<number, number>() // seq → how often it was handled
  const calls: number[] = []
  const now = { ...wanted }
  const handle = (messages: readonly Delivered[]) => {
    calls.push(messages.length)
    const error = now.machine?.()
    if (error) throw error
    for (const { seq } of messages) if (now.poison?.(seq)) throw new TypeError(`cannot read ${seq}`)
    for (const { seq } of messages) seen.set(seq, (seen.get(seq) ?? 0) + 1)
  }
  await bus.publish(events(1, n))
  const it = await running({ handle }, bus, { dead })
  let passing = true
  const pass = () => {
    if (it.clock.isAsked) it.clock.move(0)
    mock.timers.tick(1_000)
    if (passing) setImmediate(pass)
  }
  pass()
  t.after(async () => {
    passing = false
    await it.it.stop()
    rmSync(dir, { recursive: true })
  })
  return { ...it, bus, dead, seen, calls, now, dir, path: join(dir, 'test.jsonl') }
}

test('one poisonous event among a thousand is found by halving, tried several times, set aside whole, and all others are handled once in order', async (t) => {
  const { it, acked, dead, seen, calls, log, path } = await failing(t, 1_000, { poison: (seq) => seq === 617 })
  await until('all is acked', () => acked() === 1_000)
  assert.deepEqual([seen.size, seen.has(617), Math.max(...seen.values())], [999, false, 1])
  assert.deepEqual(
    [...seen.keys()],
    [...seen.keys()].sort((a, b) => a - b),
  )
  assert.ok(calls.length < 40, `${calls.length} tries`)
  assert.ok(calls.filter((n) => n === 1).length >= 5, 'the event by itself was tried five times')
  assert.deepEqual([it.state().dead, it.state().retries, it.state().trouble], [1, 0, null])
  const letter = JSON.parse(readFileSync(path, 'utf8'))
  assert.deepEqual([letter.consumer, letter.seq, letter.round, letter.error], ['test', 617, 1, 'cannot read 617'])
  assert.ok(letter.attempts >= 5)
  assert.equal(letter.event, made(617).text, 'byte for byte')
  assert.match(log.lines.join(), /error: consumer: set aside events it cannot handle; see openstory doctor/)
  assert.equal(dead.count(), 1)
})

const refusals = [
  ['a locked database', () => Object.assign(new Error('database is locked'), { code: 'ERR_SQLITE_ERROR', errcode: 5 })],
  ['a full disk, by SQLite', () => Object.assign(new Error('database or disk is full'), { errcode: 13 })],
  ['a device that does not write, by SQLite', () => Object.assign(new Error('disk I/O error'), { errcode: 778 })],
  ['a full disk', () => Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' })],
  ['a device that does not read', () => Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'read' })],
  [
    '… behind a sentence of ours',
    () => new Error('the log', { cause: Object.assign(new Error('EIO'), { code: 'EIO', syscall: 'read' }) }),
  ],
  ['a bus that is away', () => new BusError('the bus is closed')],
] as const
for (const [what, refusal] of refusals)
  test(`${what} is nobody’s poison: it is waited for without limit, and said`, async (t) => {
    let isBroken = true
    const { it, acked, dead, seen, calls, now } = await failing(t, 3, { machine: () => (isBroken ? refusal() : null) })
    await until('it was tried often', () => calls.length > 50)
    assert.deepEqual([acked(), dead.count(), seen.size], [0, 0, 0])
    assert.ok(it.state().retries > 40 && it.state().trouble !== null)
    isBroken = false
    now.machine = () => null
    await until('all is acked', () => acked() === 3)
    assert.deepEqual([it.state().retries, it.state().trouble], [0, null])
  })

test('a disk that is full while the batch is halved is waited for, and then poison is still found', async (t) => {
  let tries = 0
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', syscall: 'write' })
  const { acked, dead, seen } = await failing(t, 64, {
    poison: (seq) => seq === 40,
    machine: () => (++tries > 5 && tries < 30 ? full : null),
  })
  await until('all is acked', () => acked() === 64)
  assert.deepEqual([dead.count(), seen.size], [1, 63])
})

test('a dead letter that cannot be written is not acked', async (t) => {
  const { acked, dead, dir, path, seen } = await failing(t, 4, { poison: (seq) => seq === 2 && !dirIsBroken() })
  let broken = false
  function dirIsBroken() {
    return broken
  }
  rmSync(dir, { recursive: true })
  writeFileSync(dir, 'a file where the folder was')
  await until('the others are handled', () => seen.size === 3)
  assert.equal(acked(), 0)
  rmSync(dir)
  broken = false
  await until('all is acked', () => acked() === 4)
  assert.equal(dead.count(), 1)
  assert.match(readFileSync(path, 'utf8'), /cannot read 2/)
})

test('a consumer that fails for everything goes on to the next events, and when it works again has them all by itself', async (t) => {
  const { it, acked, bus, dead, seen, now } = await failing(t, 30, { poison: () => true })
  await until('they are set aside', () => acked() === 30)
  assert.equal(dead.count(), 30)
  now.poison = () => false
  await bus.publish(events(31, 1))
  await until('it works again', () => acked() === 31)
  await until('what was set aside came again', () => seen.size === 31)
  await until('nothing is left', () => it.state().dead === 0)
})

test('one event alone that fails is tried once more when the next one goes, and then not again for an hour', async (t) => {
  const { it, acked, bus, dead, path, now, seen } = await failing(t, 1, { poison: (seq) => seq === 1 })
  await until('it is set aside', () => acked() === 1 && dead.count() === 1)
  await bus.publish(events(2, 1))
  await until('it was tried once more', () => dead.count() === 1 && JSON.parse(readFileSync(path, 'utf8')).round === 2)
  now.poison = (seq) => seq === 1 || seq === 3
  await bus.publish(events(3, 1))
  await until('another is set aside', () => dead.count() === 2)
  await bus.publish(events(4, 1))
  await until('it goes on', () => acked() === 4)
  assert.deepEqual([dead.isAsked(), it.state().dead, seen.size], [false, 2, 2])
})

test('what is asked for again and fails again is set aside again and says how often; it does not come by itself', async (t) => {
  const { it, acked, dead, seen, now, bus, path } = await failing(t, 5, { poison: (seq) => seq < 5 })
  await until('four are set aside', () => acked() === 5 && dead.count() === 4)
  now.poison = (seq) => seq === 1
  assert.equal(dead.ask(), 4)
  await until('three are handled', () => seen.size === 4)
  await until('one is left', () => dead.count() === 1 && !dead.isAsked())
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).round, 2)
  await bus.publish(events(6, 1))
  await until('it goes on', () => acked() === 6)
  assert.deepEqual([dead.isAsked(), it.state().dead], [false, 1])
})

test('an event that is set aside twice is one letter; a letter torn by a crash is no letter and stands in no other’s way', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-dead-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const dead = openDeadLetters(dir, 'test')
  const letter = (n: number) => ({
    ...{ consumer: 'test', id: `id-${n}`, subject: 's', seq: n, publishedMs: 1, attempts: 5, round: 1 },
    ...{
      at: '2026-03-14T09:00:00.000Z',
      error: 'no',
      data: n === 2 ? Buffer.from([0xff, 0xfe]) : Buffer.from(`{"n":${n}}`),
    },
  })
  dead.add([letter(1)])
  dead.add([letter(1), letter(2)])
  writeFileSync(join(dir, 'test.jsonl'), '{"consumer":"test","id":"to', { flag: 'a' })
  dead.add([letter(3)])
  assert.equal(dead.count(), 3)
  assert.equal(dead.ask(), 3)
  assert.deepEqual(
    dead.asked().map(({ id, data }) => [id, Buffer.from(data).toString('hex')]),
    [1, 2, 3].map((n) => [`id-${n}`, Buffer.from(letter(n).data).toString('hex')]),
  )
  dead.add([letter(4)])
  assert.equal(dead.ask(), 1, 'asked for again before the first was done')
  assert.equal(dead.asked().length, 4)
  dead.done()
  assert.deepEqual([dead.isAsked(), dead.count()], [false, 0])
})
