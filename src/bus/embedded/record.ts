// One message on disk and on the link: [u32 length of the rest][u32 crc32 of the rest after it][f64 seq][f64 published ms]
// [u16 subject length][u16 id length][subject][id][data], little endian. A record is there when its length and its sum agree.
import { crc32 } from 'node:zlib'
import type { Delivered, Message } from '../bus.ts'
import type { Memory } from './memory.ts'

const HEADER_BYTES = 4 + 4 + 8 + 8 + 2 + 2
export const RECORD_BYTES_MAX = 1024 * 1024 * 1024

export type RecordAt =
  | { readonly is: 'whole'; readonly message: Delivered; readonly end: number }
  | { readonly is: 'short'; readonly bytesNeeded: number } // more bytes than `from` holds belong to it
  | { readonly is: 'damaged' }

// `check`: compare the sum as well. Whoever knows that the record was written whole need not.
export function readRecord(from: Buffer, at: number, check = true): RecordAt {
  if (from.length - at < HEADER_BYTES) return { is: 'short', bytesNeeded: HEADER_BYTES }
  const length = from.readUInt32LE(at)
  if (length < HEADER_BYTES - 4 || length > RECORD_BYTES_MAX) return { is: 'damaged' }
  const end = at + 4 + length
  if (end > from.length) return { is: 'short', bytesNeeded: 4 + length }
  const idAt = at + HEADER_BYTES + from.readUInt16LE(at + 24)
  const dataAt = idAt + from.readUInt16LE(at + 26)
  if (dataAt > end || (check && crc32(from.subarray(at + 8, end)) !== from.readUInt32LE(at + 4)))
    return { is: 'damaged' }
  const message = {
    seq: from.readDoubleLE(at + 8),
    publishedMs: from.readDoubleLE(at + 16),
    subject: from.toString('latin1', at + HEADER_BYTES, idAt),
    id: from.toString('latin1', idAt, dataAt),
    data: from.subarray(dataAt, end),
  }
  return { is: 'whole', message, end }
}

// A record that is still to be numbered, inside a run of records: where its id begins and ends, and where it ends itself.
export function peekRecord(
  from: Buffer,
  at: number,
): { readonly idAt: number; readonly idEnd: number; readonly end: number } {
  const idAt = at + HEADER_BYTES + from.readUInt16LE(at + 24)
  return { idAt, idEnd: idAt + from.readUInt16LE(at + 26), end: at + 4 + from.readUInt32LE(at) }
}

// Numbers a record in place and seals it with its sum.
export function sealRecord(into: Buffer, at: number, end: number, seq: number, publishedMs: number): void {
  into.writeDoubleLE(seq, at + 8)
  into.writeDoubleLE(publishedMs, at + 16)
  into.writeUInt32LE(crc32(into.subarray(at + 8, end)), at + 4)
}

// Messages as a run of records that the stream has not numbered yet, in memory taken from `memory`.
export function recordsOf(messages: readonly Message[], memory: Memory): Buffer {
  const body = memory.take(messages.reduce((sum, message) => sum + recordBytes(message), 0))
  let at = 0
  for (const message of messages) at = writeRecord(body, at, message)
  return body
}

function recordBytes(message: Message): number {
  return HEADER_BYTES + Buffer.byteLength(message.subject) + Buffer.byteLength(message.id) + message.data.length
}

function writeRecord(into: Buffer, at: number, message: Message): number {
  const subjectBytes = into.write(message.subject, at + HEADER_BYTES)
  const idBytes = into.write(message.id, at + HEADER_BYTES + subjectBytes)
  const dataAt = at + HEADER_BYTES + subjectBytes + idBytes
  into.set(message.data, dataAt)
  const end = dataAt + message.data.length
  into.writeUInt32LE(end - at - 4, at)
  into.writeUInt16LE(subjectBytes, at + 24)
  into.writeUInt16LE(idBytes, at + 26)
  return end
}
