// A session's turns in short: what was asked, when, how it ended. What a list of contents needs of thousands of them. Pure.
import { cut } from '../event/payload.ts'
import type { Outcome, Turn } from './turn/turn.ts'

const PROMPT_CHARS = 160

// A whole turn is one as well.
export interface OutlineTurn {
  readonly id: string // its first event's
  readonly agentId: string | null
  readonly started: string | null
  readonly events: number
  readonly outcome: Outcome
  readonly prompt: { readonly event: string; readonly text: string } | null
}

export const outlineOf = (turns: readonly Pick<Turn, keyof OutlineTurn>[]): readonly OutlineTurn[] =>
  turns.map(({ id, agentId, started, events, outcome, prompt }) => ({
    id,
    agentId,
    started,
    events,
    outcome,
    prompt: prompt && { event: prompt.event, text: cut(prompt.text, PROMPT_CHARS) },
  }))
