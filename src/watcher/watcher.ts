// Files → lines and records → events → bus, one pump. What changed just now goes before what was found at the start; the next look is
// had while earlier ones are on their way to the bus (at most IN_FLIGHT). How a kind of file is read is its reader's to know.
import type { Log } from '../base/log.ts'
import type { Publisher } from '../bus/bus.ts'
import type { Source } from '../sources/source.ts'
import { Delivery } from './delivery.ts'
import { Finder } from './find.ts'
import { type Damage, fileOf, type Job, type Look } from './look.ts'
import type { Place } from './messages.ts'
import type { Offsets } from './offsets.ts'
import { Readers } from './readers.ts'
import { jobFor, placeOf, type Together, togetherOf, type WhereToLook } from './whose.ts'

export type { Damage } from './look.ts'

export interface WatcherParts extends WhereToLook {
  readonly bus: Publisher
  readonly offsets: Offsets
  readonly copies: string // a folder of our own for what must be copied to be read
  readonly place: Place
  readonly log: Log
  readonly sweepMs?: number
  readonly onStatus: (status: WatcherStatus) => void
}

export interface WatcherStatus {
  readonly roots: readonly { readonly agent: string; readonly path: string; readonly files: number }[]
  readonly files: number
  readonly lines: number
  readonly events: number
  readonly duplicates: number
  readonly bytes: number
  readonly unknown: number
  readonly damaged: number
  readonly damage: readonly Damage[] // the newest, at most DAMAGE_KEPT
  readonly torn: readonly Damage[] // files whose last line is not finished
  readonly waiting: number // files that have more to read
  readonly caughtUp: boolean // everything found is read and on the bus
  readonly watches: number
  readonly lastChangeMs: number // wall time at which a file was last seen to change since the start; 0: none yet
  readonly trouble: string | null
}

const IN_FLIGHT = 3
const SWEEP_MS = 60_000
const STATUS_EVERY_MS = 250
const DAMAGE_KEPT = 200

export class Watcher {
  readonly #parts: WatcherParts
  readonly #readers: Readers
  readonly #delivery: Delivery
  readonly #finders = new Map<Source, Finder>()
  readonly #urgent = new Map<string, Job>()
  readonly #backlog = new Map<string, Job>()
  readonly #later = new Map<string, NodeJS.Timeout>() // asked to be looked at again in a moment
  readonly #torn = new Map<string, Damage>()
  readonly #counts = { lines: 0, events: 0, bytes: 0, unknown: 0, damaged: 0 }
  readonly #files = new Map<string, Set<string>>() // root → paths
  readonly #roots: { agent: string; path: string }[] = []
  readonly #fileTrouble = new Map<string, string>()
  #damage: Damage[] = []
  #lastChangeMs = 0
  #pumping = false
  #closed = false
  #statusTimer: NodeJS.Timeout | null = null
  #told: WatcherStatus | null = null

  constructor(parts: WatcherParts) {
    this.#parts = parts
    const { place, log, copies, bus, offsets } = parts
    this.#readers = new Readers({ place, log, copies, onDamage: (damage) => this.#damaged(damage) })
    this.#delivery = new Delivery({ bus, offsets, log, onProgress: () => this.#pump() })
  }

