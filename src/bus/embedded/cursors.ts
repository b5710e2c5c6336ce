// Where each durable consumer is: one small file a name, written in place in one write, checked by a sum.
// A cursor that cannot be read begins at the oldest message again: a repeat, never a loss.
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

export interface Cursor {
  readonly seq: number // acked: this message and all before it
  readonly segment: number // first seq of the segment of the next message
  readonly at: number // its place in that segment
}

export const START: Cursor = { seq: 0, segment: 0, at: 0 }
const LINE_BYTES = 96

export class CursorFile {
  readonly #path: string
  #fd: number | null

  constructor(dir: string, name: string) {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    this.#path = pathOf(dir, name)
    closeSync(openSync(this.#path, 'a', 0o600))
    this.#fd = openSync(this.#path, 'r+')
  }

  save(cursor: Cursor): void {
    const text = `${cursor.seq} ${cursor.segment} ${cursor.at}`
    const line = `${text} ${crc32(text).toString(16)}`.padEnd(LINE_BYTES - 1).concat('\n')
    if (this.#fd !== null) {
      writeSync(this.#fd, line, 0)
      return
    }
    // A batch that was in hand when its subscription stopped.
    const fd = openSync(this.#path, 'r+')
    writeSync(fd, line, 0)
    closeSync(fd)
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd)
    this.#fd = null
  }
}

export function readCursor(dir: string, name: string): Cursor {
  const [seq, segment, at, sum] = readFileSync(pathOf(dir, name), 'utf8').trim().split(' ')
  if (sum === undefined || crc32(`${seq} ${segment} ${at}`).toString(16) !== sum) return START
  return { seq: Number(seq), segment: Number(segment), at: Number(at) }
}

export function readCursors(dir: string): { readonly name: string; readonly cursor: Cursor }[] {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  return readdirSync(dir)
    .filter((file) => file.endsWith('.cursor'))
    .sort()
    .map((file) => ({
      name: decodeURIComponent(file.slice(0, -'.cursor'.length)),
      cursor: readCursor(dir, decodeURIComponent(file.slice(0, -'.cursor'.length))),
    }))
}

export const forgetCursor = (dir: string, name: string): void => rmSync(pathOf(dir, name), { force: true })

const pathOf = (dir: string, name: string) => join(dir, `${encodeURIComponent(name)}.cursor`)
