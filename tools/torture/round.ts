// One round: the agent writes, the killer kills, the twin is left alone; at the end everything is compared.
import assert from 'node:assert/strict'
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { layoutOf } from '../../src/app/layout.ts'
import { reindex } from '../../src/app/reindex.ts'
import { silentLog } from '../../src/base/log.ts'
import type { NatsServer } from '../../src/testing/nats-server.ts'
import { dump } from '../../src/testing/store-dump.ts'
import { Agent } from './agent.ts'
import type { Dialect } from './dialect.ts'
import type { Fault, ThreadName } from './faults.ts'
import { Follower } from './follower.ts'
import { isSameLog, logOf, Watching, wrongWith } from './oracle.ts'
import { type Random, randomFrom } from './random.ts'
import { Victim } from './victim.ts'

export interface RoundParts {
  readonly dir: string
  readonly dialect: Dialect
  readonly seed: number
  readonly ms: number
  readonly killEveryMs: readonly [number, number]
  readonly nats?: NatsServer // of the victim; killed as well. The twin is on the embedded bus
  readonly onProgress?: (words: string) => void
}

export interface RoundResult {
  readonly seed: number
  readonly wrong: readonly string[]
  readonly kills: Kills
  readonly agent: Agent['did']
  readonly sessions: number
  readonly events: number
  readonly seconds: number
}

// How often each was killed; `faults`: a thread's disk was full, failed or was locked for a while; `clock`: it was set to another time, by up
// to a day either way; `corrupted`: a file of the store was overwritten while the server was down.
export type Kills = {
  watcher: number
  server: number
  nats?: number
  faults: number
  clock: number
  corrupted: number
} & Partial<Record<ThreadName, number>>

const THREADS = ['persist', 'patterns', 'projections', 'search', 'query'] as const
const PATIENCE_MS_MAX = 20_000
const SETTLE_MS_MAX = 80_000

export async function round(parts: RoundParts): Promise<RoundResult> {
  const { dir, dialect, seed, ms } = parts
  const from = performance.now()
  const watched = join(dir, 'agent')
  mkdirSync(watched, { recursive: true })
  const follower = new Follower()
  const common = { watched, home: dir, agent: dialect.agent }
  const twin = new Victim({ ...common, dataDir: join(dir, 'twin') })
  const ofVictim = { ...common, dataDir: join(dir, 'victim'), ...(parts.nats && { bus: parts.nats.url }) }
  const victim = new Victim({ ...ofVictim, onUrl: (url) => follower.follow(url) })
  const kept = [new Watching(dialect, join(dir, 'twin')), new Watching(dialect, join(dir, 'victim'))]
  const agent = new Agent(dialect, watched, randomFrom(seed), (session, id) =>
    kept.every((each) => each.has(session, id)),
  )
  twin.start()
  victim.start()
  const ending = new AbortController()
  const killing = kill(victim, randomFrom(seed + 1), parts, ending.signal)
  try {
    const until = performance.now() + ms
    const acting = randomFrom(seed + 2)
    while (performance.now() < until) {
      const patientUntil = performance.now() + Math.min(PATIENCE_MS_MAX, ms / 3)
      await agent.act(async () => {
        await sleep(30)
        return performance.now() < patientUntil
      })
      await sleep(10 + acting.below(60))
      parts.onProgress?.(`${agent.did.lines} lines, ${Math.round((until - performance.now()) / 1_000)} s left`)
    }
    agent.finish()
    ending.abort()
    const kills = await killing
    if (victim.url === null && kills.isDown) victim.start()
    const wrong = await settled([twin, victim], agent)
    wrong.push(...(await follower.missing(recordsOf(dialect, join(dir, 'victim'), agent))))
    await follower.stop()
    for (const [name, each] of [
      ['the twin', twin],
      ['the victim', victim],
    ] as const)
      if (!(await each.stop())) wrong.push(`${name} did not stop when it was told to`)
    wrong.push(...(await compared(dialect, dir, agent, kills.corrupted > 0)))
    const events = agent.sessions.reduce((n, { name }) => n + logOf(dialect, join(dir, 'victim'), name).length, 0)
    const { isDown: _, ...counted } = kills
    const seconds = Math.round((performance.now() - from) / 1_000)
    return { seed, wrong, kills: counted, agent: agent.did, sessions: agent.sessions.length, events, seconds }
  } finally {
    ending.abort()
    await follower.stop()
    await Promise.all([twin.killServer(), victim.killServer()])
  }
}

// By the ids of their events: what the page was told must be what is kept.
function recordsOf(dialect: Dialect, dataDir: string, agent: Agent): Set<string> {
  const kept = agent.sessions.flatMap(({ name }) => logOf(dialect, dataDir, name))
  return new Set(kept.filter(({ record }) => record !== null).map(({ event }) => event))
}

async function kill(victim: Victim, random: Random, { killEveryMs, nats, dir }: RoundParts, signal: AbortSignal) {
  const [least, most] = killEveryMs
  const store = join(dir, 'victim', 'store')
  const kills: Kills & { isDown: boolean } = { watcher: 0, server: 0, faults: 0, clock: 0, corrupted: 0, isDown: false }
  const lifting: Promise<void>[] = []
  while (!signal.aborted) {
    await sleep(least + random.below(most - least), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) break
    const what = random.below(100)
    if (nats !== undefined && random.chance(0.4)) {
      await nats.kill()
      await sleep(random.below(most))
      await nats.up()
      kills.nats = (kills.nats ?? 0) + 1
    } else if (what < 22) {
      victim.killWatcher()
      kills.watcher++
    } else if (what < 36) {
      if (random.chance(0.3)) victim.killWatcher() // both at once
      await victim.killServer()
      kills.server++
      if (random.chance(0.2) && corrupt(store, random)) kills.corrupted++
      victim.start()
    } else if (what < 44) {
      victim.clock(random.below(2 * DAY_MS) - DAY_MS)
      kills.clock++
    } else if (what < 54) {
      const thread = random.pick(SUFFERING)
      victim.fault(thread, random.pick(FAULTS))
      kills.faults++
      lifting.push(sleep(200 + random.below(1_500)).then(() => victim.fault(thread, 'none')))
    } else {
      const thread = random.pick(THREADS)
      victim.terminate(thread)
      kills[thread] = (kills[thread] ?? 0) + 1
    }
  }
  await Promise.all(lifting)
  victim.clock(0)
  return kills
}

