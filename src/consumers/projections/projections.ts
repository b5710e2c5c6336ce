// Session rows, folded from events and kept; each change goes back on the bus as sessions.{project}.{session}.
import type { Clock } from '../../base/clock.ts'
import type { Delivered, Publisher } from '../../bus/bus.ts'
import { sessionSubject } from '../../event/subject.ts'
import { foldSession, type SessionRow } from '../../folds/session.ts'
import type { SessionFoldStore } from '../../stores/store.ts'
import type { Consumer } from '../consumer.ts'
import { type Derived, News } from '../derived.ts'
import { headOfBytes } from '../heads.ts'

export interface ProjectionsParts {
  readonly store: SessionFoldStore
  readonly bus: Publisher
  readonly clock: Clock
  readonly host: string
}

export function projectionsConsumer({ store, bus, clock, host }: ProjectionsParts): Consumer {
  const news = new News(store, bus, clock, (row) => derivedOf(host, row))
  return {
    name: 'projections',
    filter: 'events.>',
    async handle(messages) {
      foldSessions(store, messages)
      await news.after(messages.length)
    },
    rest: () => news.say(),
  }
}

export function foldSessions(store: SessionFoldStore, messages: readonly Pick<Delivered, 'id' | 'data'>[]): void {
  const ids = messages.map(({ id }) => id)
  store.fold(ids, (isNew) => {
    const rows = new Map<string, SessionRow>()
    for (const [i, { data }] of messages.entries()) {
      if (!isNew(i)) continue
      const event = headOfBytes(data)
      rows.set(event.session, foldSession(rows.get(event.session) ?? store.get(event.session), event))
    }
    return [...rows.values()]
  })
}

const derivedOf = (host: string, row: SessionRow): Derived => ({
  subject: sessionSubject({ project: row.project, session: row.id }),
  type: 'session.updated',
  by: 'projections',
  host,
  project: row.project,
  session: row.id,
  agent: row.agent,
  time: row.ended,
  data: row,
})
