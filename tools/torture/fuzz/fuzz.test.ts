// What is fuzzed for ten minutes by `npm run torture -- --only fuzz`, for a few seconds and always from the same seed.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { closeLive } from './of-live.ts'
import { properties } from './properties.ts'

const seed = Number(process.env.OPENSTORY_FUZZ_SEED ?? 20_261_126)
after(closeLive)

for (const { name, runs, check } of properties())
  test(`whatever comes, nothing crashes, is lost or is no event: ${name}`, async () => {
    assert.equal((await check(seed, runs)).wrong, null)
  })
