// What every store promises, as tests that run over each implementation. They know the doorway (store.ts) and nothing behind it.
// `open` gives an empty store of its own.
import { describe, test } from 'node:test'
import { facetsContract } from './contract/facets.contract.ts'
import { filesContract } from './contract/files.contract.ts'
import type { Promised, StoreFixture } from './contract/fixture.contract.ts'
import { indexContract } from './contract/index.contract.ts'
import { queryContract } from './contract/query.contract.ts'
import { recordsContract } from './contract/records.contract.ts'
import { searchContract } from './contract/search.contract.ts'
import { sessionsContract } from './contract/sessions.contract.ts'
import { timelineContract } from './contract/timeline.contract.ts'

export type { StoreFixture } from './contract/fixture.contract.ts'

export function storeContract(name: string, open: () => Promise<StoreFixture>): void {
  const promise: Promised = (what, keep) => {
    test(`${name}: ${what}`, async () => {
      const store = await open()
      try {
        await keep(store)
      } finally {
        await store.destroy()
      }
    })
  }
  describe(`the store contract on ${name}`, () => {
    indexContract(promise, open)
    recordsContract(promise)
    timelineContract(promise)
    sessionsContract(promise)
    searchContract(promise)
    queryContract(promise)
    facetsContract(promise)
    filesContract(promise, open)
  })
}
