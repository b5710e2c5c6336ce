// What a replay tells beside the records, by the moment: who asked for what, which files had been touched, what was spent, the to-dos.
// Add fields freely, never rename.
import type { MomentMark, MomentTurn } from '../folds/moments.ts'
import type { Change } from '../folds/turn/turn.ts'
import type { TimelineSpent, TimelineTodo } from './timeline.ts'

export interface MomentsAnswer {
  readonly session: string
  readonly turns: readonly MomentTurn[] // of the main agent, in the order they began
  readonly marks: readonly MomentMark[] // commits and errors
  readonly paths: readonly string[]
  readonly touches: readonly MomentTouch[] // oldest first
  readonly cut: boolean // there are more touches than are told
  readonly spent: readonly TimelineSpent[] // oldest first
  readonly todos: readonly TimelineTodo[] // oldest first
}

// Time in ms, place of the file among the paths, what became of it.
export type MomentTouch = readonly [ms: number, path: number, change: Change | 'read']
