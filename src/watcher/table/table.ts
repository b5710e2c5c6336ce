// The reader of databases: take a snapshot, let the source ask for a page of what is new behind its memory, let go. Nothing is ever held
// between looks, nothing can be written: the connection is read-only, and questions that are more than questions are refused.
import { constants, DatabaseSync, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { reasonOf } from '../../base/log.ts'
import type { Ask, TablePage, TableSource } from '../../sources/source.ts'
import { cannotRead, codeOf, fileOf, freshPlace, type Job, type Look, type Looking } from '../look.ts'
import { replacedMessage } from '../messages.ts'
import type { FilePlace } from '../offsets.ts'
import { Translation } from '../translation.ts'
import { type Snapshot, Snapshots } from './snapshot.ts'

export interface Tables extends Looking {
  readonly copies: string // a folder of our own
  readonly copyBytesMax?: number
}

// Whoever writes is done in milliseconds, mostly; after so many looks it is said, and tried at the next change or sweep.
const BUSY_MS = 25
const BUSY_LOOKS = 40
const PATIENT_LOOKS = 8
// One that is written to all the time is looked at so often, and never more than a tenth of the time.
const REST_MS = 200
const REST_SHARE = 10

export class Databases {
  readonly #parts: Tables
  readonly #snapshots: Snapshots
  readonly #busy = new Map<string, number>()
  readonly #restUntil = new Map<string, number>()
  readonly #saidBehind = new Set<string>()

  constructor(parts: Tables) {
    this.#parts = parts
    this.#snapshots = new Snapshots(parts.copies, parts.copyBytesMax)
  }

  close(): void {
    this.#snapshots.close()
  }

  look(job: Job<TableSource>, place: FilePlace): Look {
    const file = fileOf(job)
    const began = performance.now() // a clock that is set back holds up nothing
    const restMs = (this.#restUntil.get(file) ?? 0) - began
    if (restMs > 0) return { is: 'later', afterMs: restMs }
    const look = this.#lookNow(job, place, file)
    if (look.is === 'read' || look.is === 'same') {
      this.#busy.delete(file)
      if (!look.more)
        this.#restUntil.set(file, performance.now() + Math.max(REST_MS, (performance.now() - began) * REST_SHARE))
    }
    return look
  }

  #lookNow(job: Job<TableSource>, place: FilePlace, file: string): Look {
    try {
      const taken = this.#snapshots.take(file, (this.#busy.get(file) ?? 0) < PATIENT_LOOKS)
      if (taken.is === 'gone') return taken
      if (taken.is === 'busy') return this.#busyLook(file, 'another program is writing to it')
      if (taken.behind) this.#sayBehind(file)
      if (place.inode !== 0 && place.inode !== taken.inode) return this.#replaced(job, place, taken.inode)
      const page = pageOf(job, place, taken)
      if (!taken.stillWhole()) return this.#busyLook(file, 'another program is writing to it')
      return this.#page(job, place, page, taken.inode)
    } catch (error) {
      return this.#failed(file, error)
    }
  }

  #busyLook(file: string, why: string): Look {
    const looks = (this.#busy.get(file) ?? 0) + 1
    this.#busy.set(file, looks)
    if (looks % BUSY_LOOKS !== 0) return { is: 'later', afterMs: BUSY_MS }
    return { is: 'unreadable', why: `${file} cannot be read (${why}); it is tried again`, lasting: false }
  }

  #failed(file: string, error: unknown): Look {
    const code = (error as { errcode?: number }).errcode
    if (code === undefined) {
      const why = cannotRead(file, codeOf(error) ?? reasonOf(error))
      return { is: 'unreadable', why, lasting: false }
    }
    const primary = code & 0xff // SQLite's extended codes have the plain one in their lowest byte
    if (primary === CANNOT_OPEN) return { is: 'unreadable', why: cannotRead(file, 'EACCES'), lasting: false }
    if (MAY_PASS.has(primary)) return this.#busyLook(file, reasonOf(error))
    const why = primary === NOT_A_DATABASE ? 'it is no SQLite database' : reasonOf(error)
    return {
      is: 'unreadable',
      why: `${file} cannot be read (${why}); it is tried again when it changes`,
      lasting: true,
    }
  }

  #sayBehind(file: string): void {
    if (this.#saidBehind.has(file)) return
    this.#saidBehind.add(file)
    this.#parts.log.info({ file }, 'watcher: a database too large to copy is read as of its last checkpoint')
  }

  #replaced(job: Job<TableSource>, place: FilePlace, inode: number): Look {
    const why = 'another database stands in its place'
    this.#parts.log.info({ file: place.file, why }, 'watcher: a database was replaced; what was read before stays')
    const was = { offset: place.offset, line: place.line, sha256: place.last?.sha256 ?? '' }
    const messages =
      place.lane === null
        ? []
        : [replacedMessage(job.source, { ...job, inode }, place.lane, was, why, this.#parts.place)]
    const fresh = freshPlace(job, inode)
    const memory = job.source.again?.(place.memory) ?? fresh.memory
    return { ...NOTHING_READ, messages, place: { ...fresh, memory } }
  }

  #page(job: Job<TableSource>, place: FilePlace, page: TablePage, inode: number): Look {
    const moved = page.rows.length > 0 || JSON.stringify(page.memory) !== JSON.stringify(place.memory)
    if (!moved && place.inode === inode) return { is: 'same', more: false, torn: null }
    const translation = new Translation(job, { ...place, memory: page.memory }, this.#parts.place, this.#parts.onDamage)
    for (const row of page.rows) translation.addRecord(row, inode)
    const lastAt = page.rows.reduce((at, row) => Math.max(at, row.at + 1), place.offset)
    return {
      is: 'read',
      messages: translation.messages,
      place: translation.place(inode, { offset: lastAt, line: place.line + page.rows.length }),
      bytes: translation.bytes,
      lines: translation.lines,
      unknown: translation.unknown,
      more: page.more && moved,
      torn: null,
    }
  }
}

const NOTHING_READ = { is: 'read', bytes: 0, lines: 0, unknown: 0, more: true, torn: null } as const

const CANNOT_OPEN = 14
const NOT_A_DATABASE = 26
// Locked, busy, an error of the disk, half written: a moment later it may be whole.
const MAY_PASS: ReadonlySet<number> = new Set([5, 6, 10, 11, 15, 17])

function pageOf(job: Job<TableSource>, place: FilePlace, snapshot: Snapshot): TablePage {
  const database = new DatabaseSync(snapshot.url, { readOnly: snapshot.readOnly, allowExtension: false })
  try {
    database.setAuthorizer((action, what) =>
      QUESTIONS.has(action) || (action === constants.SQLITE_PRAGMA && ABOUT_COLUMNS.has(what ?? ''))
        ? constants.SQLITE_OK
        : constants.SQLITE_DENY,
    )
    return job.source.read(asking(database), job, place.memory)
  } finally {
    database.close()
  }
}

const QUESTIONS: ReadonlySet<number> = new Set([
  constants.SQLITE_SELECT,
  constants.SQLITE_READ,
  constants.SQLITE_FUNCTION,
  constants.SQLITE_RECURSIVE,
])

const ABOUT_COLUMNS: ReadonlySet<string> = new Set(['table_info', 'index_list', 'index_info'])

function asking(database: DatabaseSync): Ask {
  const columns = new Map<string, ReadonlySet<string>>()
  // Prepared once a look, and not while somebody is still reading from it.
  const idle = new Map<string, StatementSync[]>()
  return {
    columns(table) {
      const known = columns.get(table)
      if (known) return known
      const rows = database.prepare('SELECT name FROM pragma_table_info(?)').all(table)
      const found = new Set(rows.map(({ name }) => String(name)))
      columns.set(table, found)
      return found
    },
    *rows(sql, ...values) {
      const statement = idle.get(sql)?.pop() ?? prepared(database, sql)
      try {
        for (const row of statement.iterate(...values)) yield small(row)
      } finally {
        const others = idle.get(sql)
        if (others === undefined) idle.set(sql, [statement])
        else others.push(statement)
      }
    },
  }
}

function prepared(database: DatabaseSync, sql: string): StatementSync {
  const statement = database.prepare(sql)
  statement.setReadBigInts(true) // else a number that is too large for a double is an error
  return statement
}

// Whole numbers as numbers where those are exact.
function small(row: Record<string, SQLOutputValue>): Readonly<Record<string, SQLOutputValue>> {
  for (const [name, value] of Object.entries(row))
    if (typeof value === 'bigint' && value >= SAFE_MIN && value <= SAFE_MAX) row[name] = Number(value)
  return row
}
const SAFE_MIN = BigInt(Number.MIN_SAFE_INTEGER)
const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER)
