// What makes a line this line. An entry's own id and its bytes, mostly. But pi rewrites files of its versions 1 and 2 whole: entries that
// had no id get a random one, behind everything they had; `hookMessage` becomes `custom`; the header gets another version. So
//   - an entry without an id of its own is known by its own time (and by how many of the same stood before it),
//   - an entry whose id came with a rewriting is known as if it had none,
//   - and all of them, and headers, by what they say without the fields a rewriting changes.
// What is read before and after a rewriting, or from a file and from a database, is the same event and counted once.
import { type Json, jsonIn, momentIn, nonEmpty } from '../values.ts'
import type { Memory } from './memory.ts'

export interface Identity {
  readonly nativeId: string | null
  readonly identity?: string
  readonly moment: string | null
  readonly twins: number
}

// When the entry itself says it was. Messages have a time of their own, and some entries no other.
export function ownMoment(record: Json): string | null {
  return (
    momentIn(record.timestamp) ??
    momentIn(record.createdAt) ??
    momentIn(record.updatedAt) ??
    momentIn(jsonIn(record.message).timestamp)
  )
}

export function identityOf(record: Json, isHeader: boolean, before: Memory): Identity {
  const { moment, twins } = before
  if (isHeader) return { nativeId: 'header', identity: without(record, HEADER_CHANGES), moment, twins }
  const id = nonEmpty(record.id)
  if (id !== undefined && !isRewritten(record)) {
    const role = jsonIn(record.message).role
    const isRenamed = role === 'hookMessage' || role === 'custom'
    return { nativeId: id, ...(isRenamed && { identity: without(record, NO_CHANGES) }), moment, twins }
  }
  const own = ownMoment(record)
  if (own === null) return { nativeId: null, moment, twins }
  const same = own === moment ? twins + 1 : 0
  return {
    nativeId: same === 0 ? `@${own}` : `@${own}.${same}`,
    identity: without(record, ENTRY_CHANGES),
    moment: own,
    twins: same,
  }
}

const NO_CHANGES: ReadonlySet<string> = new Set()
const HEADER_CHANGES: ReadonlySet<string> = new Set(['version'])
const ENTRY_CHANGES: ReadonlySet<string> = new Set(['id', 'parentId', 'firstKeptEntryId', 'firstKeptEntryIndex'])

// Written with its id, an entry begins with it; given one later, it ends with it.
function isRewritten(record: Json): boolean {
  const keys = Object.keys(record).filter((key) => key !== 'firstKeptEntryId')
  return keys.at(-1) === 'parentId' && keys.at(-2) === 'id' && keys.includes('timestamp')
}

function without(record: Json, changes: ReadonlySet<string>): string {
  const message = jsonIn(record.message)
  const isRenamed = message.role === 'hookMessage'
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(record)
        .filter(([key]) => !changes.has(key))
        .map(([key, value]) => (key === 'message' && isRenamed ? [key, { ...message, role: 'custom' }] : [key, value])),
    ),
  )
}
