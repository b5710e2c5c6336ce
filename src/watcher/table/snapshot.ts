// A look at another program's SQLite database that leaves no trace. What SQLite itself does, found out by trying (3.53, all journal modes):
//   immutable=1   writes nothing, locks nothing, and does not see what stands in a -wal or is half done in a -journal
//   mode=ro       reads a -wal, but then writes: it makes a -shm where there is none, an empty -wal and a -shm where there are neither,
//                 changes the bytes of a -shm that is there, and its locks can hold up a commit
// So a database without such a file is opened where it stands, immutable, and was seen whole when nothing about it changed meanwhile.
// One with a -wal (or an unfinished -journal) is copied into a folder of our own with it, and the copy is opened. While a -wal goes on
// the database behind it changes only by what stands in that -wal, so the copy of the large file is good until the -wal begins anew.
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isGone } from '../look.ts'
import { READ } from '../tail.ts'

// A larger one is read where it stands, as of its last checkpoint: later than it was written, but it is not copied over and over.
export const COPY_BYTES_MAX = 1024 * 1024 * 1024
// A file system's clock ticks every few milliseconds: within one tick a file changes without its time changing.
const TICK_MS = 20

export interface Snapshot {
  readonly is: 'snapshot'
  readonly url: string // for SQLite
  readonly readOnly: boolean // false: a copy of ours with an unfinished transaction, which SQLite takes back there
  readonly inode: number
  readonly behind: boolean // as of its last checkpoint
  stillWhole(): boolean // to be asked after the last query
}

export type Taken = Snapshot | { readonly is: 'busy' } | { readonly is: 'gone' }

interface Copy {
  readonly path: string
  readonly inode: number
  readonly generation: string // of the -wal it was made beside
  state: string // of both files when they were last copied
}

export class Snapshots {
  readonly #folder: string
  readonly #bytesMax: number
  readonly #copies = new Map<string, Copy>()
  #made = 0

  constructor(folder: string, bytesMax = COPY_BYTES_MAX) {
    this.#folder = folder
    this.#bytesMax = bytesMax
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true }) // left behind by one that was killed
  }

  // `patient`: whoever writes may be done in a moment, so that an unfinished transaction is waited for and not copied.
  take(file: string, patient: boolean): Taken {
    try {
      const wal = sideFile(`${file}-wal`)
      if (wal !== null) return this.#besideWal(file, wal)
      const journal = sideFile(`${file}-journal`)
      if (journal !== null && isHot(journal)) return patient ? { is: 'busy' } : this.#withJournal(file, journal)
      this.#drop(file)
      return inPlace(file, false)
    } catch (error) {
      if (!isGone(error)) throw error
      return existsSync(file) ? { is: 'busy' } : { is: 'gone' } // its -wal went away meanwhile, or all of it did
    }
  }

  close(): void {
    if (this.#made > 0) rmSync(this.#folder, { recursive: true, force: true })
  }

  #besideWal(file: string, wal: SideFile): Taken {
    if (statSync(file).size + wal.size > this.#bytesMax) return inPlace(file, true)
    const state = `${stampOf(file)} ${wal.stamp}`
    const known = this.#copies.get(file)
    const { ino } = statSync(file)
    if (known?.state === state && known.generation === wal.head) return ours(known.path, ino, true)
    const copy = known?.inode === ino && known.generation === wal.head ? known : this.#copyOf(file, ino, wal.head)
    rmSync(`${copy.path}-shm`, { force: true }) // belongs to the -wal before
    copyFileSync(`${file}-wal`, `${copy.path}-wal`)
    // Begun anew in between: what was copied does not belong together.
    if (sideFile(`${file}-wal`)?.head !== wal.head || statSync(file).ino !== ino) {
      this.#drop(file)
      return { is: 'busy' }
    }
    copy.state = Math.abs(Date.now() - wal.mtimeMs) > TICK_MS ? state : ''
    return ours(copy.path, ino, true)
  }

  #withJournal(file: string, journal: SideFile): Taken {
    if (statSync(file).size + journal.size > this.#bytesMax) return { is: 'busy' }
    const before = stampOf(file)
    this.#drop(file)
    const copy = this.#copyOf(file, statSync(file).ino, '')
    copyFileSync(`${file}-journal`, `${copy.path}-journal`)
    if (stampOf(file) !== before || sideFile(`${file}-journal`)?.stamp !== journal.stamp) {
      this.#drop(file)
      return { is: 'busy' }
    }
    return ours(copy.path, copy.inode, false)
  }

  #copyOf(file: string, inode: number, generation: string): Copy {
    this.#drop(file)
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
    const path = join(this.#folder, `${this.#made++}.sqlite`)
    const copy = { path, inode, generation, state: '' }
    this.#copies.set(file, copy)
    copyFileSync(file, path, constants.COPYFILE_FICLONE) // costs nothing where the file system can share blocks
    return copy
  }

  #drop(file: string): void {
    const copy = this.#copies.get(file)
    if (copy === undefined) return
    this.#copies.delete(file)
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(copy.path + end, { force: true })
  }
}

const ours = (path: string, inode: number, readOnly: boolean): Snapshot => ({
  is: 'snapshot',
  url: readOnly ? `${pathToFileURL(path)}?mode=ro` : `${pathToFileURL(path)}`,
  readOnly,
  inode,
  behind: false,
  stillWhole: () => true,
})

function inPlace(file: string, behind: boolean): Taken {
  const before = stampOf(file)
  const { ino, mtimeMs } = statSync(file)
  if (Math.abs(Date.now() - mtimeMs) < TICK_MS) return { is: 'busy' }
  const stillWhole = () => {
    try {
      if (stampOf(file) !== before) return false
      const journal = sideFile(`${file}-journal`)
      return behind || (sideFile(`${file}-wal`) === null && (journal === null || !isHot(journal)))
    } catch (error) {
      if (isGone(error)) return false
      throw error
    }
  }
  const url = `${pathToFileURL(file)}?mode=ro&immutable=1`
  return { is: 'snapshot', url, readOnly: true, inode: ino, behind, stillWhole }
}

function stampOf(file: string): string {
  const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true })
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`
}

interface SideFile {
  readonly size: number
  readonly mtimeMs: number
  readonly stamp: string
  readonly head: string // its first bytes: a -wal that begins anew has others, since it counts its beginnings there
}

const HEAD_BYTES = 32

// Null: it is not there, or nothing is in it.
function sideFile(path: string): SideFile | null {
  let fd: number
  try {
    fd = openSync(path, READ)
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
  try {
    const { ino, size, mtimeMs } = fstatSync(fd)
    if (size === 0) return null
    const head = Buffer.alloc(HEAD_BYTES)
    readSync(fd, head, 0, HEAD_BYTES, 0)
    return { size, mtimeMs, stamp: `${ino} ${size} ${mtimeMs}`, head: head.toString('hex') }
  } finally {
    closeSync(fd)
  }
}

// A journal whose transaction is done is removed, emptied, or has its head blanked: whichever its mode says.
const JOURNAL_HEAD = 'd9d505f920a163d7'
const isHot = ({ head }: SideFile): boolean => head.startsWith(JOURNAL_HEAD)
