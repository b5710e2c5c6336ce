// Files → lines → events → bus, one pump. What changed just now goes before what was found at the start; the next chunk is read while
// earlier ones are on their way to the bus (at most IN_FLIGHT), and a file's place is kept only after the bus has its events.
import { type Log, reasonOf } from '../base/log.ts'
import { retryDelayMs } from '../base/retry.ts'
import type { Message, Publisher } from '../bus/bus.ts'
import type { LineSource, Machine } from '../sources/source.ts'
import { Finder } from './find.ts'
import type { FoundLine } from './lines.ts'
import { type Place, replacedMessage } from './messages.ts'
import type { FilePlace, Offsets } from './offsets.ts'
import { readTail, type TailRead } from './tail.ts'
import { type Job, Translation } from './translation.ts'

export interface WatcherParts {
  readonly sources: readonly LineSource[]
  readonly machine: Machine
  readonly extraRoots?: Readonly<Record<string, readonly string[]>> // agent → folders, beside (or instead of) its own
  readonly onlyExtra?: boolean
  readonly bus: Publisher
  readonly offsets: Offsets
  readonly place: Place
  readonly log: Log
  readonly sweepMs?: number
  readonly onStatus: (status: WatcherStatus) => void
}

export interface Damage {
  readonly file: string
  readonly offset: number
  readonly why: string
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
  readonly trouble: string | null
}

const IN_FLIGHT = 3
const SAVE_EVERY_MS = 500
const SWEEP_MS = 60_000
const STATUS_EVERY_MS = 250
const DAMAGE_KEPT = 200

export class Watcher {
  readonly #parts: WatcherParts
  readonly #finders = new Map<LineSource, Finder>()
  readonly #urgent = new Map<string, Job>()
  readonly #backlog = new Map<string, Job>()
  readonly #places = new Map<string, FilePlace>() // read, maybe not on the bus yet
  readonly #unsaved = new Map<string, FilePlace>() // on the bus, not in the journal yet
  readonly #torn = new Map<string, Damage>()
  readonly #counts = { lines: 0, events: 0, duplicates: 0, bytes: 0, unknown: 0, damaged: 0 }
  readonly #files = new Map<string, Set<string>>() // root → paths
  readonly #roots: { agent: string; path: string }[] = []
  #damage: Damage[] = []
  #inFlight = 0
  #pumping = false
  #closed = false
  #busTrouble: string | null = null
  #fileTrouble = new Map<string, string>()
  #saving: Promise<void> = Promise.resolve()
  #saveTimer: NodeJS.Timeout | null = null
  #statusTimer: NodeJS.Timeout | null = null
  #order: Promise<void> = Promise.resolve() // publishes are answered, and places kept, in the order they were read

  constructor(parts: WatcherParts) {
    this.#parts = parts
  }

