// What the promises of the bus contract share: the fixture, made messages, and taking them off a bus with a limit on the wait.
import assert from 'node:assert/strict'
import type { Batch, Bus, Delivered, Message, Subscription } from '../bus.ts'

export interface Fixture {
  readonly bus: Bus
  reopen(): Promise<Bus>
  destroy(): Promise<void>
  // Makes the bus let go of its oldest messages, by whatever its retention is, and keep the newest. Absent where that cannot be provoked.
  loseOldest?(bus: Bus): Promise<void>
}

// Registers one promise. Answering a string skips it, with that reason.
// biome-ignore lint/suspicious/noConfusingVoidType: most promises have nothing to answer
export type Promised = (what: string, keep: (fixture: Fixture) => Promise<string | undefined | void>) => void

export const WAIT_MS_MAX = 20_000

const utf8 = new TextEncoder()

export const bytesOf = (text: string): Uint8Array => utf8.encode(text)
export const made = (n: number, subject = 'events.p.s.main', text = `{"n":${n}}`): Message => ({
  subject,
  id: `id-${n}`,
  data: bytesOf(text),
})
export const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i)
export const several = (from: number, to: number, subject?: string): Message[] =>
  range(from, to).map((n) => made(n, subject))
export const idsOf = (messages: readonly Message[]): string[] => messages.map(({ id }) => id)
export const seqsOf = (messages: readonly { readonly seq: number }[]): number[] => messages.map(({ seq }) => seq)

// Fails with a sentence instead of hanging when what should come does not.
export async function within<T>(what: string, work: Promise<T>, ms = WAIT_MS_MAX): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing after ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

export async function nextOf(subscription: Subscription): Promise<Batch> {
  const batch = await within('the next batch', subscription.next())
  assert.ok(batch !== null, 'a subscription that was not stopped has a next batch')
  assert.ok(batch.messages.length > 0, 'a batch is never empty')
  return batch
}

// The bytes of a message are good until the next batch is asked for.
const kept = (message: Delivered): Delivered => ({ ...message, data: Uint8Array.from(message.data) })

// The next `count` messages, batch by batch, acked where asked. Batches may be cut anywhere, so the last may hold more.
export async function take(subscription: Subscription, count: number, ack: 'ack' | 'leave'): Promise<Delivered[]> {
  const messages: Delivered[] = []
  while (messages.length < count) {
    const batch = await nextOf(subscription)
    messages.push(...batch.messages.map(kept))
    if (ack === 'ack') await batch.ack()
  }
  return messages
}

// The first `count` messages that read() gives; the reading is aborted then and has to end.
export async function readSome(bus: Bus, fromSeq: number, filter: string, count: number): Promise<Delivered[]> {
  const enough = new AbortController()
  const messages: Delivered[] = []
  const reading = async (): Promise<void> => {
    for await (const some of bus.read(fromSeq, filter, enough.signal)) {
      messages.push(...some.map(kept))
      if (messages.length >= count) enough.abort()
    }
  }
  await within(`reading ${count} messages`, reading())
  return messages
}

// True when next() stays silent for a while: there is nothing more to deliver. The pending next() is left to the caller's stop().
export async function silent(subscription: Subscription, ms = 150): Promise<boolean> {
  const waited = new Promise<'silence'>((resolve) => setTimeout(() => resolve('silence'), ms))
  return (await Promise.race([subscription.next(), waited])) === 'silence'
}

export function assertSame(got: readonly Delivered[], want: readonly Message[]): void {
  assert.deepEqual(idsOf(got), idsOf(want))
  for (const [i, message] of got.entries()) {
    assert.equal(message.subject, want[i]!.subject)
    assert.ok(Buffer.from(message.data).equals(want[i]!.data), `the bytes of ${message.id} come as they went`)
  }
}

export function assertAscending(seqs: readonly number[]): void {
  for (const [i, seq] of seqs.entries())
    if (i > 0) assert.ok(seq > seqs[i - 1]!, `sequence ${seq} follows ${seqs[i - 1]}`)
}
