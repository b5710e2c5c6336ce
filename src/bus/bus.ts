// The stream between the parts: durable, replayable, hierarchically addressed. Two implementations, one contract (bus.contract.ts).
// Publish resolves when the bus has the messages durably (they survive kill -9); a message whose id was published within the
// duplicate window is stored once. Delivery to a durable consumer is at least once and in order; ack follows handle.

export interface Message {
  readonly subject: string
  readonly id: string // printable ASCII, at most 200 characters
  readonly data: Uint8Array // the JSON text of one CloudEvent, UTF-8, no line end
}

// The bytes of `data` are good until the next batch is asked for; who keeps them longer copies them.
export interface Delivered extends Message {
  readonly seq: number // ascending over the whole stream; contiguous from 1 but over NATS, where a message sent in parts takes several
  readonly publishedMs: number // wall time at which the bus took it
}

export interface PublishResult {
  readonly seq: number // of the message, or of the one stored before it
  readonly duplicate: boolean
}

export interface Publisher {
  // In order. The memory of `data` is its publisher's again, to be written anew, once this has resolved. Waits while the bus is full. Throws BusError when the bus cannot take them (disk full, closed); nothing may be assumed stored then.
  publish(messages: readonly Message[]): Promise<readonly PublishResult[]>
  // Resolves when all that was published before is on stable storage, as far as the implementation can say.
  flush(): Promise<void>
}

export interface Batch {
  readonly messages: readonly Delivered[] // never empty, ascending seq
  ack(): Promise<void> // all of them, and all before them
}

export interface ConsumeOptions {
  readonly durable: string // the name under which the bus keeps the cursor
  readonly filter: string // one NATS filter subject
  readonly messagesMax?: number // of a batch; default 1,500 (NATS: 1,000)
  readonly bytesMax?: number // of a batch, at least one message; default 2 MiB (NATS: 4 MiB)
}

export interface Subscription {
  // The next messages after those handed out before; waits for one. Null once stopped.
  // After a failure to handle, reset() makes it start again behind the last ack. A batch in hand can still be acked after stop().
  next(): Promise<Batch | null>
  reset(): Promise<void>
  stop(): Promise<void>
}

export interface DurableState {
  readonly name: string
  readonly ackedSeq: number
  readonly lag: number // messages matching its filter and not acked; where counting is dear, messages after ackedSeq
}

export interface BusState {
  readonly kind: string
  readonly firstSeq: number // oldest retained, lastSeq + 1 when empty
  readonly lastSeq: number
  readonly bytes: number
  readonly durables: readonly DurableState[]
  readonly trouble: string | null // a sentence when something is off
  readonly oldestMs?: number | null // how long the oldest message that somebody has not taken waits; where the bus can say
  readonly server?: string // version of the server, where there is one
}

export interface Bus extends Publisher {
  // A new durable starts behind `startSeq` 0, at the oldest retained message.
  consume(options: ConsumeOptions): Promise<Subscription>
  // Replay without a cursor, from a sequence number on, then live. Throws SeqGoneError when it is no longer retained.
  read(fromSeq: number, filter: string, signal: AbortSignal): AsyncIterable<readonly Delivered[]>
  // For a durable nobody will read again: without it the bus would keep everything for it.
  forget(durable: string): Promise<void>
  state(): Promise<BusState>
  close(): Promise<void>
}

export class BusError extends Error {}

// The bus can take no more until somebody makes room. The first `stored` of the messages are on it, and need not be sent again.
export class FullError extends BusError {
  readonly stored: number
  constructor(message: string, stored: number) {
    super(message)
    this.stored = stored
  }
}

export class SeqGoneError extends BusError {
  readonly firstSeq: number
  constructor(asked: number, firstSeq: number) {
    super(`sequence ${asked} is no longer kept by the bus; the oldest is ${firstSeq}`)
    this.firstSeq = firstSeq
  }
}
