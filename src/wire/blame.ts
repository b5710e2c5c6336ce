// Whose the lines of a file are, as REST and the command line say it.
import type { Confidence } from '../folds/provenance/blame.ts'

// What a script reads; all of it but line, text and confidence is null where the confidence is `unknown`.
export interface BlameLine {
  readonly line: number // 1-based
  readonly text: string
  readonly turn: string | null
  readonly session: string | null
  readonly prompt: string | null // what was typed, its beginning; of a subagent's work what set it off
  readonly agent: string | null
  readonly model: string | null
  readonly time: string | null // of the call
  readonly confidence: Confidence
  readonly event: string | null // the call that made the line
  readonly prompt_event: string | null
  readonly agent_id: string | null // the subagent
  readonly elsewhere: string | null // the file it was written in, when that stands in another place
}

export interface BlameAnswer {
  readonly path: string
  readonly source: 'file' | 'revision' | 'replay' // what the lines are of; replay: what the record says the file was last
  readonly sessions: readonly string[] // whose work on it is known
  readonly lines: readonly BlameLine[]
  readonly notes: readonly string[] // what lowers the confidence, in sentences
}
