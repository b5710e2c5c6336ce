// When everything of a session happened and of what kind it was, without its words: what a replay is laid out by before it reads any of it.
import type { SpentThen } from '../folds/cost.ts'

// The course is there at once; what was spent and the to-dos take longer the longer a session is.
export type TimelinePart = 'course' | 'all'

export interface Timeline {
  readonly count: number // events of the session; more than are told where it is very long
  readonly cursors: readonly number[] // of the oldest ones, in their order
  readonly kinds: readonly string[] // one each
  readonly isSubagent: readonly boolean[]
  readonly perMs: number // cursors in a millisecond: a cursor divided by it is the time
  readonly todos: readonly TodoEvent[] // the newest ones
  readonly spent: readonly SpentThen[] // oldest first
}

// A call that keeps the list of to-dos, or what came back from one.
export interface TodoEvent {
  readonly cursor: number
  readonly text: string // the event's line in the log
}
