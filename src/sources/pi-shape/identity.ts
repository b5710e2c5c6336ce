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
  if (isHeader) return { nativeId: 'header', ...saying(record, HEADER_CHANGES), moment, twins }
  const id = nonEmpty(record.id)
  if (id !== undefined && !isRewritten(record)) return { nativeId: id, ...saying(record, NO_CHANGES), moment, twins }
  const own = ownMoment(record)
  if (own === null) return { nativeId: null, moment, twins }
  const same = own === moment ? twins + 1 : 0
  const nativeId = same === 0 ? `@${own}` : `@${own}.${same}`
  return { nativeId, ...saying(record, ENTRY_CHANGES), moment: own, twins: same }
}

const NO_CHANGES: readonly string[] = []
const HEADER_CHANGES: readonly string[] = ['version']
const ENTRY_CHANGES: readonly string[] = ['id', 'parentId', 'firstKeptEntryId', 'firstKeptEntryIndex']

// Written with its id, an entry has it before its time; given one later, it ends with it.
function isRewritten(record: Json): boolean {
  for (const key in record) {
    if (key === 'id') return false
    if (key === 'timestamp') break
  }
  const keys = Object.keys(record).filter((key) => key !== 'firstKeptEntryId')
  return keys.at(-1) === 'parentId' && keys.at(-2) === 'id' && keys.includes('timestamp')
}

// What it says, where a rewriting would change its bytes; else the bytes themselves, as pi's own JSON.stringify made them.
function saying(record: Json, changes: readonly string[]): { readonly identity?: string } {
  const message = jsonIn(record.message)
  const isRenamed = message.role === 'hookMessage'
  if (!isRenamed && !changes.some((key) => Object.hasOwn(record, key))) return {}
  const kept = Object.entries(record).filter(([key]) => !changes.includes(key))
  const renamed = { ...message, role: 'custom' }
  return {
    identity: JSON.stringify(
      Object.fromEntries(isRenamed ? kept.map(([key, value]) => [key, key === 'message' ? renamed : value]) : kept),
    ),
  }
}
