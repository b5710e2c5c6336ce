// The truth: one JSONL file a session, append-only, below <dir>/<agent>/<native id>.jsonl. Each line is one CloudEvent.
// fsync policy: a line is safe against kill -9 when append returns; against loss of power when flush has returned (persist calls it
// before every ack that moves the bus's cursor durably, at most every half second).

import { createHash } from 'node:crypto'
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { assert } from '../../base/assert.ts'
import { Scratch } from '../../base/scratch.ts'
import { type EventLog, type LogPlace, StoreError } from '../store.ts'

const OPEN_FILES_MAX = 64
const SYNCING_MAX = 8
const SCAN_BYTES = 1024 * 1024
const NAME_MAX = 120
const NEWLINE = 10

interface OpenFile {
  readonly fd: number
  size: number
}

export function openEventLog(dir: string): EventLog {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const writing = new OpenFiles(dir)
  const reading = new ReadHandles(dir)
  return {
    fileOf: logFileOf,
    append(session, lines) {
      const file = logFileOf(session)
      writing.owe(file)
      return append(writing.get(file), file, lines)
    },
    read: (place, into) => reading.read(place, into),
    files: () => logFiles(dir),
    lines: (file, from) => logLines(join(dir, file), file, from),
    mend: (file) => writing.mend(file),
    flush: () => writing.flush(),
    unsynced: () => writing.unsynced(),
    close() {
      writing.close()
      reading.close()
    },
  }
}

// A session's file, by agent and native id; what a file name cannot hold is percent-encoded, what is too long is cut and hashed, and
// so are capitals, which some file systems do not tell from small letters.
export function logFileOf(session: string): string {
  const colon = session.indexOf(':')
  assert(colon > 0, `a session id names its agent: ${session}`)
  const native = session.slice(colon + 1).toWellFormed()
  const name = encodeURIComponent(native).replaceAll('*', '%2A').replace(/^\./, '%2E')
  const short =
    name.length <= NAME_MAX && !/[A-Z]/.test(native)
      ? name
      : `${name.slice(0, 80)}~${createHash('sha256').update(name).digest('hex').slice(0, 16)}`
  return `${session.slice(0, colon)}/${short}.jsonl`
}

// What is appended stands here until it is written, which is at once.
const scratch = new Scratch(2 * 1024 * 1024)

function append(open: OpenFile, file: string, lines: readonly Uint8Array[]): LogPlace[] {
  const bytes = scratch.take(lines.reduce((sum, line) => sum + line.length + 1, 0))
  const places: LogPlace[] = []
  let at = 0
  for (const line of lines) {
    places.push({ file, offset: open.size + at, length: line.length })
    bytes.set(line, at)
    at += line.length
    bytes[at++] = NEWLINE
  }
  try {
    for (let written = 0; written < bytes.length; )
      written += writeSync(open.fd, bytes, written, bytes.length - written, open.size + written)
  } catch (cause) {
    // Half a write (disk full) must not become a torn line in the middle of the file.
    ftruncateSync(open.fd, open.size)
    throw new StoreError(`the log ${file} cannot be written`, { cause })
  }
  open.size += bytes.length
  return places
}

class OpenFiles {
  readonly #dir: string
  readonly #open = new Map<string, OpenFile>()
  readonly #unsynced = new Set<string>() // appended to since the last flush, open or not

  constructor(dir: string) {
    this.#dir = dir
  }

