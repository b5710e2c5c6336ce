// How what a person waits for grows with what there is: import, start, list, search and a session opened, over 0.1, 0.5, 1 and 5 million events.
// A table in Markdown on the error output, and a plot in bench/growth.svg.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Figure, figure } from './figure.ts'
import { largestOf, recordsPage, sessionPage } from './lists.ts'
import { type Panel, plot } from './plot.ts'
import { median, percentile, residentMb } from './program.ts'
import { queries } from './queries.ts'
import { startOnce } from './start.ts'
import { asked, served, storeOf, times } from './stores.ts'

const PLOT = new URL('./growth.svg', import.meta.url).pathname
const STARTS = 5
const ASKED = 50

interface Size {
  readonly events: number
  readonly importS: number
  readonly importCpuS: number
  readonly importMb: number
  readonly startMs: number
  readonly listMs: number
  readonly searchMs: number
  readonly search99Ms: number
  readonly openMs: number
  readonly servingMb: number // after all of these questions
}

export async function growth(work: string, sizes: readonly number[]): Promise<Figure[]> {
  const measured: Size[] = []
  for (const events of sizes) measured.push(await measure(work, events))
  process.stderr.write(`\n${tableOf(measured)}\n\n`)
  writeFileSync(PLOT, plot(panelsOf(measured)))
  writeFileSync(join(work, 'growth.md'), `${tableOf(measured)}\n`)
  return judged(measured)
}

async function measure(work: string, events: number): Promise<Size> {
  const kept = await storeOf(work, events)
  const starts: number[] = []
  for (let i = 0; i < STARTS; i++) starts.push((await startOnce(kept.home, kept.dataDir, 0)).ms)
  const answered = await served(kept, async (server) => {
    const id = await largestOf(kept, server)
    const ask = async (addresses: readonly string[]) => (await asked(server, addresses)).times
    const list = await ask(times(ASKED, sessionPage()))
    const open = await ask(times(ASKED, recordsPage(id)))
    const search = await ask(queries().map(({ q }) => `/api/search?limit=30&q=${encodeURIComponent(q)}`))
    return {
      listMs: median(list),
      openMs: median(open),
      searchMs: median(search),
      search99Ms: percentile(search, 0.99),
      servingMb: residentMb(server.pid),
    }
  })
  const { seconds, cpuS, peakMb } = kept.imported
  return { events, importS: seconds, importCpuS: cpuS, importMb: peakMb, startMs: median(starts), ...answered }
}

const COLUMNS: readonly (readonly [string, (size: Size) => string])[] = [
  ['events', ({ events }) => events.toLocaleString('en')],
  ['import', ({ importS }) => `${importS.toFixed(0)} s`],
  ['of processors', ({ importCpuS }) => `${importCpuS.toFixed(0)} s`],
  ['… memory, peak', ({ importMb }) => `${importMb.toFixed(0)} MB`],
  ['start', ({ startMs }) => `${startMs.toFixed(0)} ms`],
  ['list', ({ listMs }) => `${listMs.toFixed(1)} ms`],
  ['search, p50', ({ searchMs }) => `${searchMs.toFixed(1)} ms`],
  ['search, p99', ({ search99Ms }) => `${search99Ms.toFixed(0)} ms`],
  ['session opened', ({ openMs }) => `${openMs.toFixed(1)} ms`],
  ['memory then', ({ servingMb }) => `${servingMb.toFixed(0)} MB`],
]

const tableOf = (sizes: readonly Size[]): string =>
  [
    `| ${COLUMNS.map(([name]) => name).join(' | ')} |`,
    `|${COLUMNS.map(() => ' --- |').join('')}`,
    ...sizes.map((size) => `| ${COLUMNS.map(([, told]) => told(size)).join(' | ')} |`),
  ].join('\n')

function panelsOf(sizes: readonly Size[]): Panel[] {
  const of = (value: (size: Size) => number) => sizes.map((size) => [size.events, value(size)] as const)
  return [
    { title: 'Import', unit: 's', lines: [{ name: '', points: of(({ importS }) => importS) }] },
    { title: 'Import, memory', unit: 'MB', lines: [{ name: '', points: of(({ importMb }) => importMb) }] },
    { title: 'Start to first answer', unit: 'ms', lines: [{ name: '', points: of(({ startMs }) => startMs) }] },
    { title: 'Session list', unit: 'ms', lines: [{ name: '', points: of(({ listMs }) => listMs) }] },
    {
      title: 'Search, 200 queries',
      unit: 'ms',
      lines: [
        { name: 'p99', points: of(({ search99Ms }) => search99Ms) },
        { name: 'p50', points: of(({ searchMs }) => searchMs) },
      ],
    },
    { title: 'Session opened', unit: 'ms', lines: [{ name: '', points: of(({ openMs }) => openMs) }] },
  ]
}

// By how much a thing grew over the whole span, in powers of the growth of events: 1 is linear, 0 is not at all.
function judged(sizes: readonly Size[]): Figure[] {
  const [first, last] = [sizes[0], sizes.at(-1)]
  if (first === undefined || last === undefined || first === last) return []
  const power = (value: (size: Size) => number) =>
    Math.log(value(last) / value(first)) / Math.log(last.events / first.events)
  const grown = (what: string, value: (size: Size) => number, most: number, reach: string) =>
    figure(`growth of ${what}`, `events to the power of ${power(value).toFixed(2)}`, reach, power(value) <= most)
  const flat = 'no faster than logarithmic: ≤ 0.15'
  return [
    grown('import', ({ importCpuS }) => importCpuS, 1.1, 'linear: ≤ 1.1'),
    grown('start', ({ startMs }) => startMs, 0.15, flat),
    grown('the list', ({ listMs }) => listMs, 0.15, flat),
    grown('a search', ({ searchMs }) => searchMs, 0.15, flat),
    grown('a session opened', ({ openMs }) => openMs, 0.15, flat),
  ]
}
