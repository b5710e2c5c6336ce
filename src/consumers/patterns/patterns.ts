// Turns, folded from the events of each lane (a main agent, a subagent) and kept; each change goes back on the bus as
// patterns.{project}.{session}.
import type { Clock } from '../../base/clock.ts'
import type { Delivered, Publisher } from '../../bus/bus.ts'
import { patternSubject } from '../../event/subject.ts'
import { Lanes } from '../../folds/turn/lanes.ts'
import type { Turn } from '../../folds/turn/turn.ts'
import type { TurnFoldStore } from '../../stores/store.ts'
import type { Consumer } from '../consumer.ts'
import { type Derived, News } from '../derived.ts'
import { eventOfBytes } from '../heads.ts'

export interface PatternsParts {
  readonly store: TurnFoldStore
  readonly bus: Publisher | null // null: what is found is no news
  readonly clock: Clock
  readonly host: string
}

export function patternsConsumer({ store, bus, clock, host }: PatternsParts): Consumer {
  const news = new News(store, bus, clock, (turn) => derivedOf(host, turn))
  return {
    name: 'patterns',
    filter: 'events.>',
    async handle(messages) {
      foldTurns(store, messages)
      await news.after(messages.length)
    },
    rest: () => news.say(),
  }
}

export function foldTurns(store: TurnFoldStore, messages: readonly Pick<Delivered, 'id' | 'data'>[]): void {
  const ids = messages.map(({ id }) => id)
  store.fold(ids, (isNew) => {
    // Most events of a transcript are told by their head; a long command, what it put out and the last words of an answer stand in the line.
    const lanes = new Lanes(store)
    for (const [i, { data }] of messages.entries()) if (isNew(i)) lanes.add(eventOfBytes(data))
    return { turns: [...lanes.turns.values()], open: lanes.open, touches: lanes.touches, places: lanes.places }
  })
}

const derivedOf = (host: string, turn: Turn): Derived => ({
  subject: patternSubject({ project: turn.project, session: turn.session }),
  type: 'turn.updated',
  by: 'patterns',
  host,
  project: turn.project,
  session: turn.session,
  agent: turn.agent,
  time: turn.ended,
  data: turn,
})
