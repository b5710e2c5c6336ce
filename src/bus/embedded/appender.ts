// The one writer of the stream. Publishes that arrive while a write is under way go out together with the next one (group commit).
// A publish is answered when write() has returned: the bytes then survive kill -9. flush() makes them survive loss of power.
import { type FileHandle, open } from 'node:fs/promises'
import { type Log, reasonOf } from '../../base/log.ts'
import { BusError, type PublishResult } from '../bus.ts'
import { RecentIds } from './recent-ids.ts'
import { peekRecord, sealRecord } from './record.ts'
import {
  cutSegment,
  dropSegment,
  listSegments,
  type Segment,
  scanSegment,
  segmentBytes,
  segmentPath,
} from './segments.ts'

export interface AppenderLimits {
  readonly segmentBytes: number
  readonly retainBytes: number // of consumed messages, kept for replay
  readonly backlogBytesMax: number // of messages not consumed; publish waits beyond it
  readonly duplicateIds: number // the window in which a repeated id is known
}

interface Waiting {
  readonly records: Buffer // not numbered yet
  readonly resolve: (results: PublishResult[]) => void
  readonly reject: (error: Error) => void
}

const BACKLOG_POLL_MS = 50

export class Appender {
  readonly #dir: string
  readonly #limits: AppenderLimits
  readonly #log: Log
  readonly #ackedSeq: () => number // everything up to it is consumed by every durable
  readonly #onAppend: (lastSeq: number) => void
  #segments: Segment[] = []
  #handle: FileHandle | null = null
  #tailBytes = 0
  #closedBytes = 0 // of all segments but the last
  #lastSeq = 0
  readonly #recent: RecentIds
  #waiting: Waiting[] = []
  #pump: Promise<void> | null = null
  #closed = false
  #trouble: string | null = null
  #cannotDrop = false

  constructor(
    dir: string,
    limits: AppenderLimits,
    log: Log,
    ackedSeq: () => number,
    onAppend: (lastSeq: number) => void,
  ) {
    this.#dir = dir
    this.#limits = limits
    this.#log = log
    this.#ackedSeq = ackedSeq
    this.#onAppend = onAppend
    this.#recent = new RecentIds(limits.duplicateIds)
    this.#recover()
  }

  get lastSeq(): number {
    return this.#lastSeq
  }
  get firstSeq(): number {
    return this.#segments[0]?.first ?? this.#lastSeq + 1
  }
  get trouble(): string | null {
    return this.#trouble
  }
  bytes(): number {
    return this.#closedBytes + this.#tailBytes
  }

