// First import, full-text search included: wall clock of `openstory import`, and the most memory all its processes held together.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Figure, figure } from './figure.ts'
import { cpuSeconds, family, median, pause, residentMb, startProgram } from './program.ts'

const LOOK_EVERY_MS = 50

export async function importing(home: string, dataDir: string, runs: number): Promise<Figure[]> {
  const rates: number[] = []
  const peaks: number[] = []
  let bytes = 0
  for (let i = 0; i < runs; i++) {
    rmSync(dataDir, { recursive: true, force: true })
    const once = await importOnce(home, dataDir)
    bytes = once.bytes
    rates.push(once.bytes / 1e6 / once.seconds)
    peaks.push(once.peakMb)
    process.stderr.write(`import ${i + 1}: ${rates.at(-1)!.toFixed(1)} MB/s, ${once.peakMb.toFixed(0)} MB\n`)
  }
  const again = await importOnce(home, dataDir)
  const megabytes = (name: string) =>
    Number(execFileSync('du', ['-sm', join(dataDir, name)], { encoding: 'utf8' }).split('\t')[0])
  const rate = median(rates)
  const peak = median(peaks)
  const [log, store] = [(megabytes('log') * 1e6) / bytes, (megabytes('store') * 1e6) / bytes]
  return [
    figure(
      `first import with full-text search, ${(bytes / 1e6).toFixed(0)} MB`,
      `${rate.toFixed(1)} MB/s`,
      '≥ 60 MB/s',
      rate >= 60,
    ),
    figure('… memory of all processes, peak', `${peak.toFixed(0)} MB`, '≤ 300 MB', peak <= 300),
    figure('… disk: log, of the input', `${log.toFixed(2)} ×`, '≤ 1.4 ×', log <= 1.4),
    figure('… disk: store, of the input', `${store.toFixed(2)} ×`, '≤ 0.5 ×', store <= 0.5),
    figure('second import, nothing changed', `${again.seconds.toFixed(2)} s`, '≤ 0.5 s', again.seconds <= 0.5),
  ]
}

export interface Imported {
  readonly bytes: number
  readonly seconds: number
  readonly peakMb: number
  readonly cpuS: number // of all processes
}

export async function importOnce(home: string, dataDir: string): Promise<Imported> {
  const from = performance.now()
  const { child } = startProgram(['import', '--json', '--data-dir', dataDir], { HOME: home })
  let stdout = ''
  child.stdout!.on('data', (text: Buffer) => {
    stdout += text
  })
  let ended = false
  const done = new Promise<void>((resolve) =>
    child.on('close', () => {
      ended = true
      resolve()
    }),
  )
  let peakMb = 0
  let cpuS = 0
  while (!ended && family(child.pid!).length > 0) {
    peakMb = Math.max(peakMb, residentMb(child.pid!))
    cpuS = Math.max(cpuS, cpuSeconds(child.pid!))
    await Promise.race([pause(LOOK_EVERY_MS), done])
  }
  const { bytes } = JSON.parse(stdout) as { bytes: number }
  return { bytes, seconds: (performance.now() - from) / 1000, peakMb, cpuS }
}
