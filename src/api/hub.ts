// The live stream's hub: every batch is written as JSON once and the same bytes go to every client that is up to date. A client that
// joins from an earlier number, or whose connection is slow, is served from the replay at its own pace until it has caught up, and is
// then put back without a gap or a repeat. Nothing here waits for a client and nothing of a client grows without limit.
import { type Log, reasonOf } from '../base/log.ts'
import { maskedJson } from '../folds/secrets.ts'
import type { LiveItem, ServerMessage } from '../wire/live.ts'
import { CLOSE, Client, type ClientLimits, type LiveSocket } from './client.ts'

export interface LiveBatch {
  readonly to: number // the stream up to here is in this batch and those before it
  readonly items: readonly LiveItem[] // ascending by seq, at most `to`
}

// Everything after `fromSeq` (exclusive), in order; goes on live, or ends once its `to` has reached all that was published when it was
// called: `to` moves on even where nothing became an item. Throws an error with a property `firstSeq` when `fromSeq` is no longer kept.
export type Replay = (fromSeq: number, signal: AbortSignal) => AsyncIterable<LiveBatch>

export interface HubParts {
  readonly seq: number // the stream up to here was there before the first batch published
  readonly replay: Replay
  readonly lastSeq: () => Promise<number> | number // of the whole stream; never less than what was published here
  readonly log: Log
  readonly limits?: Partial<HubLimits>
}

export interface HubLimits extends ClientLimits {
  readonly clientsMax: number
}

export interface HubStats {
  readonly clients: number
  readonly live: number // of them: up to date, on the fan-out
  readonly seq: number
  readonly batches: number
  readonly framesSent: number
  readonly turnedBehind: number
  readonly refused: number
}

const LIMITS: HubLimits = { clientsMax: 200, bufferBytesMax: 4 * 1024 * 1024, helloMsMax: 60_000 }

export class Hub {
  readonly limits: HubLimits
  readonly #parts: HubParts
  readonly #clients = new Set<Client>()
  readonly #live = new Set<Client>()
  #seq: number
  #batches = 0
  #framesSent = 0
  #turnedBehind = 0
  #refused = 0

  constructor(parts: HubParts) {
    this.#parts = parts
    this.#seq = parts.seq
    this.limits = { ...LIMITS, ...parts.limits }
  }

  get seq(): number {
    return this.#seq
  }

  // Whether anybody would see the items of a batch published now. If not, items may be left out; `to` is still needed.
  isListening(): boolean {
    return this.#live.size > 0
  }

