// How every consumer runs: take, handle, ack. Alone, under its own durable name; what fails is tried again with back-off, for ever,
// and said; nobody else waits for it.
import type { Clock } from '../base/clock.ts'
import { type Log, reasonOf } from '../base/log.ts'
import { retryDelayMs } from '../base/retry.ts'
import type { Batch, Bus, Delivered, Subscription } from '../bus/bus.ts'

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
  readonly trouble: string | null
}

export interface RunningConsumer {
  state(): ConsumerState
  stop(): Promise<void>
}

export const BURST_MESSAGES = 200
const REST_MS = 100
const BURST_PAUSE_MS = 40
const READ_MS_MAX = 8 // what is there is read faster than this; longer was waiting
const SETTLE_MS_MIN = 500
const SETTLE_SHARE = 10 // settling may take at most a tenth of the time

export async function runConsumer(
  bus: Bus,
  consumer: Consumer,
  { log, clock }: { log: Log; clock: Clock },
): Promise<RunningConsumer> {
  const stopping = new AbortController()
  const state = { handledSeq: 0, handled: 0, trouble: null as string | null }
  const subscription = await bus.consume({
    durable: consumer.name,
    filter: consumer.filter,
    ...(consumer.messagesMax && { messagesMax: consumer.messagesMax }),
    ...(consumer.bytesMax && { bytesMax: consumer.bytesMax }),
  })
  const acks = new LazyAcks(consumer, clock, (error) => {
    state.trouble = `${consumer.name}: ${reasonOf(error)}`
    log.warn(
      { consumer: consumer.name, why: reasonOf(error) },
      'consumer: could not ack; the messages come again after a restart',
    )
  })
  const handle = async (messages: readonly Delivered[]) => {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      try {
        await consumer.handle(messages)
        state.trouble = null
        return true
      } catch (error) {
        state.trouble = `${consumer.name}: ${reasonOf(error)}`
        if (attempt === 0)
          log.warn(
            { consumer: consumer.name, why: reasonOf(error) },
            'consumer: could not handle messages; trying again until it can',
          )
        await clock.sleep(retryDelayMs(attempt), stopping.signal)
      }
    }
    return false
  }
  const rest = async () => {
    try {
      await consumer.rest?.()
    } catch (error) {
      state.trouble = `${consumer.name}: ${reasonOf(error)}`
      log.warn({ consumer: consumer.name, why: reasonOf(error) }, 'consumer: could not say what it found; trying again')
    }
  }
  const idle: Idle | null =
    consumer.rest === undefined
      ? null
      : {
          pause: () => clock.sleep(REST_MS, stopping.signal),
          rest: async () => (stopping.signal.aborted ? undefined : rest()), // stop() rests at the end
        }
  const loop = takeAll(subscription, clock, idle, async (batch, waited) => {
    if (!(await handle(batch.messages))) return false
    state.handled += batch.messages.length
    state.handledSeq = batch.messages.at(-1)!.seq
    await acks.ack(batch.ack)
    // Keeping up with a burst: the next batch is let grow, for fewer and larger transactions. A single message never waits, nor does
    // a backlog, whose batches are there at once.
    if (waited && batch.messages.length >= BURST_MESSAGES) await clock.sleep(BURST_PAUSE_MS, stopping.signal)
    return true
  }).catch((error: unknown) => {
    state.trouble = `${consumer.name} stopped: ${reasonOf(error)}`
    log.error({ consumer: consumer.name, why: reasonOf(error) }, 'consumer: stopped; restart OpenStory')
  })
  return {
    state: () => ({ name: consumer.name, ...state }),
    async stop() {
      stopping.abort()
      await subscription.stop()
      await loop // what it has in hand is handled, and acked before this resolves: nothing touches a store after it
      await rest()
      await acks.now()
    },
  }
}

interface Idle {
  rest(): Promise<void>
  pause(): Promise<void>
}

async function takeAll(
  subscription: Subscription,
  clock: Clock,
  idle: Idle | null,
  each: (batch: Batch, waited: boolean) => Promise<boolean>,
): Promise<void> {
  for (let rested = false; ; ) {
    const from = clock.nowMs()
    const coming = subscription.next()
    if (idle !== null && !rested && !(await comesSoon(coming, idle))) {
      rested = true
      await idle.rest()
    }
    const batch = await coming
    const waited = clock.nowMs() - from > READ_MS_MAX
    if (batch === null || !(await each(batch, waited))) return
    rested = false
  }
}

const comesSoon = (coming: Promise<unknown>, { pause }: Idle): Promise<boolean> =>
  Promise.race([coming.then(() => true), pause().then(() => false)])

// Ack follows handle, and settle where there is one: then in the background, so that the next batch is handled meanwhile.
// An ack covers all before it, so only the newest is kept.
class LazyAcks {
  readonly #consumer: Consumer
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  #pending: (() => Promise<void>) | null = null
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #notBeforeMs = 0

  constructor(consumer: Consumer, clock: Clock, onError: (error: unknown) => void) {
    this.#consumer = consumer
    this.#clock = clock
    this.#onError = onError
  }

  async ack(ack: () => Promise<void>): Promise<void> {
    this.#pending = ack
    if (this.#consumer.settle === undefined) return this.now()
    if (this.#running === null) this.#plan()
  }

  // What is pending now is settled and acked when this resolves.
  async now(): Promise<void> {
    await this.#running
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    const ack = this.#pending
    this.#pending = null
    if (ack === null) return
    this.#running = this.#settleAndAck(ack)
    await this.#running
    this.#running = null
    if (this.#pending !== null && this.#consumer.settle !== undefined) this.#plan()
  }

  #plan(): void {
    const waitMs = this.#notBeforeMs - this.#clock.nowMs()
    if (waitMs <= 0) void this.now()
    else this.#timer ??= setTimeout(() => void this.now(), waitMs)
  }

  async #settleAndAck(ack: () => Promise<void>): Promise<void> {
    const from = this.#clock.nowMs()
    try {
      await this.#consumer.settle?.()
      await ack()
    } catch (error) {
      this.#onError(error)
    }
    const took = this.#clock.nowMs() - from
    this.#notBeforeMs = from + took + Math.max(SETTLE_MS_MIN, took * SETTLE_SHARE)
  }
}
