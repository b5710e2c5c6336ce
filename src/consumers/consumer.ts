// How every consumer runs: take, handle, ack. Alone, under its own durable name; what fails is tried again with back-off and said (see
// handling.ts for what is set aside), and nobody else waits for it.
import type { Clock } from '../base/clock.ts'
import { type Log, reasonOf } from '../base/log.ts'
import { retryDelayMs } from '../base/retry.ts'
import { type Batch, type Bus, type Delivered, SeqGoneError, type Subscription } from '../bus/bus.ts'
import type { DeadLetters } from '../stores/dead.ts'
import { LazyAcks } from './acks.ts'
import { Handling } from './handling.ts'

export interface Consumer {
  readonly name: string // of the durable
  readonly filter: string
  readonly messagesMax?: number
  readonly bytesMax?: number
  // Everything may come twice. Throws when it could not be done; it is then called again with the same messages.
  handle(messages: readonly Delivered[]): Promise<void> | void
  // What can wait while there is more to take. Called when nothing came for REST_MS, and at the end; what it throws is said, and it is
  // called again at the next rest.
  rest?(): Promise<void> | void
  // Makes what was handled safe against loss of power. Acks wait for it; it is called at most every SETTLE_MS_MIN.
  settle?(): Promise<void> | void
}

export interface ConsumerState {
  readonly name: string
  readonly handledSeq: number
  readonly handled: number // messages since the start
  readonly retries: number // failures since something was handled
  readonly dead: number // events set aside
  readonly trouble: string | null
}

export interface RunningConsumer {
  state(): ConsumerState
  stop(): Promise<void>
}

export interface ConsumerParts {
  readonly log: Log
  readonly clock: Clock
  readonly dead?: DeadLetters // without them nothing is set aside
  // The store is corrupt: nothing is taken any more until it was made anew.
  readonly onCorrupt?: () => void
  // Dead letters were asked for anew and are to come in their place, not behind everything else: whoever can, begins anew.
  readonly onAsked?: () => void
}

export const BURST_MESSAGES = 200
const REST_MS = 100
const BURST_PAUSE_MS = 40
const READ_MS_MAX = 8 // what is there is read faster than this; longer was waiting
const ASKED_EVERY_MS = 1_000
const IN_VAIN_MS = 60 * 60_000 // a consumer asks by itself at most this often

export async function runConsumer(bus: Bus, consumer: Consumer, parts: ConsumerParts): Promise<RunningConsumer> {
  const running = new Running(bus, consumer, parts)
  await running.begin()
  return running
}

class Running implements RunningConsumer {
  readonly #bus: Bus
  readonly #consumer: Consumer
  readonly #parts: ConsumerParts
  readonly #stopping = new AbortController()
  readonly #handling: Handling
  readonly #acks: LazyAcks
  readonly #state = { handledSeq: 0, handled: 0, trouble: null as string | null }
  #subscription: Subscription | null = null
  #loop: Promise<void> = Promise.resolve()
  #asking: NodeJS.Timeout | null = null
  #order: Promise<unknown> = Promise.resolve() // batches, and what was asked for anew, one after the other

