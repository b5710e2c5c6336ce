// First import, full-text search included: wall clock of `openstory import`, and the most memory all its processes held together.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { family, median, pause, residentMb, startProgram } from './program.ts'
import type { Figure } from './run.ts'

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
  return [
    {
      what: `first import with full-text search, ${(bytes / 1e6).toFixed(0)} MB`,
      value: `${median(rates).toFixed(1)} MB/s`,
      reach: '≥ 25 MB/s',
    },
    { what: '… memory of all processes, peak', value: `${median(peaks).toFixed(0)} MB`, reach: '≤ 350 MB' },
    {
      what: '… disk: log, store (of the input)',
      value: `${((megabytes('log') * 1e6) / bytes).toFixed(2)} ×, ${((megabytes('store') * 1e6) / bytes).toFixed(2)} ×`,
      reach: '',
    },
    { what: 'second import, nothing changed', value: `${again.seconds.toFixed(2)} s`, reach: '' },
  ]
}

async function importOnce(home: string, dataDir: string): Promise<{ bytes: number; seconds: number; peakMb: number }> {
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
  while (!ended && family(child.pid!).length > 0) {
    peakMb = Math.max(peakMb, residentMb(child.pid!))
    await Promise.race([pause(LOOK_EVERY_MS), done])
  }
  const { bytes } = JSON.parse(stdout) as { bytes: number }
  return { bytes, seconds: (performance.now() - from) / 1000, peakMb }
}
