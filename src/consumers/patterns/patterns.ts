// Turns, folded from the events of each lane (a main agent, a subagent) and kept; each change goes back on the bus as
// patterns.{project}.{session}.
import type { Clock } from '../../base/clock.ts'
import type { Delivered, Publisher } from '../../bus/bus.ts'
import { type Event, parseEvent } from '../../event/event.ts'
import { patternSubject } from '../../event/subject.ts'
import { Lanes } from '../../folds/turn/lanes.ts'
import type { Turn } from '../../folds/turn/turn.ts'
import type { TurnFoldStore } from '../../stores/store.ts'
import type { Consumer } from '../consumer.ts'
import { type Derived, News } from '../derived.ts'
import { headOfBytes } from '../heads.ts'

export interface PatternsParts {
  readonly store: TurnFoldStore
  readonly bus: Publisher
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
    const lanes = new Lanes(store.openTurn)
    for (const [i, { data }] of messages.entries()) if (isNew(i)) lanes.add(eventOf(data))
    return { turns: [...lanes.turns.values()], open: lanes.open }
  })
}

// The head, and the line behind it only when somebody asks: for a long command, for what a command put out, for the last words of an
// answer. Most events of a transcript are told by their head.
function eventOf(data: Uint8Array): Event {
  const head = headOfBytes(data)
  if (head.rawIn !== null) return head
  let raw: unknown
  let isRead = false
  return Object.defineProperty(head, 'raw', {
    enumerable: true,
    get: () => {
      if (!isRead) raw = parseEvent(Buffer.from(data.buffer, data.byteOffset, data.length).toString()).raw
      isRead = true
      return raw
    },
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
