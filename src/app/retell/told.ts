// What the log tells, line by line of the files it was read from. Only places are held in memory.
import { headOfBytes } from '../../consumers/heads.ts'
import { type Event, EventError } from '../../event/event.ts'
import type { EventLog, LogPlace } from '../../stores/store.ts'

// One line of a transcript (or what happened to the file itself), in the log.
export interface ToldLine {
  readonly places: readonly LogPlace[] // the event that carries it, then its further parts
  readonly line: number
  readonly offset: number
  readonly inode: number
  version: number // of the oldest payload among them
  again: readonly LogPlace[] | null // told anew, in a log beside
}

// A file of the log, in its order.
export interface ToldLog {
  readonly file: string
  readonly agent: string
  readonly lines: readonly ToldLine[]
  readonly byFile: ReadonlyMap<string, readonly ToldLine[]> // the file each was read from → in the order of the log
}

export function toldIn(log: EventLog, agents: readonly string[]): ToldLog[] {
  const logs: ToldLog[] = []
  for (const { file } of log.files()) {
    const agent = agentOf(file)
    if (agents.includes(agent)) logs.push({ file, agent, ...linesOf(log, file) })
  }
  return logs
}

// The log has one folder an agent.
export const agentOf = (file: string): string => file.slice(0, file.indexOf('/'))

interface Gathered {
  readonly places: LogPlace[]
  readonly line: ToldLine
  readonly file: string
}

function linesOf(log: EventLog, file: string): Pick<ToldLog, 'lines' | 'byFile'> {
  const carriers = new Map<string, Gathered>()
  for (const { place, bytes } of log.lines(file, 0)) {
    const head = headAt(bytes)
    if (head === null) {
      carriers.set(`${place.offset}`, unread(place))
      continue
    }
    const { id, rawIn, origin, payload } = head
    const known = carriers.get(rawIn ?? id)
    if (known !== undefined) {
      known.places.push(place)
      known.line.version = Math.min(known.line.version, payload.v)
      continue
    }
    // A part whose carrier is not there stands for itself.
    const places = [place]
    const { line, offset, inode } = origin
    carriers.set(id, {
      places,
      file: origin.file,
      line: { places, line, offset, inode, version: payload.v, again: null },
    })
  }
  const all = [...carriers.values()]
  const byFile = [...Map.groupBy(all, (gathered) => gathered.file)].map(
    ([from, gathered]) => [from, gathered.map(({ line }) => line)] as const,
  )
  return { lines: all.map(({ line }) => line), byFile: new Map(byFile) }
}

// Null: a line that cannot be read. It stays as it is and holds up no other.
function headAt(bytes: Uint8Array): Event | null {
  try {
    return headOfBytes(bytes)
  } catch (error) {
    if (error instanceof EventError) return null
    throw error
  }
}

// Of no file, so that nothing tells it anew.
function unread(place: LogPlace): Gathered {
  const places = [place]
  const version = Number.POSITIVE_INFINITY
  return { places, file: '', line: { places, line: 1, offset: 0, inode: 0, version, again: null } }
}

const VERSION_MARK = ',"payload":{"v":'

// Whether any event of these agents was made with an older vocabulary. Looks at no more of each than its version.
export function hasOlder(log: EventLog, agents: readonly string[], version: number): boolean {
  for (const { file } of log.files()) {
    if (!agents.includes(agentOf(file))) continue
    for (const { bytes } of log.lines(file, 0)) {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      const at = text.indexOf(VERSION_MARK)
      const digits = at + VERSION_MARK.length
      if (at >= 0 && Number.parseInt(text.toString('latin1', digits, digits + 9), 10) < version) return true
    }
  }
  return false
}
