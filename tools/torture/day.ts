// A day in minutes: thousands of sessions begin, are written to and end, an hour each, their files are deleted in the evening, and the
// server's clock goes with them. What must not grow with the day is counted every hour: memory, open files, the bus's files, write-ahead
// logs, what the watcher knows of files. The agent waits for the program, so that a backlog is the program's own.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { layoutOf } from '../../src/app/layout.ts'
import type { HealthAnswer } from '../../src/wire/rest.ts'
import { Victim } from './victim.ts'

export interface DayParts {
  readonly dir: string
  readonly sessions: number
  readonly events: number
  readonly onSample?: (sample: Sample) => void
  readonly msMax?: number // then it ends where it is, and says so
}

export interface Sample {
  readonly hour: number
  readonly events: number // written
  readonly seconds: number
  readonly rss: { readonly server: number; readonly watcher: number }
  readonly heaps: Readonly<Record<string, number>>
  readonly handles: { readonly server: number; readonly watcher: number }
  readonly segments: number
  readonly busBytes: number
  readonly walBytes: number // of the largest
  readonly logBytes: number
  readonly storeBytes: number
  readonly files: number // that there are
  readonly known: number // that the watcher counts
  readonly lag: number // of the consumer that is furthest behind
}

export interface Day {
  readonly samples: readonly Sample[]
  readonly kept: number // events
  readonly written: number
  readonly seconds: number
  readonly wrong: readonly string[]
}

const STEPS = 240
const STEPS_AN_HOUR = STEPS / 24
const LIVES_STEPS = 10
const DELETED_AFTER_STEPS = 60 // six hours behind its end
const TURN = 5
const AHEAD_MAX = 50_000 // events that are written and not everywhere yet
const FOLDERS = 200
const DAY_MS = 24 * 3_600_000

// What the day must not exceed, however long and full it is.
export const BOUNDS = { handles: 400, watcherHandles: 300, segments: 12, walBytes: 96 * 1024 * 1024 } as const

export async function day(parts: DayParts): Promise<Day> {
  const from = performance.now()
  const { dir } = parts
  const watched = join(dir, 'agent')
  mkdirSync(watched, { recursive: true })
  const victim = new Victim({ dataDir: join(dir, 'data'), watched, home: dir })
  victim.start()
  const page = new Page()
  try {
    await untilWell(victim)
    page.look(victim.url!)
    const agent = new Day24(watched, parts)
    const samples: Sample[] = []
    const began = Date.now()
    const tell = async (hour: number) => {
      const sample = await sampled(victim, parts, agent, hour, from)
      samples.push(sample)
      parts.onSample?.(sample)
    }
    let isOver = true
    for (let step = 0; step < STEPS; step++) {
      victim.clock((step / STEPS) * DAY_MS - (Date.now() - began))
      agent.step(step)
      await keptUp(victim, agent)
      if (step % STEPS_AN_HOUR === STEPS_AN_HOUR - 1) await tell((step + 1) / STEPS_AN_HOUR)
      isOver = performance.now() - from < (parts.msMax ?? Number.POSITIVE_INFINITY)
      if (!isOver) break
    }
    await caughtUp(victim, agent)
    await tell(24.5)
    const health = await victim.health()
    const kept = Number(factsOf(health, 'store').events ?? 0)
    const wrong = [...complaintsOf(samples, agent, kept), ...(page.frames === 0 ? ['no page heard anything'] : [])]
    if (!isOver) wrong.push(`ended at ${agent.written} events of ${parts.events}: the time was up`)
    page.close()
    if (!(await victim.stop(120_000))) wrong.push('it did not stop when it was told to')
    return { samples, kept, written: agent.written, seconds: (performance.now() - from) / 1_000, wrong }
  } finally {
    page.close()
    await victim.killServer()
  }
}

// Sessions begin evenly over the day, and each says the same number of turns in its hour.
class Day24 {
  written = 0
  files = 0
  readonly #dir: string
  readonly #sessions: number
  readonly #turnsAStep: number

