// From a look to the bus: what was read of a file is published in the order it was read, again and again until the bus has taken it, and
// only then is the file's place kept, behind a flush. Files wait for
// what is urgent, and not for each other. A crash in between costs a repeat, not a loss.
import { type Log, reasonOf } from '../base/log.ts'
import { retryDelayMs } from '../base/retry.ts'
import { FullError, type Message, type Publisher } from '../bus/bus.ts'
import type { FilePlace, Offsets } from './offsets.ts'

const SAVE_EVERY_MS = 500

export interface DeliveryParts {
  readonly bus: Publisher
  readonly offsets: Offsets
  readonly log: Log
  readonly onProgress: () => void
}

export class Delivery {
  readonly #parts: DeliveryParts
  readonly #read = new Map<string, FilePlace>() // maybe not on the bus yet
  readonly #unsaved = new Map<string, FilePlace>() // on the bus, not in the journal yet
  readonly #sending = new Map<string, Promise<void>>() // by key: the last of it that is under way
  #urgent: Promise<void> = Promise.resolve() // the last of it
  #saving: Promise<void> = Promise.resolve()
  #saveTimer: NodeJS.Timeout | null = null
  #closed = false
  inFlight = 0
  duplicates = 0
  trouble: string | null = null

  constructor(parts: DeliveryParts) {
    this.#parts = parts
  }

  // How far this file was read, by whoever asks next.
  placeOf(key: string): FilePlace | undefined {
    return this.#read.get(key)
  }

  isIdle(): boolean {
    return this.inFlight === 0 && this.#unsaved.size === 0
  }

  // `taken`: called when the messages are on the bus and nobody reads them any more. `isUrgent`: nothing sent after it goes before it.
  send(messages: readonly Message[], key: string, place: FilePlace, isUrgent: boolean, taken?: () => void): void {
    this.#read.set(key, place)
    this.inFlight++
    // Of one file one after the other: what is sent again must not come behind what was read after it.
    const sending = Promise.all([this.#sending.get(key), this.#urgent]).then(async () => {
      await this.#publishUntilTaken(messages)
      taken?.()
      this.#unsaved.set(key, place)
      this.inFlight--
      if (this.#sending.get(key) === sending) this.#sending.delete(key)
      this.#saveTimer ??= setTimeout(() => this.#save(), SAVE_EVERY_MS)
      this.#parts.onProgress()
    })
    this.#sending.set(key, sending)
    if (isUrgent) this.#urgent = sending
    sending.catch(() => undefined) // only on close
  }

  // What was sent is published, what is published is saved.
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled(this.#sending.values()) // a failed publish was already said; its places are not saved
    if (this.#saveTimer) clearTimeout(this.#saveTimer)
    await this.#save()
    this.#parts.offsets.close()
  }

  async #publishUntilTaken(messages: readonly Message[]): Promise<void> {
    let left = messages
    for (let attempt = 0; ; attempt++) {
      try {
        const results = await this.#parts.bus.publish(left)
        this.duplicates += results.reduce((n, { duplicate }) => n + (duplicate ? 1 : 0), 0)
        this.trouble = null
        return
      } catch (error) {
        if (this.#closed) throw error
        if (error instanceof FullError) left = left.slice(error.stored)
        this.trouble = `events wait to be taken by the bus: ${reasonOf(error)}`
        if (attempt === 0)
          this.#parts.log.warn(
            { why: reasonOf(error) },
            'watcher: the bus did not take events; they are sent again until it does',
          )
        this.#parts.onProgress()
        await new Promise((resolve) => setTimeout(resolve, retryDelayMs(attempt, 50, 5_000)))
      }
    }
  }

  // One after the other, so that an older place never comes to stand behind a newer one.
  #save(): Promise<void> {
    this.#saveTimer = null
    this.#saving = this.#saving.then(() => this.#saveNow())
    return this.#saving
  }

  async #saveNow(): Promise<void> {
    const places = [...this.#unsaved.values()]
    const keys = [...this.#unsaved.keys()]
    if (places.length === 0) return
    try {
      await this.#parts.bus.flush()
      this.#parts.offsets.save(places)
      for (const [i, key] of keys.entries()) if (this.#unsaved.get(key) === places[i]) this.#unsaved.delete(key)
      for (const [i, key] of keys.entries()) if (this.#read.get(key) === places[i]) this.#read.delete(key)
      this.#parts.onProgress()
    } catch (error) {
      // Not kept is safe: after a restart these lines are read again and known by their ids.
      this.#parts.log.warn({ why: reasonOf(error) }, 'watcher: could not keep the offsets; trying again')
      if (!this.#closed) this.#saveTimer ??= setTimeout(() => this.#save(), SAVE_EVERY_MS * 10)
    }
  }
}