  // Batches come in order. What was published before is left out, so a consumer may hand over the same messages twice.
  publish(batch: LiveBatch): void {
    const before = this.#seq
    if (batch.to <= before) return
    this.#seq = batch.to
    this.#batches++
    const items = itemsAfter(batch.items, before)
    if (items.length === 0) {
      for (const client of this.#live) client.moveOn(batch.to)
      return
    }
    const frame = this.#live.size > 0 ? frameOf({ type: 'batch', to: batch.to, items }) : null
    for (const client of this.#live) this.#give(client, { to: batch.to, items }, frame!)
  }

  #give(client: Client, batch: LiveBatch, shared: Buffer): void {
    const first = batch.items[0]!.seq
    // A client that the replay took further than the fan-out has part of this batch, or all of it.
    if (client.seq >= batch.to) return
    const rest = client.seq < first ? batch.items : itemsAfter(batch.items, client.seq)
    if (rest.length === 0) return client.moveOn(batch.to)
    const frame = rest.length === batch.items.length ? shared : frameOf({ type: 'batch', to: batch.to, items: rest })
    if (client.hasRoomFor(frame.length)) {
      client.sendBatch(frame, batch.to)
      this.#framesSent++
      return
    }
    this.#live.delete(client)
    this.#turnedBehind++
    client.send(frameOf({ type: 'behind', lag: batch.to - client.seq }))
    void this.#catchUp(client)
  }

  attach(socket: LiveSocket): Client | null {
    if (this.#clients.size >= this.limits.clientsMax) {
      this.#refused++
      socket.close(CLOSE.tryLater, `there are ${this.limits.clientsMax} clients already`)
      return null
    }
    const client = new Client(socket, this.limits, {
      hello: (from) => void this.#join(client, from),
      gone: () => {
        this.#clients.delete(client)
        this.#live.delete(client)
      },
    })
    this.#clients.add(client)
    return client
  }

  async #join(client: Client, asked: number | null): Promise<void> {
    // "From now on" means from hello on: what comes while we ask how far the stream is belongs to it.
    const from = asked ?? this.#seq
    let last: number
    try {
      last = Math.max(await this.#parts.lastSeq(), this.#seq)
    } catch (error) {
      return this.#giveUp(client, error)
    }
    if (client.isGone) return
    if (from > last) {
      // A number of some other stream: the bus was thrown away since.
      return client.waitForHello(frameOf({ type: 'reset', first: last + 1, seq: last }))
    }
    client.seq = from
    client.send(frameOf({ type: 'welcome', seq: last, from }))
    if (from >= this.#seq) this.#live.add(client)
    else await this.#catchUp(client)
  }

  async #catchUp(client: Client): Promise<void> {
    const stop = new AbortController()
    const signal = AbortSignal.any([client.gone, stop.signal])
    try {
      // The buffer of a slow client empties first, so that from here on at most one batch waits in it.
      await client.flushed()
      while (client.seq < this.#seq && !client.isGone) await this.#serve(client, signal)
    } catch (error) {
      const first = (error as { readonly firstSeq?: unknown }).firstSeq
      if (client.isGone) return
      if (typeof first !== 'number') return this.#giveUp(client, error)
      return client.waitForHello(frameOf({ type: 'reset', first, seq: this.#seq }))
    } finally {
      stop.abort()
    }
    if (client.isGone) return
    // No await between the comparison above and here: whatever is published next finds the client on the fan-out.
    client.send(frameOf({ type: 'caught_up', seq: client.seq }))
    this.#live.add(client)
  }

  // Reads the replay until the client knows what the fan-out has given out, or the replay ends.
  async #serve(client: Client, signal: AbortSignal): Promise<void> {
    const known = this.#seq
    for await (const batch of this.#parts.replay(client.seq, signal)) {
      if (client.isGone) return
      const items = itemsAfter(batch.items, client.seq)
      if (items.length > 0) {
        client.sendBatch(frameOf({ type: 'batch', to: Math.max(batch.to, client.seq), items }), batch.to)
        this.#framesSent++
        await client.flushed()
      } else client.moveOn(batch.to)
      if (client.seq >= this.#seq) return
    }
    // Going on here would be a gap that nobody notices.
    if (client.seq < known && !client.isGone) throw new Error(`the replay ended at ${client.seq}, before ${known}`)
  }

  #giveUp(client: Client, error: unknown): void {
    this.#parts.log.warn({ why: reasonOf(error) }, 'a live client could not be served from the stream and was cut off')
    client.close(CLOSE.failed, 'the stream could not be read; connect again')
  }

  stats(): HubStats {
    return {
      clients: this.#clients.size,
      live: this.#live.size,
      seq: this.#seq,
      batches: this.#batches,
      framesSent: this.#framesSent,
      turnedBehind: this.#turnedBehind,
      refused: this.#refused,
    }
  }

  // Asks every client whether it is still there, and tells those that heard nothing how far the stream is.
  beat(): void {
    for (const client of this.#clients) client.beat()
    for (const client of this.#live)
      if (client.told < client.seq) client.sendBatch(frameOf({ type: 'batch', to: client.seq, items: [] }), client.seq)
  }

  close(): void {
    for (const client of this.#clients) client.close(CLOSE.goingAway, 'the server stops')
  }
}

const frameOf = (message: ServerMessage): Buffer => Buffer.from(maskedJson(message))

const itemsAfter = (items: readonly LiveItem[], seq: number): readonly LiveItem[] =>
  items.length === 0 || items[0]!.seq > seq ? items : items.filter((item) => item.seq > seq)
