// A durable consumer: the server keeps the cursor, ack follows handle, one ack for all up to a number.
// The consumer on the server is made anew behind the cursor whenever deliveries may have gone astray (a process that died with
// messages in hand, a connection that broke): redelivery by timer would come late and out of order. A spare one holds the cursor
// while that happens, so that a crash in between loses nothing.
import { AckPolicy, type ConsumerInfo, DeliverPolicy, JetStreamApiError } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { type Batch, BusError, type ConsumeOptions, type DurableState, type Subscription } from '../bus.ts'
import { Feed, type Started } from './feed.ts'
import type { Link } from './link.ts'
import type { Entry } from './shelf.ts'
import { STREAM, streamInfo } from './stream.ts'

const DURABLE_NOTE = 'openstory durable'
const SPARE = '_restart'
const NAME = /^[A-Za-z0-9_-]{1,100}$/
const MESSAGES_MAX_DEFAULT = 1_000
const BYTES_MAX_DEFAULT = 4 * 1024 * 1024
const ACK_PENDING_MAX = 20_000
const ACK_MS_MAX = 5_000
// Long, because nothing waits for it (see above), and a batch that takes an hour must not come again meanwhile.
const ACK_WAIT_MS = 60 * 60_000
const CONSUMER_NOT_FOUND = 10_014

export class Durable implements Subscription {
  readonly name: string
  private readonly link: Link
  private readonly filter: string
  private readonly feed: Feed
  private ackedSeq = 0
  private created = '' // tells a stream that was made anew from the one we knew
  private stopped = false

  constructor(link: Link, options: ConsumeOptions) {
    if (!NAME.test(options.durable) || options.durable.endsWith(SPARE))
      throw new BusError(`${options.durable} is no name for a durable consumer: letters, digits, - and _ only`)
    this.link = link
    this.name = options.durable
    this.filter = options.filter
    this.feed = new Feed({
      link,
      messagesMax: options.messagesMax ?? MESSAGES_MAX_DEFAULT,
      bytesMax: options.bytesMax ?? BYTES_MAX_DEFAULT,
      start: (hasSeq, signal) => this.start(hasSeq, signal),
    })
  }

  open(): Promise<void> {
    return this.feed.restart()
  }

  async next(): Promise<Batch | null> {
    while (await this.feed.ready()) {
      const { messages, entries } = await this.feed.take()
      const last = entries.at(-1)
      if (messages.length > 0) return { messages, ack: () => this.ack(last!) }
    }
    return null
  }

  async reset(): Promise<void> {
    this.feed.shelf.rewind()
  }

  async stop(): Promise<void> {
    this.stopped = true
    this.feed.stop()
  }

  private async ack(entry: Entry): Promise<void> {
    const { seq } = entry.message
    if (seq <= this.ackedSeq) return
    this.ackedSeq = seq // before anything else: a restart meanwhile begins behind it
    this.feed.shelf.release(seq)
    // While the consumer is started anew, an ack meant for the old one may be answered by the new one, which knows nothing of it.
    if (entry.run === this.feed.run && !this.feed.restarting && (await this.confirmed(entry.reply))) return
    if (this.stopped || this.link.closed) throw new BusError(`the ack of ${seq} by ${this.name} came too late`)
    await this.feed.restart()
  }

  // False when the server did not answer; it may or may not have it then.
  private async confirmed(reply: string): Promise<boolean> {
    if (!this.link.up) return false
    try {
      await this.link.unlessCut(this.link.nc.request(reply, '+ACK', { timeout: ACK_MS_MAX }))
      return true
    } catch {
      return false // whatever the reason, the cursor is put right by starting the consumer behind it
    }
  }

