// From the command to the first answer of the API, with a large store there.
import { median, pause, startProgram } from './program.ts'
import type { Figure } from './run.ts'

const PORT = 3_977

export async function start(home: string, dataDir: string, runs: number): Promise<Figure[]> {
  const times: number[] = []
  for (let i = 0; i < runs; i++) {
    const from = performance.now()
    const program = startProgram(['serve', '--no-open', '--port', String(PORT), '--data-dir', dataDir], { HOME: home })
    while (!(await answers())) await pause(5)
    times.push(performance.now() - from)
    await program.stop()
  }
  return [
    {
      what: 'start with that store to the first answer (a page of sessions)',
      value: `${median(times).toFixed(0)} ms`,
      reach: '≤ 1,500 ms',
    },
  ]
}

async function answers(): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${PORT}/api/sessions?limit=50`)
    const { sessions } = (await response.json()) as { sessions?: unknown[] }
    return (sessions?.length ?? 0) > 0
  } catch {
    return false // not listening yet
  }
}
