// One delivery of a JetStream consumer as the server writes it: numbers in the reply subject, our headers, or a status line.
import type { Msg } from '@nats-io/transport-node'
import { assert } from '../../base/assert.ts'
import { decodeSeqs, PART_BYTES_MAX, PART_HEADER, PARTS_HEADER } from './parts.ts'
import type { Entry } from './shelf.ts'

const MS_IN_NS = 1_000_000

export interface Place {
  readonly seq: number // in the stream
  readonly delivery: number // counts the deliveries of this consumer
  readonly publishedMs: number
}

// $JS.ACK.<stream>.<consumer>.<times delivered>.<seq>.<delivery>.<time>.<pending>, and since 2.10 perhaps with
// <domain>.<account> after ACK and a random word at the end (ADR-15).
export function placeOf(reply: string): Place {
  const words = reply.split('.')
  const at = words.length === 9 ? 5 : 7
  const [seq, delivery, ns] = [Number(words[at]), Number(words[at + 1]), Number(words[at + 2])]
  assert(words[1] === 'ACK' && seq > 0 && delivery > 0, 'a delivery says where it stands in the stream')
  return { seq, delivery, publishedMs: Math.floor(ns / MS_IN_NS) }
}

// What ends a request for messages, or says that all is well.
export type Status = 'alive' | 'served' | 'broken'

export function statusOf(message: Msg): { readonly status: Status; readonly text: string } | null {
  const code = message.headers?.code ?? 0
  if (code === 0) return null
  const text = `${code} ${message.headers?.description ?? ''}`
  if (code === 100) return { status: 'alive', text }
  const served = code === 404 || code === 408 || (code === 409 && /exceeds maxbytes|batch completed/i.test(text))
  return { status: served ? 'served' : 'broken', text }
}

// Null for a part that is not the last: the last one leads to it.
export function entryOf(message: Msg, place: Place, run: number): Entry | null {
  if (message.headers?.has(PART_HEADER)) return null
  const places = message.headers?.get(PARTS_HEADER) ?? ''
  const parts = places === '' ? [] : decodeSeqs(places)
  const id = message.headers?.get('Nats-Msg-Id') || `nats-${place.seq}` // someone else may publish without one
  return {
    message: { subject: message.subject, id, data: message.data, seq: place.seq, publishedMs: place.publishedMs },
    bytes: message.data.length + parts.length * PART_BYTES_MAX,
    parts,
    reply: message.reply ?? '',
    run,
  }
}
