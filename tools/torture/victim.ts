// The program under torture: the sources as they stand, in processes of their own, with a hand on everything that can be killed.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { HealthAnswer } from '../../src/wire/rest.ts'
import type { Command, Fault, FromFaults, ThreadName } from './faults.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))
const FAULTS = fileURLToPath(new URL('./faults.ts', import.meta.url))

export interface VictimParts {
  readonly dataDir: string
  readonly watched: string
  readonly home: string
  readonly agent?: string // whose folder is watched
  readonly bus?: string // embedded where it is absent
  readonly onUrl?: (url: string) => void
}

export class Victim {
  readonly #parts: VictimParts
  #child: ChildProcess | null = null
  #watcher: number | null = null
  #ended: Promise<void> = Promise.resolve()
  #said = ''
  #asked: ((heaps: Readonly<Record<string, number>>) => void)[] = []
  url: string | null = null
  starts = 0

  constructor(parts: VictimParts) {
    this.#parts = parts
  }

  start(): void {
    const { dataDir, watched, home, agent = 'example', bus = 'embedded' } = this.#parts
    const watching = ['--watch', `${agent}=${watched}`]
    const args = ['serve', '--no-open', '--port', '0', '--data-dir', dataDir, ...watching, '--bus', bus]
    const child = spawn(process.execPath, ['--import', FAULTS, MAIN, ...args], {
      // Sources without their types are kept: a start costs a third.
      env: { PATH: process.env.PATH, HOME: home, OPENSTORY_LOG: 'warn', NODE_COMPILE_CACHE: `${home}/compiled` },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    this.#child = child
    this.starts++
    this.url = null
    this.#ended = new Promise((resolve) => child.on('close', () => resolve()))
    child.on('message', (message: FromFaults) => {
      if ('watcher' in message) this.#watcher = message.watcher
      else for (const tell of this.#asked.splice(0)) tell(message.heaps)
    })
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-200_000)
      const url = /at (http:\/\/\S+)/.exec(text)?.[1]
      if (url === undefined || this.#child !== child) return
      this.url = url
      this.#parts.onUrl?.(url)
    })
  }

  said(): string {
    return this.#said
  }

  async killServer(): Promise<void> {
    this.#child?.kill('SIGKILL')
    await this.#ended
  }

  killWatcher(): void {
    if (this.#watcher === null) return
    try {
      process.kill(this.#watcher, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // it had ended
    }
  }

  terminate(thread: ThreadName): void {
    this.#send({ do: 'terminate', thread })
  }

  fault(thread: ThreadName, fault: Fault): void {
    this.#send({ do: 'fault', thread, fault })
  }

  // In every thread of the server: how far its clock is ahead of ours.
  clock(aheadMs: number): void {
    this.#send({ do: 'clock', aheadMs })
  }

  // Bytes in use, by thread. Null where it does not answer.
  heaps(): Promise<Readonly<Record<string, number>> | null> {
    return new Promise((resolve) => {
      this.#asked.push(resolve)
      setTimeout(() => resolve(null), 10_000).unref()
      this.#send({ do: 'heaps' })
    })
  }

  pids(): { readonly server: number | null; readonly watcher: number | null } {
    return { server: this.#child?.pid ?? null, watcher: this.#watcher }
  }

  #send(command: Command): void {
    if (this.#child?.connected) this.#child.send(command, () => undefined) // it may be dying
  }

  async health(): Promise<HealthAnswer | null> {
    if (this.url === null) return null
    try {
      return (await (
        await fetch(`${this.url}/api/health`, { signal: AbortSignal.timeout(10_000) })
      ).json()) as HealthAnswer
    } catch {
      return null // it does not serve just now
    }
  }

  // As a person stops it. False where it had to be killed.
  async stop(graceMs = 30_000): Promise<boolean> {
    const child = this.#child
    if (child === null || child.exitCode !== null || child.signalCode !== null) return true
    child.kill('SIGTERM')
    const late = setTimeout(() => child.kill('SIGKILL'), graceMs)
    await this.#ended
    clearTimeout(late)
    return child.signalCode === null
  }
}
