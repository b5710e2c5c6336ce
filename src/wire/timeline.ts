// A session's course for a replay: when each record came and of what kind it was, before any of them is read; what was spent by when, and
// the list of to-dos as it was written. Add fields freely, never rename.
import type { SpentThen } from '../folds/cost.ts'

// One letter a record. A capital: a subagent's.
//   p prompt · i injected text · a answer · t thought · c call · r result · e error · s said again (shown nowhere) · n anything else
export const LETTERS = 'piatcresn'

export interface TimelineAnswer {
  readonly session: string
  readonly count: number // records of the session; only the first of them are told where it is longer than any replay
  readonly first: number | null // cursor of the first record
  readonly steps: readonly number[] // from each record's cursor to the next one's
  readonly per_ms: number // a cursor divided by it is the time in milliseconds
  readonly letters: string
  readonly spent: readonly TimelineSpent[] // oldest first
  readonly todos: readonly TimelineTodo[] // oldest first
}

export type TimelineSpent = SpentThen

export interface TimelineTodo {
  readonly cursor: number
  readonly agent_id: string | null
  readonly call: string | null // the call, or the one that a result answers
  readonly input?: unknown // of a call
  readonly said?: string // by a result
}
