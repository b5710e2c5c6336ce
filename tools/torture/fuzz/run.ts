// One property after the other, round and round, each round from a seed of its own, until the time is up. Prints a table for bench/README.md.
import { closeLive } from './of-live.ts'
import { properties } from './properties.ts'

const RUNS_FACTOR = 4 // of what one go is in `npm test`
const SHOWN_MAX = 2 // of what is wrong with one property

// Returns whether all is well. `only`: words of which one is in the name.
export async function fuzz(ms: number, seed: number, only: readonly string[] = []): Promise<boolean> {
  const all = properties().filter(({ name }) => only.length === 0 || only.some((word) => name.includes(word)))
  const sums = new Map(all.map(({ name }) => [name, { runs: 0, ms: 0, wrong: 0 }]))
  const until = performance.now() + ms
  for (let round = 0; performance.now() < until; round++)
    for (const { name, runs, check } of all) {
      if (performance.now() > until) break
      const from = performance.now()
      const done = await check(seed + round, runs * RUNS_FACTOR)
      const sum = sums.get(name)!
      sum.runs += done.runs
      sum.ms += performance.now() - from
      if (done.wrong !== null && sum.wrong++ < SHOWN_MAX) console.log(`  ✖ ${done.wrong}`)
    }
  await closeLive()
  console.log(`\nfuzz, seed ${seed}\n\n| what | runs | s | wrong |\n| --- | --- | --- | --- |`)
  for (const [name, { runs, ms, wrong }] of sums)
    console.log(`| ${name} | ${runs} | ${Math.round(ms / 1_000)} | ${wrong} |`)
  return [...sums.values()].every(({ wrong }) => wrong === 0)
}