  constructor(bus: Bus, consumer: Consumer, parts: ConsumerParts) {
    this.#bus = bus
    this.#consumer = consumer
    this.#parts = parts
    const { name } = consumer
    const { clock, log, dead } = parts
    this.#handling = new Handling({
      name,
      handle: (messages) => consumer.handle(messages),
      dead: dead ?? null,
      clock,
      stopping: this.#stopping.signal,
      onFailure: (error, attempt) => {
        this.#state.trouble = `${name}: ${reasonOf(error)}`
        if (attempt === 0) this.#warn(error, 'consumer: could not handle messages; trying again until it can')
      },
      onSetAside: (letters) => {
        const { id, error } = letters[0]!
        const fields = { consumer: name, events: letters.length, first: id, why: error }
        log.error(fields, 'consumer: set aside events it cannot handle; see openstory doctor')
      },
      onSuspects: () => {
        if (dead?.wasInVain(clock.nowMs() - IN_VAIN_MS) === false) dead.ask()
      },
    })
    this.#acks = new LazyAcks(consumer.settle?.bind(consumer), clock, (error) => {
      this.#state.trouble = `${name}: ${reasonOf(error)}`
      this.#warn(error, 'consumer: could not ack; trying again, and the messages come again after a restart')
    })
  }

  async begin(): Promise<void> {
    this.#subscription = await this.#consume()
    await this.#again()
    this.#asking = setInterval(() => void this.#lookForAsked(), ASKED_EVERY_MS).unref()
    this.#loop = this.#run()
  }

  readonly state = (): ConsumerState => {
    const { name } = this.#consumer
    const dead = this.#parts.dead?.count() ?? 0
    return { name, ...this.#state, retries: this.#handling.retries, dead }
  }

  readonly stop = async (): Promise<void> => {
    this.#stopping.abort()
    if (this.#asking) clearInterval(this.#asking)
    await this.#subscription?.stop()
    await this.#loop // what it has in hand is handled, and acked before this resolves: nothing touches a store after it
    await this.#order
    await this.#rest()
    await this.#acks.close()
  }

  #consume(): Promise<Subscription> {
    const { name, filter, messagesMax, bytesMax } = this.#consumer
    return this.#bus.consume({
      durable: name,
      filter,
      ...(messagesMax && { messagesMax }),
      ...(bytesMax && { bytesMax }),
    })
  }

  #warn(error: unknown, message: string): void {
    this.#parts.log.warn({ consumer: this.#consumer.name, why: reasonOf(error) }, message)
  }

  // A stream that cannot be read is begun anew behind the last ack, again and again.
  async #run(): Promise<void> {
    const { signal } = this.#stopping
    for (let attempt = 0; !signal.aborted; ) {
      try {
        const went = () => {
          attempt = 0
        }
        if (await this.#takeAll(this.#subscription!, went)) return
      } catch (error) {
        this.#state.trouble = `${this.#consumer.name}: ${reasonOf(error)}`
        if (attempt === 0) this.#sayUnread(error)
      }
      await this.#parts.clock.sleep(retryDelayMs(attempt++), signal)
      if (signal.aborted) return
      try {
        await this.#acks.now()
        await this.#subscription!.stop()
        this.#subscription = await this.#consume()
      } catch (error) {
        this.#state.trouble = `${this.#consumer.name}: ${reasonOf(error)}`
      }
    }
  }

  #sayUnread(error: unknown): void {
    const fields = { consumer: this.#consumer.name, why: reasonOf(error) }
    if (error instanceof SeqGoneError)
      this.#parts.log.error(fields, 'consumer: the bus has lost messages it had not taken; run: openstory reindex')
    else this.#parts.log.warn(fields, 'consumer: could not read the stream; trying again until it can')
  }

  // True when it is over: stopped, or to be begun anew by somebody else.
  async #takeAll(subscription: Subscription, went: () => void): Promise<boolean> {
    const { clock } = this.#parts
    for (let rested = false; ; ) {
      const from = clock.steadyMs()
      const coming = subscription.next()
      if (this.#consumer.rest !== undefined && !rested) rested = await this.#restUntil(coming)
      const batch = await coming
      const waited = clock.steadyMs() - from > READ_MS_MAX
      if (batch === null) return true
      const handled = await this.#inOrder(() => this.#handling.handle(batch.messages))
      if (handled === 'corrupt') return this.#corrupt()
      if (handled === 'stopped') return true
      went()
      this.#state.trouble = null
      rested = false
      await this.#handled(batch, waited)
    }
  }

  async #handled({ messages, ack }: Batch, waited: boolean): Promise<void> {
    this.#state.handled += messages.length
    this.#state.handledSeq = messages.at(-1)!.seq
    await this.#acks.ack(ack)
    // Keeping up with a burst: the next batch is let grow, for fewer and larger transactions. A single message never waits, nor does
    // a backlog, whose batches are there at once.
    if (waited && messages.length >= BURST_MESSAGES)
      await this.#parts.clock.sleep(BURST_PAUSE_MS, this.#stopping.signal)
  }

  #corrupt(): boolean {
    if (this.#parts.onCorrupt === undefined) return false
    this.#parts.onCorrupt()
    return true
  }

  // True when it rested before the next batch came. A rest that fails is tried again, later and later.
  async #restUntil(coming: Promise<unknown>): Promise<boolean> {
    for (let failures = 0; ; failures++) {
      const pause = failures === 0 ? REST_MS : retryDelayMs(failures)
      const came = coming.then(() => true)
      const rests = this.#parts.clock.sleep(pause, this.#stopping.signal).then(() => false)
      if ((await Promise.race([came, rests])) || this.#stopping.signal.aborted) return false // stop() rests at the end
      if (!(await this.#inOrder(() => this.#rest(failures)))) continue
      if (failures > 0) this.#state.trouble = null
      return true
    }
  }

  async #rest(failures = 0): Promise<boolean> {
    try {
      await this.#consumer.rest?.()
      return true
    } catch (error) {
      this.#state.trouble = `${this.#consumer.name}: ${reasonOf(error)}`
      if (failures === 0) this.#warn(error, 'consumer: could not say what it found; trying again')
      return false
    }
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#order.then(work)
    this.#order = done.catch(() => undefined) // whoever asked for it hears of it
    return done
  }

  async #lookForAsked(): Promise<void> {
    if (this.#parts.dead?.isAsked() !== true || this.#stopping.signal.aborted) return
    if (this.#parts.onAsked !== undefined) return this.#parts.onAsked()
    await this.#inOrder(() => this.#again())
  }

  async #again(): Promise<void> {
    const { dead } = this.#parts
    if (dead?.isAsked() !== true) return
    if ((await this.#handling.again(dead.asked())) === 'done') dead.done()
  }
}
