// Search over a million events: 200 mixed queries over HTTP, the page of hits as the page asks for it; and beside it the counts, which the page
// asks for on its own. What was planted is looked for, so that a quick wrong answer is no figure.
import { type Figure, figure, ms, timesFigure } from './figure.ts'
import { median } from './program.ts'
import { queries } from './queries.ts'
import { aMillion, asked, served } from './stores.ts'
import { PHRASE, RARE, RARE_CJK, RARE_IDENTIFIER } from './words.ts'

const HITS = 30
const addressOf = (q: string) => `/api/search?limit=${HITS}&q=${encodeURIComponent(q)}`
const countsOf = (q: string) => `/api/search/facets?q=${encodeURIComponent(q)}`

export async function search(work: string): Promise<Figure[]> {
  const kept = await aMillion(work)
  return served(kept, async (server) => {
    const planted = [RARE, `"${PHRASE}"`, RARE_IDENTIFIER, RARE_CJK]
    const found = await asked<{ hits: unknown[] }>(server, planted.map(addressOf))
    for (const [i, { hits }] of found.answers.entries())
      if (hits.length !== kept.totals.rare)
        throw new Error(`${planted[i]} is found ${hits.length} times, not ${kept.totals.rare}`)
    const list = queries()
    const hits = await asked(
      server,
      list.map(({ q }) => addressOf(q)),
    )
    const counts = await asked(
      server,
      list.map(({ q }) => countsOf(q)),
    )
    say('hits', list, hits.times)
    say('counts', list, counts.times)
    return [
      timesFigure(
        `search over ${kept.totals.events.toLocaleString('en')} events, ${list.length} mixed queries`,
        hits.times,
        [15, 80],
        `; ${ms(hits.cpuMs)} of processor each`,
      ),
      figure(
        '… the counts beside it, asked for separately',
        `p50 ${ms(median(counts.times))}, longest ${ms(Math.max(...counts.times))}; ${ms(counts.cpuMs)} of processor each`,
      ),
    ]
  })
}

// By kind of query, the slowest first.
function say(what: string, list: ReturnType<typeof queries>, times: readonly number[]): void {
  const rows = [
    ...Map.groupBy(
      list.map((query, i) => ({ ...query, ms: times[i]! })),
      ({ kind }) => kind,
    ),
  ].map(([kind, some]) => {
    const longest = some.reduce((a, b) => (a.ms > b.ms ? a : b))
    return { kind, p50: median(some.map((one) => one.ms)), longest }
  })
  for (const { kind, p50, longest } of rows.toSorted((a, b) => b.longest.ms - a.longest.ms))
    process.stderr.write(`  ${what}: ${kind.padEnd(24)} p50 ${ms(p50)}, longest ${ms(longest.ms)} (${longest.q})\n`)
}
