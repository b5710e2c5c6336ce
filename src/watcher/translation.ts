// The lines of one chunk, or the records of one page, on their way to messages, and where the file stands behind them.
import { isUtf8 } from 'node:buffer'
import type { Message } from '../bus/bus.ts'
import { Pieces, Slab } from '../event/event.ts'
import type { FileFacts, RecordIn, Source } from '../sources/source.ts'
import type { FoundLine } from './lines.ts'
import type { Damage, Job } from './look.ts'
import { messagesOf, type Place } from './messages.ts'
import type { FilePlace } from './offsets.ts'

const pieces = new Pieces()

export class Translation {
  readonly messages: Message[] = []
  lines = 0
  unknown = 0
  bytes = 0
  readonly #slab = new Slab(pieces)
  readonly #source: Source
  readonly #host: Place
  readonly #onDamage: (damage: Damage) => void
  #file: FileFacts & { readonly inode: number }
  #place: FilePlace

  constructor({ source, ...file }: Job, place: FilePlace, host: Place, onDamage: (damage: Damage) => void) {
    this.#source = source
    this.#file = { ...file, inode: place.inode }
    this.#place = place
    this.#host = host
    this.#onDamage = onDamage
  }

  add(found: FoundLine, inode: number): void {
    if (found.damage !== null || found.piece > 0) this.#tell(found)
    for (const message of this.#means(found, this.#place.line + found.lineEnds + 1, inode)) this.messages.push(message)
  }

  // A record stands where a line would: its place among the records is its offset, its text its bytes. `known`: it is on the bus,
  // and only what it says of those behind it is wanted.
  addRecord(record: RecordIn, inode: number, known = false): void {
    // A document is somebody's bytes, and they may be anything.
    const found: FoundLine = { ...record, offset: record.at, lineEnds: 0, piece: 0, utf8: isUtf8(record.bytes) }
    if (found.damage !== null && !known) this.#tell(found)
    const messages = this.#means(found, record.at + 1, inode)
    if (!known) for (const message of messages) this.messages.push(message)
  }

  // Behind the last line or record; what else is to be said of the place is the reader's to say.
  place(inode: number, more: Partial<FilePlace>): FilePlace {
    return { ...this.#place, inode, ...more }
  }

  // The memory the messages stand in may be written anew: they are on the bus.
  readonly free = (): void => this.#slab.free()

  #means(found: FoundLine, line: number, inode: number): readonly Message[] {
    if (this.#file.inode !== inode) this.#file = { ...this.#file, inode }
    const made = messagesOf(found, line, this.#source, this.#file, this.#place.memory, this.#host, this.#slab)
    const last = { offset: found.offset, length: found.bytes.length, sha256: made.sha256 }
    this.#place = { ...this.#place, last, memory: made.memory, lane: made.lane }
    this.lines++
    this.unknown += made.unknown
    this.bytes += found.bytes.length
    return made.messages
  }

  #tell({ offset, damage, piece }: FoundLine): void {
    if (damage === null && piece > 1) return // told once for the line
    const why = damage ?? 'two objects stand on one line; both were read'
    this.#onDamage({ file: this.#place.file, offset, why })
  }
}