  private async start(hasSeq: number, signal: AbortSignal): Promise<Started> {
    await this.link.ensure()
    const stream = await streamInfo(this.link.jsm)
    if (stream === null) throw new Error('the stream was removed')
    const { first_seq: first, last_seq: last } = stream.state
    if (this.created !== '' && (stream.created !== this.created || last < this.ackedSeq))
      return this.startOver(stream.created, signal)
    this.created = stream.created
    const [main, spare] = await Promise.all([this.info(this.name), this.info(this.name + SPARE)])
    const known = main !== null || spare !== null
    this.ackedSeq = Math.max(this.ackedSeq, cursorOf(main), cursorOf(spare))
    if (known && first > this.ackedSeq + 1) this.tellLoss(first)
    const after = Math.max(hasSeq, this.ackedSeq)
    const untouched =
      main !== null &&
      spare === null &&
      main.num_ack_pending === 0 &&
      cursorOf(main) === this.ackedSeq &&
      this.fits(main)
    if (untouched) return { name: this.name, delivered: main.delivered.consumer_seq, after }
    signal.throwIfAborted()
    if (main === null && spare === null) await this.create(this.name)
    else await this.recreate(signal)
    return { name: this.name, delivered: 0, after }
  }

  private fits(info: ConsumerInfo): boolean {
    return (info.config.filter_subject ?? '>') === this.filter && info.config.ack_policy === AckPolicy.All
  }

  // The server has less than we know: it came back without its data. Everything it has now is new, or may be handled twice.
  private async startOver(created: string, signal: AbortSignal): Promise<Started> {
    this.link.log.error({ durable: this.name }, 'the NATS server lost its stream; starting again at its oldest message')
    this.link.lost = `NATS at ${this.link.url} lost its stream; what ${this.name} had not taken of it is missing`
    this.created = created
    this.ackedSeq = 0
    this.feed.shelf.clear()
    await this.recreate(signal)
    return { name: this.name, delivered: 0, after: 0 }
  }

  private tellLoss(first: number): void {
    const [from, to] = [this.ackedSeq + 1, first - 1]
    this.link.lost = `NATS dropped messages ${from} to ${to} before ${this.name} had them (its limits of bytes or age)`
    this.link.log.error({ durable: this.name, from, to }, 'NATS dropped messages before they were handled')
  }

  private async recreate(signal: AbortSignal): Promise<void> {
    const steps = [
      () => this.remove(this.name + SPARE),
      () => this.create(this.name + SPARE),
      () => this.remove(this.name),
      () => this.create(this.name),
      () => this.remove(this.name + SPARE),
    ]
    for (const step of steps) {
      signal.throwIfAborted()
      await step()
    }
  }

  private async create(name: string): Promise<void> {
    await this.link.jsm.consumers.add(STREAM, {
      durable_name: name,
      description: DURABLE_NOTE,
      ack_policy: AckPolicy.All,
      ack_wait: nanos(ACK_WAIT_MS),
      max_ack_pending: ACK_PENDING_MAX,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.ackedSeq + 1,
      ...(this.filter === '>' ? {} : { filter_subject: this.filter }),
    })
  }

  private info(name: string): Promise<ConsumerInfo | null> {
    return nullWhereGone(this.link.jsm.consumers.info(STREAM, name))
  }

  private async remove(name: string): Promise<void> {
    await nullWhereGone(this.link.jsm.consumers.delete(STREAM, name))
  }
}

// Up to where it has acked; null for a consumer that is none of ours. Spares are durables here.
export const durableCursor = (info: ConsumerInfo): number | null =>
  info.config.description === DURABLE_NOTE ? cursorOf(info) : null

export async function readDurables({ jsm }: Pick<Link, 'jsm'>): Promise<DurableState[]> {
  const durables: DurableState[] = []
  for await (const info of jsm.consumers.list(STREAM))
    if (info.config.description === DURABLE_NOTE && !info.name.endsWith(SPARE))
      durables.push({ name: info.name, ackedSeq: cursorOf(info), lag: info.num_pending + info.num_ack_pending })
  return durables
}

export async function forgetDurable(link: Link, name: string): Promise<void> {
  await nullWhereGone(link.jsm.consumers.delete(STREAM, name + SPARE))
  await nullWhereGone(link.jsm.consumers.delete(STREAM, name))
}

// A consumer begins with its cursor before its first message, and the server tells so only once something was acked.
export const cursorOf = (info: ConsumerInfo | null): number =>
  info === null ? 0 : Math.max(info.ack_floor.stream_seq, (info.config.opt_start_seq ?? 1) - 1)

async function nullWhereGone<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === CONSUMER_NOT_FOUND) return null
    throw error
  }
}
