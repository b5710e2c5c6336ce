// The prompts that turns begin with or hold, against hand-made lists of what a person typed in whole files: none may be missing, none be more.
import type { Event } from '../../src/event/event.ts'
import type { Turn } from '../../src/folds/turn/turn.ts'

export interface TypedLines {
  readonly file: string
  readonly prompt_lines: readonly number[] // what was queued is in it
  readonly slash_lines: readonly number[]
  readonly bash_lines: readonly number[]
}

export interface PromptsOff {
  readonly typed: number
  readonly missing: readonly number[]
  readonly more: readonly number[]
}

export function promptsOff(label: TypedLines, events: readonly Event[], turns: readonly Turn[]): PromptsOff {
  const lines = new Map(events.map((event) => [event.id, event.origin.line]))
  const typed = new Set([...label.prompt_lines, ...label.slash_lines, ...label.bash_lines])
  const told = turns.flatMap(({ prompt, queued }) => [
    ...(prompt?.by === 'person' ? [prompt.event] : []),
    ...queued.map(({ event }) => event),
  ])
  const held = told.map((id) => lines.get(id) ?? 0)
  const again = held.filter((line, i) => held.indexOf(line) !== i)
  return {
    typed: typed.size,
    missing: [...typed].filter((line) => !held.includes(line)),
    more: [...held.filter((line) => !typed.has(line)), ...again],
  }
}
