// Replay without a cursor: a consumer that the server forgets by itself when nobody asks for messages any more.
import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import { BusError, type Delivered, SeqGoneError } from '../bus.ts'
import { Feed, type Started } from './feed.ts'
import type { Link } from './link.ts'
import { STREAM, streamInfo } from './stream.ts'

const MESSAGES_MAX = 1_000
const BYTES_MAX = 4 * 1024 * 1024
const FORGOTTEN_MS = 60_000

export interface ReadOptions {
  readonly link: Link
  readonly fromSeq: number
  readonly filter: string
  readonly signal: AbortSignal
}

export async function* read(options: ReadOptions): AsyncIterable<readonly Delivered[]> {
  const { link, signal } = options
  if (signal.aborted) return
  let name = ''
  let created = ''
  const start = async (hasSeq: number): Promise<Started> => {
    const from = Math.max(options.fromSeq, hasSeq + 1)
    created = await assertKept(link, from, created)
    if (name !== '') void remove(link, name)
    name = await create(link, from, options.filter)
    return { name, delivered: 0, after: from - 1 }
  }
  const feed = new Feed({ link, messagesMax: MESSAGES_MAX, bytesMax: BYTES_MAX, start })
  const end = () => feed.stop()
  signal.addEventListener('abort', end, { once: true })
  try {
    await feed.restart()
    while (await feed.ready()) {
      const { messages, entries } = await feed.take()
      const last = entries.at(-1)
      if (last !== undefined) feed.shelf.release(last.message.seq)
      if (messages.length > 0) yield messages
      if (signal.aborted) return
    }
  } finally {
    signal.removeEventListener('abort', end)
    feed.stop()
    if (name !== '') void remove(link, name)
  }
}

async function assertKept(link: Link, from: number, created: string): Promise<string> {
  const stream = await streamInfo(link.jsm)
  if (stream === null || (created !== '' && stream.created !== created))
    throw new BusError(`the stream on ${link.url} was made anew; its numbers began again`)
  const { first_seq: first, last_seq: last, messages } = stream.state
  const oldest = messages === 0 ? last + 1 : first
  if (from < oldest) throw new SeqGoneError(from, oldest)
  return stream.created
}

async function create(link: Link, from: number, filter: string): Promise<string> {
  const info = await link.jsm.consumers.add(STREAM, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: from,
    inactive_threshold: nanos(FORGOTTEN_MS),
    mem_storage: true,
    ...(filter === '>' ? {} : { filter_subject: filter }),
  })
  return info.name
}

// A courtesy: the server would forget it anyway.
async function remove(link: Link, name: string): Promise<void> {
  if (link.up) await link.jsm.consumers.delete(STREAM, name).catch(() => {})
}
