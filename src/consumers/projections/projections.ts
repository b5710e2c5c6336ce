// Session rows, folded from events and kept; each change goes back on the bus as sessions.{project}.{session}.
import type { Delivered, Publisher } from '../../bus/bus.ts'
import { parseHead } from '../../event/event.ts'
import { sessionSubject } from '../../event/subject.ts'
import { foldSession, type SessionRow } from '../../folds/session.ts'
import type { SessionFoldStore } from '../../stores/store.ts'
import type { Consumer } from '../consumer.ts'
import { derivedMessage } from '../derived.ts'

export interface ProjectionsParts {
  readonly store: SessionFoldStore
  readonly bus: Publisher
  readonly host: string
}

export function projectionsConsumer({ store, bus, host }: ProjectionsParts): Consumer {
  return {
    name: 'projections',
    filter: 'events.>',
    async handle(messages) {
      foldSessions(store, messages)
      await announce(store, bus, host)
    },
  }
}

export function foldSessions(
  store: SessionFoldStore,
  messages: readonly Pick<Delivered, 'id' | 'data' | 'seq'>[],
): void {
  const seen = new Set(store.seen(messages.map(({ id }) => id)))
  const fresh: string[] = []
  const rows = new Map<string, SessionRow>()
  for (const { id, data } of messages) {
    if (seen.has(id)) continue
    seen.add(id)
    fresh.push(id)
    const event = parseHead(Buffer.from(data.buffer, data.byteOffset, data.length).toString())
    rows.set(event.session, foldSession(rows.get(event.session) ?? store.get(event.session), event))
  }
  store.commit({ seen: fresh, rows: [...rows.values()], seq: messages.at(-1)!.seq })
}

// Rows are marked as announced after the bus has them: a crash in between says them again.
async function announce(store: SessionFoldStore, bus: Publisher, host: string): Promise<void> {
  const rows = store.unannounced()
  if (rows.length === 0) return
  await bus.publish(
    rows.map((row) =>
      derivedMessage({
        subject: sessionSubject({ project: row.project, session: row.id }),
        type: 'session.updated',
        by: 'projections',
        host,
        project: row.project,
        session: row.id,
        agent: row.agent,
        time: row.ended,
        data: row,
      }),
    ),
  )
  store.announced(rows.map(({ id }) => id))
}