  get(file: string): OpenFile {
    const known = this.#open.get(file)
    if (known) {
      this.#open.delete(file)
      this.#open.set(file, known) // the newest used is the last closed
      return known
    }
    const path = join(this.#dir, file)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const made = openSync(path, 'a', 0o600)
    closeSync(made)
    const fd = openSync(path, 'r+')
    const opened = { fd, size: fstatSync(fd).size }
    this.#open.set(file, opened)
    if (this.#open.size > OPEN_FILES_MAX) this.#closeOne(this.#open.entries().next().value!)
    return opened
  }

  // It is about to be written to: the next flush brings it to the disk.
  owe(file: string): void {
    this.#unsynced.add(file)
  }

  unsynced(): number {
    return this.#unsynced.size
  }

  mend(file: string): number {
    const open = this.get(file)
    const end = lastLineEnd(open.fd, open.size)
    const torn = open.size - end
    if (torn > 0) {
      ftruncateSync(open.fd, end)
      open.size = end
    }
    return torn
  }

  // In the thread pool, so that whoever appends goes on. What is appended meanwhile is for the next flush.
  async flush(): Promise<void> {
    const files = [...this.#unsynced]
    this.#unsynced.clear()
    let failure: unknown = null
    const next = files.values()
    // A few at a time: each is open while it is brought to the disk, and a burst touches thousands.
    const some = async () => {
      for (const file of next)
        try {
          await syncFile(join(this.#dir, file))
        } catch (error) {
          this.#unsynced.add(file)
          failure ??= error
        }
    }
    await Promise.all(Array.from({ length: SYNCING_MAX }, some))
    if (failure !== null) throw new StoreError('the log cannot be brought to the disk', { cause: failure })
  }

  close(): void {
    for (const file of this.#unsynced) fdatasyncSync(this.get(file).fd)
    this.#unsynced.clear()
    for (const entry of [...this.#open]) this.#closeOne(entry)
  }

  // Closed without a sync: flush knows that it still owes one.
  #closeOne([file, open]: [string, OpenFile]): void {
    closeSync(open.fd)
    this.#open.delete(file)
  }
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.datasync()
  } finally {
    await handle.close()
  }
}

function lastLineEnd(fd: number, size: number): number {
  const bytes = Buffer.allocUnsafe(64 * 1024)
  for (let end = size; end > 0; ) {
    const from = Math.max(0, end - bytes.length)
    const read = readSync(fd, bytes, 0, end - from, from)
    const at = bytes.subarray(0, read).lastIndexOf(NEWLINE)
    if (at >= 0) return from + at + 1
    end = from
  }
  return 0
}

class ReadHandles {
  readonly #dir: string
  readonly #fds = new Map<string, number>()

  constructor(dir: string) {
    this.#dir = dir
  }

  read({ file, offset, length }: LogPlace, into: Buffer = Buffer.allocUnsafe(length)): Uint8Array {
    const bytes = into.subarray(0, length)
    try {
      const read = readSync(this.#get(file), bytes, 0, length, offset)
      if (read === length) return bytes
    } catch (cause) {
      throw new StoreError(`the log ${file} cannot be read`, { cause })
    }
    throw new StoreError(`the log ${file} ends before byte ${offset + length}; run: openstory reindex`)
  }

  #get(file: string): number {
    const known = this.#fds.get(file)
    if (known !== undefined) return known
    const fd = openSync(join(this.#dir, file), 'r')
    this.#fds.set(file, fd)
    if (this.#fds.size > OPEN_FILES_MAX) {
      const [oldest, old] = this.#fds.entries().next().value!
      closeSync(old)
      this.#fds.delete(oldest)
    }
    return fd
  }

  close(): void {
    for (const fd of this.#fds.values()) closeSync(fd)
    this.#fds.clear()
  }
}

function* logFiles(dir: string): Iterable<{ file: string; bytes: number }> {
  for (const agent of readdirSync(dir, { withFileTypes: true })) {
    if (!agent.isDirectory()) continue
    for (const name of readdirSync(join(dir, agent.name)).sort()) {
      if (!name.endsWith('.jsonl')) continue
      yield { file: `${agent.name}/${name}`, bytes: statSync(join(dir, agent.name, name)).size }
    }
  }
}

function* logLines(path: string, file: string, from: number): Iterable<{ place: LogPlace; bytes: Uint8Array }> {
  const fd = openSync(path, 'r')
  try {
    let held: Buffer = Buffer.alloc(0)
    let at = from
    for (;;) {
      const more = Buffer.allocUnsafe(SCAN_BYTES)
      const read = readSync(fd, more, 0, SCAN_BYTES, at + held.length)
      held = Buffer.concat([held, more.subarray(0, read)])
      let used = 0
      for (let end = held.indexOf(NEWLINE); end >= 0; end = held.indexOf(NEWLINE, used)) {
        yield { place: { file, offset: at + used, length: end - used }, bytes: held.subarray(used, end) }
        used = end + 1
      }
      at += used
      held = held.subarray(used)
      if (read === 0) return
    }
  } finally {
    closeSync(fd)
  }
}
