// A bus in memory for tests of those who use one: durables, duplicates by id, and failures on demand. Not durable, not for shipping.
import {
  type Batch,
  type Bus,
  BusError,
  type BusState,
  type ConsumeOptions,
  type Delivered,
  type Message,
  type PublishResult,
  type Subscription,
} from '../bus/bus.ts'
import { matches } from '../event/subject.ts'

export class MemoryBus implements Bus {
  readonly stream: Delivered[] = []
  readonly acked = new Map<string, number>() // durable → sequence number
  // Called before each of these; what it throws is how the bus fails.
  before: { publish?: (messages: readonly Message[]) => void; ack?: (seq: number) => void; next?: () => void } = {}
  readonly #seqs = new Map<string, number>() // by id
  readonly #waiting = new Set<() => void>()

  async publish(messages: readonly Message[]): Promise<readonly PublishResult[]> {
    this.before.publish?.(messages)
    const results = messages.map(({ subject, id, data }) => {
      const known = this.#seqs.get(id)
      if (known !== undefined) return { seq: known, duplicate: true }
      const seq = this.stream.length + 1
      this.#seqs.set(id, seq)
      this.stream.push({ subject, id, data: data.slice(), seq, publishedMs: seq }) // the memory is the publisher's
      return { seq, duplicate: false }
    })
    this.#wake()
    return results
  }

  async consume({ durable, filter, messagesMax = 1_000 }: ConsumeOptions): Promise<Subscription> {
    if (!this.acked.has(durable)) this.acked.set(durable, 0)
    let at = this.acked.get(durable)!
    let stopped = false
    const ack = async (seq: number) => {
      this.before.ack?.(seq)
      this.acked.set(durable, Math.max(seq, this.acked.get(durable)!))
    }
    return {
      next: async (): Promise<Batch | null> => {
        for (;;) {
          if (stopped) return null
          this.before.next?.()
          const messages = this.stream
            .filter(({ seq, subject }) => seq > at && matches(filter, subject))
            .slice(0, messagesMax)
          const last = messages.at(-1)
          if (last === undefined) {
            await new Promise<void>((resolve) => this.#waiting.add(resolve))
            continue
          }
          at = last.seq
          return { messages, ack: () => ack(last.seq) }
        }
      },
      reset: async () => {
        at = this.acked.get(durable)!
      },
      stop: async () => {
        stopped = true
        this.#wake()
      },
    }
  }

  async *read(fromSeq: number, filter: string): AsyncIterable<readonly Delivered[]> {
    yield this.stream.filter(({ seq, subject }) => seq >= fromSeq && matches(filter, subject))
  }

  async forget(durable: string): Promise<void> {
    this.acked.delete(durable)
  }

  async state(): Promise<BusState> {
    const lastSeq = this.stream.length
    const durables = [...this.acked].map(([name, ackedSeq]) => ({ name, ackedSeq, lag: lastSeq - ackedSeq }))
    return { kind: 'memory', firstSeq: 1, lastSeq, bytes: 0, durables, trouble: null }
  }

  async flush(): Promise<void> {}
  async close(): Promise<void> {}

  #wake(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}

// How a full disk or a broken line looks to those who publish.
export const failing = (why: string) => () => {
  throw new BusError(why)
}
