// What every card of a session's story needs to know of the whole, at whatever depth it stands.
import type { SessionSummary } from '../../wire/live.ts'
import type { Lanes } from './lanes.ts'

// Where the address points: a turn, and in it an event. A new value each time it is pointed at, so that it is gone to again.
export interface Mark {
  readonly turn: string
  readonly event: string | null
  readonly way: readonly string[] // the turns around it, outermost first, itself last
}

export interface Scene {
  readonly session: SessionSummary
  readonly label: string
  readonly lanes: Lanes
  readonly mark: Mark | null
}
