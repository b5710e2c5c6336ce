// How much the stream can take before it is full. Near its limits messages go one at a time, each after the answer to the one before:
// a server that refuses one for its size takes a smaller one behind it, and their order would be lost.
import { systemClock } from '../../base/clock.ts'
import type { Message } from '../bus.ts'
import type { Link } from './link.ts'
import { makeRoom } from './making-room.ts'
import { streamInfo } from './stream.ts'

const LOOK_EVERY_MS = 30_000 // limits may be set by hand
const TIGHT_SHARE = 1 / 8 // of a limit: less than this free, and room is made

interface Free {
  readonly bytes: number
  readonly messages: number
  readonly isTight: boolean
}

export class Headroom {
  isNarrow = false
  readonly #link: Link
  readonly #windowBytes: number
  readonly #windowMessages: number
  #bytes = 0 // that may be published before it has to be looked at again
  #messages = 0
  #untilMs = 0

  constructor(link: Link, windowBytes: number, windowMessages: number) {
    this.#link = link
    this.#windowBytes = windowBytes
    this.#windowMessages = windowMessages
  }

  async look(messages: readonly Message[]): Promise<void> {
    const bytes = messages.reduce((sum, { data }) => sum + data.length, 0)
    this.#bytes -= bytes
    this.#messages -= messages.length
    if (this.#bytes > 0 && this.#messages > 0 && systemClock.steadyMs() < this.#untilMs) return
    let free = await this.#ask()
    if (free.isTight && (await makeRoom(this.#link)) > 0) free = await this.#ask()
    this.isNarrow =
      free.bytes < 2 * (this.#windowBytes + bytes) || free.messages < 2 * (this.#windowMessages + messages.length)
    // Others publish as well: half of it.
    this.#bytes = free.bytes / 2
    this.#messages = free.messages / 2
    this.#untilMs = systemClock.steadyMs() + LOOK_EVERY_MS
  }

  // It was refused: from now on one at a time, until there is plenty again.
  refused(): void {
    this.isNarrow = true
    this.#untilMs = 0
  }

  async #ask(): Promise<Free> {
    const stream = await streamInfo(this.#link.jsm)
    if (stream === null) return { bytes: Number.POSITIVE_INFINITY, messages: Number.POSITIVE_INFINITY, isTight: false }
    const { config, state } = stream
    this.#link.know(stream)
    const free = (max: number, used: number) => (max > 0 ? Math.max(0, max - used) : Number.POSITIVE_INFINITY)
    const [bytes, messages] = [free(config.max_bytes, state.bytes), free(config.max_msgs, state.messages)]
    const isTight = bytes < config.max_bytes * TIGHT_SHARE || messages < config.max_msgs * TIGHT_SHARE
    return { bytes, messages, isTight }
  }
}
