// A message larger than the server takes travels in parts and is one message again for everyone who reads.
// All parts but the last say only that they are parts, and readers pass over them. The last one, published when the others are
// stored, names their sequence numbers; it carries the message's own id, and its number is the message's number.
// So a reader keeps nothing in memory while parts come, may begin anywhere, and a publisher that died half-way leaves only parts
// that nobody looks at; publishing again finds by their ids the ones that are there.
import { assert } from '../../base/assert.ts'

export const PART_HEADER = 'Openstory-Part' // "3/21": the third of 21
export const PARTS_HEADER = 'Openstory-Parts' // "17-35,37": where the parts before this last one are

const HEADER_ROOM_MAX = 16 * 1024
export const PART_BYTES_MAX = 1024 * 1024

// What is left of the server's limit for data when the headers of an ordinary message are in.
export const wholeBytesMax = (payloadMax: number): number => payloadMax - 512
export const partBytes = (payloadMax: number): number =>
  Math.min(PART_BYTES_MAX, payloadMax - Math.min(HEADER_ROOM_MAX, payloadMax >> 2))

// The size is part of the id: parts cut differently, after the server's limit was changed, are not the same parts.
export const partId = (id: string, index: number, count: number, size: number): string =>
  `${id}#${index + 1}/${count}x${size}`

export function split(data: Uint8Array, size: number): Uint8Array[] {
  assert(size > 0, 'a part has room for something')
  const parts: Uint8Array[] = []
  for (let at = 0; at < data.length; at += size) parts.push(data.subarray(at, at + size))
  return parts
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

// Runs of numbers that follow each other become first-last: the usual list of parts is one run.
export function encodeSeqs(seqs: readonly number[]): string {
  const runs: { first: number; last: number }[] = []
  for (const seq of seqs) {
    const run = runs.at(-1)
    if (run !== undefined && seq === run.last + 1) run.last = seq
    else runs.push({ first: seq, last: seq })
  }
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}

export function decodeSeqs(text: string): number[] {
  return text.split(',').flatMap((run) => {
    const [first = 0, last = first] = run.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
}
