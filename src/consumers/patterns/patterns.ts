// Turns, folded from the events of each lane (a main agent, a subagent) and kept; each change goes back on the bus as
// patterns.{project}.{session}.
import type { Clock } from '../../base/clock.ts'
import type { Delivered, Publisher } from '../../bus/bus.ts'
import type { Event } from '../../event/event.ts'
import { patternSubject } from '../../event/subject.ts'
import { foldTurn, type Turn } from '../../folds/turn.ts'
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

const laneOf = ({ session, agentId }: Event): string => `${session}\u0000${agentId ?? ''}`

export function foldTurns(store: TurnFoldStore, messages: readonly Pick<Delivered, 'id' | 'data'>[]): void {
  const ids = messages.map(({ id }) => id)
  store.fold(ids, (isNew) => {
    const turns = new Map<string, Turn>()
    const open = new Map<string, string>()
    for (const [i, { data }] of messages.entries()) {
      if (!isNew(i)) continue
      const event = headOfBytes(data)
      const lane = laneOf(event)
      const openId = open.get(lane)
      const { turn, closed } = foldTurn(openId === undefined ? store.openTurn(lane) : turns.get(openId), event)
      if (closed) turns.set(closed.id, closed)
      if (turn === undefined) continue
      turns.set(turn.id, turn)
      open.set(lane, turn.id)
    }
    return { turns: [...turns.values()], open }
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
