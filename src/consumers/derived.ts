// What patterns and projections find goes back on the bus as CloudEvents of their own. Their ids come from what they say, so saying
// the same again is known as a repeat.
import { hash } from 'node:crypto'
import type { Message, Publisher } from '../bus/bus.ts'
import { sourceAttribute } from '../event/event.ts'
import { ID_HEX_LENGTH } from '../event/ids.ts'
import { TYPE_PREFIX } from '../event/types.ts'

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
}

// Rows are marked as announced after the bus has them: a crash in between says them again.
export async function announce<Row extends { readonly id: string }>(
  store: Announcing<Row>,
  bus: Publisher,
  derivedOf: (row: Row) => Derived,
): Promise<void> {
  const rows = store.unannounced()
  if (rows.length === 0) return
  await bus.publish(rows.map((row) => derivedMessage(derivedOf(row))))
  store.announced(rows.map(({ id }) => id))
}

// The data of a derived event, as the one who made it put it in.
export const derivedData = (data: Uint8Array): unknown =>
  (JSON.parse(Buffer.from(data.buffer, data.byteOffset, data.length).toString()) as { data: unknown }).data
