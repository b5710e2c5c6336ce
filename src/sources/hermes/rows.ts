// A row of the database as a record: its JSON text holds every column in the table's order, values as they are.
import { hash } from 'node:crypto'
import type { RecordIn } from '../source.ts'
import { type Json, momentIn } from '../values.ts'
import type { Around } from './messages.ts'

export interface Lane {
  readonly session: string
  readonly project: string
  readonly agentId: string | null
}

// What reading the database found out about a row beside what stands in it.
export interface About {
  readonly lane: Lane
  readonly time: string | null
  readonly says: Says
}

export type Says =
  // A message read for the first time. `copied`: it stands again, under another id or in another session of the same conversation.
  | { readonly is: 'message'; readonly around: AroundRow; readonly copied: boolean; readonly undone: Undone | null }
  // One that was read before: its bookkeeping changed.
  | { readonly is: 'again'; readonly undone: Undone | null }
  | { readonly is: 'session'; readonly parent: string | null; readonly call: string | null }
  // What is another than at the last look. The words themselves stand in the row.
  | {
      readonly is: 'state'
      readonly title?: string
      readonly model?: string
      readonly used?: true
      readonly ended?: string
    }
  | { readonly is: 'usage' }
  | { readonly is: 'prompt' } // the system prompt of a session
  // Rows that are no longer there, or a turn that nobody works on any more: nothing to show but that.
  | { readonly is: 'gone'; readonly undone: Undone }
  | { readonly is: 'turn_end' }

// Of what a message does not say itself; ids for calls that have none are made of its own.
export type AroundRow = Omit<Around, 'callPrefix'>

// A run of messages taken back: how many, which was the first, and after which one the conversation goes on.
export interface Undone {
  readonly count: number
  readonly first: string
  readonly after: string | null
}

// On its way from the database: what was found out stands beside it in full, and becomes `found` when the page is whole.
export interface HermesRow extends RecordIn {
  readonly about: About
}

export type Row = Readonly<Record<string, unknown>>

// Columns that are long and stay as they are stand in a session's first record; later ones of the same row leave them out.
export const LASTING_CHARS_MIN = 1_000

// `identity`: undefined where the row says it itself.
export function recordOf(row: Row, key: string, at: number, identity: string | undefined, about: About): HermesRow {
  const text = textOf(row)
  const value: unknown = JSON.parse(text)
  const bytes = Buffer.from(text)
  return { text, value, bytes, damage: null, key, at, ...(identity !== undefined && { identity }), about }
}

// A record of what is not there.
export const absence = (key: string, at: number, about: About): HermesRow => ({
  text: '',
  value: undefined,
  bytes: new Uint8Array(),
  damage: null,
  key,
  at,
  identity: key,
  about,
})

const textOf = (row: Row): string =>
  `{${Object.entries(row)
    .map(([name, value]) => `${JSON.stringify(name)}:${valueText(value)}`)
    .join(',')}}`

function valueText(value: unknown): string {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Uint8Array) return `{"base64":"${Buffer.from(value).toString('base64')}"}`
  if (value === Infinity) return '9e999' // a number to every JSON parser, and the same one
  if (value === -Infinity) return '-9e999'
  return JSON.stringify(value) ?? 'null'
}

export const shortHash = (value: unknown, letters: number): string =>
  hash('sha256', JSON.stringify(value, withIntegers), 'base64url').slice(0, letters)

// Integers above 2^53 come as they are, which JSON.stringify refuses.
const withIntegers = (_name: string, value: unknown): unknown =>
  typeof value === 'bigint' ? { integer: value.toString() } : value

const SECONDS_MIN = 1_577_836_800 // 2020: Hermes is younger
const SECONDS_MAX = 4_102_444_800 // 2100

// Times are seconds with a fraction; some rows hold garbage, which is no time.
export const timeIn = (seconds: unknown): string | null =>
  typeof seconds === 'number' && seconds >= SECONDS_MIN && seconds < SECONDS_MAX ? momentIn(seconds * 1000) : null

export const textIn = (row: Json | Row, name: string): string | null => {
  const value = row[name]
  return typeof value === 'string' && value !== '' ? value : null
}
export const numberIn = (row: Row, name: string): number => {
  const value = row[name]
  return typeof value === 'number' && value > 0 ? value : 0
}
