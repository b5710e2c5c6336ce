// What it costs to leave it running: processor and memory of all processes over five minutes in which nothing is written, 2,000 files watched.

import { readdirSync } from 'node:fs'
import { type Figure, figure } from './figure.ts'
import { cpuSeconds, pause, proportionalMb, residentMb, startProgram } from './program.ts'

const QUIET_SHARE = 0.02
const QUIET_LOOKS = 3
const WATCH_MS = 5 * 60_000
const LOOK_EVERY_MS = 5_000

export async function idle(home: string, dataDir: string): Promise<Figure[]> {
  const program = startProgram(['serve', '--no-open', '--port', '0', '--data-dir', dataDir], { HOME: home })
  const pid = program.child.pid!
  await program.url
  await atRest(pid)
  const before = cpuSeconds(pid)
  const from = performance.now()
  let megabytes = 0
  let sharedOnce = 0
  while (performance.now() - from < WATCH_MS) {
    await pause(LOOK_EVERY_MS)
    megabytes = Math.max(megabytes, residentMb(pid))
    sharedOnce = Math.max(sharedOnce, proportionalMb(pid))
  }
  const share = ((cpuSeconds(pid) - before) / ((performance.now() - from) / 1000)) * 100
  await program.stop()
  return [
    figure(
      `idle for five minutes, ${transcriptsIn(home).toLocaleString('en')} transcripts watched`,
      `${share.toFixed(2)} % of a core`,
      '≤ 0.2 %',
      share <= 0.2,
    ),
    figure(
      '… memory of all processes, at most',
      `${megabytes.toFixed(0)} MB resident (${sharedOnce.toFixed(0)} where pages that processes share count once)`,
      '≤ 150 MB',
      megabytes <= 150,
    ),
  ]
}

// Until it has read what there was and is at rest. It is asked nothing: a question starts a thread, and is work.
async function atRest(pid: number): Promise<void> {
  for (let quiet = 0; quiet < QUIET_LOOKS; ) {
    const before = cpuSeconds(pid)
    await pause(LOOK_EVERY_MS)
    const share = ((cpuSeconds(pid) - before) * 1_000) / LOOK_EVERY_MS
    quiet = share < QUIET_SHARE ? quiet + 1 : 0
  }
}

const transcriptsIn = (home: string): number =>
  readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.jsonl')).length
