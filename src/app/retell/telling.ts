// One transcript told anew: each line goes through its source again, in its order, with what is remembered carried along, exactly as the
// watcher does it; only that the bytes come out of the log. What comes out is the line's event again when it is whose it was.
import type { Message } from '../../bus/bus.ts'
import { headOfBytes } from '../../consumers/heads.ts'
import { type Event, encodeEvent } from '../../event/event.ts'
import { PAYLOAD_VERSION } from '../../event/payload.ts'
import type { RecordIn, Source } from '../../sources/source.ts'
import { isJson } from '../../sources/values.ts'
import type { EventLog } from '../../stores/store.ts'
import { type FoundLine, lineOf } from '../../watcher/lines.ts'
import { messagesOf } from '../../watcher/messages.ts'
import { carriedBytes } from '../carried.ts'
import type { Owned } from './owners.ts'
import { readingsOf, type Step } from './readings.ts'
import type { ToldLine } from './told.ts'

export interface Plan {
  readonly owned: Owned
  readonly readings: readonly (readonly Step[])[]
}

// `events`: null where it cannot be told anew.
export interface Again {
  readonly line: ToldLine
  readonly events: readonly Uint8Array[] | null
}

const TRIED_LINES = 20

// The plan by which the first lines become the events they were. Null: there is none.
export function planFor(
  log: Pick<EventLog, 'read'>,
  owners: readonly Owned[],
  told: readonly (readonly ToldLine[])[],
  beside: readonly ToldLine[],
): Plan | null {
  let best: Plan | null = null
  let bestScore = 0
  for (const owned of owners)
    for (const readings of readingsFor(owned.source, told, beside)) {
      const plan = { owned, readings }
      const { score, perfect } = tried(log, plan)
      if (score > bestScore) [best, bestScore] = [plan, score]
      if (perfect) return plan
    }
  return best
}

function readingsFor(source: Source, told: readonly (readonly ToldLine[])[], beside: readonly ToldLine[]): Step[][][] {
  // A database holds many sessions, each in a log of its own, and what is remembered is one session's.
  if (source.reads === 'tables') return [told.map((lines) => lines.map((line) => ({ line, only: null })))]
  const alone = readingsOf(told, [])
  return beside.length === 0 ? [alone] : [alone, readingsOf(told, beside)]
}

function tried(log: Pick<EventLog, 'read'>, plan: Plan): { readonly score: number; readonly perfect: boolean } {
  let lines = 0
  let score = 0
  for (const { events } of tellAgain(log, plan)) {
    if (events !== null) score++
    if (++lines === TRIED_LINES) break
  }
  return { score, perfect: score === lines }
}

export function* tellAgain(log: Pick<EventLog, 'read'>, { owned, readings }: Plan): Iterable<Again> {
  const { source, root, path } = owned
  for (const reading of readings) {
    let memory = source.owner({ root, path })?.memory ?? {}
    for (const { line, only } of reading) {
      const data = log.read(line.places[0]!)
      const event = headOfBytes(data)
      const found = foundIn(data, event, source)
      if (found === null) {
        if (only === null) yield { line, events: withoutLine(event) }
        continue
      }
      const { origin, host, user } = event
      const made = messagesOf(found, origin.line, source, { root, path, inode: origin.inode }, memory, { host, user })
      memory = made.memory
      if (only === null)
        yield { line, events: isAs(event, made.messages[0]!) ? made.messages.map(({ data }) => data) : null }
    }
  }
}

// Its id is made of its session, its lane, its time, and the line itself; whose project it is was found out on the way.
const isAs = (was: Event, { id, data }: Message): boolean => id === was.id && headOfBytes(data).project === was.project

// What was read once, as its reader found it. Null: the event carries no line.
function foundIn(data: Uint8Array, event: Event, source: Source): (FoundLine & Partial<RecordIn>) | null {
  const bytes = event.kind === REPLACED ? null : carriedBytes(data)
  if (bytes === null) return null
  const { offset, key, found } = event.origin
  const place = { offset, lineEnds: 0, piece: 0 }
  const line = lineOf(Buffer.from(bytes), false)
  if (source.reads === 'lines') return { ...line, ...place }
  if (key === undefined) return null // made before records said what they are called
  const damage = isJson(line.value) ? null : (event.payload.why ?? null)
  return { ...line, ...place, utf8: true, damage, key, at: offset, ...(found !== undefined && { found }) }
}

const REPLACED = 'system.file_replaced'

// What happened to a file is told by the watcher itself, in words that have not changed.
function withoutLine(event: Event): readonly Uint8Array[] | null {
  if (event.kind !== REPLACED) return null
  const payload = { ...event.payload, v: PAYLOAD_VERSION }
  return [encodeEvent({ ...event, payload, raw: { as: 'text', text: '' } })]
}