  start(): void {
    for (const together of togetherOf(this.#parts)) this.#watchFor(together)
    this.#tell()
    this.#pump()
  }

  // What is read is published, what is published is saved.
  async close(): Promise<void> {
    this.#closed = true
    for (const finder of this.#allFinders()) finder.close()
    for (const timer of this.#later.values()) clearTimeout(timer)
    this.#readers.close()
    await this.#delivery.close()
    if (this.#statusTimer) clearTimeout(this.#statusTimer)
  }

  #watchFor({ sources, finding }: Together): void {
    const finder = new Finder({
      ...finding,
      onFile: (root, path) => {
        for (const source of sources) this.#changed(jobFor(source, root, path))
      },
      log: this.#parts.log,
      sweepMs: this.#parts.sweepMs ?? SWEEP_MS,
    })
    for (const source of sources) this.#finders.set(source, finder)
    for (const path of finding.roots) {
      for (const { agent } of sources)
        if (!this.#roots.some((root) => root.agent === agent && root.path === path)) this.#roots.push({ agent, path })
      if (!this.#files.has(path)) this.#files.set(path, new Set())
    }
    for (const { root, path } of finder.start())
      for (const source of sources) {
        const job = jobFor(source, root, path)
        if (job === null) continue
        this.#files.get(root)!.add(job.path)
        // Databases first: a line that an older file holds as well is the same event, and is told of the place where it stands today.
        const queue = source.reads === 'tables' ? this.#urgent : this.#backlog
        queue.set(keyOf(job), job)
      }
  }

  #allFinders(): ReadonlySet<Finder> {
    return new Set(this.#finders.values())
  }

  #changed(job: Job | null): void {
    if (job === null) return
    this.#lastChangeMs = Date.now()
    this.#files.get(job.root)?.add(job.path)
    this.#urgent.set(keyOf(job), job)
    this.#pump()
  }

  #pump(): void {
    if (!this.#pumping && !this.#closed) {
      this.#pumping = true
      try {
        while (this.#delivery.inFlight < IN_FLIGHT) {
          const isUrgent = this.#urgent.size > 0
          const queue = isUrgent ? this.#urgent : this.#backlog
          const next = queue.entries().next().value
          if (next === undefined) break
          this.#urgent.delete(next[0])
          this.#backlog.delete(next[0])
          if (this.#lookOnce(next[0], next[1], isUrgent)) queue.set(next[0], next[1])
        }
      } finally {
        this.#pumping = false
      }
    }
    this.#tell()
  }

  // True when there is more to read of it now.
  #lookOnce(key: string, job: Job, isUrgent: boolean): boolean {
    const file = fileOf(job)
    const look = this.#readers.look(job, this.#delivery.placeOf(key) ?? placeOf(this.#parts.offsets, job))
    if (look.is === 'later') return this.#lookLater(key, job, look.afterMs)
    if (look.is === 'unreadable') return this.#unreadable(file, job, look)
    this.#fileTrouble.delete(file)
    if (look.is === 'gone' || look.torn === null) this.#torn.delete(key)
    else this.#torn.set(key, { file, offset: look.torn, why: 'the last line is not finished' })
    if (look.is === 'gone') {
      this.#files.get(job.root)?.delete(job.path)
      return false
    }
    if (look.is === 'read') this.#send(key, look, isUrgent)
    return look.more
  }

  #send(key: string, { messages, free, place, bytes, lines, unknown }: Look & { is: 'read' }, isUrgent: boolean): void {
    this.#counts.bytes += bytes
    this.#counts.lines += lines
    this.#counts.unknown += unknown
    if (lines > 0) this.#counts.events += messages.length
    this.#delivery.send(messages, key, place, isUrgent, free)
  }

  #lookLater(key: string, job: Job, afterMs: number): false {
    if (this.#later.has(key)) return false
    const again = () => {
      this.#later.delete(key)
      this.#changed(job)
    }
    this.#later.set(key, setTimeout(again, afterMs))
    return false
  }

  #unreadable(file: string, job: Job, { why, lasting }: Look & { is: 'unreadable' }): false {
    if (this.#fileTrouble.get(file) !== why) this.#parts.log.warn({ file }, `watcher: ${why}`)
    this.#fileTrouble.set(file, why)
    if (!lasting) this.#finders.get(job.source)?.lookAgain(job.root, job.path)
    return false
  }

  #damaged(damage: Damage): void {
    this.#counts.damaged++
    this.#damage = [...this.#damage, damage].slice(-DAMAGE_KEPT)
  }

  // Every quarter of a second while there is something to say; at once when all is read that was not.
  #tell(): void {
    if (this.#told?.caughtUp !== true && this.#isCaughtUp()) return this.#tellNow()
    this.#statusTimer ??= setTimeout(() => this.#tellNow(), STATUS_EVERY_MS)
  }

  #tellNow(): void {
    if (this.#statusTimer) clearTimeout(this.#statusTimer)
    this.#statusTimer = null
    this.#told = this.status()
    this.#parts.onStatus(this.#told)
  }

  #isCaughtUp(): boolean {
    return this.#urgent.size + this.#backlog.size + this.#later.size === 0 && this.#delivery.isIdle()
  }

  status(): WatcherStatus {
    const waiting = this.#urgent.size + this.#backlog.size + this.#later.size
    return {
      roots: this.#roots.map(({ agent, path }) => ({ agent, path, files: this.#files.get(path)?.size ?? 0 })),
      files: [...this.#files.values()].reduce((n, paths) => n + paths.size, 0),
      ...this.#counts,
      duplicates: this.#delivery.duplicates,
      damage: this.#damage,
      torn: [...this.#torn.values()].slice(-DAMAGE_KEPT),
      waiting,
      caughtUp: this.#isCaughtUp(),
      lastChangeMs: this.#lastChangeMs,
      watches: [...this.#allFinders()].reduce((n, finder) => n + finder.watches(), 0),
      trouble:
        this.#delivery.trouble ??
        [...this.#fileTrouble.values()][0] ??
        [...this.#allFinders()].find((finder) => finder.trouble !== null)?.trouble ??
        null,
    }
  }
}

const keyOf = ({ source, root, path }: Job) => `${source.agent}\u0000${root}/${path}`
