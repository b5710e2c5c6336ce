// Session rows, folded from events and kept; each change goes back on the bus as sessions.{project}.{session}.
import type { Clock } from '../../base/clock.ts'
import type { Delivered, Publisher } from '../../bus/bus.ts'
import { sessionSubject } from '../../event/subject.ts'
import { countSession, foldSession, type SessionRow } from '../../folds/session.ts'
import type { SessionFoldStore } from '../../stores/store.ts'
import type { Consumer } from '../consumer.ts'
import { type Derived, News } from '../derived.ts'
import { eventOfBytes } from '../heads.ts'
import { Counting } from './counting.ts'

export interface ProjectionsParts {
  readonly store: SessionFoldStore
  readonly bus: Publisher | null // null: what is found is no news
  readonly clock: Clock
  readonly host: string
}

export function projectionsConsumer({ store, bus, clock, host }: ProjectionsParts): Consumer {
  const news = new News(store, bus, clock, (row) => derivedOf(host, row))
  return {
    name: 'projections',
    filter: 'events.>',
    // Keys of requests are in no order, so that every commit writes most of their index: few commits, and large ones.
    messagesMax: 800,
    bytesMax: 1024 * 1024,
    async handle(messages) {
      foldSessions(store, messages)
      await news.after(messages.length)
    },
    rest: () => news.say(),
  }
}

export function foldSessions(store: SessionFoldStore, messages: readonly Pick<Delivered, 'id' | 'data'>[]): void {
  const ids = messages.map(({ id }) => id)
  store.fold(ids, (isNew, ledger) => {
    const rows = new Map<string, SessionRow>()
    const counting = new Counting(ledger)
    for (const [i, { data }] of messages.entries()) {
      if (!isNew(i)) continue
      const event = eventOfBytes(data)
      rows.set(event.session, foldSession(rows.get(event.session) ?? store.get(event.session), event))
      counting.take(event)
    }
    // A count that moved changes the row of a session that nothing in this batch is of.
    for (const [session, by] of counting.settle()) {
      const row = rows.get(session) ?? store.get(session)
      if (row !== undefined) rows.set(session, countSession(row, by))
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
