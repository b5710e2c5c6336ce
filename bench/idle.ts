// What it costs to leave it running: CPU and memory of all processes over a minute in which nothing is written, about 2,000 files watched.
import { cpuSeconds, pause, residentMb, startProgram } from './program.ts'
import type { Figure } from './run.ts'

const SETTLE_MS = 15_000
const WATCH_MS = 60_000

export async function idle(home: string, dataDir: string): Promise<Figure[]> {
  const program = startProgram(['serve', '--no-open', '--port', '0', '--data-dir', dataDir], { HOME: home })
  await program.url
  await pause(SETTLE_MS)
  const before = cpuSeconds(program.child.pid!)
  await pause(WATCH_MS)
  const share = ((cpuSeconds(program.child.pid!) - before) / (WATCH_MS / 1000)) * 100
  const megabytes = residentMb(program.child.pid!)
  await program.stop()
  return [
    { what: 'idle, that home watched (2,080 files)', value: `${share.toFixed(2)} % of a core`, reach: '≤ 1 %' },
    { what: '… memory of all processes', value: `${megabytes.toFixed(0)} MB`, reach: '' },
  ]
}
