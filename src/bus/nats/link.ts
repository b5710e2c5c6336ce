// The connection to a NATS server and the stream on it. Connects again by itself for as long as the bus is open;
// says in a sentence what is wrong when it cannot. No user, password or token appears in anything it says.
import {
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  type StreamInfo,
} from '@nats-io/jetstream'
import { connect, errors, type NatsConnection } from '@nats-io/transport-node'
import { type Log, reasonOf } from '../../base/log.ts'
import { BusError } from '../bus.ts'
import { ensureStream, type StreamLimits } from './stream.ts'

export interface LinkOptions {
  readonly url: string // nats://[user:password@|token@]host[:port], several with commas; tls:// for TLS
  readonly limits: StreamLimits
  readonly log: Log
}

export class CutError extends Error {}

const CONNECT_MS_MAX = 5_000
const REQUEST_MS_MAX = 10_000
const PAYLOAD_BYTES_DEFAULT = 1024 * 1024
const RECONNECT_MS = 200
const PING_MS = 5_000 // two without an answer, and the connection is taken for dead
const VERSION_MIN = [2, 9] as const

export class Link {
  readonly url: string // without credentials
  readonly log: Log
  readonly nc: NatsConnection
  readonly js: JetStreamClient
  readonly jsm: JetStreamManager
  closed = false
  lost: string | null = null // stays: something the server no longer has was never handled
  stuck: string | null = null // goes once the same thing works again
  private connected = true
  private refused = false // the server does not let us in: at the last attempt
  private refusedNow = false // at this one
  private messageBytesMax = Number.POSITIVE_INFINITY // a limit that stands on the stream
  private readonly limits: StreamLimits
  private readonly changed = new Set<() => void>()
  private readonly back = new Set<() => void>()
  private readonly ends = new Set<() => void>()

  private constructor(nc: NatsConnection, jsm: JetStreamManager, url: string, options: LinkOptions) {
    this.nc = nc
    this.jsm = jsm
    this.js = jetstream(nc, { timeout: REQUEST_MS_MAX })
    this.url = url
    this.limits = options.limits
    this.log = options.log
    void this.follow()
  }

  static async open(options: LinkOptions): Promise<Link> {
    const { servers, shown, credentials } = parseUrl(options.url)
    const nc = await dial(servers, shown, credentials)
    try {
      const jsm = await manager(nc, shown)
      const tooOld = tooOldSentence(nc, shown)
      if (tooOld !== null) throw new BusError(tooOld)
      const stream = await ensureStream(jsm, options.limits, shown).catch((error) => {
        throw new BusError(`cannot set up the stream on ${shown}: ${reasonOf(error)}`, { cause: error })
      })
      const link = new Link(nc, jsm, shown, options)
      link.know(stream)
      return link
    } catch (error) {
      await nc.close()
      throw error
    }
  }

  // What is off now, as a sentence.
  off(): string | null {
    if (this.closed) return null
    if (!this.connected && this.refused)
      return `the NATS server at ${this.url} refuses the user, password or token in its URL; trying again`
    if (!this.connected) return `the connection to ${this.url} is down; trying again`
    return tooOldSentence(this.nc, this.url) ?? this.stuck ?? this.lost
  }

  get up(): boolean {
    return this.connected && !this.closed
  }

  // Called each time the connection has come back.
  onReconnect(listener: () => void): () => void {
    this.back.add(listener)
    return () => this.back.delete(listener)
  }

  onClose(listener: () => void): () => void {
    this.ends.add(listener)
    return () => this.ends.delete(listener)
  }

  // Resolves at the next change: connection lost, come back, or closed.
  change(): { readonly happened: Promise<void>; forget(): void } {
    let listener = (): void => {}
    const happened = new Promise<void>((resolve) => {
      listener = resolve
    })
    this.changed.add(listener)
    return { happened, forget: () => this.changed.delete(listener) }
  }

  // What a request answers. A request that the connection died under would only run into its time limit: throws at once then.
  async unlessCut<T>(request: Promise<T>): Promise<T> {
    const change = this.change()
    const cut = change.happened.then(() => {
      throw new CutError('the connection went')
    })
    try {
      return await Promise.race([request, cut])
    } finally {
      change.forget()
    }
  }

  // Resolves when connected. Throws BusError once the bus is closed.
  async ready(): Promise<void> {
    while (!this.up) {
      if (this.closed) throw new BusError('the bus is closed')
      await this.change().happened
    }
  }

  // The stream may have gone with a server that came back empty.
  async ensure(): Promise<void> {
    this.know(await ensureStream(this.jsm, this.limits, this.url))
  }

