// Messages that came and are not yet acked, in order: first those handed out, then those ready to be.
import type { Delivered } from '../bus.ts'

export interface Entry {
  readonly message: Delivered
  readonly bytes: number
  readonly parts: readonly number[] // where the parts before this last one are; empty for a message in one piece
  readonly reply: string // where to ack it
  readonly run: number // of the consumer that delivered it
}

export class Shelf {
  private readonly entries: Entry[] = []
  private handed = 0
  private bytes = 0 // of what is ready

  get readyCount(): number {
    return this.entries.length - this.handed
  }

  get readyBytes(): number {
    return this.bytes
  }

  push(entry: Entry): void {
    this.entries.push(entry)
    this.bytes += entry.bytes
  }

  // At least one when one is ready.
  take(countMax: number, bytesMax: number): Entry[] {
    let count = 0
    let bytes = 0
    for (let at = this.handed; at < this.entries.length && count < countMax; at++) {
      const size = this.entries[at]!.bytes
      if (count > 0 && bytes + size > bytesMax) break
      bytes += size
      count++
    }
    const taken = this.entries.slice(this.handed, this.handed + count)
    this.handed += count
    this.bytes -= bytes
    return taken
  }

  // Back to the first one not acked. Everything handed out is ready again.
  rewind(): void {
    for (const { bytes } of this.entries.slice(0, this.handed)) this.bytes += bytes
    this.handed = 0
  }

  // Lets go of everything up to `seq`, which was handed out. Answers the last of it, whose ack covers the rest.
  release(seq: number): Entry | undefined {
    let count = 0
    while (count < this.entries.length && this.entries[count]!.message.seq <= seq) {
      if (count >= this.handed) this.bytes -= this.entries[count]!.bytes
      count++
    }
    this.handed = Math.max(0, this.handed - count)
    return this.entries.splice(0, count).at(-1)
  }

  clear(): void {
    this.entries.length = 0
    this.handed = 0
    this.bytes = 0
  }
}
