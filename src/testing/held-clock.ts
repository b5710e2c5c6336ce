// One consumer at work, with time that is moved by hand: for tests of how consumers run.
import assert from 'node:assert/strict'
import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { type Consumer, type ConsumerParts, runConsumer } from '../consumers/consumer.ts'
import { MemoryBus } from './memory-bus.ts'

// Time stands still until it is moved; who sleeps is woken then, or by its signal.
export class HeldClock implements Clock {
  now = 0
  readonly slept: number[] = []
  #wake: (() => void) | null = null
  wallMs = 0 // set forth and back by people
  nowMs = () => this.wallMs
  steadyMs = () => this.now
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms)
    return new Promise((resolve) => {
      this.#wake = resolve
      signal?.addEventListener('abort', () => resolve(), { once: true })
    })
  }
  get isAsked(): boolean {
    return this.#wake !== null
  }
  move(ms: number): void {
    this.now += ms
    this.#wake?.()
    this.#wake = null
  }
}

export class Said implements Log {
  readonly lines: string[] = []
  readonly #say = (level: string) => (_: object, message: string) => void this.lines.push(`${level}: ${message}`)
  error = this.#say('error')
  warn = this.#say('warn')
  info = this.#say('info')
  debug = this.#say('debug')
}

// Lets everything that can go on go on, until `is` is true.
export async function until(what: string, is: () => boolean): Promise<void> {
  for (let turn = 0; turn < 10_000; turn++) {
    if (is()) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.fail(`it never came to this: ${what}`)
}
export const settled = () =>
  until(
    '',
    (() => {
      let n = 0
      return () => ++n > 20
    })(),
  )

export async function running(consumer: Partial<Consumer>, bus = new MemoryBus(), more: Partial<ConsumerParts> = {}) {
  const [clock, log] = [new HeldClock(), new Said()]
  const it = await runConsumer(
    bus,
    { name: 'test', filter: 'events.>', handle: () => {}, ...consumer },
    {
      clock,
      log,
      ...more,
    },
  )
  return { it, bus, clock, log, acked: () => bus.acked.get('test') }
}
