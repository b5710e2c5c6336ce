// The head of a message's event: attributes and payload. The raw line behind it is neither decoded nor parsed before somebody asks.
import {
  attributesEnd,
  type Event,
  type EventKey,
  HEAD_MARKS,
  type HeadMarks,
  headEnd,
  parseEvent,
  parseKey,
  parseLine,
} from '../event/event.ts'

const MARKS: HeadMarks<Buffer> = {
  data: Buffer.from(HEAD_MARKS.data),
  payload: Buffer.from(HEAD_MARKS.payload),
  raws: HEAD_MARKS.raws.map((mark) => Buffer.from(mark)),
}

const bufferOf = (data: Uint8Array): Buffer => Buffer.from(data.buffer, data.byteOffset, data.length)

// headEnd, of bytes.
export const headEndOf = (bytes: Buffer): number => headEnd(bytes, MARKS)

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
  const head = headBefore(bytes, end)
  return end < 0 ? head : new EventInBytes(head, bytes, end)
}

class EventInBytes implements Event {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly kind: string
  readonly time: string | null
  readonly subject: string
  readonly agent: string
  readonly session: string
  readonly project: string
  readonly host: string
  readonly user: string
  readonly agentId: string | null
  readonly sequence: string
  readonly origin: Event['origin']
  readonly payload: Event['payload']
  readonly rawIn: string | null
  readonly #bytes: Buffer
  readonly #end: number
  #line: { readonly value: unknown } | null = null

  constructor(head: Event, bytes: Buffer, end: number) {
    this.id = head.id
    this.source = head.source
    this.type = head.type
    this.kind = head.kind
    this.time = head.time
    this.subject = head.subject
    this.agent = head.agent
    this.session = head.session
    this.project = head.project
    this.host = head.host
    this.user = head.user
    this.agentId = head.agentId
    this.sequence = head.sequence
    this.origin = head.origin
    this.payload = head.payload
    this.rawIn = head.rawIn
    this.#bytes = bytes
    this.#end = end
  }

  get raw(): unknown {
    this.#line ??= { value: parseLine(this.#bytes.toString('utf8', this.#end)) }
    return this.#line.value
  }
}

// Whose the event is and when: all that keeping it needs.
export function keyOfBytes(data: Uint8Array): EventKey {
  const bytes = bufferOf(data)
  return parseKey(`${bytes.toString('utf8', 0, attributesEnd(bytes))}}`)
}
