// Whether an error is the machine's and passes by itself: a full disk, a locked file, a device that does not read. Everything else is
// in what was handled, or in the code that handled it. Causes count as the error does.

// SQLite's primary result codes: PERM BUSY LOCKED NOMEM READONLY INTERRUPT IOERR FULL CANTOPEN PROTOCOL.
const SQLITE_PASSING = new Set([3, 5, 6, 7, 8, 9, 10, 13, 14, 15])
const SQLITE_CORRUPT = new Set([11, 26]) // CORRUPT NOTADB

interface Coded {
  readonly code?: unknown
  readonly errcode?: unknown // of node:sqlite: extended result codes, the primary one in the low byte
  readonly syscall?: unknown
}

const primaryCode = ({ errcode }: Coded): number => (typeof errcode === 'number' ? errcode & 0xff : 0)

function some(error: unknown, is: (coded: Coded) => boolean): boolean {
  for (let each = error; each instanceof Error; each = each.cause) if (is(each as Coded)) return true
  return false
}

export const isPassing = (error: unknown): boolean =>
  some(error, (coded) => SQLITE_PASSING.has(primaryCode(coded)) || isSystem(coded))

// A database file that is not one, or no longer one.
export const isCorrupt = (error: unknown): boolean => some(error, (coded) => SQLITE_CORRUPT.has(primaryCode(coded)))

// What the operating system refused: EIO, ENOSPC, EMFILE …
const isSystem = ({ code, syscall }: Coded): boolean =>
  typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) && typeof syscall === 'string'
