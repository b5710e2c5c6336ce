// The head of a message's event: attributes and payload. The raw line behind it is neither decoded nor parsed.
import {
  attributesEnd,
  type Event,
  type EventKey,
  HEAD_MARKS,
  type HeadMarks,
  headEnd,
  parseEvent,
  parseKey,
} from '../event/event.ts'

const MARKS: HeadMarks<Buffer> = {
  data: Buffer.from(HEAD_MARKS.data),
  payload: Buffer.from(HEAD_MARKS.payload),
  raws: HEAD_MARKS.raws.map((mark) => Buffer.from(mark)),
}

export function headOfBytes(data: Uint8Array): Event {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length)
  const end = headEnd(bytes, MARKS)
  return parseEvent(end < 0 ? bytes.toString() : `${bytes.toString('utf8', 0, end)}}}`)
}

// Whose the event is and when: all that keeping it needs.
export function keyOfBytes(data: Uint8Array): EventKey {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length)
  return parseKey(`${bytes.toString('utf8', 0, attributesEnd(bytes))}}`)
}
