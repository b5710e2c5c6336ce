// The promises of read(): replay from a number, then live; what is gone is said, never skipped.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Bus, type Delivered, SeqGoneError } from '../bus.ts'
import { assertSame, idsOf, made, type Promised, readSome, seqsOf, several, within } from './fixture.contract.ts'

// Reads on its own until stopped; `seen` grows meanwhile.
function reader(bus: Bus, fromSeq: number, filter: string): { seen: Delivered[]; end(): Promise<void> } {
  const stop = new AbortController()
  const seen: Delivered[] = []
  const done = (async () => {
    for await (const some of bus.read(fromSeq, filter, stop.signal)) seen.push(...some)
  })()
  return {
    seen,
    end: () => {
      stop.abort()
      return within('the end of reading after abort', done)
    },
  }
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const started = performance.now()
  while (!holds()) {
    assert.ok(performance.now() - started < 10_000, `${what}: not within 10 s`)
    await sleep(5)
  }
}

export function replayContract(promise: Promised): void {
  promise('read() replays from a number, goes live, and ends on abort', async ({ bus }) => {
    await bus.publish(several(1, 1_500))
    const live = reader(bus, 1_001, '>')
    await until('the replay', () => live.seen.length === 500)
    await bus.publish(several(1_501, 1_510))
    await until('the live part', () => live.seen.length === 510)
    await live.end()
    assertSame(live.seen, several(1_001, 1_510))
    await bus.publish(several(1_511, 1_512))
    await sleep(50)
    assert.equal(live.seen.length, 510)
  })

  promise('read() loses and repeats nothing where replay meets live', async ({ bus }) => {
    const readers = []
    for (let from = 1; from <= 2_000; from += 100) {
      readers.push(reader(bus, 1, '>'))
      await bus.publish(several(from, from + 99))
    }
    for (const live of readers) {
      await until('all of it', () => live.seen.length >= 2_000)
      await live.end()
      assert.deepEqual(idsOf(live.seen), idsOf(several(1, 2_000)))
    }
  })

  promise('read() filters, and keeps the numbers of the stream', async ({ bus }) => {
    await bus.publish([made(1, 'events.p.s.main'), made(2, 'patterns.p.s'), made(3, 'events.p.s.agent.a')])
    assert.deepEqual(seqsOf(await readSome(bus, 1, 'events.>', 2)), [1, 3])
    assert.deepEqual(seqsOf(await readSome(bus, 2, 'events.*.*.agent.*', 1)), [3])
  })

  promise('read() from the next number waits for it', async ({ bus }) => {
    await bus.publish(several(1, 3))
    const live = reader(bus, 4, '>')
    await sleep(50)
    await bus.publish(several(4, 5))
    await until('the new ones', () => live.seen.length === 2)
    await live.end()
    assertSame(live.seen, several(4, 5))
  })

  promise('read() on an empty bus waits, and ends on abort without a message', async ({ bus }) => {
    const live = reader(bus, 1, '>')
    await sleep(50)
    await live.end()
    assert.deepEqual(live.seen, [])
  })

  promise('read() with a signal that is already aborted ends at once', async ({ bus }) => {
    await bus.publish(several(1, 3))
    for await (const _ of bus.read(1, '>', AbortSignal.abort())) assert.fail('nothing is read')
  })

  promise('a reader that leaves the loop holds nothing open', async ({ bus }) => {
    await bus.publish(several(1, 3))
    for await (const some of bus.read(1, '>', new AbortController().signal)) {
      assert.equal(some[0]!.seq, 1)
      break
    }
    await within('closing', bus.close())
  })

  promise('a slow reader gets everything', async ({ bus }) => {
    await bus.publish(several(1, 3_000))
    const stop = new AbortController()
    const seen: Delivered[] = []
    for await (const some of bus.read(1, '>', stop.signal)) {
      if (seen.length === 0) await bus.publish(several(3_001, 6_000))
      seen.push(...some)
      await sleep(2)
      if (seen.length >= 6_000) stop.abort()
    }
    assert.deepEqual(idsOf(seen), idsOf(several(1, 6_000)))
  })

  promise('read() of a number that is gone throws SeqGoneError with the oldest one kept', async (fixture) => {
    const { bus, loseOldest } = fixture
    if (loseOldest === undefined) return 'this bus cannot be made to let go of old messages here'
    await bus.publish(several(1, 100))
    await loseOldest(bus)
    const { firstSeq, lastSeq } = await bus.state()
    assert.ok(firstSeq > 1, 'something is gone')
    assert.ok(firstSeq <= lastSeq, 'something is kept')
    await assert.rejects(readSome(bus, firstSeq - 1, '>', 1), (error) => {
      assert.ok(error instanceof SeqGoneError)
      assert.equal(error.firstSeq, firstSeq)
      return true
    })
    assert.equal((await readSome(bus, firstSeq, '>', 1))[0]!.seq, firstSeq)
  })
}
