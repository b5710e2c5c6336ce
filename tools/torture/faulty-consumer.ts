// Stands in for src/consumers/consumer.ts in a program under torture: the same, with the fault of the moment in front of each batch.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bus, Delivered } from '../../src/bus/bus.ts'
import { type Consumer, type ConsumerParts, runConsumer as run } from '../../src/consumers/consumer.ts'
import { faultOf } from './faults.ts'

export * from '../../src/consumers/consumer.ts'

const LOOK_EVERY_MS = 20
const BLOCK_MS = 5_000

export function runConsumer(bus: Bus, consumer: Consumer, parts: ConsumerParts): ReturnType<typeof run> {
  const { name } = consumer
  let blocked = false
  const handle = async (messages: readonly Delivered[]) => {
    for (;;) {
      const fault = faultOf(name)
      if (fault === 'throwing') throw new TypeError('injected: it fails for every event')
      if (fault === 'crash') process.exit(1) // of the thread
      if (fault === 'blocking' && !blocked) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCK_MS)
      blocked = fault === 'blocking'
      if (fault === 'slow') return slowly(messages)
      if (fault !== 'stopped') return consumer.handle(messages)
      await sleep(LOOK_EVERY_MS)
    }
  }
  const slowly = async (messages: readonly Delivered[]) => {
    for (const [i, message] of messages.entries()) {
      if (faultOf(name) !== 'slow') return consumer.handle(messages.slice(i))
      await consumer.handle([message])
      for (let waited = 0; waited < 1_000 && faultOf(name) === 'slow'; waited += LOOK_EVERY_MS)
        await sleep(LOOK_EVERY_MS)
    }
  }
  return run(bus, { ...consumer, handle }, parts)
}
