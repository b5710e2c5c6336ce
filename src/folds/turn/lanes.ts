// Many events of many lanes at once: what a consumer does with a batch. A lane's turn is copied once, when the batch first touches it, and
// then grows in place; nothing that was given is changed.
import type { Event } from '../../event/event.ts'
import { growTurn } from './fold.ts'
import type { OpenTurn, Turn } from './turn.ts'

// Each form that a session is kept in is folded by itself: what they tell is the same, in an order that is only each one's own.
export const laneOf = ({
  session,
  agentId,
  payload: { form },
}: Pick<Event, 'session' | 'agentId' | 'payload'>): string =>
  `${session}\u0000${agentId ?? ''}${form === undefined ? '' : `\u0000${form}`}`

export class Lanes {
  readonly turns = new Map<string, Turn>() // all that changed, by id
  readonly open = new Map<string, string>() // lane → its open turn
  readonly #growing = new Map<string, OpenTurn>()
  readonly #openTurn: (lane: string) => Turn | undefined

  constructor(openTurn: (lane: string) => Turn | undefined) {
    this.#openTurn = openTurn
  }

  add(event: Event): void {
    const lane = laneOf(event)
    const { turn, closed } = growTurn(this.#growing.get(lane) ?? this.#taken(lane), event)
    if (closed) this.turns.set(closed.id, closed)
    if (turn === undefined) return
    this.#growing.set(lane, turn)
    this.turns.set(turn.id, turn)
    this.open.set(lane, turn.id)
  }

  #taken(lane: string): OpenTurn | undefined {
    const kept = this.#openTurn(lane)
    return kept && (structuredClone(kept) as OpenTurn)
  }
}

export function turnsOf(events: Iterable<Event>): Turn[] {
  const lanes = new Lanes(() => undefined)
  for (const event of events) lanes.add(event)
  return [...lanes.turns.values()]
}
