// Stop 4: append to the log, then to the index over it. The log is the truth; a crash between the two is mended from the log at the
// next start. An event that is there already is left alone, whoever sends it again.
import type { Delivered } from '../../bus/bus.ts'
import type { EventKey } from '../../event/event.ts'
import { type EventIndex, type EventLog, type IndexedEvent, type LogPlace, StoreError } from '../../stores/store.ts'
import type { Consumer } from '../consumer.ts'
import { keyOfBytes } from '../heads.ts'

export interface PersistParts {
  readonly log: EventLog
  readonly index: EventIndex
  readonly onInserted: (events: number) => void
}

interface Arrived {
  readonly event: EventKey
  readonly message: Delivered
}

export function persistConsumer({ log, index, onInserted }: PersistParts): Consumer {
  // In the log and not yet in the index: when the insert fails, the next try does not append them again.
  const appended = new Map<string, LogPlace>()
  return {
    name: 'persist',
    filter: 'events.>',
    handle(messages) {
      const lastSeq = messages.at(-1)!.seq
      const fresh = unknownOf(messages, index)
      appendBySession(
        fresh.filter(({ event }) => !appended.has(event.id)),
        log,
        appended,
      )
      const rows = fresh.map(
        ({ event, message }): IndexedEvent => ({
          event,
          place: appended.get(event.id)!,
          seq: message.seq,
          publishedMs: message.publishedMs,
        }),
      )
      const { inserted } = index.insert(rows, lastSeq)
      // Others may be in the log that are not in the index yet: a batch that failed is tried again in parts.
      for (const { event } of fresh) appended.delete(event.id)
      onInserted(inserted)
    },
    settle: () => log.flush(),
  }
}

function unknownOf(messages: readonly Delivered[], index: EventIndex): Arrived[] {
  const known = index.known(messages.map(({ id }) => id))
  const seen = new Set<string>()
  const fresh: Arrived[] = []
  for (const message of messages) {
    const { id, data } = message
    if (known.has(id) || seen.has(id)) continue
    seen.add(id)
    fresh.push({ event: keyOfBytes(data), message })
  }
  return fresh
}

// One append a session; each event's place is noted as soon as it has one.
function appendBySession(fresh: readonly Arrived[], log: EventLog, appended: Map<string, LogPlace>): void {
  for (const [session, arrived] of Map.groupBy(fresh, ({ event }) => event.session)) {
    const places = log.append(
      session,
      arrived.map(({ message }) => message.data),
    )
    for (const [i, { event }] of arrived.entries()) appended.set(event.id, places[i]!)
  }
}

// What a crash left in the log and not in the index: torn last lines are cut off, whole lines are indexed. Returns the events indexed.
// Throws where the index knows more than the log has: it would take what the stream hands out again for kept.
export function catchUp(log: EventLog, index: EventIndex): { events: number; tornBytes: number } {
  const reached = index.indexedBytes()
  const sizes = new Map([...log.files()].map(({ file, bytes }) => [file, bytes]))
  let events = 0
  let tornBytes = 0
  for (const [file, bytes] of reached)
    if ((sizes.get(file) ?? 0) < bytes)
      throw new StoreError(
        `the log ${file} has lost what the store knows of it (a loss of power?); run: openstory reindex`,
      )
  for (const [file, bytes] of sizes) {
    const from = reached.get(file) ?? 0
    if (bytes === from) continue
    tornBytes += log.mend(file)
    events += indexFrom(log, index, file, from)
  }
  return { events, tornBytes }
}

const ROWS_MAX = 2_000

function indexFrom(log: EventLog, index: EventIndex, file: string, from: number): number {
  let rows: IndexedEvent[] = []
  let inserted = 0
  for (const { place, bytes } of log.lines(file, from)) {
    rows.push({ event: eventAt(place, bytes), place, seq: 0, publishedMs: 0 })
    if (rows.length < ROWS_MAX) continue
    inserted += index.insert(rows, 0).inserted
    rows = []
  }
  return inserted + (rows.length > 0 ? index.insert(rows, 0).inserted : 0)
}

function eventAt({ file, offset }: LogPlace, bytes: Uint8Array): EventKey {
  try {
    return keyOfBytes(bytes)
  } catch (cause) {
    throw new StoreError(`the log ${file} has a line at byte ${offset} that is no event; move it out of the file`, {
      cause,
    })
  }
}
