// A watcher at work in a test: real files in a temporary folder, a real journal, and a bus that fails, waits and says when it was asked.
import { isUtf8 } from 'node:buffer'
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Log } from '../base/log.ts'
import type { Message } from '../bus/bus.ts'
import { example } from '../sources/example/source.ts'
import type { Machine } from '../sources/source.ts'
import { Offsets } from '../watcher/offsets.ts'
import { Watcher, type WatcherParts } from '../watcher/watcher.ts'
import { MemoryBus } from './memory-bus.ts'
import { eventually } from './scenario.ts'

// Before each publish and flush; what it throws is how the bus fails, what it waits for is how long it takes.
export interface Hooks {
  publish?: (messages: readonly Message[]) => void | Promise<void>
  flush?: () => void | Promise<void>
}

export class Den {
  readonly dir = mkdtempSync(join(tmpdir(), 'openstory-watch-'))
  readonly root = join(this.dir, 'sessions')
  readonly journal = join(this.dir, 'kept', 'offsets.jsonl')
  readonly bus = new MemoryBus()
  readonly hooks: Hooks = {}
  readonly said: string[] = [] // warnings and worse
  #watcher: Watcher | null = null

  constructor() {
    chmodSync(this.dir, 0o755) // also for the user whom `unprivileged` becomes
    mkdirSync(this.root)
  }

  path(name: string): string {
    return join(this.root, name)
  }

  write(name: string, text: string | Buffer): void {
    mkdirSync(dirname(this.path(name)), { recursive: true })
    writeFileSync(this.path(name), text)
  }

  append(name: string, text: string | Buffer): void {
    mkdirSync(dirname(this.path(name)), { recursive: true })
    appendFileSync(this.path(name), text)
  }

  offsets(): Offsets {
    return new Offsets(this.journal)
  }

  // One that sees what it is told of by the file system, unless a test says how often it looks by itself.
  watch(more: Partial<WatcherParts> = {}): Watcher {
    this.#watcher = new Watcher({
      sources: [example],
      machine: { home: this.dir, env: {}, platform: process.platform } satisfies Machine,
      extraRoots: { example: [this.root] },
      onlyExtra: true,
      bus: this.#publisher,
      offsets: more.offsets ?? this.offsets(),
      copies: join(this.dir, 'kept', 'copies'),
      place: { host: 'here', user: 'dev' },
      log: this.log,
      sweepMs: 3_600_000,
      onStatus: () => undefined,
      ...more,
    })
    this.#watcher.start()
    return this.#watcher
  }

  async caughtUp(): Promise<void> {
    await eventually('everything found is read and kept', () => this.#watcher?.status().caughtUp)
  }

  async arrived(events: number): Promise<void> {
    await eventually(`${events} events`, () => this.bus.stream.length >= events)
  }

  async stop(): Promise<void> {
    await this.#watcher?.close()
    this.#watcher = null
  }

  // Reads what a watcher reads at its start, and ends it.
  async lookOnce(more: Partial<WatcherParts> = {}): Promise<void> {
    this.watch(more)
    await this.stop()
  }

  async lookOnceAndCatchUp(more: Partial<WatcherParts> = {}): Promise<void> {
    this.watch(more)
    await this.caughtUp()
    await this.stop()
  }

  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.dir, { recursive: true, force: true })
  }

  ids(): string[] {
    return this.bus.stream.map(({ id }) => id)
  }

  // The lines as they stand in the events that carry one, in the order of the bus.
  raws(): string[] {
    return this.bus.stream.flatMap(({ data }) => rawIn(data) ?? [])
  }

  readonly log: Log = {
    error: (_, message) => void this.said.push(message),
    warn: (_, message) => void this.said.push(message),
    info() {},
    debug() {},
  }

  readonly #publisher = {
    publish: async (messages: readonly Message[]) => {
      const kept = messages.map((message) => ({ ...message, data: message.data.slice() }))
      await this.hooks.publish?.(kept)
      return this.bus.publish(messages)
    },
    flush: async () => {
      await this.hooks.flush?.()
      return this.bus.flush()
    },
  }
}

// The bytes of the line an event carries, cut out of the event's own text, not parsed and written again. Null: it carries none.
export function rawBytesIn(data: Uint8Array): Buffer | null {
  const text = Buffer.from(data)
  const value = JSON.parse(text.toString()).data
  if (value.rawtext !== undefined) return Buffer.from(value.rawtext)
  if (value.raw64 !== undefined) return Buffer.from(value.raw64, 'base64')
  if (!('raw' in value)) return null
  const mark = ',"raw":'
  return text.subarray(text.indexOf(mark, text.indexOf(',"payload":')) + mark.length, -2)
}

// As text; bytes that are no UTF-8 as one letter each.
export function rawIn(data: Uint8Array): string | null {
  const bytes = rawBytesIn(data)
  return bytes === null ? null : bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}

export const record = (n: number, text = `words ${n}`): string =>
  JSON.stringify({ id: `${n}`, at: new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString(), kind: 'ask', text })

export const records = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `${record(from + i)}\n`).join('')
