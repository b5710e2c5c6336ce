// The head of a message's event: attributes and payload. The raw line behind it is neither decoded nor parsed before somebody asks.
import {
  attributesEnd,
  type Event,
  type EventKey,
  HEAD_MARKS_BYTES,
  headEnd,
  parseEvent,
  parseLine,
} from '../event/event.ts'
import { type LineBehind, readHead, readKey } from '../event/head.ts'

const bufferOf = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.length)

// headEnd, of bytes.
export const headEndOf = (bytes: Buffer): number => headEnd(bytes, HEAD_MARKS_BYTES)

export function headOfBytes(data: Uint8Array): Event {
  const bytes = bufferOf(data)
  return headBefore(bytes, headEndOf(bytes))
}

const headBefore = (bytes: Buffer, end: number): Event =>
  parseEvent(end < 0 ? bytes.toString() : `${bytes.toString('utf8', 0, end)}}}`)

// The event, whose line is read on first use; good for as long as `data` is.
export function eventOfBytes(data: Uint8Array): Event {
  const bytes = bufferOf(data)
  const end = headEndOf(bytes)
  if (end >= 0) return readHead(bytes.toString('utf8', 0, end), new LineInBytes(bytes, end))
  const text = bytes.toString()
  return text.endsWith('}}') ? readHead(text.slice(0, -2)) : parseEvent(text)
}

class LineInBytes implements LineBehind {
  readonly #bytes: Buffer
  readonly #end: number
  #line: { readonly value: unknown } | null = null

  constructor(bytes: Buffer, end: number) {
    this.#bytes = bytes
    this.#end = end
  }

  read(): unknown {
    this.#line ??= { value: parseLine(this.#bytes.toString('utf8', this.#end)) }
    return this.#line.value
  }
}

// Whose the event is and when: all that keeping it needs.
export function keyOfBytes(data: Uint8Array): EventKey {
  const bytes = bufferOf(data)
  const end = attributesEnd(bytes)
  if (end >= 0) return readKey(bytes.toString('utf8', 0, end))
  const { id, kind, time, agent, session, project, agentId } = parseEvent(bytes.toString())
  return { id, kind, time, agent, session, project, agentId }
}
