// What is told of a session's turns by the moment: when each was asked for and in which words, and what happened in them that a person
// would look for. A page of it where the turns themselves are a book. Pure.
import { cut } from '../event/payload.ts'
import type { Turn } from './turn/turn.ts'

const PROMPT_CHARS = 240
const MARK_CHARS = 160

export interface MomentTurn {
  readonly id: string
  readonly event: string // of the prompt
  readonly first: string // event the turn begins with: the prompt's own may stand nowhere in the session
  readonly prompt: string // its beginning
}
export interface MomentMark {
  readonly event: string
  readonly kind: 'commit' | 'error'
  readonly text: string
}

type Told = Pick<Turn, 'id' | 'agentId' | 'prompt' | 'firstEvent' | 'done' | 'errors' | 'runs'>
export function momentsIn(turns: readonly Told[]): {
  readonly turns: readonly MomentTurn[] // of the main agent
  readonly marks: readonly MomentMark[] // of all
} {
  const asked: MomentTurn[] = []
  const marks: MomentMark[] = []
  const mark = (kind: MomentMark['kind'], event: string, text: string) =>
    marks.push({ event, kind, text: cut(text, MARK_CHARS) })
  for (const { id, agentId, prompt, firstEvent, done, errors, runs } of turns) {
    if (agentId === null && prompt !== null)
      asked.push({ id, event: prompt.event, first: firstEvent, prompt: cut(prompt.text, PROMPT_CHARS) })
    for (const { deed, event, of } of done) if (deed === 'commit') mark('commit', event, of ?? 'A commit')
    for (const { event, text } of errors) mark('error', event, text)
    for (const { words, results } of runs)
      for (const { state, event } of results) if (state === 'failed') mark('error', event, words)
  }
  return { turns: asked, marks }
}
