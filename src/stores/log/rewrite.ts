// Files of the log written anew. Each is written beside the old one and takes its place in one step when it is whole and on the disk; the
// old one stays under a name of its own until whoever rewrites says that it is no longer needed. Killed at any moment, every file of the
// log is there, as it was or as it became; what lies beside it is nobody's.
import {
  closeSync,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { StoreError } from '../store.ts'

const NEXT = '.next'
const KEPT = /\.jsonl\.v\d+$/
const NEWLINE = 10
const WRITE_BYTES = 1024 * 1024

export class LogRewriter {
  readonly #dir: string
  readonly #written = new Map<string, string>() // file → the name its old one will have
  readonly #replaced = new Map<string, string>()

  constructor(dir: string) {
    this.#dir = dir
  }

  // What a run that was killed left half written.
  clear(): void {
    this.#remove((name) => name.endsWith(`.jsonl${NEXT}`))
  }

  // `version`: of what the old file holds; it becomes part of its name.
  write(file: string, version: number, lines: Iterable<Uint8Array>): void {
    const path = join(this.#dir, file)
    const fd = openSync(path + NEXT, 'w', 0o600)
    try {
      for (const bytes of inPieces(lines)) writeAll(fd, bytes)
      fsyncSync(fd)
    } catch (cause) {
      throw new StoreError(`the log ${file} cannot be written anew`, { cause })
    } finally {
      closeSync(fd)
    }
    this.#written.set(file, `${path}.v${version}`)
  }

  // All that was written takes its place.
  replace(): void {
    for (const [file, kept] of this.#written) {
      const path = join(this.#dir, file)
      rmSync(kept, { force: true }) // of a run that was killed: what stands in the log by now came after it
      keep(path, kept)
      this.#replaced.set(file, kept)
      renameSync(path + NEXT, path)
    }
    this.#sync()
    this.#written.clear()
  }

  // The old files go back to their places.
  restore(): void {
    for (const [file, kept] of this.#replaced) {
      renameSync(kept, join(this.#dir, file))
      rmSync(kept, { force: true }) // two names for the same bytes stay two when one is renamed to the other
    }
    this.#sync()
    this.#replaced.clear()
    this.clear()
  }

  // The old files are no longer needed, nor are those of runs that were killed.
  settle(): void {
    this.#remove((name) => KEPT.test(name))
    this.#replaced.clear()
  }

  #remove(isNobodys: (name: string) => boolean): void {
    for (const entry of readdirSync(this.#dir, { recursive: true, withFileTypes: true }))
      if (entry.isFile() && isNobodys(entry.name)) rmSync(join(entry.parentPath, entry.name))
  }

  // Which name stands for which bytes is on the disk too.
  #sync(): void {
    if (process.platform === 'win32') return // there a folder cannot be opened
    for (const folder of new Set([...this.#replaced.keys()].map((file) => dirname(join(this.#dir, file))))) {
      const fd = openSync(folder, 'r')
      fsyncSync(fd)
      closeSync(fd)
    }
  }
}

// A second name for the same bytes, so that the file is never missing from its place; a copy where a file system has no such thing.
function keep(path: string, kept: string): void {
  try {
    linkSync(path, kept)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(code))
      throw new StoreError(`the log ${basename(path)} cannot be kept beside the new one`, { cause: error })
    copyFileSync(path, kept)
  }
}

function* inPieces(lines: Iterable<Uint8Array>): Iterable<Uint8Array> {
  const newline = Uint8Array.of(NEWLINE)
  let held: Uint8Array[] = []
  let bytes = 0
  for (const line of lines) {
    held.push(line, newline)
    bytes += line.length + 1
    if (bytes < WRITE_BYTES) continue
    yield Buffer.concat(held)
    held = []
    bytes = 0
  }
  yield Buffer.concat(held)
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written)
}
