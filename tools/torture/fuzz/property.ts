// One thing that must hold whatever comes, with a name, and how often it is tried at a time.
import fc from 'fast-check'

export interface Property {
  readonly name: string
  readonly runs: number // of one go in `npm test`
  check(seed: number, runs: number): Promise<Checked>
}

export interface Checked {
  readonly runs: number
  readonly wrong: string | null // what failed, and how to have it again
}

const COUNTEREXAMPLE_CHARS_MAX = 2_000
const TRACE_CHARS_MAX = 1_200
const SHRINKING_MS_MAX = 60_000

export const property = <T>(name: string, runs: number, holds: fc.IRawProperty<T>): Property => ({
  name,
  runs,
  async check(seed, runs) {
    const details = await fc.check(holds, { seed, numRuns: runs, interruptAfterTimeLimit: SHRINKING_MS_MAX })
    if (!details.failed || details.counterexample === null) return { runs: details.numRuns, wrong: null }
    const { counterexample, errorInstance, counterexamplePath } = details
    const why = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance)
    const shown = shownOf(counterexample).slice(0, COUNTEREXAMPLE_CHARS_MAX)
    const said = `${name}, seed ${seed}, path ${counterexamplePath}: ${why.slice(0, TRACE_CHARS_MAX)}\n  with ${shown}`
    return { runs: details.numRuns, wrong: said }
  },
})

// Bytes as the text they are, for reading; with the seed and the path they can be had again to the byte.
const shownOf = (value: unknown): string =>
  Buffer.isBuffer(value)
    ? JSON.stringify(value.toString('latin1'))
    : Array.isArray(value)
      ? `[${value.map(shownOf).join(', ')}]`
      : fc.stringify(value)
