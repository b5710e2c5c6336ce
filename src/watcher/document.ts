// The reader of documents that their agent rewrites whole. One whose bytes are the same costs a hash; of one that changed only the records
// that are new or say something else go on. Being rewritten is its nature and no event; having lost records is one.
import { hash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import type { DocumentSource, RecordIn } from '../sources/source.ts'
import { cannotRead, codeOf, fileOf, freshPlace, isGone, type Job, type Look, type Looking } from './look.ts'
import { replacedMessage } from './messages.ts'
import type { FilePlace } from './offsets.ts'
import { READ } from './tail.ts'
import { Translation } from './translation.ts'

export const DOCUMENT_BYTES_MAX = 256 * 1024 * 1024
// A document that does not make sense and was written this short a while ago may be in the middle of its writing.
// One from the future is of a clock that was set back.
const SETTLED_MS = 2_000
const LOOK_AGAIN_MS = 250

type Read =
  | { readonly is: 'bytes'; readonly bytes: Buffer; readonly inode: number; readonly mtimeMs: number }
  | (Look & { is: 'gone' | 'unreadable' })

export class Documents {
  readonly #parts: Looking

  constructor(parts: Looking) {
    this.#parts = parts
  }

  look(job: Job<DocumentSource>, place: FilePlace): Look {
    const read = readWhole(fileOf(job))
    if (read.is !== 'bytes') return read
    const { bytes, inode } = read
    const sha256 = hash('sha256', bytes, 'hex')
    if (place.last?.sha256 === sha256) return { is: 'same', more: false, torn: null }
    const records = [...job.source.records(bytes, job)]
    if (records.some(({ damage }) => damage !== null) && Math.abs(Date.now() - read.mtimeMs) < SETTLED_MS)
      return { is: 'later', afterMs: LOOK_AGAIN_MS }
    const before = known(place.known)
    const now = records.map(nameOf)
    const translation = new Translation(job, freshPlace(job, inode), this.#parts.place, this.#parts.onDamage)
    let fresh = 0
    for (const [i, record] of records.entries()) {
      const isKnown = before.get(now[i]!.key) === now[i]!.content
      if (!isKnown) fresh++
      translation.addRecord(record, inode, isKnown)
    }
    const next = translation.place(inode, {
      offset: bytes.length,
      line: records.length,
      last: { offset: 0, length: bytes.length, sha256 },
      known: now.map(({ key, content }) => key + content).join(''),
    })
    const lost = lostOf(before, now)
    const told = lost === 0 ? [] : [this.#lostMessage(job, place, next, lost)]
    return {
      is: 'read',
      messages: [...told, ...translation.messages],
      place: next,
      bytes: bytes.length,
      lines: fresh,
      unknown: translation.unknown,
      more: false,
      torn: null,
    }
  }

  #lostMessage(job: Job<DocumentSource>, place: FilePlace, next: FilePlace, lost: number) {
    const why = `the document was written anew without ${lost} of the ${place.line} records that were read before`
    this.#parts.log.info({ file: place.file, why }, 'watcher: a document lost records; what was read before stays')
    const lane = place.lane ?? next.lane ?? { session: 'unknown', project: 'unknown', agentId: null, time: null }
    const was = { offset: place.offset, line: place.line, sha256: place.last?.sha256 ?? '' }
    return replacedMessage(job.source, { ...job, inode: next.inode }, lane, was, why, this.#parts.place)
  }
}

function readWhole(file: string): Read {
  let fd: number | null = null
  try {
    fd = openSync(file, READ)
    const stat = fstatSync(fd)
    if (!stat.isFile()) return { is: 'gone' }
    if (stat.size > DOCUMENT_BYTES_MAX) {
      const why = `${file} is larger than ${DOCUMENT_BYTES_MAX} bytes; it stays unread until it is shorter`
      return { is: 'unreadable', why, lasting: true }
    }
    return { is: 'bytes', bytes: readFileSync(fd), inode: stat.ino, mtimeMs: stat.mtimeMs }
  } catch (error) {
    if (isGone(error)) return { is: 'gone' }
    return { is: 'unreadable', why: cannotRead(file, codeOf(error) ?? 'unknown'), lasting: false }
  } finally {
    if (fd !== null) closeSync(fd)
  }
}

// What is remembered of each record, 6 letters for what it is called and 4 for what it says: a false match is one in a billion.
const KEY_CHARS = 6
const CONTENT_CHARS = 4

function nameOf(record: RecordIn): { readonly key: string; readonly content: string } {
  return {
    key: hash('sha256', record.key, 'base64url').slice(0, KEY_CHARS),
    content: hash('sha256', record.identity ?? record.bytes, 'base64url').slice(0, CONTENT_CHARS),
  }
}

function known(text = ''): Map<string, string> {
  const records = new Map<string, string>()
  for (let at = 0; at < text.length; at += KEY_CHARS + CONTENT_CHARS)
    records.set(text.slice(at, at + KEY_CHARS), text.slice(at + KEY_CHARS, at + KEY_CHARS + CONTENT_CHARS))
  return records
}

function lostOf(before: ReadonlyMap<string, string>, now: readonly { readonly key: string }[]): number {
  const still = new Set(now.map(({ key }) => key))
  return [...before.keys()].filter((key) => !still.has(key)).length
}
