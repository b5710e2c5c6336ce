// From the command to the first answer of the API with a million events there; and how much of the log and of the stores is read for it, before
// it is bound and until it has settled. A pass over the events would read at least one of them whole.
import { execFileSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Figure, figure, ms } from './figure.ts'
import { bytesRead, median, pause, startProgram } from './program.ts'
import { aMillion } from './stores.ts'

const PORT = 3_977
const SETTLE_MS = 20_000
const CODE = new URL('../dist/', import.meta.url).pathname
const HEAD_BYTES = 1_024
const ALLOWED = 0.02 // of log and stores: what opening them, and each consumer's place in them, may read

export async function start(work: string, runs: number): Promise<Figure[]> {
  const { home, dataDir, totals } = await aMillion(work)
  const took: number[] = []
  const atBind: number[] = []
  const settled: number[] = []
  for (let i = 0; i < runs; i++) {
    const once = await startOnce(home, dataDir, i === 0 ? SETTLE_MS : 0)
    took.push(once.ms)
    atBind.push(once.atBind)
    if (once.settled !== null) settled.push(once.settled)
  }
  const bounded = boundedReading(dataDir, totals.files)
  const stored = storedBytes(dataDir)
  const read = Math.max(0, settled[0]! - bounded)
  return [
    figure(
      `start with ${totals.events.toLocaleString('en')} events to the first answer (a page of sessions)`,
      ms(median(took)),
      '≤ 1,000 ms',
      median(took) <= 1_000,
    ),
    figure(
      '… read until then, and with the 20 s behind it',
      `${mb(median(atBind))}, ${mb(settled[0]!)}; beside what does not grow with events ${mb(read)}, ${((read / stored) * 100).toFixed(1)} % of log and stores (${mb(stored)})`,
      'no pass over all events: ≤ 2 %',
      read / stored <= ALLOWED,
    ),
  ]
}

export async function startOnce(home: string, dataDir: string, settleMs: number) {
  const from = performance.now()
  const program = startProgram(['serve', '--no-open', '--port', String(PORT), '--data-dir', dataDir], { HOME: home })
  const pid = program.child.pid!
  while (!(await answers())) await pause(5)
  const took = performance.now() - from
  const atBind = bytesRead(pid)
  if (settleMs > 0) await pause(settleMs)
  const settled = settleMs > 0 ? bytesRead(pid) : null
  await program.stop()
  return { ms: took, atBind, settled }
}

// What is read whatever the number of events: the program's own code, once for each thread; the stream's newest segments, which have a largest size;
// and of each transcript where the watcher is and how it begins.
function boundedReading(dataDir: string, files: number): number {
  const code = Number(execFileSync('du', ['-sb', '--exclude=web', CODE], { encoding: 'utf8' }).split('\t')[0]) * 2
  return code + sizeOf(join(dataDir, 'bus')) + sizeOf(join(dataDir, 'watcher')) + files * HEAD_BYTES
}

export const storedBytes = (dataDir: string): number =>
  ['log', 'store'].reduce((sum, name) => sum + sizeOf(join(dataDir, name)), 0)

const sizeOf = (dir: string): number =>
  readdirSync(dir, { recursive: true, withFileTypes: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0),
    0,
  )

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

async function answers(): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${PORT}/api/sessions?limit=50`)
    const { sessions } = (await response.json()) as { sessions?: unknown[] }
    return (sessions?.length ?? 0) > 0
  } catch {
    return false // not listening yet
  }
}
