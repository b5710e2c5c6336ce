// The files of the stream: <first seq, 16 digits>.seg, each a run of records. One process appends; any number read.
import { closeSync, ftruncateSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Delivered } from '../bus.ts'
import { readRecord } from './record.ts'

export interface Segment {
  readonly first: number // seq of its first record
  readonly path: string
}

export const segmentPath = (dir: string, first: number): string => join(dir, `${String(first).padStart(16, '0')}.seg`)

export function listSegments(dir: string): Segment[] {
  return readdirSync(dir)
    .filter((name) => /^\d{16}\.seg$/.test(name))
    .sort()
    .map((name) => ({ first: Number(name.slice(0, 16)), path: join(dir, name) }))
}

export const segmentBytes = (segment: Segment): number => statSync(segment.path, { throwIfNoEntry: false })?.size ?? 0
export const dropSegment = (segment: Segment): void => rmSync(segment.path, { force: true })

const READ_BYTES_MAX = 2 * 1024 * 1024
const READ_BYTES_SCAN = 256 * 1024
const READ_BYTES_MIN = 32 * 1024 // a live stream brings single events; a backlog brings the buffer up to READ_BYTES_MAX

// Every whole record from the beginning; returns where the last one ends. What is behind it is torn (a crash while writing).
export function scanSegment(segment: Segment, each: (message: Delivered) => void): number {
  const fd = openSync(segment.path, 'r')
  try {
    let buffer = Buffer.allocUnsafeSlow(READ_BYTES_SCAN)
    for (let at = 0; ; ) {
      const bytes = buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, at))
      let used = 0
      let needed = 0
      while (needed === 0) {
        const record = readRecord(bytes, used)
        if (record.is === 'damaged') return at + used
        if (record.is === 'short') needed = record.bytesNeeded
        else {
          each(record.message)
          used = record.end
        }
      }
      at += used
      if (bytes.length < buffer.length && used === 0) return at // the end of the file, or a torn record
      if (used === 0 && needed <= buffer.length) return at
      if (needed > buffer.length) buffer = Buffer.allocUnsafeSlow(needed)
    }
  } finally {
    closeSync(fd)
  }
}

export function cutSegment(segment: Segment, bytes: number): void {
  const fd = openSync(segment.path, 'r+')
  ftruncateSync(fd, bytes)
  closeSync(fd)
}

// The memory that one reading side reads into, again and again: fresh memory for every batch was most of what an import used.
export class Scratch {
  #buffer: Buffer = Buffer.alloc(0)

  take(bytes: number): Buffer {
    if (bytes > READ_BYTES_MAX) return Buffer.allocUnsafeSlow(bytes) // one large message: not kept
    if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafeSlow(bytes)
    return this.#buffer.subarray(0, bytes)
  }
}

// Reads whole records of one open segment, forward, in batches. A batch is good until the next is read.
export class SegmentReader {
  readonly segment: Segment
  #at: number
  #handle: FileHandle | null = null
  #readBytes = READ_BYTES_MIN
  readonly #scratch: Scratch

  constructor(segment: Segment, at: number, scratch: Scratch) {
    this.segment = segment
    this.#at = at
    this.#scratch = scratch
  }

  get at(): number {
    return this.#at
  }

  // Whole records up to `bytesMax` (at least one when it is there), none beyond `lastSeq`. `ends` are the places behind each.
  async next(
    bytesMax: number,
    messagesMax: number,
    lastSeq: number,
  ): Promise<{ messages: Delivered[]; ends: number[] }> {
    let want = Math.min(bytesMax, this.#readBytes)
    for (;;) {
      const bytes = await this.#read(want)
      const { messages, ends, needed } = wholeRecords(bytes, messagesMax, lastSeq)
      if (messages.length > 0) {
        const start = this.#at
        this.#at += ends.at(-1)!
        this.#readBytes = bytes.length < want ? READ_BYTES_MIN : Math.min(READ_BYTES_MAX, want * 4)
        return { messages, ends: ends.map((end) => start + end) }
      }
      // One message larger than the buffer is read whole; anything else is not there yet.
      if (needed <= want || bytes.length < want) return { messages, ends }
      want = needed
    }
  }

  async #read(bytes: number): Promise<Buffer> {
    this.#handle ??= await open(this.segment.path, 'r')
    const buffer = this.#scratch.take(bytes)
    const { bytesRead } = await this.#handle.read(buffer, 0, bytes, this.#at)
    return buffer.subarray(0, bytesRead)
  }

  async close(): Promise<void> {
    await this.#handle?.close()
    this.#handle = null
  }
}

function wholeRecords(bytes: Buffer, messagesMax: number, lastSeq: number) {
  const messages: Delivered[] = []
  const ends: number[] = []
  let at = 0
  while (messages.length < messagesMax) {
    // Up to `lastSeq` the writer has said that they are whole; the sums are for what a crash left behind.
    const record = readRecord(bytes, at, false)
    if (record.is === 'short') return { messages, ends, needed: record.bytesNeeded }
    if (record.is === 'damaged' || record.message.seq > lastSeq) break
    messages.push(record.message)
    at = record.end
    ends.push(at)
  }
  return { messages, ends, needed: 0 }
}