  constructor(dir: string, { sessions, events }: DayParts) {
    this.#dir = dir
    this.#sessions = sessions
    this.#turnsAStep = Math.max(1, Math.round(events / sessions / TURN / LIVES_STEPS))
    for (let n = 0; n < FOLDERS; n++) mkdirSync(join(dir, `project-${n}`), { recursive: true })
  }

  step(step: number): void {
    const beginning = (at: number) => Math.ceil((at * this.#sessions) / (STEPS - LIVES_STEPS + 1))
    const born = (at: number) =>
      [Math.min(this.#sessions, beginning(at)), Math.min(this.#sessions, beginning(at + 1))] as const
    const [alive] = born(Math.max(0, step - LIVES_STEPS + 1))
    const [, until] = born(step)
    for (let n = alive; n < until; n++) this.#write(n, step)
    const dead = step - LIVES_STEPS - DELETED_AFTER_STEPS
    if (dead < 0) return
    const [first, last] = born(dead)
    for (let n = first; n < last; n++) {
      rmSync(this.#path(n), { force: true })
      this.files--
    }
  }

  #path = (n: number): string => join(this.#dir, `project-${n % FOLDERS}`, `s${n}.jsonl`)

  #write(n: number, step: number): void {
    const start = Date.UTC(2026, 2, 14) + (step / STEPS) * DAY_MS
    const begun = Math.floor((n * (STEPS - LIVES_STEPS + 1)) / this.#sessions)
    let text = ''
    let at = 0
    const line = (record: object) => {
      text += `${JSON.stringify({ at: new Date(start + at++ * 977 + (n % 977)).toISOString(), ...record })}\n`
      this.written++
    }
    const isNew = step === Math.min(begun, STEPS - LIVES_STEPS)
    if (isNew) {
      line({ example: 1, session: `s${n}`, cwd: `/home/dev/project-${n % FOLDERS}` })
      this.files++
    }
    for (let turn = 0; turn < this.#turnsAStep; turn++) {
      const id = `${step}-${turn}`
      line({ id: `${id}a`, kind: 'ask', text: `bake the bread ${id}` })
      const command = { command: `cat src/oven-${turn}.ts` }
      line({
        id: `${id}b`,
        kind: 'call',
        call: id,
        tool: 'Shell',
        does: 'run',
        target: command.command,
        input: command,
        request: id,
        tokens: { input: 9, output: 9 },
      })
      line({ id: `${id}c`, kind: 'result', call: id, failed: turn % 7 === 0, text: 'crust and crumb' })
      line({ id: `${id}d`, kind: 'say', text: `Bread ${id} is done.`, model: 'm1', stop: 'stop' })
      line({ id: `${id}e`, kind: 'done', ms: 4_000 })
    }
    appendFileSync(this.#path(n), text)
  }
}

// A page that looks on all day, and keeps nothing.
class Page {
  frames = 0
  #socket: WebSocket | null = null

  look(url: string): void {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/live`)
    this.#socket = socket
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', from: null }))
    socket.onmessage = () => {
      this.frames++
    }
  }

  close(): void {
    this.#socket?.close()
  }
}

type Facts = Readonly<Record<string, unknown>>
const factsOf = (health: HealthAnswer | null, name: string): Facts =>
  (health?.layers.find((layer) => layer.name === name)?.facts ?? {}) as Facts
const lagOf = (health: HealthAnswer | null): number =>
  Math.max(0, ...(health?.layers ?? []).map(({ facts }) => Number((facts as Facts).lag ?? 0)))

async function untilWell(victim: Victim): Promise<void> {
  for (;;) {
    await sleep(100)
    const health = await victim.health()
    if (health?.layers.every(({ ok, says }) => ok && says !== 'is starting')) return
  }
}

async function keptUp(victim: Victim, agent: Day24): Promise<void> {
  for (;;) {
    const health = await victim.health()
    const read = Number(factsOf(health, 'watcher').lines ?? 0)
    if (health !== null && agent.written - read <= AHEAD_MAX && lagOf(health) <= AHEAD_MAX) return
    await sleep(50)
  }
}

async function caughtUp(victim: Victim, agent: Day24): Promise<void> {
  for (;;) {
    const health = await victim.health()
    if (Number(factsOf(health, 'watcher').lines ?? 0) >= agent.written && lagOf(health) === 0) return
    await sleep(200)
  }
}

async function sampled(victim: Victim, { dir }: DayParts, agent: Day24, hour: number, from: number): Promise<Sample> {
  const layout = layoutOf(join(dir, 'data'))
  const { server, watcher } = victim.pids()
  const health = await victim.health()
  const segments = sizesIn(layout.bus).filter(([name]) => name.endsWith('.seg'))
  const store = sizesIn(layout.store)
  const sum = (sizes: readonly (readonly [string, number])[]) => sizes.reduce((n, [, size]) => n + size, 0)
  return {
    hour,
    events: agent.written,
    seconds: Math.round((performance.now() - from) / 1_000),
    rss: { server: rssOf(server), watcher: rssOf(watcher) },
    heaps: (await victim.heaps()) ?? {},
    handles: { server: handlesOf(server), watcher: handlesOf(watcher) },
    segments: segments.length,
    busBytes: sum(segments),
    walBytes: Math.max(0, ...store.filter(([name]) => name.endsWith('-wal')).map(([, size]) => size)),
    logBytes: Number(factsOf(health, 'log').bytes ?? 0),
    storeBytes: sum(store),
    files: agent.files,
    known: Number(factsOf(health, 'watcher').files ?? 0),
    lag: lagOf(health),
  }
}

const sizesIn = (folder: string): (readonly [string, number])[] =>
  readdirSync(folder).map((name) => [name, statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0] as const)

// Linux alone says it; elsewhere nothing is counted.
function rssOf(pid: number | null): number {
  if (pid === null || process.platform !== 'linux') return 0
  return 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
}

function handlesOf(pid: number | null): number {
  if (pid === null || process.platform !== 'linux') return 0
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).filter((name) => {
    try {
      return readlinkSync(join(folder, name)) !== ''
    } catch {
      return false // closed while we looked
    }
  }).length
}

function complaintsOf(samples: readonly Sample[], agent: Day24, kept: number): string[] {
  const wrong: string[] = []
  const most = (of: (sample: Sample) => number) => Math.max(...samples.map(of))
  const hold = (what: string, found: number, bound: number) => {
    if (found > bound) wrong.push(`${found} ${what}, and ${bound} is the most`)
  }
  if (kept !== agent.written) wrong.push(`${agent.written} lines were written and ${kept} events kept`)
  hold(
    'handles of the server',
    most(({ handles }) => handles.server),
    BOUNDS.handles,
  )
  hold(
    'handles of the watcher',
    most(({ handles }) => handles.watcher),
    BOUNDS.watcherHandles,
  )
  hold(
    'files of the bus',
    most(({ segments }) => segments),
    BOUNDS.segments,
  )
  hold(
    'bytes of a write-ahead log',
    most(({ walBytes }) => walBytes),
    BOUNDS.walBytes,
  )
  // What was deleted is forgotten at the next look around, which comes once a minute.
  const last = samples.at(-1)!
  hold('files known to the watcher', last.known, last.files + Math.ceil(agent.written / 100))
  return wrong
}

const mb = (bytes: number): string => String(Math.round(bytes / 1024 / 1024))
export const HEAD =
  '| hour | events | s | server MB | heaps: main persist patterns projections search | watcher MB | handles | bus files (MB) | WAL MB | log MB | store MB | files: there, known | lag |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |'
export const rowOf = (s: Sample): string =>
  `| ${s.hour} | ${s.events} | ${s.seconds} | ${mb(s.rss.server)} | ${['main', 'persist', 'patterns', 'projections', 'search'].map((name) => mb(s.heaps[name] ?? 0)).join(' ')} | ${mb(s.rss.watcher)} | ${s.handles.server}, ${s.handles.watcher} | ${s.segments} (${mb(s.busBytes)}) | ${mb(s.walBytes)} | ${mb(s.logBytes)} | ${mb(s.storeBytes)} | ${s.files}, ${s.known} | ${s.lag} |`
