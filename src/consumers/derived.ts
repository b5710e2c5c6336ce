// What patterns and projections find goes back on the bus as CloudEvents of their own. Their ids come from what they say, so saying
// the same again is known as a repeat.
import { hash } from 'node:crypto'
import type { Clock } from '../base/clock.ts'
import type { Message, Publisher } from '../bus/bus.ts'
import { sourceAttribute } from '../event/event.ts'
import { ID_HEX_LENGTH } from '../event/ids.ts'
import { TYPE_PREFIX } from '../event/types.ts'
import { BURST_MESSAGES } from './consumer.ts'

const NEWS_EVERY_MS = 500

export interface Derived {
  readonly subject: string
  readonly type: 'turn.updated' | 'session.updated'
  readonly by: string // patterns, projections
  readonly host: string
  readonly project: string
  readonly session: string
  readonly agent: string
  readonly time: string | null
  readonly data: unknown
}

export function derivedMessage(derived: Derived): Message {
  const data = JSON.stringify(derived.data)
  const id = hash('sha256', `${derived.type}\u0000${derived.session}\u0000${data}`, 'hex').slice(0, ID_HEX_LENGTH)
  const text =
    `{"specversion":"1.0","id":"${id}","source":${JSON.stringify(sourceAttribute(derived.host, derived.by))}` +
    `,"type":"${TYPE_PREFIX}${derived.type}"${derived.time === null ? '' : `,"time":${JSON.stringify(derived.time)}`}` +
    `,"subject":${JSON.stringify(`${derived.project}/${derived.session}`)},"datacontenttype":"application/json"` +
    `,"agent":${JSON.stringify(derived.agent)},"session":${JSON.stringify(derived.session)},"project":${JSON.stringify(derived.project)}` +
    `,"data":${data}}`
  return { subject: derived.subject, id, data: Buffer.from(text) }
}

interface Announcing<Row> {
  unannounced(): readonly Row[]
  announced(ids: readonly string[]): void
  isHistory(): void
}

// Says what changed. While much is coming in (an import), a row that changes with every batch is said now and then and not each time.
export class News<Row extends { readonly id: string }> {
  readonly #store: Announcing<Row>
  readonly #bus: Publisher | null
  readonly #clock: Clock
  readonly #derivedOf: (row: Row) => Derived
  #saidMs = Number.NEGATIVE_INFINITY

  // `bus`: null where nobody listens, and what is found is history.
  constructor(store: Announcing<Row>, bus: Publisher | null, clock: Clock, derivedOf: (row: Row) => Derived) {
    this.#store = store
    this.#bus = bus
    this.#clock = clock
    this.#derivedOf = derivedOf
  }

  // `messages`: how many were handled. What is not said now is said at the consumer's next rest.
  async after(messages: number): Promise<void> {
    if (this.#bus === null) return
    if (messages < BURST_MESSAGES || this.#clock.steadyMs() - this.#saidMs >= NEWS_EVERY_MS) await this.say()
  }

  // Rows are marked as announced after the bus has them: a crash in between says them again.
  async say(): Promise<void> {
    if (this.#bus === null) return this.#store.isHistory()
    this.#saidMs = this.#clock.steadyMs()
    const rows = this.#store.unannounced()
    if (rows.length === 0) return
    await this.#bus.publish(rows.map((row) => derivedMessage(this.#derivedOf(row))))
    this.#store.announced(rows.map(({ id }) => id))
  }
}

// The data of a derived event, as the one who made it put it in.
export const derivedData = (data: Uint8Array): unknown =>
  (JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString()) as { data: unknown }).data
