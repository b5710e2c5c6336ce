// What every bus promises, as tests that run over each implementation. They know the doorway (bus.ts) and nothing behind it.
// `open` gives a bus on empty storage of its own; `reopen` closes that bus and opens the same storage again.
import { describe, test } from 'node:test'
import { deliveryContract } from './contract/delivery.contract.ts'
import type { Fixture, Promised } from './contract/fixture.contract.ts'
import { largeContract } from './contract/large.contract.ts'
import { lifeContract } from './contract/life.contract.ts'
import { publishContract } from './contract/publish.contract.ts'
import { anyOrder } from './contract/random.contract.ts'
import { replayContract } from './contract/replay.contract.ts'

export type { Fixture } from './contract/fixture.contract.ts'

const TEST_MS_MAX = 30_000

// `skip` is the reason why this implementation cannot be tried here; every promise is then skipped by its own name.
export function busContract(name: string, open: () => Promise<Fixture>, options: { skip?: string } = {}): void {
  const settings = { skip: options.skip ?? false, timeout: TEST_MS_MAX }
  const promise: Promised = (what, keep) => {
    test(`${name}: ${what}`, settings, async (t) => {
      const fixture = await open()
      try {
        const cannot = await keep(fixture)
        if (typeof cannot === 'string') t.skip(cannot)
      } finally {
        await fixture.destroy()
      }
    })
  }
  describe(`the bus contract on ${name}`, () => {
    publishContract(promise)
    deliveryContract(promise)
    replayContract(promise)
    largeContract(promise)
    lifeContract(promise)
    test(`${name}: any order of steps is as a plain list would be`, settings, () => anyOrder(open))
  })
}
