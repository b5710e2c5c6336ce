// A durable subscription: a follower whose place is kept in a cursor file when its messages are acked.
import type { Batch, Subscription } from '../bus.ts'
import type { CursorFile } from './cursors.ts'
import type { Follower, Place } from './follower.ts'

// A batch and what is made of it fit a young generation: larger ones were no faster, and were promoted and collected instead.
const MESSAGES_MAX = 400
const BYTES_MAX = 512 * 1024

export interface DurableParts {
  readonly cursor: CursorFile
  readonly acked: Place // where it was
  readonly follow: (from: Place) => Follower
  readonly messagesMax?: number | undefined
  readonly bytesMax?: number | undefined
  readonly onStop: () => void
}

export function durable(parts: DurableParts): Subscription {
  const stopping = new AbortController()
  let acked = parts.acked
  let follower = parts.follow(acked)
  let stopped: Promise<void> | null = null

  const keep = (place: Place) => {
    if (place.seq <= acked.seq) return
    acked = place
    parts.cursor.save(place)
  }
  // The newest message handed out, and how far others that do not match were passed over behind it: they need no ack of their own,
  // but must not be kept while that message waits for its.
  let handedOut = acked.seq
  let passed: Place | null = null

  return {
    async next(): Promise<Batch | null> {
      for (;;) {
        const found = await follower.next(
          parts.bytesMax ?? BYTES_MAX,
          parts.messagesMax ?? MESSAGES_MAX,
          stopping.signal,
        )
        if (found === null) return null
        if (found.messages.length > 0) {
          const { place } = found
          handedOut = place.seq
          passed = null
          return {
            messages: found.messages,
            ack: async () => keep(place.seq === handedOut ? (passed ?? place) : place),
          }
        }
        passed = found.place
        if (handedOut <= acked.seq) keep(passed)
      }
    },
    async reset() {
      await follower.close()
      follower = parts.follow(acked)
      handedOut = acked.seq
      passed = null
    },
    stop() {
      stopping.abort()
      stopped ??= follower.close().then(() => {
        parts.cursor.close()
        parts.onStop()
      })
      return stopped
    },
  }
}
