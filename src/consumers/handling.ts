// A batch, handled: tried again without limit while the machine is at fault (a full disk, a locked file), with back-off. What fails for
// another reason is looked for by halving the batch; events that fail every time are set aside, and the others go on.
import type { Clock } from '../base/clock.ts'
import { reasonOf } from '../base/log.ts'
import { isCorrupt, isPassing } from '../base/passing.ts'
import { retryDelayMs } from '../base/retry.ts'
import { BusError, type Delivered } from '../bus/bus.ts'
import type { DeadLetter, DeadLetters } from '../stores/dead.ts'

const BATCH_TRIES = 2 // of the whole, before it is halved
const EVENT_TRIES = 5 // of an event by itself

export type Handled = 'done' | 'stopped' | 'corrupt'

export interface HandlingParts {
  readonly name: string
  readonly handle: (messages: readonly Delivered[]) => Promise<void> | void
  readonly dead: DeadLetters | null // null: nothing is ever set aside
  readonly clock: Clock
  readonly stopping: AbortSignal
  readonly onFailure: (error: unknown, attempt: number) => void
  readonly onSetAside: (letters: readonly DeadLetter[]) => void
  // What was set aside while nothing went may have been good: something was handled again, and they are asked for anew.
  readonly onSuspects: () => void
}

interface Failed {
  readonly message: Delivered
  readonly error: unknown
}

// Thrown through the halving: no event's fault.
class Machine extends Error {}

export class Handling {
  readonly #parts: HandlingParts
  #isUnproved = false // some were set aside, and nothing was handled beside them: it may have been the consumer and not they
  retries = 0 // since something was handled

  constructor(parts: HandlingParts) {
    this.#parts = parts
  }

  async handle(messages: readonly Delivered[]): Promise<Handled> {
    const { clock, stopping } = this.#parts
    let faults = 0
    for (let attempt = 0; !stopping.aborted; attempt++) {
      const failure = await this.#try(messages)
      if (failure === null) return this.#went()
      const { error } = failure
      if (isCorrupt(error)) {
        this.#failed(error, attempt)
        return 'corrupt'
      }
      if (!isMachine(error)) faults++
      this.#failed(error, attempt)
      if (faults > BATCH_TRIES && this.#parts.dead !== null) {
        const ended = await this.#withoutPoison(messages, attempt + 1)
        if (ended !== null) return ended
      }
      await clock.sleep(retryDelayMs(attempt), stopping)
    }
    return 'stopped'
  }

  #went(): Handled {
    this.retries = 0
    const isSuspect = this.#isUnproved
    this.#isUnproved = false
    if (isSuspect) this.#parts.onSuspects()
    return 'done'
  }

  #failed(error: unknown, attempt: number): void {
    this.retries++
    this.#parts.onFailure(error, attempt)
  }

  async #try(messages: readonly Delivered[]): Promise<{ readonly error: unknown } | null> {
    try {
      await this.#parts.handle(messages)
      return null
    } catch (error) {
      return { error }
    }
  }

  // Null: the machine came in between; the whole is tried again, and what was handled meanwhile is known as a repeat.
  async #withoutPoison(messages: readonly Delivered[], attempts: number): Promise<Handled | null> {
    try {
      const bad = await this.#tried(messages)
      this.#setAside(bad, attempts + EVENT_TRIES)
      if (bad.length < messages.length) return this.#went()
      this.#isUnproved = true
      this.retries = 0
      return 'done'
    } catch (error) {
      const why = error instanceof Machine ? error.cause : error
      if (this.#parts.stopping.aborted) return 'stopped'
      if (!(error instanceof Machine || isMachine(error))) throw error // the dead letters could not be written
      this.#failed(why, 0)
      return isCorrupt(why) ? 'corrupt' : null
    }
  }

  // Those that were asked for anew. What fails again is set aside again, and tells nothing about the consumer.
  async again(letters: readonly DeadLetter[]): Promise<Handled> {
    const { clock, stopping } = this.#parts
    const rounds = new Map(letters.map(({ id, round }) => [id, round]))
    for (let attempt = 0; !stopping.aborted; attempt++) {
      try {
        this.#setAside(await this.#tried(letters), EVENT_TRIES, rounds)
        return 'done'
      } catch (error) {
        const why = error instanceof Machine ? error.cause : error
        if (!(error instanceof Machine || isMachine(error))) throw error
        if (!stopping.aborted) this.#failed(why, attempt)
        if (isCorrupt(why)) return 'corrupt'
        await clock.sleep(retryDelayMs(attempt), stopping)
      }
    }
    return 'stopped'
  }

  // The messages that fail every time.
  async #tried(messages: readonly Delivered[]): Promise<Failed[]> {
    const { clock, stopping } = this.#parts
    let bad = await this.#failing(messages)
    for (let attempt = 1; attempt < EVENT_TRIES && bad.length > 0; attempt++) {
      await clock.sleep(retryDelayMs(attempt), stopping)
      const still: Failed[] = []
      for (const { message } of bad) still.push(...(await this.#failing([message])))
      bad = still
    }
    return bad
  }

  // In order, and each half whole where it can be.
  async #failing(messages: readonly Delivered[]): Promise<Failed[]> {
    if (this.#parts.stopping.aborted) throw new Machine('stopping', { cause: new BusError('the consumer is stopping') })
    const failure = await this.#try(messages)
    if (failure === null) return []
    if (isMachine(failure.error) || isCorrupt(failure.error)) throw new Machine('', { cause: failure.error })
    if (messages.length === 1) return [{ message: messages[0]!, error: failure.error }]
    const middle = Math.ceil(messages.length / 2)
    const first = await this.#failing(messages.slice(0, middle))
    return [...first, ...(await this.#failing(messages.slice(middle)))]
  }

  #setAside(bad: readonly Failed[], attempts: number, rounds: ReadonlyMap<string, number> = new Map()): void {
    if (bad.length === 0) return
    const { name, clock, dead, onSetAside } = this.#parts
    const at = new Date(clock.nowMs()).toISOString()
    const letters = bad.map(({ message, error }): DeadLetter => {
      const { id, subject, seq, publishedMs, data } = message
      const round = (rounds.get(id) ?? 0) + 1
      return { consumer: name, id, subject, seq, publishedMs, attempts, round, at, error: reasonOf(error), data }
    })
    dead!.add(letters)
    onSetAside(letters)
  }
}

// A bus that does not take what a consumer found is away for all events alike.
const isMachine = (error: unknown): boolean => error instanceof BusError || isPassing(error)