  start(): void {
    for (const source of this.#parts.sources) this.#watchSource(source)
    this.#tell()
    this.#pump()
  }

  // What is read is published, what is published is saved.
  async close(): Promise<void> {
    this.#closed = true
    for (const finder of this.#finders.values()) finder.close()
    await this.#order.catch(() => undefined) // a failed publish was already said; its places are not saved
    if (this.#saveTimer) clearTimeout(this.#saveTimer)
    if (this.#statusTimer) clearTimeout(this.#statusTimer)
    await this.#save()
    this.#parts.offsets.close()
  }

  #watchSource(source: LineSource): void {
    const extra = this.#parts.extraRoots?.[source.agent] ?? []
    const own = this.#parts.onlyExtra ? [] : source.roots(this.#parts.machine).map(({ path }) => path)
    const roots = [...new Set([...own, ...extra])]
    if (roots.length === 0) return
    const finder = new Finder({
      roots,
      wants: (path) => source.owner({ root: '', path }) !== null,
      onFile: (root, path) => this.#changed({ source, root, path }),
      log: this.#parts.log,
      sweepMs: this.#parts.sweepMs ?? SWEEP_MS,
    })
    this.#finders.set(source, finder)
    for (const path of roots) {
      this.#roots.push({ agent: source.agent, path })
      this.#files.set(path, new Set())
    }
    for (const { root, path } of finder.start()) {
      this.#files.get(root)!.add(path)
      this.#backlog.set(keyOf(source, root, path), { source, root, path })
    }
  }

  #changed(job: Job): void {
    this.#files.get(job.root)?.add(job.path)
    this.#urgent.set(keyOf(job.source, job.root, job.path), job)
    this.#pump()
  }

  #pump(): void {
    if (this.#pumping || this.#closed) return
    this.#pumping = true
    try {
      while (this.#inFlight < IN_FLIGHT) {
        const queue = this.#urgent.size > 0 ? this.#urgent : this.#backlog
        const next = queue.entries().next().value
        if (next === undefined) break
        this.#urgent.delete(next[0])
        this.#backlog.delete(next[0])
        if (this.#readOnce(next[0], next[1])) queue.set(next[0], next[1])
      }
    } finally {
      this.#pumping = false
    }
    this.#tell()
  }

  // True when there is more to read of it now.
  #readOnce(key: string, job: Job): boolean {
    const file = `${job.root}/${job.path}`
    const place = this.#placeOf(key, job, file)
    if (place === null) return false
    const translation = new Translation(job, place, this.#parts.place, (line) => this.#damaged(file, line))
    const read = readTail(file, place, (line, inode) => translation.add(line, inode))
    if (read.is === 'unreadable') return this.#unreadable(file, job, read)
    this.#fileTrouble.delete(file)
    if (read.is === 'gone') return this.#gone(key) // never a deletion: what was read stays
    if (read.is === 'replaced') return this.#replaced(key, job, place, read)
    return this.#lines(key, place, read, translation)
  }

  #unreadable(file: string, job: Job, { why, lasting }: TailRead & { is: 'unreadable' }): false {
    if (this.#fileTrouble.get(file) !== why) this.#parts.log.warn({ file }, `watcher: ${why}`)
    this.#fileTrouble.set(file, why)
    if (!lasting) this.#finders.get(job.source)?.lookAgain(job.root, job.path)
    return false
  }

  #gone(key: string): false {
    this.#torn.delete(key)
    return false
  }

  #placeOf(key: string, job: Job, file: string): FilePlace | null {
    const known = this.#places.get(key) ?? this.#parts.offsets.get(job.source.agent, file)
    if (known !== undefined) return known
    const owner = job.source.owner(job)
    if (owner === null) return null
    return { file, agent: job.source.agent, inode: 0, offset: 0, line: 0, last: null, lane: null, memory: owner.memory }
  }

  #replaced(key: string, job: Job, place: FilePlace, read: TailRead & { is: 'replaced' }): true {
    const { why, inode } = read
    this.#parts.log.info(
      { file: place.file, why },
      'watcher: a file was replaced; it is read again from its beginning, and what was read before stays',
    )
    const fresh: FilePlace = {
      ...place,
      inode,
      offset: 0,
      line: 0,
      last: null,
      memory: job.source.owner(job)?.memory ?? {},
    }
    this.#places.set(key, fresh)
    const was = { offset: place.offset, line: place.line, sha256: place.last?.sha256 ?? '' }
    if (place.lane !== null && why !== null)
      this.#publish(
        [replacedMessage(job.source, { ...job, inode }, place.lane, was, why, this.#parts.place)],
        key,
        fresh,
      )
    return true
  }