  // A run of records, which become the stream's own: they are numbered in place and written as they are.
  publish(records: Buffer): Promise<PublishResult[]> {
    if (this.#closed) return Promise.reject(new BusError('the bus is closed'))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ records, resolve, reject })
      this.#pump ??= this.#write()
    })
  }

  async flush(): Promise<void> {
    await this.#pump
    await this.#handle?.datasync()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#pump
    await this.#handle?.close()
    this.#handle = null
  }

  // Segments that every durable is past go, but for the newest `retainBytes`. What cannot be removed now is removed another time.
  retain(): void {
    try {
      this.#dropConsumed()
      this.#cannotDrop = false
    } catch (error) {
      if (!this.#cannotDrop)
        this.#log.warn({ why: reasonOf(error) }, 'bus: could not remove old messages; trying again')
      this.#cannotDrop = true
    }
  }

  #dropConsumed(): void {
    const acked = this.#ackedSeq()
    while (this.#segments.length > 1) {
      const [oldest, second] = this.#segments as [Segment, Segment]
      const size = segmentBytes(oldest)
      if (second.first > acked + 1 || this.bytes() - size < this.#limits.retainBytes) return
      dropSegment(oldest)
      this.#segments.shift()
      this.#closedBytes -= size
    }
  }

  #recover(): void {
    this.#segments = listSegments(this.#dir)
    this.#closedBytes = this.#segments.slice(0, -1).reduce((sum, segment) => sum + segmentBytes(segment), 0)
    // The duplicate window is read back from the newest segments; the last one also shows where whole records end.
    const window: [string, number][][] = []
    let ids = 0
    for (const segment of [...this.#segments].reverse()) {
      if (ids >= this.#limits.duplicateIds) break
      const here: [string, number][] = []
      const end = scanSegment(segment, (message) => {
        here.push([message.id, message.seq])
      })
      if (segment === this.#segments.at(-1)) this.#mend(segment, end, here.at(-1)?.[1] ?? segment.first - 1)
      window.push(here)
      ids += here.length
    }
    for (const [id, seq] of window.reverse().flat().slice(-this.#limits.duplicateIds)) {
      const bytes = Buffer.from(id, 'latin1')
      if (this.#recent.find(bytes, 0, bytes.length) === 0) this.#recent.add(bytes, 0, bytes.length, seq)
    }
  }

  #mend(last: Segment, end: number, lastSeq: number): void {
    const torn = segmentBytes(last) - end
    if (torn > 0) {
      cutSegment(last, end)
      this.#log.warn(
        { path: last.path, bytes: torn },
        'bus: cut a torn record off the end of the stream; its publisher was not answered',
      )
    }
    this.#tailBytes = end
    this.#lastSeq = lastSeq
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#room()
      const group = this.#waiting
      this.#waiting = []
      try {
        const results = await this.#append(group)
        for (const [i, waiting] of group.entries()) waiting.resolve(results[i]!)
        this.#trouble = null
      } catch (cause) {
        this.#recent.forgetAfter(this.#lastSeq) // what was numbered and not written is not there
        this.#trouble = `the bus cannot write to ${this.#dir}: ${reasonOf(cause)}`
        for (const waiting of group) waiting.reject(new BusError(this.#trouble, { cause }))
      }
    }
    // In the same step as the last look at `waiting`: whoever publishes from here on starts it again.
    this.#pump = null
  }

  async #room(): Promise<void> {
    let said = false
    while (!this.#closed && this.bytes() > this.#limits.backlogBytesMax) {
      this.retain()
      if (this.bytes() <= this.#limits.backlogBytesMax) return
      if (!said)
        this.#log.warn({ bytes: this.bytes() }, 'bus: full of messages that a consumer has not taken; publishers wait')
      said = true
      await new Promise((resolve) => setTimeout(resolve, BACKLOG_POLL_MS))
    }
  }

  async #append(group: readonly Waiting[]): Promise<PublishResult[][]> {
    const numbering = new Numbering(this.#lastSeq, Date.now(), this.#recent)
    const results: PublishResult[][] = []
    const pieces: Buffer[] = []
    for (const { records } of group) {
      const numbered = numbering.take(records)
      results.push(numbered.results)
      pieces.push(...numbered.pieces)
    }
    if (pieces.length > 0) await this.#writePieces(pieces)
    if (numbering.seq > this.#lastSeq) {
      this.#lastSeq = numbering.seq
      this.#onAppend(numbering.seq)
    }
    return results
  }

  async #writePieces(pieces: readonly Buffer[]): Promise<void> {
    const handle = await this.#tail()
    let at = this.#tailBytes
    try {
      for (const piece of pieces)
        for (let written = 0; written < piece.length; ) {
          const { bytesWritten } = await handle.write(piece, written, piece.length - written, at)
          written += bytesWritten
          at += bytesWritten
        }
    } catch (cause) {
      // Half a write (disk full) must not stand in the way of the next.
      await handle.truncate(this.#tailBytes).catch((error) => {
        this.#log.warn({ why: reasonOf(error) }, 'bus: could not cut a failed write; the next one overwrites it')
      })
      throw cause
    }
    this.#tailBytes = at
  }

  async #tail(): Promise<FileHandle> {
    if (this.#segments.length === 0 || this.#tailBytes >= this.#limits.segmentBytes) {
      await this.#handle?.datasync()
      await this.#handle?.close()
      this.#handle = null
      this.retain()
      const first = this.#lastSeq + 1
      const segment = { first, path: segmentPath(this.#dir, first) }
      this.#handle = await open(segment.path, 'wx', 0o600)
      this.#segments.push(segment)
      this.#closedBytes += this.#tailBytes
      this.#tailBytes = 0
    }
    this.#handle ??= await open(this.#segments.at(-1)!.path, 'r+')
    return this.#handle
  }
}

// Gives numbers to what is new in a group of publishes, in order, and knows what is not.
class Numbering {
  readonly #nowMs: number
  readonly #recent: RecentIds
  seq: number

  constructor(lastSeq: number, nowMs: number, recent: RecentIds) {
    this.seq = lastSeq
    this.#nowMs = nowMs
    this.#recent = recent
  }

  // The records to write are one piece where nothing came twice.
  take(records: Buffer): { results: PublishResult[]; pieces: Buffer[] } {
    const results: PublishResult[] = []
    const pieces: Buffer[] = []
    let from = 0
    for (let at = 0; at < records.length; ) {
      const { idAt, idEnd, end } = peekRecord(records, at)
      const before = this.#recent.find(records, idAt, idEnd)
      if (before === 0) {
        sealRecord(records, at, end, ++this.seq, this.#nowMs)
        this.#recent.add(records, idAt, idEnd, this.seq)
        results.push({ seq: this.seq, duplicate: false })
      } else {
        results.push({ seq: before, duplicate: true })
        if (at > from) pieces.push(records.subarray(from, at))
        from = end
      }
      at = end
    }
    if (records.length > from) pieces.push(records.subarray(from))
    return { results, pieces }
  }
}
