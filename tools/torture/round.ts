// One round: the agent writes, the killer kills, the twin is left alone; at the end everything is compared.
import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { layoutOf } from '../../src/app/layout.ts'
import { reindex } from '../../src/app/reindex.ts'
import { silentLog } from '../../src/base/log.ts'
import type { NatsServer } from '../../src/testing/nats-server.ts'
import { dump } from '../../src/testing/store-dump.ts'
import { Agent } from './agent.ts'
import type { ThreadName } from './faults.ts'
import { Follower } from './follower.ts'
import { isSameLog, logOf, Watching, wrongWith } from './oracle.ts'
import { type Random, randomFrom } from './random.ts'
import { Victim } from './victim.ts'

export interface RoundParts {
  readonly dir: string
  readonly seed: number
  readonly ms: number
  readonly killEveryMs: readonly [number, number]
  readonly nats?: NatsServer // of the victim; killed as well. The twin is on the embedded bus
  readonly onProgress?: (words: string) => void
}

export interface RoundResult {
  readonly seed: number
  readonly wrong: readonly string[]
  readonly kills: { watcher: number; server: number; nats?: number } & Partial<Record<ThreadName, number>>
  readonly agent: Agent['did']
  readonly sessions: number
  readonly events: number
  readonly seconds: number
}

const THREADS = ['persist', 'patterns', 'projections', 'search', 'query'] as const
const PATIENCE_MS_MAX = 20_000
const SETTLE_MS_MAX = 120_000

export async function round(parts: RoundParts): Promise<RoundResult> {
  const { dir, seed, ms } = parts
  const from = performance.now()
  const watched = join(dir, 'agent')
  mkdirSync(watched, { recursive: true })
  const follower = new Follower()
  const common = { watched, home: dir }
  const twin = new Victim({ ...common, dataDir: join(dir, 'twin') })
  const ofVictim = { ...common, dataDir: join(dir, 'victim'), ...(parts.nats && { bus: parts.nats.url }) }
  const victim = new Victim({ ...ofVictim, onUrl: (url) => follower.follow(url) })
  const kept = [new Watching(join(dir, 'twin')), new Watching(join(dir, 'victim'))]
  const agent = new Agent(watched, randomFrom(seed), (session, id) => kept.every((each) => each.has(session, id)))
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
    wrong.push(...(await follower.missing(recordsOf(join(dir, 'victim'), agent))))
    await follower.stop()
    for (const [name, each] of [
      ['the twin', twin],
      ['the victim', victim],
    ] as const)
      if (!(await each.stop())) wrong.push(`${name} did not stop when it was told to`)
    wrong.push(...(await compared(dir, agent)))
    const events = agent.sessions.reduce((n, { name }) => n + logOf(join(dir, 'victim'), name).length, 0)
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
function recordsOf(dataDir: string, agent: Agent): Set<string> {
  const kept = agent.sessions.flatMap(({ name }) => logOf(dataDir, name))
  return new Set(kept.filter(({ record }) => record !== null).map(({ event }) => event))
}

async function kill(victim: Victim, random: Random, { killEveryMs, nats }: RoundParts, signal: AbortSignal) {
  const [least, most] = killEveryMs
  const kills: RoundResult['kills'] & { isDown: boolean } = { watcher: 0, server: 0, isDown: false }
  while (!signal.aborted) {
    await sleep(least + random.below(most - least), undefined, { signal }).catch(() => undefined)
    if (signal.aborted) break
    const what = random.below(100)
    if (nats !== undefined && random.chance(0.4)) {
      await nats.kill()
      await sleep(random.below(most))
      await nats.up()
      kills.nats = (kills.nats ?? 0) + 1
    } else if (what < 25) {
      victim.killWatcher()
      kills.watcher++
    } else if (what < 40) {
      if (random.chance(0.3)) victim.killWatcher() // both at once
      await victim.killServer()
      kills.server++
      victim.start()
    } else {
      const thread = random.pick(THREADS)
      victim.terminate(thread)
      kills[thread] = (kills[thread] ?? 0) + 1
    }
  }
  return kills
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

async function compared(dir: string, agent: Agent): Promise<string[]> {
  const wrong: string[] = []
  const [victim, twin, anew] = [join(dir, 'victim'), join(dir, 'twin'), join(dir, 'anew')]
  for (const { name, destroyed } of agent.sessions) {
    const [mine, theirs] = [logOf(victim, name), logOf(twin, name)]
    const expected = { session: name, required: agent.required.get(name)!, optional: agent.optional, destroyed }
    wrong.push(
      ...wrongWith(mine, theirs, expected),
      ...wrongWith(theirs, theirs, expected).map((it) => `the twin, ${it}`),
    )
  }
  for (const name of [...readdirSync(join(victim, 'store')), ...letters(victim)])
    if (name.includes('corrupt') || name.endsWith('.jsonl'))
      wrong.push(`${name} is there, and nothing was corrupt or poison`)
  wrong.push(...(await unlikeToldOnce(victim, anew)))
  const same = agent.sessions.filter(({ name }) => isSameLog(logOf(victim, name), logOf(twin, name)))
  const names = new Set(same.map(({ name }) => `example:${name}`))
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
