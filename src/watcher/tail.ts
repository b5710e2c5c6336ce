// Stop 1: one append-only file, read by byte offset, whole lines only. Knows when the file is no longer the one it was.
// Opens for reading, reads, closes: nothing of ours is ever held on a watched path.
import { hash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { FoundLine } from './lines.ts'
import { splitLines } from './lines.ts'
import type { FilePlace } from './offsets.ts'

export const CHUNK_BYTES = 1024 * 1024
export const LINE_BYTES_MAX = 400 * 1024 * 1024 // a JavaScript string ends at 512 MiB

export type TailRead =
  | {
      readonly is: 'lines'
      readonly nextOffset: number
      readonly size: number
      readonly inode: number
      readonly more: boolean
    }
  | { readonly is: 'replaced'; readonly inode: number; readonly why: string } // read again from the beginning
  | { readonly is: 'gone' }
  | { readonly is: 'unreadable'; readonly why: string }

// The next whole lines behind `place`. `more`: there were further bytes than one chunk.
export function readTail(
  file: string,
  place: Pick<FilePlace, 'inode' | 'offset' | 'last'>,
  each: (line: FoundLine, inode: number) => void,
): TailRead {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { is: 'gone' }
      : { is: 'unreadable', why: `${file}: ${(error as Error).message}` }
  }
  try {
    const { size, ino } = fstatSync(fd)
    if (size < place.offset)
      return { is: 'replaced', inode: ino, why: `the file shrank from ${place.offset} to ${size} bytes` }
    if (place.last !== null && !stillThere(fd, place.last))
      return { is: 'replaced', inode: ino, why: 'the file holds other content than was read before' }
    return { ...readLines(fd, place.offset, size, (line) => each(line, ino)), size, inode: ino }
  } catch (error) {
    return { is: 'unreadable', why: `${file}: ${(error as Error).message}` }
  } finally {
    closeSync(fd)
  }
}

// The last consumed line, byte for byte. Cheaper than any guess from times and inodes, and right where those are not:
// files rewritten in place keep their inode, copies put back keep their bytes.
function stillThere(fd: number, last: NonNullable<FilePlace['last']>): boolean {
  const bytes = Buffer.allocUnsafe(last.length)
  return (
    readSync(fd, bytes, 0, last.length, last.offset) === last.length && hash('sha256', bytes, 'hex') === last.sha256
  )
}

function readLines(fd: number, offset: number, size: number, each: (line: FoundLine) => void) {
  let want = CHUNK_BYTES
  for (;;) {
    const bytes = Buffer.allocUnsafeSlow(Math.min(want, size - offset))
    const read = readSync(fd, bytes, 0, bytes.length, offset)
    const used = splitLines(bytes.subarray(0, read), offset, offset + read === size, each)
    const more = offset + read < size
    if (used > 0 || !more) return { is: 'lines' as const, nextOffset: offset + used, more: more && used > 0 }
    if (want >= LINE_BYTES_MAX)
      throw new Error(`the line at byte ${offset} is longer than ${LINE_BYTES_MAX} bytes; it is left where it is`)
    want = Math.min(want * 8, LINE_BYTES_MAX)
  }
}
