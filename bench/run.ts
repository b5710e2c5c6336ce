// npm run bench: the figures people feel, measured on the program as it is started by a person, in processes of its own.
//   npm run bench [-- --input DIR] [--only PART,…] [--runs N] [--keep DIR] [--sizes N,…]
// Parts: import latency nats pixel load search lists cost start idle, and growth, which is only done when it is named.
// `import` and `idle` take a home of about 500 MB: made by ../shared/bench/make_transcripts.py when it is there (python3), else given by --input.
// The others take transcripts that bench/writer.ts writes. With --keep all of them, and the stores made of them, serve the next time as well.
// Prints a table for bench/README.md; figures said to be of N runs are medians (5 unless told). Run it on a machine that does nothing else.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { cost } from './cost.ts'
import { type Figure, tableOf } from './figure.ts'
import { growth } from './growth.ts'
import { idle } from './idle.ts'
import { importing } from './import.ts'
import { latency, latencyOverNats } from './latency.ts'
import { lists } from './lists.ts'
import { load } from './load.ts'
import { pixel } from './pixel.ts'
import { search } from './search.ts'
import { start } from './start.ts'

const { values } = parseArgs({
  options: {
    input: { type: 'string' },
    only: { type: 'string' },
    runs: { type: 'string', default: '5' },
    keep: { type: 'string' },
    sizes: { type: 'string', default: '100000,500000,1000000,5000000' },
  },
})
const runs = Number(values.runs)
const work = values.keep ?? mkdtempSync(join(tmpdir(), 'openstory-bench-'))
mkdirSync(work, { recursive: true })
const dataDir = join(work, 'data')

const PARTS: Readonly<Record<string, () => Promise<Figure[]>>> = {
  import: () => importing(input(), dataDir, runs),
  latency: () => latency(work, runs),
  nats: () => latencyOverNats(work, runs),
  pixel: () => pixel(work),
  load: () => load(work),
  search: () => search(work),
  lists: () => lists(work),
  cost: () => cost(work),
  start: () => start(work, runs),
  idle: async () => {
    if (!existsSync(dataDir)) await importing(input(), dataDir, 1)
    return idle(input(), dataDir)
  },
  growth: () => growth(work, values.sizes.split(',').map(Number)),
}
const wanted = values.only?.split(',') ?? Object.keys(PARTS).filter((part) => part !== 'growth')

function input(): string {
  if (values.input) return values.input
  const out = join(work, 'home')
  if (existsSync(out)) return out
  const generator = resolve('../shared/bench/make_transcripts.py')
  if (!existsSync(generator)) throw new Error(`there is no generator at ${generator}; give a home folder with --input`)
  process.stderr.write('making 500 MB of transcripts\n')
  execFileSync('python3', [generator, join(out, '.claude'), '400', '40'], { stdio: 'ignore' })
  return out
}

const figures: Figure[] = []
for (const part of wanted) {
  const measure = PARTS[part]
  if (measure === undefined) throw new Error(`there is no part ${part}; there are ${Object.keys(PARTS).join(', ')}`)
  const found = await measure()
  process.stderr.write(`${part}\n${tableOf(found)}\n`)
  figures.push(...found)
}
if (!values.keep) rmSync(work, { recursive: true, force: true })

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
const load15 = loadavg()[2]!.toFixed(1)
console.log(
  `\n${new Date().toISOString().slice(0, 10)} · ${commit} · ${cpus().length} × ${cpus()[0]?.model} · ${Math.round(totalmem() / 2 ** 30)} GiB · Linux ${release()} · Node ${process.versions.node} · medians of ${runs} · load over the last 15 minutes ${load15}\n`,
)
console.log(tableOf(figures))
