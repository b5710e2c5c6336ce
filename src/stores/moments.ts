// What was so at each moment of a session, as far as records do not say it: who asked for what, which call touched which file, what was
// spent, the to-dos. Small enough to be had at once however long the session is, so that a replay can be scrubbed without asking again.
import type { SpentThen } from '../folds/cost.ts'
import type { MomentMark, MomentTurn } from '../folds/moments.ts'
import type { Touch } from '../folds/turn/turn.ts'
import type { TodoEvent } from './timeline.ts'

export interface Moments {
  readonly turns: readonly MomentTurn[] // of the main agent, in the order they began
  readonly marks: readonly MomentMark[]
  readonly paths: readonly string[]
  readonly touches: readonly TouchThen[] // oldest first
  readonly isCut: boolean // there are more touches
  readonly spent: readonly SpentThen[] // oldest first
  readonly todos: readonly TodoEvent[] // oldest first
}

// A call, its file as a place in the list of paths, and what became of it.
export type TouchThen = readonly [ms: number, path: number, change: Touch['change']]
