// What a consumer on the server delivers, in order and without a gap, kept ready here up to a limit.
// The server numbers its deliveries; when one is missing (a connection that broke) the feed has the consumer started anew.
// What comes a second time is passed over. So nothing here depends on the server's redelivery timers.
import { JetStreamApiError } from '@nats-io/jetstream'
import { createInbox, type Msg, nanos, type Subscription } from '@nats-io/transport-node'
import { systemClock } from '../../base/clock.ts'
import { reasonOf } from '../../base/log.ts'
import { retryDelayMs } from '../../base/retry.ts'
import { BusError, type Delivered } from '../bus.ts'
import { entryOf, placeOf, statusOf } from './delivery.ts'
import { CutError, type Link } from './link.ts'
import { join } from './parts.ts'
import { type Entry, Shelf } from './shelf.ts'
import { STREAM } from './stream.ts'

export interface Started {
  readonly name: string
  readonly delivered: number // deliveries the consumer has made before
  readonly after: number // what stands up to here is not wanted
}

export interface FeedOptions {
  readonly link: Link
  readonly messagesMax: number
  readonly bytesMax: number
  // Has the server deliver from where this feed should go on, given the last number it has. Must touch nothing any more once
  // the signal is aborted: another start is under way then.
  start(hasSeq: number, signal: AbortSignal): Promise<Started>
}

const PULL_MESSAGES_MIN = 64
const PULL_MS = 30_000
const HEARTBEAT_MS = 10_000
const SILENCE_MS_MAX = 25_000
const RESTART_MS = 100
const RETRY_MS_MAX = 5_000

export class Feed {
  readonly shelf = new Shelf()
  run = 0
  hasSeq = 0
  private readonly options: FeedOptions
  private stopped = false
  private failure: unknown = null
  private subscription: Subscription | null = null
  private pullSubject = ''
  private inbox = ''
  private wanted = 0 // starts asked for, and done: a request that comes while one is under way needs its own
  private done = 0
  private starting: Promise<void> | null = null
  private asked = 0 // messages of the open request that have not come
  private askMax: number // less after a connection that broke while much was on its way: a server throws out who reads too slowly
  private delivered = 0
  private heardMs = 0
  private readonly waiting = new Set<() => void>()
  private readonly leave: () => void
  private readonly watch: NodeJS.Timeout

  constructor(options: FeedOptions) {
    this.options = options
    this.askMax = Math.max(options.messagesMax, PULL_MESSAGES_MIN)
    const leaving = [options.link.onReconnect(() => this.restartSoon(0)), options.link.onClose(() => this.stop())]
    this.leave = () => {
      for (const leave of leaving) leave()
    }
    this.watch = setInterval(() => this.look(), HEARTBEAT_MS / 2)
    this.watch.unref()
  }

  get restarting(): boolean {
    return this.starting !== null || this.done < this.wanted
  }

  // Resolves when the consumer was started after this call, or the feed was stopped. What is on the shelf stays.
  async restart(): Promise<void> {
    const ticket = ++this.wanted
    while (this.done < ticket && !this.stopped) {
      this.starting ??= this.startOnce().finally(() => {
        this.starting = null
      })
      await this.starting
    }
    if (this.failure !== null) throw this.failure
  }

  // Resolves when something is ready, or never will be.
  async ready(): Promise<boolean> {
    while (!this.stopped && this.shelf.readyCount === 0) {
      this.pull()
      await new Promise<void>((resolve) => this.waiting.add(resolve))
    }
    if (this.failure !== null) throw this.failure
    return !this.stopped
  }

  // The next messages, whole. May be empty when what was ready turned out to be gone from the server.
  async take(): Promise<{ readonly messages: readonly Delivered[]; readonly entries: readonly Entry[] }> {
    const entries = this.shelf.take(this.options.messagesMax, this.options.bytesMax)
    this.pull()
    const messages: Delivered[] = []
    for (const entry of entries) {
      const message = entry.parts.length === 0 ? entry.message : await this.assemble(entry)
      if (this.stopped) return { messages: [], entries: [] }
      if (message !== null) messages.push(message)
    }
    return { messages, entries }
  }

  stop(failure: unknown = null): void {
    if (this.stopped) return
    this.stopped = true
    this.failure = failure
    this.leave()
    clearInterval(this.watch)
    this.close()
    this.wake()
  }

  private wake(): void {
    for (const resolve of [...this.waiting]) resolve()
    this.waiting.clear()
  }

  private close(): void {
    if (!this.options.link.closed) this.subscription?.unsubscribe()
    this.subscription = null
  }

