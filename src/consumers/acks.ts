// Ack follows handle, and settle where there is one: then in the background, so that the next batch is handled meanwhile.
// An ack covers all before it, so only the newest is kept.
import type { Clock } from '../base/clock.ts'
import { retryDelayMs } from '../base/retry.ts'

const SETTLE_MS_MIN = 500
const SETTLE_SHARE = 10 // settling may take at most a tenth of the time

export class LazyAcks {
  readonly #settle: (() => Promise<void> | void) | undefined
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  #pending: (() => Promise<void>) | null = null
  #timer: NodeJS.Timeout | null = null
  #running: Promise<void> | null = null
  #notBeforeMs = Number.NEGATIVE_INFINITY
  #failures = 0
  #closed = false

  constructor(settle: (() => Promise<void> | void) | undefined, clock: Clock, onError: (error: unknown) => void) {
    this.#settle = settle
    this.#clock = clock
    this.#onError = onError
  }

  async ack(ack: () => Promise<void>): Promise<void> {
    this.#pending = ack
    if (this.#settle === undefined) return this.now()
    if (this.#running === null) this.#plan()
  }

  // The last one. What fails now comes again at the next start.
  async close(): Promise<void> {
    this.#closed = true
    await this.now()
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
    if (this.#pending !== null && !this.#closed) this.#plan()
  }

  #plan(): void {
    const waitMs = this.#notBeforeMs - this.#clock.steadyMs()
    if (waitMs <= 0) void this.now()
    else this.#timer ??= setTimeout(() => void this.now(), waitMs)
  }

  async #settleAndAck(ack: () => Promise<void>): Promise<void> {
    const from = this.#clock.steadyMs()
    try {
      await this.#settle?.()
      await ack()
      this.#failures = 0
    } catch (error) {
      this.#onError(error)
      this.#pending ??= ack // nothing else may come that would cover it
      this.#failures++
    }
    const took = this.#clock.steadyMs() - from
    const pause = this.#failures === 0 ? SETTLE_MS_MIN : retryDelayMs(this.#failures - 1, SETTLE_MS_MIN)
    this.#notBeforeMs = from + took + Math.max(pause, took * SETTLE_SHARE)
  }
}
