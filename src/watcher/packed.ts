// Line files that their agent packed whole (zstd) once nobody writes them any more. What they hold is read as if it stood there plain:
// the same lines at the same offsets, and so the same ids. Unpacked in memory, nothing of it is ever on a disk.
import { hash } from 'node:crypto'
import { closeSync, readFileSync, statSync } from 'node:fs'
import { zstdDecompressSync } from 'node:zlib'
import { type FoundLine, splitLines } from './lines.ts'
import { cannotRead, codeOf, isGone } from './look.ts'
import type { FilePlace } from './offsets.ts'
import { CHUNK_BYTES, openToRead, type TailRead } from './tail.ts'

const PACKED_END = '.zst'
const PLAIN_BYTES_MAX = 1024 * 1024 * 1024

// A packed file takes the place of a plain one under a name that is longer by its end: what was read of that need not be read again.
export const plainNameOf = (file: string): string =>
  file.endsWith(PACKED_END) ? file.slice(0, -PACKED_END.length) : file

export class Unpacker {
  // The one that is being read, chunk by chunk; let go when it is at its end.
  #held: { readonly file: string; readonly stamp: string; readonly bytes: Buffer } | null = null

  read(
    file: string,
    place: Pick<FilePlace, 'offset' | 'last'>,
    each: (line: FoundLine, inode: number) => void,
  ): TailRead {
    try {
      const stat = statSync(file)
      if (!stat.isFile()) return { is: 'gone' }
      const bytes = this.#unpacked(file, `${stat.ino} ${stat.size} ${stat.mtimeMs}`)
      const read = linesFrom(bytes, place, stat.ino, each)
      if (read.is !== 'lines' || !read.more) this.#held = null
      return read
    } catch (error) {
      this.#held = null
      if (isGone(error)) return { is: 'gone' }
      const code = codeOf(error) ?? ''
      if (code === 'ERR_BUFFER_TOO_LARGE')
        return {
          is: 'unreadable',
          why: `${file} unpacks to more than ${PLAIN_BYTES_MAX} bytes; it stays unread`,
          lasting: true,
        }
      if (code.startsWith('ZSTD') || code.startsWith('Z_'))
        return {
          is: 'unreadable',
          why: `${file} is no whole zstd file (${code}); it is tried again when it changes`,
          lasting: false,
        }
      return { is: 'unreadable', why: cannotRead(file, code === '' ? 'unknown' : code), lasting: false }
    }
  }

  #unpacked(file: string, stamp: string): Buffer {
    if (this.#held?.file === file && this.#held.stamp === stamp) return this.#held.bytes
    const bytes = zstdDecompressSync(bytesOf(file), { maxOutputLength: PLAIN_BYTES_MAX })
    this.#held = { file, stamp, bytes }
    return bytes
  }
}

function bytesOf(file: string): Buffer {
  const fd = openToRead(file)
  try {
    return readFileSync(fd)
  } finally {
    closeSync(fd)
  }
}

function linesFrom(
  bytes: Buffer,
  { offset, last }: Pick<FilePlace, 'offset' | 'last'>,
  inode: number,
  each: (line: FoundLine, inode: number) => void,
): TailRead {
  const size = bytes.length
  if (size < offset) return { is: 'replaced', inode, why: `the file shrank from ${offset} to ${size} bytes` }
  if (last !== null && hash('sha256', bytes.subarray(last.offset, last.offset + last.length), 'hex') !== last.sha256)
    return { is: 'replaced', inode, why: 'the file holds other content than was read before' }
  for (let want = CHUNK_BYTES; ; want *= 8) {
    const end = Math.min(size, offset + want)
    const { used, lineEnds } = splitLines(bytes.subarray(offset, end), offset, end === size, (line) =>
      each(line, inode),
    )
    if (used === 0 && end < size) continue // a line longer than a chunk
    return { is: 'lines', nextOffset: offset + used, lineEnds, size, inode, more: end < size }
  }
}