  private async startOnce(): Promise<void> {
    const { link } = this.options
    for (let attempt = 0; !this.stopped; attempt++) {
      const ticket = this.wanted
      const cut = new AbortController()
      try {
        await link.ready()
        this.close()
        const started = await link.unlessCut(this.options.start(this.hasSeq, cut.signal))
        if (this.stopped) return
        this.listen(started)
        this.done = ticket
        if (attempt > 0) link.stuck = null
        return
      } catch (error) {
        cut.abort()
        if (link.closed) return this.stop()
        if (error instanceof CutError) continue
        if (error instanceof BusError) return this.stop(error)
        if (error instanceof JetStreamApiError && this.run === 0)
          return this.stop(new BusError(`NATS at ${link.url} refused a consumer`, { cause: error }))
        link.stuck = `cannot read from NATS at ${link.url} (${reasonOf(error)}); trying again`
        link.log.warn({ reason: reasonOf(error) }, 'cannot read from NATS; trying again')
        await systemClock.sleep(retryDelayMs(attempt, 100, RETRY_MS_MAX))
      }
    }
  }

  private listen({ name, delivered, after }: Started): void {
    const { nc } = this.options.link
    const run = ++this.run
    this.hasSeq = after
    this.delivered = delivered
    if (this.asked > 0) this.askMax = Math.max(1, this.askMax >> 2)
    this.asked = 0
    this.heardMs = performance.now()
    this.pullSubject = `$JS.API.CONSUMER.MSG.NEXT.${STREAM}.${name}`
    this.inbox = createInbox()
    this.subscription = nc.subscribe(this.inbox, {
      callback: (error, message) => {
        if (run !== this.run || this.stopped) return
        if (error !== null) this.broken(error.message)
        else this.receive(message)
      },
    })
    this.pull()
  }

  private receive(message: Msg): void {
    this.heardMs = performance.now()
    const status = statusOf(message)
    if (status === null) this.accept(message)
    else if (status.status === 'broken') this.broken(status.text)
    else if (status.status === 'served') {
      this.asked = 0
      this.askMore()
      this.pull()
    }
  }

  private accept(message: Msg): void {
    const place = placeOf(message.reply ?? '')
    if (place.delivery !== this.delivered + 1) return this.broken(`delivery ${this.delivered + 1} is missing`)
    this.delivered = place.delivery
    if (--this.asked === 0) this.askMore()
    if (place.seq > this.hasSeq) {
      this.hasSeq = place.seq
      const entry = entryOf(message, place, this.run)
      if (entry !== null) this.shelf.push(entry)
    }
    if (this.shelf.readyCount > 0) this.wake()
    this.pull()
  }

  // One request at a time; the next one when that is served and the shelf has room.
  private pull(): void {
    const { link, messagesMax, bytesMax } = this.options
    if (this.asked > 0 || this.subscription === null || !link.up) return
    if (this.shelf.readyCount >= messagesMax || this.shelf.readyBytes >= bytesMax) return
    this.asked = this.askMax
    const request = {
      batch: this.asked,
      // Twice the largest message, so that one of any size comes even on the heels of a small one.
      ...(this.asked > 1 && { max_bytes: Math.max(bytesMax, 2 * (link.nc.info?.max_payload ?? 0)) }),
      expires: nanos(PULL_MS),
      idle_heartbeat: nanos(HEARTBEAT_MS),
    }
    link.nc.publish(this.pullSubject, JSON.stringify(request), { reply: this.inbox })
  }

  private askMore(): void {
    this.askMax = Math.min(Math.max(this.options.messagesMax, PULL_MESSAGES_MIN), this.askMax * 2)
  }

  private broken(why: string): void {
    if (this.done < this.wanted || this.subscription === null) return
    this.options.link.log.warn({ why }, 'a consumer on NATS is started anew')
    this.close()
    this.restartSoon(RESTART_MS)
  }

  // A failure shows where someone waits for a message.
  private restartSoon(ms: number): void {
    void systemClock.sleep(ms).then(() => this.restart().catch(() => {}))
  }

  private look(): void {
    const silent = performance.now() - this.heardMs > SILENCE_MS_MAX
    if (this.options.link.up && this.asked > 0 && this.subscription !== null && silent)
      this.broken('the server went silent')
  }

  private async assemble(entry: Entry): Promise<Delivered | null> {
    const { link } = this.options
    const parts: Uint8Array[] = []
    for (const seq of entry.parts) {
      const part = await this.fetch(seq)
      if (this.stopped) return null
      if (part === null) {
        link.lost = `NATS dropped a part of message ${entry.message.seq} before it was read (its limits of bytes or age)`
        link.log.error({ seq: entry.message.seq, part: seq }, 'a part of a large message is gone from NATS')
        return null
      }
      parts.push(part)
    }
    return { ...entry.message, data: join([...parts, entry.message.data]) }
  }

  private async fetch(seq: number): Promise<Uint8Array | null> {
    const { link } = this.options
    for (let attempt = 0; !this.stopped; attempt++) {
      try {
        await link.ready()
        return (await link.unlessCut(link.jsm.streams.getMessage(STREAM, { seq })))?.data ?? null
      } catch (error) {
        link.log.warn({ seq, reason: reasonOf(error) }, 'cannot get a part of a large message; trying again')
        await systemClock.sleep(retryDelayMs(attempt, 100, RETRY_MS_MAX))
      }
    }
    return null
  }
}
