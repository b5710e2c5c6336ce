// The lines of one chunk on their way to messages, and where the file stands behind them.
import type { Message } from '../bus/bus.ts'
import type { LineSource } from '../sources/source.ts'
import type { FoundLine } from './lines.ts'
import { messagesOf, type Place } from './messages.ts'
import type { FilePlace } from './offsets.ts'
import type { TailRead } from './tail.ts'

export interface Job {
  readonly source: LineSource
  readonly root: string
  readonly path: string
}

export class Translation {
  readonly messages: Message[] = []
  lines = 0
  unknown = 0
  readonly #job: Job
  readonly #host: Place
  readonly #onDamage: (line: FoundLine) => void
  #place: FilePlace

  constructor(job: Job, place: FilePlace, host: Place, onDamage: (line: FoundLine) => void) {
    this.#job = job
    this.#place = place
    this.#host = host
    this.#onDamage = onDamage
  }

  add(found: FoundLine, inode: number): void {
    const { source, root, path } = this.#job
    const line = this.#place.line + found.lineEnds + 1
    if (found.damage !== null || found.piece > 0) this.#onDamage(found)
    const made = messagesOf(found, line, source, { root, path, inode }, this.#place.memory, this.#host)
    for (const message of made.messages) this.messages.push(message)
    const last = { offset: found.offset, length: found.bytes.length, sha256: made.sha256 }
    this.#place = { ...this.#place, last, memory: made.memory, lane: made.lane }
    this.lines++
    this.unknown += made.unknown
  }

  placeAt({ inode, nextOffset, lineEnds }: TailRead & { is: 'lines' }): FilePlace {
    return { ...this.#place, inode, offset: nextOffset, line: this.#place.line + lineEnds }
  }
}
