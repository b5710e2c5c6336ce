// The events of the log as messages, in batches: what the folding consumers are made anew from. An event that cannot be folded is set
// aside as it would be live, and holds up no other.
import type { Clock } from '../base/clock.ts'
import { reasonOf } from '../base/log.ts'
import { isCorrupt, isPassing } from '../base/passing.ts'
import type { Delivered } from '../bus/bus.ts'
import type { DeadLetter, DeadLetters } from '../stores/dead.ts'
import type { EventLog } from '../stores/store.ts'

export type LoggedMessage = Pick<Delivered, 'id' | 'data'>

export interface LogFold {
  readonly consumer: string
  readonly dead: DeadLetters
  readonly fold: (messages: readonly LoggedMessage[]) => void
}

const BATCH = 2_000
const ID_AT = '{"specversion":"1.0","id":"'.length
const ID_END = ID_AT + 32

export function* loggedMessages(log: Pick<EventLog, 'files' | 'lines'>): Iterable<readonly LoggedMessage[]> {
  let batch: LoggedMessage[] = []
  for (const { file } of log.files()) {
    for (const { bytes } of log.lines(file, 0)) {
      batch.push({ id: Buffer.from(bytes.subarray(ID_AT, ID_END)).toString(), data: bytes })
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}

interface FoldParts {
  readonly clock: Clock
  readonly onProgress?: (events: number) => void
}

export interface FoldedLog {
  readonly unread: number // set aside
  readonly missing: readonly DeadLetter[] // asked for again, and not in the log
}

// One reading of the log for all of them. Throws where the machine is at fault, and not an event.
export function foldLog(
  log: Pick<EventLog, 'files' | 'lines'>,
  folds: readonly LogFold[],
  { clock, onProgress }: FoldParts,
): FoldedLog[] {
  const all = folds.map((fold) => ({ ...fold, asked: new Map(fold.dead.asked().map((it) => [it.id, it])), unread: 0 }))
  let folded = 0
  for (const messages of loggedMessages(log)) {
    for (const each of all) {
      const letters = foldSome(messages, each.fold).map(({ message: { id, data }, error }): DeadLetter => {
        const round = (each.asked.get(id)?.round ?? 0) + 1
        const said = { attempts: 1, round, at: new Date(clock.nowMs()).toISOString(), error: reasonOf(error) }
        return { consumer: each.consumer, id, subject: '', seq: 0, publishedMs: 0, ...said, data }
      })
      if (letters.length > 0) each.dead.add(letters)
      each.unread += letters.length
      for (const { id } of messages) each.asked.delete(id)
    }
    folded += messages.length
    onProgress?.(folded)
  }
  return all.map(({ unread, asked }) => ({ unread, missing: [...asked.values()] }))
}

interface Bad {
  readonly message: LoggedMessage
  readonly error: unknown
}

function foldSome(messages: readonly LoggedMessage[], fold: LogFold['fold']): Bad[] {
  try {
    fold(messages)
    return []
  } catch (error) {
    if (isPassing(error) || isCorrupt(error)) throw error
    if (messages.length === 1) return [{ message: messages[0]!, error }]
    const middle = Math.ceil(messages.length / 2)
    return [...foldSome(messages.slice(0, middle), fold), ...foldSome(messages.slice(middle), fold)]
  }
}
