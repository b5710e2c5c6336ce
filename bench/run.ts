// npm run bench: the figures people feel, measured on the program as it is started by a person, in processes of its own.
//   npm run bench [-- --input DIR] [--only import,start,latency,idle] [--runs N] [--keep DIR]
// Input is a Claude-like home of about 500 MB: made by ../shared/bench/make_transcripts.py when it is there (python3), else given by --input.
// Prints a table for bench/README.md. Each figure is the median of N runs (5 unless told); run it on a machine that does nothing else.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, release, tmpdir, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { idle } from './idle.ts'
import { importing } from './import.ts'
import { latency } from './latency.ts'
import { start } from './start.ts'

export interface Figure {
  readonly what: string
  readonly value: string
  readonly reach: string
}

const { values } = parseArgs({
  options: {
    input: { type: 'string' },
    only: { type: 'string' },
    runs: { type: 'string', default: '5' },
    keep: { type: 'string' },
  },
})
const runs = Number(values.runs)
const wanted = values.only?.split(',') ?? ['import', 'start', 'latency', 'idle']
const work = values.keep ?? mkdtempSync(join(tmpdir(), 'openstory-bench-'))
const home = values.input ?? makeInput(join(work, 'home'))
const dataDir = join(work, 'data')

function makeInput(out: string): string {
  if (existsSync(out)) return out
  const generator = resolve('../shared/bench/make_transcripts.py')
  if (!existsSync(generator)) throw new Error(`there is no generator at ${generator}; give a home folder with --input`)
  process.stderr.write('making 500 MB of transcripts\n')
  execFileSync('python3', [generator, join(out, '.claude'), '400', '40'], { stdio: 'ignore' })
  return out
}

const figures: Figure[] = []
// The later ones measure on the store the first leaves.
if (wanted.includes('import') || !existsSync(dataDir)) figures.push(...(await importing(home, dataDir, runs)))
if (wanted.includes('start')) figures.push(...(await start(home, dataDir, runs)))
if (wanted.includes('latency')) figures.push(...(await latency(dataDir, runs)))
if (wanted.includes('idle')) figures.push(...(await idle(home, dataDir)))
if (!values.keep) rmSync(work, { recursive: true, force: true })

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
console.log(
  `\n${new Date().toISOString().slice(0, 10)} · ${commit} · ${cpus().length} × ${cpus()[0]?.model} · ${Math.round(totalmem() / 2 ** 30)} GiB · Linux ${release()} · Node ${process.versions.node} · median of ${runs}\n`,
)
console.log('| what | measured | reach |\n| --- | --- | --- |')
for (const { what, value, reach } of figures) console.log(`| ${what} | ${value} | ${reach} |`)
