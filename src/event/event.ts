// The contract: a CloudEvents 1.0 event in structured JSON, one line of the log each.
// It is written as text around the raw bytes of the agent's line and never re-stringified; parsed here, at the edge, and nowhere else.
//
// Layout (fixed, so that a reader who does not need the raw line can stop before it):
//   {…attributes…,"data":{"origin":{…},"payload":{…},"raw":<the line's own bytes>}}
// In place of "raw": "rawtext" (valid UTF-8 that is not JSON) or "raw64" (bytes that are not UTF-8, base64). An event that is a further
// part of a line begins its data with "rawin", the id of the event that carries the line, and has none of these.

import { assert, unreachable } from '../base/assert.ts'
import { parseJson } from '../base/nesting.ts'
import type { Payload, ToolInput, Words } from './payload.ts'
import { kindOf } from './types.ts'

export const DATA_SCHEMA = 'urn:openstory:event-data:1'

// Where the bytes came from: custody. `line` is 1-based; `length` counts the line without its line end. A record that is no line of its
// file (a row, a part of a document) says what it is called there: `key`.
export interface Origin {
  readonly file: string
  readonly inode: number
  readonly offset: number
  readonly length: number
  readonly line: number
  readonly sha256: string
  readonly key?: string
  readonly found?: Readonly<Record<string, unknown>> // of a record whose meaning needs more than its text: what reading it found out
}

export type Raw =
  | { readonly as: 'json'; readonly bytes: Uint8Array }
  | { readonly as: 'text'; readonly text: string }
  | { readonly as: 'base64'; readonly base64: string }
  | { readonly as: 'in'; readonly id: string }

interface Attributes {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly time: string | null // RFC 3339; null where neither the line nor one before it says
  readonly agent: string
  readonly session: string
  readonly project: string
  readonly host: string
  readonly user: string
  readonly agentId: string | null
  readonly sequence: string
  readonly origin: Origin
  readonly payload: Payload
}

export interface Draft extends Attributes {
  readonly raw: Raw
}

// An event as read: `raw` is undefined where the reader stopped before it or another event carries it.
export interface Event extends Attributes {
  readonly kind: string // type without its prefix
  readonly subject: string
  readonly rawIn: string | null
  readonly raw: unknown
}

// What says whose an event is and when: its attributes, without its data.
export type EventKey = Pick<Event, 'id' | 'kind' | 'time' | 'agent' | 'session' | 'project' | 'agentId'>

// CloudEvents `source`, a URI: whatever a host is called.
export const sourceAttribute = (host: string, by: string): string => `openstory://${encodeURIComponent(host)}/${by}`

export const subjectAttribute = (project: string, session: string, agentId: string | null): string =>
  agentId === null ? `${project}/${session}` : `${project}/${session}/agent/${agentId}`

const utf8 = new TextEncoder()

const SLAB_BYTES = 512 * 1024
const NO_BYTES = new Uint8Array(0)

// Memory in which texts stand one behind the other: one piece for many events costs the collector far less than a piece for each.
// Pieces that come from `pieces` go back there with free(), to be written again: fresh memory for all that is read in a long import
// made the collector look through the whole heap a hundred times.
export class Slab {
  #bytes: Uint8Array = NO_BYTES
  #at = 0
  #taken: Uint8Array[] = []
  readonly #pieces: Pieces | null

  constructor(pieces: Pieces | null = null) {
    this.#pieces = pieces
  }

