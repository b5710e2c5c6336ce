// Reads the stream forward from a place, segment after segment, and waits at its end. Used by durable subscriptions and by replays.
import { matches } from '../../event/subject.ts'
import { type Delivered, SeqGoneError } from '../bus.ts'
import { listSegments, Scratch, SegmentReader } from './segments.ts'
import type { Tail } from './tail.ts'

export interface Place {
  readonly seq: number // of the last message behind
  readonly segment: number
  readonly at: number
}

export interface Found {
  readonly messages: readonly Delivered[]
  readonly place: Place // behind the last message looked at, matching or not
}

export class Follower {
  readonly #dir: string
  readonly #filter: string
  readonly #tail: Tail
  #place: Place
  #reader: SegmentReader | null = null
  readonly #scratch = new Scratch()

  constructor(dir: string, filter: string, tail: Tail, from: Place) {
    this.#dir = dir
    this.#filter = filter
    this.#tail = tail
    this.#place = from
  }

  // The oldest message still there.
  static firstSeq(dir: string, tail: Tail): number {
    return listSegments(dir)[0]?.first ?? tail.lastSeq() + 1
  }

  // The next messages; empty `messages` when only others were passed over. Null when aborted.
  async next(bytesMax: number, messagesMax: number, signal: AbortSignal): Promise<Found | null> {
    for (;;) {
      if (signal.aborted) return null
      if (this.#tail.lastSeq() <= this.#place.seq) {
        await this.#tail.grown(this.#place.seq, signal)
        continue
      }
      const found = await this.#read(bytesMax, messagesMax)
      if (found !== null) return found
    }
  }

  async #read(bytesMax: number, messagesMax: number): Promise<Found | null> {
    this.#reader ??= this.#open()
    const { messages, ends } = await this.#reader.next(bytesMax, messagesMax, this.#tail.lastSeq())
    if (messages.length === 0) {
      await this.#nextSegment()
      return null
    }
    // After a restart in the middle of a segment the first records may be behind the place already.
    const wanted = messages.filter((message) => message.seq > this.#place.seq && matches(this.#filter, message.subject))
    this.#place = {
      seq: Math.max(this.#place.seq, messages.at(-1)!.seq),
      segment: this.#reader.segment.first,
      at: ends.at(-1)!,
    }
    return { messages: wanted, place: this.#place }
  }

  #open(): SegmentReader {
    const segments = listSegments(this.#dir)
    const next = this.#place.seq + 1
    const here = segments.findLast((segment) => segment.first <= next)
    if (here === undefined) throw new SeqGoneError(next, segments[0]?.first ?? this.#tail.lastSeq() + 1)
    return new SegmentReader(here, here.first === this.#place.segment ? this.#place.at : 0, this.#scratch)
  }

  async #nextSegment(): Promise<void> {
    const after = listSegments(this.#dir).find((segment) => segment.first > this.#reader!.segment.first)
    if (after !== undefined && after.first === this.#place.seq + 1) {
      await this.#reader!.close()
      this.#reader = new SegmentReader(after, 0, this.#scratch)
      return
    }
    if (after !== undefined && after.first > this.#place.seq + 1)
      throw new SeqGoneError(this.#place.seq + 1, after.first)
    // The tail was announced and its bytes are not visible yet, or its writer was cut short: look again in a moment.
    await new Promise((resolve) => setTimeout(resolve, 5))
  }

  async close(): Promise<void> {
    await this.#reader?.close()
    this.#reader = null
  }
}
