// No consumer waits for another: with each in turn stopped, failing or slow, the other three do all their work, and the disturbed one
// catches up by itself. Counted, not timed; `npm run torture` measures it with real threads.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { running, settled, until } from '../testing/held-clock.ts'
import { made } from '../testing/made-events.ts'
import { MemoryBus } from '../testing/memory-bus.ts'

const NAMES = ['persist', 'patterns', 'projections', 'broadcast'] as const
const EVENTS = 500

// Each handles one message at a time; `disturbance` stands before the handling of the one named.
async function four(t: TestContext, disturbed: string, disturbance: () => Promise<void>) {
  const bus = new MemoryBus()
  const done = new Map<string, number[]>(NAMES.map((name) => [name, []]))
  const all = await Promise.all(
    NAMES.map((name) =>
      running(
        {
          name,
          messagesMax: 1,
          async handle(messages) {
            if (name === disturbed) await disturbance()
            done.get(name)!.push(...messages.map(({ seq }) => seq))
          },
        },
        bus,
      ),
    ),
  )
  t.after(() => Promise.all(all.map(({ it }) => it.stop())))
  await bus.publish(Array.from({ length: EVENTS }, (_, i) => made(i + 1)))
  const others = NAMES.filter((name) => name !== disturbed)
  await until('the others have done all', () => others.every((name) => bus.acked.get(name) === EVENTS))
  const clock = all[NAMES.indexOf(disturbed as (typeof NAMES)[number])]!.clock
  return { bus, done, clock, order: Array.from({ length: EVENTS }, (_, i) => i + 1) }
}

for (const name of NAMES) {
  test(`${name} stopped: the others go on, and it catches up`, async (t) => {
    const lifted = Promise.withResolvers<void>()
    const { bus, done, order } = await four(t, name, () => lifted.promise)
    assert.deepEqual([done.get(name), bus.acked.get(name)], [[], 0])
    lifted.resolve()
    await until('it has caught up', () => bus.acked.get(name) === EVENTS)
    assert.deepEqual(done.get(name), order)
  })

  test(`${name} failing on every event: the others go on, and it catches up`, async (t) => {
    let isBroken = true
    const { bus, done, clock, order } = await four(t, name, async () => {
      if (isBroken) throw new TypeError('it fails for every event')
    })
    assert.deepEqual([done.get(name), bus.acked.get(name)], [[], 0])
    isBroken = false
    clock.move(0)
    await until('it has caught up', () => bus.acked.get(name) === EVENTS)
    assert.deepEqual(done.get(name), order)
  })

  test(`${name} doing one event while the others do all: they do not wait for it, and it goes on from there`, async (t) => {
    const lifted = Promise.withResolvers<void>()
    let isSlow = true
    let begun = 0
    const { bus, done, order } = await four(t, name, async () => {
      if (!isSlow || ++begun === 1) return
      await lifted.promise
    })
    await settled()
    assert.deepEqual([done.get(name), bus.acked.get(name)], [[1], 1])
    isSlow = false
    lifted.resolve()
    await until('it has caught up', () => bus.acked.get(name) === EVENTS)
    assert.deepEqual(done.get(name), order)
  })
}
