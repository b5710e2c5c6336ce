// Whatever is done in whatever order, a durable hands out exactly what a plain list with two marks in it would.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Batch, Bus, Subscription } from '../bus.ts'
import { type Fixture, idsOf, made, nextOf, range, readSome, seqsOf } from './fixture.contract.ts'

type Step =
  | { readonly do: 'publish'; readonly count: number }
  | { readonly do: 'repeat' | 'next' | 'ack' | 'reset' | 'reopen' }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('publish' as const), count: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 4, arbitrary: fc.constant({ do: 'next' as const }) },
  { weight: 3, arbitrary: fc.constant({ do: 'ack' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ do: 'repeat' as const }, { do: 'reset' as const }, { do: 'reopen' as const }),
  },
)

// The model: messages 1…published, of which 1…acked are done with and 1…handed were handed out.
class Walk {
  published = 0
  acked = 0
  handed = 0
  held: Batch | null = null
  readonly fixture: Fixture
  bus: Bus
  subscription!: Subscription

  constructor(fixture: Fixture) {
    this.fixture = fixture
    this.bus = fixture.bus
  }

  async open(bus: Bus): Promise<void> {
    this.bus = bus
    this.subscription = await bus.consume({ durable: 'd', filter: '>', messagesMax: 15 })
    this.forgetHeld()
  }

  forgetHeld(): void {
    this.handed = this.acked
    this.held = null
  }

  async publish(count: number): Promise<void> {
    const numbers = range(this.published + 1, this.published + count)
    const results = await this.bus.publish(numbers.map((n) => made(n)))
    assert.deepEqual(seqsOf(results), numbers)
    this.published += count
  }

  async take(step: Step): Promise<void> {
    if (step.do === 'publish') await this.publish(step.count)
    if (step.do === 'repeat' && this.published > 0)
      assert.deepEqual(await this.bus.publish([made(this.published)]), [{ seq: this.published, duplicate: true }])
    if (step.do === 'next' && this.handed < this.published) await this.next()
    if (step.do === 'ack' && this.held !== null) {
      await this.held.ack()
      this.acked = this.handed
      this.held = null
    }
    if (step.do === 'reset') {
      await this.subscription.reset()
      this.forgetHeld()
    }
    if (step.do === 'reopen') await this.open(await this.fixture.reopen())
  }

  async next(): Promise<void> {
    this.held = await nextOf(this.subscription)
    const { messages } = this.held
    assert.ok(messages.length <= Math.min(15, this.published - this.handed), 'no more than there is, or than asked')
    assert.deepEqual(seqsOf(messages), range(this.handed + 1, this.handed + messages.length))
    this.handed += messages.length
  }
}

// A failure prints its seed and the shortest list of steps that shows it.
export async function anyOrder(open: () => Promise<Fixture>): Promise<void> {
  const walks = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
    const fixture = await open()
    try {
      const walk = new Walk(fixture)
      await walk.open(fixture.bus)
      for (const each of steps) await walk.take(each)
      const all = range(1, walk.published).map((n) => made(n))
      if (all.length > 0) assert.deepEqual(idsOf(await readSome(walk.bus, 1, '>', all.length)), idsOf(all))
    } finally {
      await fixture.destroy()
    }
  })
  await fc.assert(walks, { numRuns: 25, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false })
}