  // The largest message, headers and all: by the server's limit and the stream's.
  payloadMax(): number {
    return Math.min(this.nc.info?.max_payload ?? PAYLOAD_BYTES_DEFAULT, this.messageBytesMax)
  }

  know({ config }: StreamInfo): void {
    this.messageBytesMax = config.max_msg_size > 0 ? config.max_msg_size : Number.POSITIVE_INFINITY
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    for (const listener of [...this.ends]) listener()
    this.tell()
    await this.nc.close()
  }

  private tell(): void {
    for (const listener of [...this.changed]) listener()
    this.changed.clear()
  }

  private async follow(): Promise<void> {
    for await (const status of this.nc.status()) {
      if (status.type === 'disconnect') {
        this.connected = false
        if (!this.closed) this.log.warn({ url: this.url }, 'the connection to NATS is down; trying again')
        this.tell()
      } else if (status.type === 'error' && isRefusal(status.error)) {
        if (!this.refused) this.log.warn({ url: this.url }, 'NATS refuses the user, password or token; trying again')
        this.refused = true
        this.refusedNow = true
      } else if (status.type === 'reconnecting') {
        this.refused = this.refusedNow
        this.refusedNow = false
      } else if (status.type === 'reconnect') {
        this.connected = true
        this.refused = false
        this.log.info({ url: this.url }, 'connected to NATS again')
        this.tell()
        for (const listener of this.back) listener()
      }
    }
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof errors.AuthorizationError || error instanceof errors.UserAuthenticationExpiredError

function tooOldSentence({ info }: NatsConnection, shown: string): string | null {
  const [major = 0, minor = 0] = (info?.version ?? '').split('.').map((word) => Number.parseInt(word, 10))
  const isTooOld = major < VERSION_MIN[0] || (major === VERSION_MIN[0] && minor < VERSION_MIN[1])
  return isTooOld
    ? `the NATS server at ${shown} is version ${info?.version ?? 'unknown'}; OpenStory needs ${VERSION_MIN.join('.')} or newer`
    : null
}

interface Credentials {
  readonly user?: string
  readonly pass?: string
  readonly token?: string
}

export function parseUrl(url: string): {
  servers: string[]
  shown: string
  credentials: Credentials & { tls?: object }
} {
  let credentials: Credentials & { tls?: object } = {}
  const shown: string[] = []
  const servers = url.split(',').map((one) => {
    let parsed: URL
    try {
      parsed = new URL(one.includes('://') ? one.trim() : `nats://${one.trim()}`)
    } catch {
      throw new BusError('the address of the NATS server is not a URL; it looks like nats://127.0.0.1:4222')
    }
    if (parsed.protocol !== 'nats:' && parsed.protocol !== 'tls:')
      throw new BusError(`the address of a NATS server begins with nats:// or tls://, not ${parsed.protocol}//`)
    const [user, pass] = [decodeURIComponent(parsed.username), decodeURIComponent(parsed.password)]
    if (user !== '') credentials = { ...credentials, ...(pass === '' ? { token: user } : { user, pass }) }
    if (parsed.protocol === 'tls:') credentials = { ...credentials, tls: {} }
    shown.push(`${parsed.protocol}//${parsed.host}`)
    return parsed.host
  })
  return { servers, shown: shown.join(','), credentials }
}

async function dial(servers: string[], shown: string, credentials: object): Promise<NatsConnection> {
  try {
    return await connect({
      servers,
      ...credentials,
      name: 'openstory',
      timeout: CONNECT_MS_MAX,
      maxReconnectAttempts: -1,
      reconnectDelayHandler: () => RECONNECT_MS,
      ignoreAuthErrorAbort: true,
      pingInterval: PING_MS,
      maxPingOut: 2,
      noAsyncTraces: true, // a stack trace for each of 20,000 requests a second is not free
    })
  } catch (error) {
    if (isRefusal(error))
      throw new BusError(`the NATS server at ${shown} refused the user, password or token in its URL`, { cause: error })
    throw new BusError(
      `no NATS server answers at ${shown} (${reasonOf(error).slice(0, 200)}); start one with JetStream, or use the embedded bus`,
      { cause: error },
    )
  }
}

async function manager(nc: NatsConnection, shown: string): Promise<JetStreamManager> {
  try {
    return await jetstreamManager(nc, { timeout: REQUEST_MS_MAX })
  } catch (error) {
    throw new BusError(
      `the NATS server at ${shown} runs without JetStream for this user; start it with -js, or with a jetstream block in its configuration`,
      { cause: error },
    )
  }
}
