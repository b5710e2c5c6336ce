// Stop 1: one append-only file, read by byte offset, whole lines only. Knows when the file is no longer the one it was.
// Opens for reading, reads, closes: nothing of ours is ever held on a watched path.
import { hash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { reasonOf } from '../base/log.ts'
import { type FoundLine, splitLines } from './lines.ts'
import { cannotRead, codeOf, isGone } from './look.ts'
import type { FilePlace } from './offsets.ts'

// Small enough that what stands in it is on the bus before the collector moves it to where it is only found by looking through the heap.
export const CHUNK_BYTES = 256 * 1024
export const LINE_BYTES_MAX = 400 * 1024 * 1024 // a JavaScript string ends at 512 MiB

export type TailRead =
  | {
      readonly is: 'lines'
      readonly nextOffset: number
      readonly lineEnds: number // between place and nextOffset
      readonly size: number
      readonly inode: number
      readonly more: boolean
    }
  // To be read again from the beginning. `why` is null where another file holds, as far as was read, what looks the same: its ids will tell.
  | { readonly is: 'replaced'; readonly inode: number; readonly why: string | null }
  | { readonly is: 'gone' }
  | { readonly is: 'unreadable'; readonly why: string; readonly lasting: boolean } // lasting: no use to try before it changes

// Nothing is waited for on opening: a pipe that somebody put there must not hold up all other files.
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)
// Where the system can, not even that it was read shows on a file. Only its owner may ask for that.
const UNSEEN = process.platform === 'linux' ? READ | constants.O_NOATIME : READ

export function openToRead(file: string): number {
  try {
    return openSync(file, UNSEEN)
  } catch (error) {
    if (codeOf(error) !== 'EPERM' || UNSEEN === READ) throw error
    return openSync(file, READ)
  }
}

// The next whole lines behind `place`. `more`: there were further bytes than one chunk.
export function readTail(
  file: string,
  place: Pick<FilePlace, 'inode' | 'offset' | 'last'>,
  each: (line: FoundLine, inode: number) => void,
): TailRead {
  let fd: number
  try {
    fd = openToRead(file)
  } catch (error) {
    return isGone(error) ? { is: 'gone' } : unreadable(file, codeOf(error) ?? 'unknown')
  }
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) return { is: 'gone' } // a folder or a pipe stands there
    const { size, ino } = stat
    if (size < place.offset)
      return { is: 'replaced', inode: ino, why: `the file shrank from ${place.offset} to ${size} bytes` }
    if (place.last !== null && !stillThere(fd, place.last))
      return { is: 'replaced', inode: ino, why: 'the file holds other content than was read before' }
    if (place.inode !== 0 && place.inode !== ino) return { is: 'replaced', inode: ino, why: null }
    return { ...readLines(fd, place.offset, size, (line) => each(line, ino)), size, inode: ino }
  } catch (error) {
    if (error instanceof LineTooLong) return { is: 'unreadable', why: `${file}: ${error.message}`, lasting: true }
    return unreadable(file, codeOf(error) ?? reasonOf(error))
  } finally {
    closeSync(fd)
  }
}

class LineTooLong extends Error {}

const unreadable = (file: string, code: string): TailRead => ({
  is: 'unreadable',
  why: cannotRead(file, code),
  lasting: false,
})

// The last consumed line, byte for byte. Cheaper than any guess from times and inodes, and right where those are not:
// files rewritten in place keep their inode, copies put back keep their bytes.
function stillThere(fd: number, last: NonNullable<FilePlace['last']>): boolean {
  const bytes = Buffer.allocUnsafe(last.length)
  return (
    readSync(fd, bytes, 0, last.length, last.offset) === last.length && hash('sha256', bytes, 'hex') === last.sha256
  )
}

// Lines are looked at one by one while they stand here, and copied by whoever keeps them.
const scratch = Buffer.allocUnsafeSlow(CHUNK_BYTES)

function readLines(fd: number, offset: number, size: number, each: (line: FoundLine) => void) {
  let want = CHUNK_BYTES
  for (;;) {
    const length = Math.min(want, size - offset)
    const bytes = length > CHUNK_BYTES ? Buffer.allocUnsafeSlow(length) : scratch.subarray(0, length)
    const read = readSync(fd, bytes, 0, bytes.length, offset)
    const { used, lineEnds } = splitLines(bytes.subarray(0, read), offset, offset + read === size, each)
    const more = offset + read < size
    if (used > 0 || !more) return { is: 'lines' as const, nextOffset: offset + used, lineEnds, more: more && used > 0 }
    if (want >= LINE_BYTES_MAX)
      throw new LineTooLong(
        `the line at byte ${offset} is longer than ${LINE_BYTES_MAX} bytes; it and what follows stay unread until it is shorter`,
      )
    want = Math.min(want * 8, LINE_BYTES_MAX)
  }
}