const SUFFERING = ['persist', 'patterns', 'projections', 'search'] as const
const FAULTS = ['busy', 'full', 'io'] as const satisfies readonly Fault[]
const DAY_MS = 24 * 3_600_000

// The beginning of a file of the store, as a disk that went bad leaves it.
function corrupt(store: string, random: Random): boolean {
  const path = join(store, `${random.pick(['events', 'search', 'sessions', 'turns'])}.sqlite`)
  if (!existsSync(path)) return false
  const fd = openSync(path, 'r+')
  writeSync(fd, Buffer.alloc(100, 0x5a), 0, 100, 0)
  closeSync(fd)
  return true
}

// Waits until both have everything and nothing is behind; what never comes is what is wrong.
async function settled(programs: readonly Victim[], agent: Agent): Promise<string[]> {
  const until = performance.now() + SETTLE_MS_MAX
  for (;;) {
    const unseen = agent.sessions.filter((session) => !agent.isSeen(session)).map(({ name }) => name)
    const answers = await Promise.all(programs.map((program) => program.health()))
    const behind = answers.flatMap((health) =>
      health === null
        ? ['no answer']
        : health.layers
            .filter(({ ok, facts }) => !ok || ((facts.lag as number | null) ?? 0) > 0)
            .map(({ name, says }) => `${name}: ${says}`),
    )
    if (unseen.length === 0 && behind.length === 0) return []
    if (performance.now() > until)
      return [`not settled: ${[...unseen.map((name) => `records of ${name}`), ...behind].join('; ')}`]
    await sleep(100)
  }
}

async function compared(dialect: Dialect, dir: string, agent: Agent, wasCorrupt: boolean): Promise<string[]> {
  const wrong: string[] = []
  const [victim, twin, anew] = [join(dir, 'victim'), join(dir, 'twin'), join(dir, 'anew')]
  for (const { name, destroyed } of agent.sessions) {
    const [mine, theirs] = [logOf(dialect, victim, name), logOf(dialect, twin, name)]
    const expected = { session: name, required: agent.required.get(name)!, optional: agent.optional, destroyed }
    wrong.push(
      ...wrongWith(mine, theirs, expected),
      ...wrongWith(theirs, theirs, expected).map((it) => `the twin, ${it}`),
    )
  }
  for (const name of [...readdirSync(join(victim, 'store')), ...letters(victim)])
    if ((name.includes('corrupt') && !wasCorrupt) || name.endsWith('.jsonl'))
      wrong.push(`${name} is there, and nothing was corrupt or poison`)
  wrong.push(...(await unlikeToldOnce(victim, anew)))
  const same = agent.sessions.filter(({ name }) => isSameLog(logOf(dialect, victim, name), logOf(dialect, twin, name)))
  const names = new Set(same.map(({ name }) => `${dialect.agent}:${name}`))
  const turnsOf = (dataDir: string) => {
    const { turns = [] } = dump(layoutOf(dataDir))
    return { turns: (turns as { session: string }[]).filter(({ session }) => names.has(session)) }
  }
  wrong.push(...differences(turnsOf(victim), turnsOf(twin), 'the twin'))
  return wrong
}

// What the store says, and what it says when the same log is told once, undisturbed, in a folder that is made for it.
export async function unlikeToldOnce(dataDir: string, anew: string): Promise<string[]> {
  cpSync(join(dataDir, 'log'), join(anew, 'log'), { recursive: true })
  const known = { host: '127.0.0.1', port: 0, bus: 'embedded', watch: {}, open: false, logLevel: 'silent' }
  await reindex({ ...known, dataDir: anew }, silentLog, () => undefined)
  const wrong = differences(dump(layoutOf(dataDir)), dump(layoutOf(anew)), 'the log told once')
  rmSync(anew, { recursive: true })
  return wrong
}

function letters(dataDir: string): string[] {
  try {
    return readdirSync(layoutOf(dataDir).deadLetters)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return []
  }
}

// What depends on when things came, not on what came.
const PASSING = new Set(['acked_seq'])

type Dump = Record<string, unknown[]>
function differences(mine: Dump, theirs: Dump, whose: string): string[] {
  return Object.keys(mine).flatMap((name) => {
    const rows = (dumped: Dump) =>
      (dumped[name] ?? []).filter((row) => !PASSING.has((row as { name?: string }).name ?? ''))
    try {
      assert.deepEqual(rows(mine), rows(theirs))
      return []
    } catch (error) {
      const [a, b] = [rows(mine), rows(theirs)].map((all) => all.map((row) => JSON.stringify(row)))
      const only = a!.find((row) => !b!.includes(row)) ?? b!.find((row) => !a!.includes(row))
      return [`${name}: ${a!.length} rows, and ${b!.length} of ${whose}; ${(only ?? String(error)).slice(0, 600)}`]
    }
  })
}
