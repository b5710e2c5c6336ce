// A full stream. The server is told to refuse what is new and never to drop what is old (stream.ts), so room is ours to make: the older half
// of what every durable has acked goes, nothing else ever. The newer half stays for pages that are behind.
import { AckPolicy, DeliverPolicy, JetStreamApiError } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { durableCursor, readDurables } from './durable.ts'
import type { Link } from './link.ts'
import { decodeSeqs, PART_HEADER, PARTS_HEADER } from './parts.ts'
import { STREAM, streamInfo } from './stream.ts'

// Of the stream (its bytes, its messages), of the server's disk and memory, of the account.
const FULL = new Set([10_077, 10_047, 10_028, 10_023, 10_002])
const PARTS_MS_MAX = 10 * 60_000 // a part whose last one did not follow for so long belongs to a publisher that died
const LOOK_MESSAGES = 5_000
const LOOK_MS_MAX = 5_000
const FORGOTTEN_MS = 30_000

export const isFull = (error: unknown): boolean => error instanceof JetStreamApiError && FULL.has(error.code)

// How many messages went. None: somebody has not taken what is there, and that has to be waited for.
export async function makeRoom(link: Link): Promise<number> {
  const stream = await streamInfo(link.jsm)
  if (stream === null || stream.state.messages === 0) return 0
  const { first_seq: first } = stream.state
  const acked = await ackedByAll(link)
  if (acked < first) return 0
  const half = first + Math.floor((acked - first) / 2)
  const upTo = await withoutOpenParts(link, first, half, acked)
  if (upTo < first) return 0
  const { purged } = await link.jsm.streams.purge(STREAM, { seq: upTo + 1 })
  link.log.debug({ messages: purged, upTo }, 'the NATS stream was nearly full; what everybody has taken went')
  return purged
}

// A sentence: that it is full, and whom it waits for.
export async function fullSentence(link: Link, reason: string): Promise<string> {
  const behind = (await readDurables(link)).filter(({ lag }) => lag > 0).sort((a, b) => a.ackedSeq - b.ackedSeq)[0]
  const whom = behind ? `${behind.name} still has ${behind.lag} messages to take` : 'nothing in it can go'
  return `the stream ${STREAM} on ${link.url} is full (${reason}): ${whom}`
}

// A spare counts as well: it holds the cursor while its durable is made anew.
async function ackedByAll(link: Link): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for await (const info of link.jsm.consumers.list(STREAM)) {
    const acked = durableCursor(info)
    if (acked !== null) least = Math.min(least, acked)
  }
  return Number.isFinite(least) ? least : 0
}

// Parts of a large message stand before it, perhaps among what is acked, while it is still on its way or not yet taken: they stay, and
// everything behind them.
async function withoutOpenParts(link: Link, first: number, upTo: number, acked: number): Promise<number> {
  const open = new Map<number, number>() // part → when it was stored
  const info = await link.jsm.consumers.add(STREAM, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: first,
    headers_only: true,
    mem_storage: true,
    inactive_threshold: nanos(FORGOTTEN_MS),
  })
  try {
    const consumer = await link.js.consumers.get(STREAM, info.name)
    for (let left = info.num_pending; left > 0; ) {
      const some = await consumer.fetch({ max_messages: Math.min(left, LOOK_MESSAGES), expires: LOOK_MS_MAX })
      let seq = 0
      for await (const message of some) {
        left--
        seq = message.seq
        if (message.headers?.has(PART_HEADER) && seq <= upTo) open.set(seq, message.time.getTime())
        const places = message.headers?.get(PARTS_HEADER) ?? ''
        const parts = places === '' ? [] : decodeSeqs(places)
        if (seq > acked && parts.some((part) => open.has(part))) return Math.min(...open.keys()) - 1
        for (const part of parts) open.delete(part)
      }
      if (seq === 0) return first - 1 // the server did not show them all: nothing goes this time
      if (seq >= upTo && open.size === 0) return upTo
    }
  } finally {
    await link.jsm.consumers.delete(STREAM, info.name).catch(() => false) // a courtesy: the server would forget it anyway
  }
  const young = [...open].filter(([, storedMs]) => Date.now() - storedMs < PARTS_MS_MAX).map(([seq]) => seq)
  return Math.min(upTo, ...young.map((seq) => seq - 1))
}
