// The reading side of the stream: durables and replays, the same in the process that holds it and in those linked to it.
import { join } from 'node:path'
import { type Bus, type ConsumeOptions, type Delivered, SeqGoneError, type Subscription } from '../bus.ts'
import { CursorFile, readCursor } from './cursors.ts'
import { durable } from './durable.ts'
import { Follower, type Place } from './follower.ts'
import type { Tail } from './tail.ts'

const REPLAY_BYTES = 1024 * 1024

// `ready` resolves when the tail is known.
export function readingSide(
  dir: string,
  tail: Tail,
  ready: () => Promise<void> = async () => undefined,
): Pick<Bus, 'consume' | 'read'> & { stopAll(): Promise<void> } {
  const cursors = join(dir, 'cursors')
  const open = new Set<Subscription>()
  const closing = new AbortController()
  const follow = (filter: string) => (from: Place) => new Follower(dir, filter, tail, from)
  return {
    async consume({ durable: name, filter, messagesMax, bytesMax }: ConsumeOptions): Promise<Subscription> {
      await ready()
      const cursor = new CursorFile(cursors, name)
      let acked: Place = readCursor(cursors, name)
      const first = Follower.firstSeq(dir, tail)
      // A new durable, or one whose cursor could not be read, begins at the oldest message.
      if (acked.seq + 1 < first) acked = { seq: first - 1, segment: 0, at: 0 }
      cursor.save(acked)
      const subscription = durable({
        cursor,
        acked,
        follow: follow(filter),
        messagesMax,
        bytesMax,
        onStop: () => open.delete(subscription),
      })
      open.add(subscription)
      return subscription
    },
    async *read(fromSeq: number, filter: string, signal: AbortSignal): AsyncIterable<readonly Delivered[]> {
      await ready()
      const first = Follower.firstSeq(dir, tail)
      if (fromSeq < first && tail.lastSeq() >= first) throw new SeqGoneError(fromSeq, first)
      const ending = AbortSignal.any([signal, closing.signal])
      const follower = follow(filter)({ seq: fromSeq - 1, segment: 0, at: 0 })
      try {
        for (;;) {
          const found = await follower.next(REPLAY_BYTES, 1_000, ending)
          if (found === null) return
          if (found.messages.length > 0) yield found.messages
        }
      } finally {
        await follower.close()
      }
    },
    async stopAll() {
      closing.abort()
      await Promise.all([...open].map((subscription) => subscription.stop()))
    },
  }
}
