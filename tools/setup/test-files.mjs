// Runs test files, two at a time, each in a process of its own that tells its results itself (reporter.mjs).
// Not by node --test: with --test-force-exit it loses some of what its children report, and without it a file that leaves something
// open after its tests holds up the run.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { nodeBinary, ROOT } from './places.mjs'

const CONCURRENCY = 2
const TEST_MS_MAX = 120_000
const FILE_MS_MAX = 10 * 60_000 // the last resort; a hanging test has its own limit
const DRAIN_MS_MAX = 1_000
const OUTPUT_CHARS_MAX = 20_000
const REPORTER = new URL('./reporter.mjs', import.meta.url).href

// The results in the order in which the files ended; each is told on stdout as a whole when its file ends.
export async function runFiles(files, flags) {
  const folder = join(ROOT, '.cache', `tests-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  const results = []
  const waiting = files.map((file, i) => ({
    file,
    report: join(folder, `${i}.txt`),
    counts: join(folder, `${i}.json`),
  }))
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const result = await runFile(next, flags)
      process.stdout.write(result.text)
      results.push(result)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work))
  rmSync(folder, { recursive: true, force: true })
  return results
}

async function runFile({ file, report, counts }, flags) {
  const args = [
    '--test-force-exit',
    `--test-timeout=${TEST_MS_MAX}`,
    `--test-reporter=${REPORTER}`,
    `--test-reporter-destination=${report}`,
    ...flags,
    file,
  ]
  const { end, output } = await run(args, { ...process.env, OPENSTORY_TEST_COUNTS: counts })
  const told = textOf(report)
  const known = textOf(counts)
  const result = known === '' ? { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] } : JSON.parse(known)
  const name = (of) => `${file}: ${of}`
  const failures = result.failures.map(name)
  if (failures.length === 0 && end !== 0) failures.push(`${file} ended with ${end}`)
  else if (known === '') failures.push(`${file} ended before it told its results`)
  else if (flags.length === 0 && result.passed + result.skipped + failures.length === 0)
    failures.push(`${file} holds no test`)
  const isWrong = failures.length > 0
  const printed = isWrong && output !== '' ? `\nwhat ${file} printed:\n${output.replace(/^/gm, '      ')}\n` : ''
  const text = told === '' && !isWrong ? '' : `\n${file}\n${told}${printed}`
  return { ...result, failed: failures.length, failures, skips: result.skips.map(name), text }
}

function run(args, env) {
  return new Promise((resolve) => {
    const child = spawn(nodeBinary(), args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env })
    const late = setTimeout(() => child.kill('SIGKILL'), FILE_MS_MAX)
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-OUTPUT_CHARS_MAX)
      })
    child.once('exit', (code, signal) => {
      clearTimeout(late)
      const done = () => {
        clearTimeout(enough)
        for (const stream of [child.stdout, child.stderr]) stream.destroy()
        resolve({ end: code ?? signal, output })
      }
      child.once('close', done)
      const enough = setTimeout(done, DRAIN_MS_MAX) // a grandchild that outlives the file may hold its pipes
    })
  })
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // a process that died before it wrote: seen by its exit code, or by what is missing
  }
}
