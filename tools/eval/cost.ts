// npm run eval:cost [HOME…]: our tokens against those of ccusage over the same folders, every class, by day and model, to the last token.
// Where the two differ on purpose, the requests that make the difference are found in the transcripts and listed with the reason; what no
// reason explains fails. Without a HOME: the shared corpus, laid out, and transcripts made with a known truth. Needs the npm registry, once.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { CostRequest } from '../../src/folds/cost.ts'
import { add, CLASSES, type Counts, type Reasons, reasonsIn, sameCounts } from './reasons.ts'

const ORACLE = 'ccusage@20.0.24'
const SHARED = resolve(process.env.OPENSTORY_SHARED ?? '../shared')
const MEMORY = 1 << 30

const say = (text = '') => void process.stdout.write(`${text}\n`)
const run = (command: string, args: readonly string[], env: Record<string, string> = {}): string =>
  execFileSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: MEMORY,
    stdio: ['ignore', 'pipe', 'pipe'], // what it complains of stands in the error,
  })

function homes(dir: string): readonly string[] {
  const given = process.argv.slice(2).map((home) => resolve(home))
  if (given.length > 0) return given
  const found: string[] = []
  const corpus = join(SHARED, 'corpus/make-home.mjs')
  if (existsSync(corpus)) {
    run(process.execPath, [corpus, join(dir, 'corpus')])
    found.push(join(dir, 'corpus'))
  }
  const maker = join(SHARED, 'bench/make_transcripts.py')
  if (existsSync(maker)) {
    run('python3', [maker, join(dir, 'made', '.claude'), '40', '30', '11'])
    found.push(join(dir, 'made'))
  }
  if (found.length === 0) throw new Error(`nothing to compare in ${SHARED}; name a home folder`)
  return found
}

type Books = Map<string, Counts>

function ours(home: string, dir: string): Books {
  const openstory = (...args: string[]) =>
    run(process.execPath, ['bin/openstory.mjs', ...args], { HOME: home, CI: '1' })
  const dataDir = join(dir, 'data')
  rmSync(dataDir, { recursive: true, force: true })
  openstory('import', '--data-dir', dataDir, '--watch', `claude-code=${home}/.claude/projects`)
  const asked = openstory('cost', '--data-dir', dataDir, '--tz', 'UTC', '--requests', '--json')
  const books: Books = new Map()
  for (const request of JSON.parse(asked) as CostRequest[]) {
    const key = `${request.time?.slice(0, 10) ?? 'no day'} ${request.model ?? 'no model'}`
    const written = request.cache_write_5m + request.cache_write_1h
    add(books, key, [request.input, request.output, written, request.cache_read])
  }
  return books
}

interface Daily {
  readonly daily: readonly {
    readonly date: string
    readonly modelBreakdowns: readonly {
      readonly modelName: string
      readonly inputTokens: number
      readonly outputTokens: number
      readonly cacheCreationTokens: number
      readonly cacheReadTokens: number
    }[]
  }[]
}

function theirs(home: string, dir: string): Books {
  const cli = join(dir, 'oracle/node_modules/ccusage/src/cli.js')
  const nobody = join(dir, 'nobody') // so that it finds no other folder of this machine's
  mkdirSync(nobody, { recursive: true })
  const env = { HOME: nobody, CLAUDE_CONFIG_DIR: join(home, '.claude') }
  const text = run(process.execPath, [cli, 'claude', 'daily', '--json', '--offline', '--timezone', 'UTC'], env)
  const books: Books = new Map()
  for (const { date, modelBreakdowns } of (JSON.parse(text) as Daily).daily)
    for (const model of modelBreakdowns)
      add(books, `${date} ${model.modelName}`, [
        ...[model.inputTokens, model.outputTokens, model.cacheCreationTokens, model.cacheReadTokens],
      ])
  return books
}

// Returns how many days and models no reason explains.
function compare(home: string, dir: string): number {
  const [mine, other, reasons] = [ours(home, dir), theirs(home, dir), reasonsIn(join(home, '.claude/projects'))]
  const keys = [...new Set([...mine.keys(), ...other.keys()])].sort()
  const zero: Counts = [0, 0, 0, 0]
  const apart = keys.filter((key) => !sameCounts(mine.get(key) ?? zero, other.get(key) ?? zero))
  say(`${home}: ${keys.length} days and models, ${keys.length - apart.length} equal to the last token`)
  let unexplained = 0
  for (const key of apart) {
    const difference = (mine.get(key) ?? zero).map((count, i) => count - (other.get(key) ?? zero)[i]!)
    const explained = explain(reasons, key)
    const isWhole = sameCounts(explained, difference)
    if (!isWhole) unexplained++
    say(`  ${key}: ${shown(difference)}${isWhole ? '' : `  UNEXPLAINED: reasons give ${shown(explained)}`}`)
    for (const [why, { requests, counts }] of reasons.get(key) ?? []) say(`    ${requests} × ${why}: ${shown(counts)}`)
  }
  const total = (books: Books) =>
    [...books.values()].reduce((sum, counts) => sum.map((count, i) => count + counts[i]!), zero)
  say(`  ours ${shown(total(mine))}`)
  say(`  ${ORACLE} ${shown(total(other))}`)
  return unexplained
}

function explain(reasons: Reasons, key: string): Counts {
  const all = [...(reasons.get(key)?.values() ?? [])]
  return all.reduce<Counts>((sum, { counts }) => sum.map((count, i) => count + counts[i]!), [0, 0, 0, 0])
}

const shown = (counts: Counts): string =>
  counts.map((count, i) => `${CLASSES[i]} ${count.toLocaleString('en-US')}`).join(', ')

const dir = mkdtempSync(join(tmpdir(), 'openstory-eval-'))
try {
  say(`fetching ${ORACLE} …`)
  const into = ['install', '--prefix', join(dir, 'oracle'), '--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
  run('npm', [...into, ORACLE])
  const unexplained = homes(dir).reduce((sum, home) => sum + compare(home, dir), 0)
  say(unexplained === 0 ? 'every difference is explained' : `${unexplained} differences are not explained`)
  process.exitCode = unexplained === 0 ? 0 : 1
} finally {
  rmSync(dir, { recursive: true, force: true })
}
