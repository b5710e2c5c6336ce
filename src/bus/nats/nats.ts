// The bus over NATS JetStream, 2.9 and newer: the stream OPENSTORY on a server of the user's own.
// Numbers ascend but are not contiguous: a message larger than the server takes uses one for each part and has its last (parts.ts).
import { systemClock } from '../../base/clock.ts'
import { type Log, reasonOf, silentLog } from '../../base/log.ts'
import {
  type Bus,
  BusError,
  type BusState,
  type ConsumeOptions,
  type Delivered,
  type DurableState,
  type Message,
  type PublishResult,
  type Subscription,
} from '../bus.ts'
import { Durable, forgetDurable, readDurables } from './durable.ts'
import { Link } from './link.ts'
import { Publishing } from './publishing.ts'
import { read } from './reading.ts'
import { STREAM, type StreamLimits, streamInfo } from './stream.ts'

const STATE_MS_MAX = 2_000

export interface NatsOptions extends StreamLimits {
  readonly url: string // nats://[user:password@|token@]host[:port]
  readonly log?: Log
}

// Throws BusError with a sentence when the server cannot be used; after that the bus connects again by itself.
export async function openNats(options: NatsOptions): Promise<Bus> {
  return new NatsBus(await Link.open({ url: options.url, limits: options, log: options.log ?? silentLog }))
}

class NatsBus implements Bus {
  private readonly link: Link
  private readonly publishing: Publishing
  private readonly durables = new Set<Durable>()
  private known: BusState = { kind: 'nats', firstSeq: 1, lastSeq: 0, bytes: 0, durables: [], trouble: null }

  constructor(link: Link) {
    this.link = link
    this.publishing = new Publishing(link)
  }

  publish(messages: readonly Message[]): Promise<readonly PublishResult[]> {
    return this.publishing.publish(messages)
  }

  flush(): Promise<void> {
    return this.publishing.flush()
  }

  async consume(options: ConsumeOptions): Promise<Subscription> {
    this.assertOpen()
    const durable = new Durable(this.link, options)
    await durable.open()
    this.durables.add(durable)
    return durable
  }

  read(fromSeq: number, filter: string, signal: AbortSignal): AsyncIterable<readonly Delivered[]> {
    this.assertOpen()
    return read({ link: this.link, fromSeq, filter, signal })
  }

  async forget(name: string): Promise<void> {
    this.assertOpen()
    for (const durable of this.durables) if (durable.name === name) await durable.stop()
    await this.link.ready()
    await forgetDurable(this.link, name)
  }

  // While the server is away: what was known last, and the trouble.
  async state(): Promise<BusState> {
    if (this.link.up) {
      try {
        this.known = await this.link.unlessCut(inTime(this.ask()))
      } catch (error) {
        if (this.link.up)
          return { ...this.known, trouble: `NATS at ${this.link.url} does not answer: ${reasonOf(error)}` }
      }
    }
    return { ...this.known, trouble: this.link.off() }
  }

  // Ends every subscription and reading; publishes that are not confirmed throw.
  close(): Promise<void> {
    return this.link.close()
  }

  private async ask(): Promise<BusState> {
    const stream = await streamInfo(this.link.jsm)
    if (stream === null) throw new BusError('the stream is gone')
    const { messages, first_seq: first, last_seq: lastSeq, bytes } = stream.state
    const durables = await readDurables(this.link)
    const oldestMs = await this.waitingMs(durables)
    const server = this.link.nc.info?.version
    return {
      ...{ kind: 'nats', firstSeq: messages === 0 ? lastSeq + 1 : first, lastSeq, bytes, durables, trouble: null },
      ...{ oldestMs, ...(server && { server }) },
    }
  }

  // Since when the message waits that is next for whoever is furthest behind.
  private async waitingMs(durables: readonly DurableState[]): Promise<number | null> {
    const behind = durables.filter(({ lag }) => lag > 0).map(({ ackedSeq }) => ackedSeq)
    if (behind.length === 0) return null
    const oldest = await this.link.jsm.streams.getMessage(STREAM, { seq: Math.min(...behind) + 1 })
    return oldest === null ? null : Math.max(0, Date.now() - oldest.time.getTime())
  }

  private assertOpen(): void {
    if (this.link.closed) throw new BusError('the bus is closed')
  }
}

// Whoever asks how things are does not wait for a server that hangs.
async function inTime<T>(asking: Promise<T>): Promise<T> {
  const late = new AbortController()
  const limit = systemClock.sleep(STATE_MS_MAX, late.signal).then(() => {
    throw new BusError(`nothing came within ${STATE_MS_MAX / 1000} s`)
  })
  limit.catch(() => undefined) // when the answer came before it
  try {
    return await Promise.race([asking, limit])
  } finally {
    late.abort()
  }
}
