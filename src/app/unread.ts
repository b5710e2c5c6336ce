// Events whose words cannot be made, set aside by full text as the consumers set theirs aside.
import { systemClock } from '../base/clock.ts'
import { reasonOf } from '../base/log.ts'
import { keyOfBytes } from '../consumers/heads.ts'
import type { DeadLetters } from '../stores/dead.ts'

export const unreadBy =
  (dead: DeadLetters) =>
  (data: Uint8Array, error: unknown): void => {
    const { id } = keyOfBytes(data)
    const round = (dead.asked().find((letter) => letter.id === id)?.round ?? 0) + 1
    const said = { attempts: 1, round, at: new Date(systemClock.nowMs()).toISOString(), error: reasonOf(error) }
    dead.add([{ consumer: 'search', id, subject: '', seq: 0, publishedMs: 0, ...said, data }])
  }