  // `head` as UTF-8, then `raw`, then `end`, which is ASCII. Good for as long as somebody holds it.
  put(head: string, raw: Uint8Array, end: string): Uint8Array {
    const most = head.length * 3 + raw.length + end.length
    if (this.#bytes.length - this.#at < most) this.#next(most)
    const from = this.#at
    let at = from + utf8.encodeInto(head, this.#bytes.subarray(from)).written
    this.#bytes.set(raw, at)
    at += raw.length
    for (let i = 0; i < end.length; i++) this.#bytes[at++] = end.charCodeAt(i)
    this.#at = at
    return this.#bytes.subarray(from, at)
  }

  // Nobody reads any more what was put here.
  free(): void {
    for (const piece of this.#taken) this.#pieces?.give(piece)
    this.#taken = []
    this.#bytes = NO_BYTES
    this.#at = 0
  }

  #next(most: number): void {
    const piece = most <= SLAB_BYTES ? this.#pieces?.take() : undefined
    if (piece !== undefined) this.#taken.push(piece)
    this.#bytes = piece ?? new Uint8Array(Math.max(SLAB_BYTES, most))
    this.#at = 0
  }
}

const PIECES_KEPT = 16

// Pieces of memory of one size, to be had again and again.
export class Pieces {
  readonly #free: Uint8Array[] = []

  take(): Uint8Array {
    return this.#free.pop() ?? new Uint8Array(SLAB_BYTES)
  }

  give(piece: Uint8Array): void {
    if (this.#free.length < PIECES_KEPT) this.#free.push(piece)
  }
}

// The event's JSON text as UTF-8. Throws (assertion) when it would not be one line.
export function encodeEvent(draft: Draft, slab: Slab = new Slab()): Uint8Array {
  const { raw } = draft
  const head =
    `{"specversion":"1.0","id":"${draft.id}","source":${JSON.stringify(draft.source)},"type":${JSON.stringify(draft.type)}` +
    (draft.time === null ? '' : `,"time":"${draft.time}"`) +
    laneText(draft) +
    `,"sequence":"${draft.sequence}"${DATA_START}${raw.as === 'in' ? `"rawin":"${raw.id}",` : ''}"origin":${JSON.stringify(draft.origin)}` +
    `,"payload":${JSON.stringify(draft.payload)}`
  switch (raw.as) {
    case 'in':
      return slab.put(head, NO_BYTES, '}}')
    case 'text':
      return slab.put(`${head},"rawtext":${JSON.stringify(raw.text)}`, NO_BYTES, '}}')
    case 'base64':
      return slab.put(`${head},"raw64":"${raw.base64}"`, NO_BYTES, '}}')
    case 'json':
      assert(!raw.bytes.includes(10), 'one event is one line of the log')
      return slab.put(`${head},"raw":`, raw.bytes, '}}')
    default:
      return unreachable(raw)
  }
}

export type Lane = Pick<Attributes, 'agent' | 'session' | 'project' | 'host' | 'user' | 'agentId'>
let lastLane: Lane | null = null
let lastLaneText = ''

// The attributes that are the same for every line of a file, and so mostly those of the line before.
function laneText(lane: Lane): string {
  const { agent, session, project, host, user, agentId } = lane
  const last = lastLane
  if (
    last &&
    last.session === session &&
    last.agentId === agentId &&
    last.project === project &&
    last.agent === agent &&
    last.host === host &&
    last.user === user
  )
    return lastLaneText
  lastLane = { agent, session, project, host, user, agentId }
  lastLaneText =
    `,"subject":${JSON.stringify(subjectAttribute(project, session, agentId))}` +
    `,"datacontenttype":"application/json","dataschema":"${DATA_SCHEMA}"` +
    `,"agent":${JSON.stringify(agent)},"session":${JSON.stringify(session)},"project":${JSON.stringify(project)}` +
    `,"host":${JSON.stringify(host)},"user":${JSON.stringify(user)}` +
    (agentId === null ? '' : `,"agentid":${JSON.stringify(agentId)}`)
  return lastLaneText
}

export class EventError extends Error {}

// The whole event. Throws EventError when the text is not one of ours.
export function parseEvent(text: string): Event {
  return shape(parseObject(text), true)
}

// The attributes alone, from the beginning of an event's text up to attributesEnd and a `}`.
export function parseKey(text: string): EventKey {
  const value = parseObject(text)
  for (const name of ['id', 'type', 'agent', 'session', 'project'] as const)
    if (typeof value[name] !== 'string') throw new EventError(`an event needs the attribute ${name}`)
  return {
    id: value.id as string,
    kind: kindOf(value.type as string),
    time: (value.time as string | undefined) ?? null,
    agent: value.agent as string,
    session: value.session as string,
    project: value.project as string,
    agentId: (value.agentid as string | undefined) ?? null,
  }
}

// The event without its raw line: about a third of the work of parseEvent. Short texts, pointers and all attributes are there.
export function parseHead(text: string): Event {
  const end = headEnd(text, HEAD_MARKS)
  return end < 0 ? parseEvent(text) : shape(parseObject(`${text.slice(0, end)}}}`), false)
}

export const DATA_START = ',"data":{'
const RAW_64 = ',"raw64":'
const MARKS = [',"raw":', ',"rawtext":', RAW_64]

// What headEnd looks for. Who looks through bytes brings them as bytes: a text is turned into bytes anew at every look.
export interface HeadMarks<Mark> {
  readonly data: Mark
  readonly payload: Mark
  readonly raws: readonly Mark[]
}
export const HEAD_MARKS: HeadMarks<string> = { data: DATA_START, payload: ',"payload":', raws: MARKS }
export const HEAD_MARKS_BYTES: HeadMarks<Uint8Array> = {
  data: utf8.encode(HEAD_MARKS.data),
  payload: utf8.encode(HEAD_MARKS.payload),
  raws: HEAD_MARKS.raws.map((mark) => utf8.encode(mark)),
}
const LETTER_R = 114

// Where the attributes of an event's text (or of its UTF-8 bytes) end.
export const attributesEnd = (text: { indexOf(what: string): number }): number => text.indexOf(DATA_START)

// Where the head of an event's text (or of its UTF-8 bytes) ends and `}}` would close it; -1 when there is no raw line behind it.
// Neither what was found out about a record nor the payload of an event that carries its line has foreign keys, and quotes inside strings are escaped, so the first mark behind
// the payload's beginning is the layout's own.
export function headEnd<Mark>(
  text: { indexOf(what: Mark, from?: number): number; readonly [at: number]: string | number },
  marks: HeadMarks<Mark>,
): number {
  const data = text.indexOf(marks.data)
  const first = text[data + DATA_START.length + 1] // "rawin" or "origin"
  if (first === 'r' || first === LETTER_R) return -1
  const payload = text.indexOf(marks.payload, data)
  for (const mark of marks.raws) {
    const at = text.indexOf(mark, payload)
    if (at >= 0) return at
  }
  return -1
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new EventError('not the JSON text of an event', { cause })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new EventError('an event is a JSON object')
  return value as Record<string, unknown>
}

function shape(value: Record<string, unknown>, whole: boolean): Event {
  const data = value.data as Record<string, unknown> | undefined
  for (const name of ['id', 'source', 'type', 'subject', 'agent', 'session', 'project', 'sequence'] as const)
    if (typeof value[name] !== 'string') throw new EventError(`an event needs the attribute ${name}`)
  if (value.specversion !== '1.0') throw new EventError('an event says "specversion":"1.0"')
  if (!data?.payload || typeof data.payload !== 'object' || !data.origin || typeof data.origin !== 'object')
    throw new EventError('an event has data.origin and data.payload')
  return {
    id: value.id as string,
    source: value.source as string,
    type: value.type as string,
    kind: kindOf(value.type as string),
    time: (value.time as string | undefined) ?? null,
    subject: value.subject as string,
    agent: value.agent as string,
    session: value.session as string,
    project: value.project as string,
    host: (value.host as string | undefined) ?? '',
    user: (value.user as string | undefined) ?? '',
    agentId: (value.agentid as string | undefined) ?? null,
    sequence: value.sequence as string,
    origin: data.origin as Origin,
    payload: data.payload as Payload,
    rawIn: (data.rawin as string | undefined) ?? null,
    raw: whole ? rawOf(data) : undefined,
  }
}

function rawOf(data: Record<string, unknown>): unknown {
  if ('raw' in data) return data.raw
  if ('rawtext' in data) return data.rawtext
  return typeof data.raw64 === 'string' ? bytesMeaning(data.raw64) : undefined
}

// The line behind the head, as parseEvent has it: `tail` is an event's text from headEnd on.
export function parseLine(tail: string): unknown {
  const mark = MARKS.find((each) => tail.startsWith(each))
  assert(mark, 'a line begins with one of its marks')
  const value: unknown = JSON.parse(tail.slice(mark.length, -2))
  return mark === RAW_64 ? bytesMeaning(value as string) : value
}

function bytesMeaning(base64: string): unknown {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)),
  )
  const value = parseJson(text)
  return value === undefined ? text : value // bytes that are no JSON are their own meaning; the event's kind says so
}

// RFC 6901. Undefined where the pointer leads nowhere.
export function resolvePointer(value: unknown, pointer: string): unknown {
  const [before, ...steps] = pointer.split('/')
  if (before !== '') return undefined // a pointer is empty or begins with a slash
  let here = value
  for (const step of steps) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return undefined
    if (Array.isArray(here) && name === 'length') return undefined // the only name of its own that is no index
    here = (here as Record<string, unknown>)[name]
  }
  return here
}

// The whole text behind words of a payload, or their head where the event was read without its raw line.
export function resolveWords(event: Event, words: Words | undefined): string {
  if (words === undefined) return ''
  if (typeof words === 'string') return words
  const found = resolvePointer(event.raw, words.at)
  return typeof found === 'string' ? found : words.head
}

export const textOf = (event: Event): string => resolveWords(event, event.payload.text)

export function inputOf(event: Event): unknown {
  const input: ToolInput | undefined = event.payload.tool?.input
  if (input === undefined) return undefined
  return 'at' in input ? resolvePointer(event.raw, input.at) : input.value
}

// The beginning of words without looking at the raw line.
export const headOf = (words: Words | undefined): string =>
  words === undefined ? '' : typeof words === 'string' ? words : words.head
