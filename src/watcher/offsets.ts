// How far each file was read, kept in a journal of JSON lines (grep-able, last line of a file wins). Saved only after the bus has
// the events. A torn last line (a crash while saving) is an older offset: a repeat, never a loss.
import { closeSync, constants, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { FileMemory } from '../sources/source.ts'
import type { Lane } from './messages.ts'

export interface FilePlace {
  readonly file: string // absolute path
  readonly agent: string
  readonly inode: number
  readonly offset: number // bytes consumed; of a document its length, of a database the place behind the last record
  readonly line: number // line ends consumed; of documents and databases: records
  readonly last: { readonly offset: number; readonly length: number; readonly sha256: string } | null // the last consumed line; of a document the whole of it
  readonly lane: Lane | null // of the last consumed line
  readonly memory: FileMemory
  readonly known?: string // of a document: which records of it are on the bus
}

const COMPACT_AT = 4 // journal lines per file
const GONE_KEPT = 1_000 // files that are not there any more
const COMPACT_BYTES = 4 * 1024 * 1024 // and what a database is remembered by is long
// Writes return when they are on stable storage: under the permission model this process may not call fsync.
const SYNCED = constants.O_WRONLY | constants.O_CREAT | constants.O_SYNC

export interface KnownPlaces {
  get(agent: string, file: string): FilePlace | undefined
}

// For those who only look: nothing is written.
export function readOffsets(path: string): KnownPlaces {
  const { places } = load(path)
  return { get: (agent, file) => places.get(keyOf(agent, file)) }
}

export class Offsets implements KnownPlaces {
  readonly #path: string
  readonly #places: Map<string, FilePlace>
  #fd: number
  #lines: number
  #bytes = 0 // appended since the journal was last made anew

  constructor(path: string) {
    this.#path = path
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const { places, lines, torn } = load(path)
    this.#places = places
    this.#lines = lines
    this.#fd = openSync(path, SYNCED | constants.O_APPEND, 0o600)
    if (torn) writeSync(this.#fd, '\n') // it must not swallow the next line that is appended
    this.#compact()
  }

  get(agent: string, file: string): FilePlace | undefined {
    return this.#places.get(keyOf(agent, file))
  }

  all(): Iterable<FilePlace> {
    return this.#places.values()
  }

  save(places: readonly FilePlace[]): void {
    if (places.length === 0) return
    for (const place of places) {
      const key = keyOf(place.agent, place.file)
      this.#places.delete(key) // to stand behind those that were read before it
      this.#places.set(key, place)
    }
    this.#bytes += writeSync(this.#fd, places.map((place) => `${JSON.stringify(place)}\n`).join(''))
    this.#lines += places.length
    this.#compact()
  }

  close(): void {
    closeSync(this.#fd)
  }

  // Agents delete what they wrote, month after month. A file that comes back is read from its beginning, and its lines are known by their ids;
  // those that were read last are remembered for a while all the same, since what is packed or moved stands for what stood there.
  #forgetGone(): void {
    const gone = [...this.#places].filter(([, { file }]) => !existsSync(file))
    for (const [key] of gone.slice(0, Math.max(0, gone.length - GONE_KEPT))) this.#places.delete(key)
  }

  #compact(): void {
    if (this.#lines <= this.#places.size * COMPACT_AT + 100 && this.#bytes < COMPACT_BYTES) return
    this.#forgetGone()
    const next = `${this.#path}.next`
    const fd = openSync(next, SYNCED | constants.O_TRUNC, 0o600)
    writeSync(fd, [...this.#places.values()].map((place) => `${JSON.stringify(place)}\n`).join(''))
    closeSync(fd)
    closeSync(this.#fd)
    renameSync(next, this.#path)
    this.#fd = openSync(this.#path, SYNCED | constants.O_APPEND, 0o600)
    this.#lines = this.#places.size
    this.#bytes = 0
  }
}

// The same file may be one agent's and, in a shared folder, another's.
const keyOf = (agent: string, file: string) => `${agent}\u0000${file}`

function load(path: string): { places: Map<string, FilePlace>; lines: number; torn: boolean } {
  const places = new Map<string, FilePlace>()
  if (!existsSync(path)) return { places, lines: 0, torn: false }
  const text = readFileSync(path, 'utf8')
  let lines = 0
  for (const line of text.split('\n')) {
    if (line === '') continue
    lines++
    const place = parse(line)
    if (place !== null) places.set(keyOf(place.agent, place.file), place)
  }
  return { places, lines, torn: text !== '' && !text.endsWith('\n') }
}

function parse(line: string): FilePlace | null {
  try {
    const value = JSON.parse(line) as FilePlace
    return typeof value.file === 'string' && typeof value.offset === 'number' ? value : null
  } catch {
    return null // torn while saving: the line before it holds
  }
}
