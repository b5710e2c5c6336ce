// Sustained live load: fifty sessions write 5,000 lines a second for a minute, from a process of their own. How long ago it was that what the
// slowest consumer has just handled was written, looked at by way of /api/health; and at the end that nothing is missing.
import { fork } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { HealthAnswer } from '../src/wire/rest.ts'
import { type Figure, figure } from './figure.ts'
import { cpuSeconds, median, pause, residentMb, startProgram } from './program.ts'
import { health } from './stores.ts'

const RATE = 5_000
const SECONDS = 60
const SESSIONS = 50
const LOOK_EVERY_MS = 250
const WAIT_MS_MAX = 180_000
const CONSUMERS = ['persist', 'patterns', 'projections', 'broadcast']

// Written so far, and when that was said.
interface Written {
  readonly atMs: number
  readonly lines: number
}

export async function load(work: string): Promise<Figure[]> {
  const dir = join(work, 'load')
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(join(dir, 'home/.claude/projects'), { recursive: true })
  const program = startProgram(['serve', '--no-open', '--port', '0', '--data-dir', join(dir, 'data')], {
    HOME: join(dir, 'home'),
  })
  const url = await program.url
  while (!isWatching(await health(url))) await pause(100)
  const written: Written[] = [{ atMs: Date.now(), lines: 0 }]
  const agents = fork(new URL('./load-agents.ts', import.meta.url), [
    join(dir, 'home'),
    String(RATE),
    String(SECONDS),
    String(SESSIONS),
  ])
  let cpuS = 0
  const ended = new Promise<void>((resolve) =>
    agents.on('message', (said: Written & { cpuS: number; done: boolean }) => {
      written.push(said)
      cpuS = said.cpuS
      if (said.done) resolve()
    }),
  )
  const before = cpuSeconds(program.child.pid!)
  const lags: number[] = []
  let isOver = false
  ended.then(() => {
    isOver = true
  })
  let peakMb = 0
  while (!isOver) {
    await pause(LOOK_EVERY_MS)
    const answer = await health(url)
    lags.push(lagMs(written, handledIn(answer, written.at(-1)!.lines)))
    peakMb = Math.max(peakMb, residentMb(program.child.pid!))
  }
  const spent = cpuSeconds(program.child.pid!) - before
  const { lines } = written.at(-1)!
  const from = Date.now()
  const settled = await untilSettled(url, lines)
  const overS = (settled.persistMs - from) / 1000
  await program.stop()
  rmSync(dir, { recursive: true, force: true })
  const longest = Math.max(...lags)
  const lost = lines - settled.events
  return [
    figure(
      `${RATE.toLocaleString('en')} events a second of ${SESSIONS} sessions for ${SECONDS} s: how far the slowest consumer is behind`,
      `p50 ${(median(lags) / 1000).toFixed(2)} s, longest ${(longest / 1000).toFixed(2)} s; of the server ${((spent / SECONDS) * 100).toFixed(0)} % of a core and ${peakMb.toFixed(0)} MB, of the agents ${((cpuS / SECONDS) * 100).toFixed(0)} %`,
      '≤ 1 s',
      longest <= 1_000,
    ),
    figure(
      '… after its end until all have all',
      `${overS.toFixed(2)} s; full text ${((settled.searchMs - from) / 1000).toFixed(1)} s`,
      'then 0: ≤ 1 s',
      overS <= 1,
    ),
    figure('… lost, of what was written', `${lost} of ${lines.toLocaleString('en')}`, '0', lost === 0),
  ]
}

const factsOf = ({ layers }: HealthAnswer, name: string): Readonly<Record<string, unknown>> =>
  layers.find((layer) => layer.name === name)?.facts ?? {}

const isWatching = (answer: HealthAnswer): boolean =>
  factsOf(answer, 'watcher').caughtUp === true && CONSUMERS.every((name) => factsOf(answer, name).handled !== undefined)

// Events that the slowest of them has handled. Each says how far it is twice a second, so up to half a second of what is seen is the looking;
// of persist the store is asked, and broadcast, which hears what is found out of events as well, is known by what it has not taken.
function handledIn(answer: HealthAnswer, written: number): number {
  const of = (name: string) => factsOf(answer, name)
  return Math.min(
    of('store').events as number,
    of('patterns').handled as number,
    of('projections').handled as number,
    written - ((of('broadcast').lag as number | null) ?? 0),
  )
}

function lagMs(written: readonly Written[], handled: number): number {
  const now = Date.now()
  const next = written.find(({ lines }) => lines > handled)
  return next === undefined ? 0 : now - next.atMs
}

async function untilSettled(
  url: string,
  lines: number,
): Promise<{ events: number; persistMs: number; searchMs: number }> {
  const from = Date.now()
  let persistMs = 0
  for (;;) {
    const answer = await health(url)
    const events = factsOf(answer, 'store').events as number
    const isLate = Date.now() - from > WAIT_MS_MAX
    if (
      persistMs === 0 &&
      CONSUMERS.every((name) => factsOf(answer, name).lag === 0) &&
      handledIn(answer, lines) >= lines
    )
      persistMs = Date.now()
    if ((persistMs > 0 && factsOf(answer, 'search').lag === 0) || isLate)
      return { events, persistMs: persistMs || Date.now(), searchMs: Date.now() }
    await pause(50)
  }
}
