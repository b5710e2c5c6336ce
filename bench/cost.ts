// What was spent over everything, cut in each way: how long the answer takes, and that it is what the writer of the transcripts knows.
import { type Figure, figure, ms, timesFigure } from './figure.ts'
import { aMillion, asked, served, times } from './stores.ts'
import type { Totals } from './writer.ts'

const CUTS = ['day', 'model', 'project', 'agent', 'session', 'tool', 'prompt', 'turn', 'subagent']
const ASKED = 30

interface CostAnswer {
  readonly total: {
    readonly requests: number
    readonly input: number
    readonly output: number
    readonly cache_write_5m: number
    readonly cache_read: number
    readonly usd: string | null
  }
}

export async function cost(work: string): Promise<Figure[]> {
  const kept = await aMillion(work)
  return served(kept, async (server) => {
    const figures: Figure[] = []
    for (const by of CUTS) {
      const { times: took, cpuMs, answers } = await asked<CostAnswer>(server, times(ASKED, `/api/cost?by=${by}&tz=UTC`))
      const first = took[0]!
      figures.push(timesFigure(`cost by ${by}`, took, [50], `; ${ms(cpuMs)} of processor each; the first ${ms(first)}`))
      for (const answer of answers) assertExact(answer, kept.totals, by)
    }
    const all = figures.every(({ ok }) => ok === true)
    return [
      figure(
        'cost report over everything, exact',
        all ? 'every cut equal to what was written' : 'equal to what was written',
        'exact',
        true,
      ),
      ...figures,
    ]
  })
}

function assertExact({ total }: CostAnswer, known: Totals, by: string): void {
  const said = [
    total.requests,
    total.input,
    total.output,
    total.cache_write_5m,
    total.cache_read,
    nanoOf(total.usd ?? ''),
  ]
  const written = [known.requests, known.input, known.output, known.cacheWrite, known.cacheRead, BigInt(known.nano)]
  if (said.join() !== written.join()) throw new Error(`cost by ${by} says ${said}, and ${written} was written`)
}

function nanoOf(usd: string): bigint {
  const [whole = '0', part = ''] = usd.split('.')
  return BigInt(whole) * 1_000_000_000n + BigInt(part.padEnd(9, '0').slice(0, 9))
}
