// A session as its agent wrote it: the lines of each of its files, byte for byte, out of the log. Every line is given once, in the file
// it was read from first: what a replaced or copied file said again is the same event, and the log has an event once.
import { headOfBytes } from '../consumers/heads.ts'
import type { EventLog, LogPlace } from '../stores/store.ts'
import { carriedBytes } from './carried.ts'

export interface NativeFile {
  readonly file: string // where the agent kept it
  readonly lines: number
  // Rows of a database and records of a document are their JSON text; the bytes of a damaged line are as they were.
  read(): Iterable<Uint8Array>
}

interface Found {
  readonly places: LogPlace[]
  mainLines: number
}

type Reading = Pick<EventLog, 'fileOf' | 'lines' | 'read'>

// The file with most of the main agent's lines first, the others by path. Only places are held in memory.
export function nativeFiles(log: Reading, session: string): NativeFile[] {
  const files = new Map<string, Found>()
  for (const line of log.lines(log.fileOf(session), 0)) take(files, line)
  return inOrder(log, files)
}

// The same lines, file after file, with a rest now and then: where others wait for the same thread.
export async function* nativeLines(
  log: Reading,
  session: string,
  rest: () => Promise<void>,
): AsyncIterable<Uint8Array> {
  const files = new Map<string, Found>()
  let n = 0
  for (const line of log.lines(log.fileOf(session), 0)) {
    take(files, line)
    if (++n % LINES_A_REST === 0) await rest()
  }
  for (const { read } of inOrder(log, files))
    for (const line of read()) {
      yield line
      if (++n % LINES_A_REST === 0) await rest()
    }
}
const LINES_A_REST = 64

function take(files: Map<string, Found>, { place, bytes }: { place: LogPlace; bytes: Uint8Array }): void {
  const { rawIn, kind, origin, agentId } = headOfBytes(bytes)
  if (rawIn !== null || kind === 'system.file_replaced') return // further parts of a line; what happened to a file is no line of it
  const found = files.get(origin.file) ?? { places: [], mainLines: 0 }
  files.set(origin.file, found)
  found.places.push(place) // the order of the log is the order in which the file was read
  if (agentId === null) found.mainLines++
}

function inOrder(log: Reading, files: ReadonlyMap<string, Found>): NativeFile[] {
  const byPath = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
  const main = byPath.reduce<(typeof byPath)[0] | null>(
    (most, file) => (most === null || file[1].mainLines > most[1].mainLines ? file : most),
    null,
  )
  return [...(main === null ? [] : [main]), ...byPath.filter((file) => file !== main)].map(([file, { places }]) => ({
    file,
    lines: places.length,
    *read() {
      for (const place of places) yield carriedBytes(log.read(place))!
    },
  }))
}
