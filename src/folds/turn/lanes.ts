// Many events of many lanes at once: what a consumer does with a batch. A lane's turn is copied once, when the batch first touches it, and
// then grows in place; nothing that was given is changed.
import type { Event } from '../../event/event.ts'
import { growTurn } from './fold.ts'
import type { OpenTurn, Touch, Turn } from './turn.ts'

// Each form that a session is kept in is folded by itself: what they tell is the same, in an order that is only each one's own.
export const laneOf = ({
  session,
  agentId,
  payload: { form },
}: Pick<Event, 'session' | 'agentId' | 'payload'>): string =>
  `${session}\u0000${agentId ?? ''}${form === undefined ? '' : `\u0000${form}`}`

// What was kept of a lane before: its open turn, and where its agent was last known to be outside of turns.
export interface LaneMemory {
  openTurn(lane: string): Turn | undefined
  placeOf(lane: string): string | null
}

const NOTHING_KEPT: LaneMemory = { openTurn: () => undefined, placeOf: () => null }

export class Lanes {
  readonly turns = new Map<string, Turn>() // all that changed, by id
  readonly open = new Map<string, string>() // lane → its open turn
  readonly touches: Touch[] = [] // all that calls did to files, in the order of their results
  readonly places = new Map<string, string>() // lane → where its agent is, as told before there was a turn
  readonly #growing = new Map<string, OpenTurn>()
  readonly #memory: LaneMemory

  constructor(memory: LaneMemory = NOTHING_KEPT) {
    this.#memory = memory
  }

  add(event: Event): void {
    const lane = laneOf(event)
    const { turn, closed } = growTurn(this.#growing.get(lane) ?? this.#taken(lane), event)
    if (closed) this.turns.set(closed.id, closed)
    if (turn === undefined) {
      // Many agents say where they are once, before anybody asks for anything.
      if (event.payload.cwd !== undefined && !event.payload.copied) this.places.set(lane, event.payload.cwd)
      return
    }
    if (turn.cwd === null && turn.events === 1) turn.cwd = this.#placeOf(lane, event)
    if (turn.touched) {
      for (const touch of turn.touched) this.touches.push(touch)
      delete turn.touched
    }
    this.#growing.set(lane, turn)
    this.turns.set(turn.id, turn)
    this.open.set(lane, turn.id)
  }

  // A subagent that does not say it is where its parent is.
  #placeOf(lane: string, { session, agentId, payload }: Event): string | null {
    const own = this.places.get(lane) ?? this.#memory.placeOf(lane)
    if (own !== null || agentId === null) return own
    const parent = laneOf({ session, agentId: null, payload })
    const turn = this.#growing.get(parent) ?? this.#memory.openTurn(parent)
    return turn?.cwd ?? this.places.get(parent) ?? this.#memory.placeOf(parent)
  }

  #taken(lane: string): OpenTurn | undefined {
    const kept = this.#memory.openTurn(lane)
    return kept && (structuredClone(kept) as OpenTurn)
  }
}

export function turnsOf(events: Iterable<Event>): Turn[] {
  const lanes = new Lanes()
  for (const event of events) lanes.add(event)
  return [...lanes.turns.values()]
}