  #lines(key: string, place: FilePlace, read: TailRead & { is: 'lines' }, translation: Translation): boolean {
    this.#counts.bytes += read.nextOffset - place.offset
    if (!read.more && read.nextOffset < read.size)
      this.#torn.set(key, { file: place.file, offset: read.nextOffset, why: 'the last line is not finished' })
    else this.#torn.delete(key)
    if (read.nextOffset === place.offset && read.inode === place.inode) return read.more
    this.#counts.lines += translation.lines
    this.#counts.unknown += translation.unknown
    this.#counts.events += translation.messages.length
    const next = translation.placeAt(read)
    this.#places.set(key, next)
    this.#publish(translation.messages, key, next)
    return read.more
  }

  #damaged(file: string, { offset, damage, piece }: FoundLine): void {
    if (damage === null && piece > 1) return // told once for the line
    this.#counts.damaged++
    this.#damage = [
      ...this.#damage,
      { file, offset, why: damage ?? 'two objects stand on one line; both were read' },
    ].slice(-DAMAGE_KEPT)
  }

  #publish(messages: readonly Message[], key: string, place: FilePlace): void {
    this.#inFlight++
    // One after the other: what is sent again must not come behind what was read after it.
    this.#order = this.#order.then(async () => {
      await this.#publishUntilTaken(messages)
      this.#unsaved.set(key, place)
      this.#inFlight--
      this.#saveTimer ??= setTimeout(() => this.#save(), SAVE_EVERY_MS)
      this.#pump()
    })
    this.#order.catch(() => undefined) // only on close
  }

  async #publishUntilTaken(messages: readonly Message[]): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        const results = await this.#parts.bus.publish(messages)
        this.#counts.duplicates += results.reduce((n, { duplicate }) => n + (duplicate ? 1 : 0), 0)
        this.#busTrouble = null
        return
      } catch (error) {
        if (this.#closed) throw error
        this.#busTrouble = `events wait to be taken by the bus: ${reasonOf(error)}`
        if (attempt === 0)
          this.#parts.log.warn(
            { why: reasonOf(error) },
            'watcher: the bus did not take events; they are sent again until it does',
          )
        this.#tell()
        await new Promise((resolve) => setTimeout(resolve, retryDelayMs(attempt, 50, 5_000)))
      }
    }
  }

  // One after the other, so that an older place never comes to stand behind a newer one.
  #save(): Promise<void> {
    this.#saveTimer = null
    this.#saving = this.#saving.then(() => this.#saveNow())
    return this.#saving
  }

  async #saveNow(): Promise<void> {
    const places = [...this.#unsaved.values()]
    const keys = [...this.#unsaved.keys()]
    if (places.length === 0) return
    try {
      await this.#parts.bus.flush()
      this.#parts.offsets.save(places)
      for (const [i, key] of keys.entries()) if (this.#unsaved.get(key) === places[i]) this.#unsaved.delete(key)
      for (const [i, key] of keys.entries()) if (this.#places.get(key) === places[i]) this.#places.delete(key)
      this.#tell()
    } catch (error) {
      // Not kept is safe: after a restart these lines are read again and known by their ids.
      this.#parts.log.warn({ why: reasonOf(error) }, 'watcher: could not keep the offsets; trying again')
      if (!this.#closed) this.#saveTimer ??= setTimeout(() => this.#save(), SAVE_EVERY_MS * 10)
    }
  }

  #tell(): void {
    this.#statusTimer ??= setTimeout(() => {
      this.#statusTimer = null
      this.#parts.onStatus(this.status())
    }, STATUS_EVERY_MS)
  }

  status(): WatcherStatus {
    const waiting = this.#urgent.size + this.#backlog.size
    return {
      roots: this.#roots.map(({ agent, path }) => ({ agent, path, files: this.#files.get(path)?.size ?? 0 })),
      files: [...this.#files.values()].reduce((n, paths) => n + paths.size, 0),
      ...this.#counts,
      damage: this.#damage,
      torn: [...this.#torn.values()].slice(-DAMAGE_KEPT),
      waiting,
      caughtUp: waiting === 0 && this.#inFlight === 0 && this.#unsaved.size === 0,
      watches: [...this.#finders.values()].reduce((n, finder) => n + finder.watches(), 0),
      trouble:
        this.#busTrouble ??
        [...this.#fileTrouble.values()][0] ??
        [...this.#finders.values()].find((finder) => finder.trouble !== null)?.trouble ??
        null,
    }
  }
}

const keyOf = (source: LineSource, root: string, path: string) => `${source.agent}\u0000${root}/${path}`
