// What it costs to leave it running: processor and memory of all processes over five minutes in which nothing is written, 2,000 files watched.

import type { HealthAnswer } from '../src/wire/rest.ts'
import { type Figure, figure } from './figure.ts'
import { cpuSeconds, pause, residentMb, startProgram } from './program.ts'

const SETTLE_MS = 15_000
const WATCH_MS = 5 * 60_000
const LOOK_EVERY_MS = 5_000

export async function idle(home: string, dataDir: string): Promise<Figure[]> {
  const program = startProgram(['serve', '--no-open', '--port', '0', '--data-dir', dataDir], { HOME: home })
  const pid = program.child.pid!
  const { files } = await watched(await program.url)
  await pause(SETTLE_MS)
  const before = cpuSeconds(pid)
  const from = performance.now()
  let megabytes = 0
  while (performance.now() - from < WATCH_MS) {
    await pause(LOOK_EVERY_MS)
    megabytes = Math.max(megabytes, residentMb(pid))
  }
  const share = ((cpuSeconds(pid) - before) / ((performance.now() - from) / 1000)) * 100
  await program.stop()
  return [
    figure(
      `idle for five minutes, ${files.toLocaleString('en')} files watched`,
      `${share.toFixed(2)} % of a core`,
      '≤ 0.2 %',
      share <= 0.2,
    ),
    figure('… memory of all processes, at most', `${megabytes.toFixed(0)} MB`, '≤ 150 MB', megabytes <= 150),
  ]
}

// Once it has nothing left to read. Asked before the minutes that count: a question is work.
async function watched(url: string): Promise<{ readonly files: number }> {
  for (;;) {
    const { layers } = (await (await fetch(`${url}/api/health`)).json()) as HealthAnswer
    const facts = layers.find(({ name }) => name === 'watcher')?.facts
    if (facts?.caughtUp === true) return { files: facts.files as number }
    await pause(500)
  }
}
