// A sentence within its budget: what is said shorter and what is left out, one after the other, until there is room. Nothing is cut in a word.
import type { Turn } from '../turn/turn.ts'
import { type Clause, type Role, render } from './clause.ts'
import type { Deed } from './deeds.ts'
import { plainWords, quoted, shortened } from './quote.ts'

export const SENTENCE_AIM = 220
export const SENTENCE_MAX = 300

// What is left out, one after the other, until there is room.
export function fitted(clauses: readonly Clause[], main: Deed, queued: Turn['queued'][number] | null): Clause[] {
  let kept = [...clauses]
  const change = (role: Role, to: (clause: Clause) => Clause) => {
    kept = kept.map((clause) => (clause.role === role ? to(clause) : clause))
  }
  const isLong = () => render(kept).length > SENTENCE_AIM
  // The weakest first; of what was done, second files before a commit.
  const drop = (role: Role, keep = 0) => {
    for (;;) {
      const places = kept.flatMap((clause, i) => (clause.role === role ? [i] : []))
      if (places.length <= keep || !isLong()) return
      const weak = places.findLast((i) => !/^(?:committed|made \d|made two|opened|pushed)/.test(kept[i]!.text))
      kept.splice(weak ?? places.at(-1)!, 1)
    }
  }
  const oneRun = () =>
    change('running', (clause) =>
      clause.parts && clause.parts.length > 1
        ? {
            ...clause,
            text: `running ${clause.parts[0]!.text}`,
            parts: clause.parts.slice(0, 1),
            events: clause.parts[0]!.events,
          }
        : clause,
    )
  const why = (max: number) => () => change('because', (clause) => ({ ...clause, text: shorterBecause(clause, max) }))
  const steps: readonly (() => void)[] = [
    why(70),
    () => (main.is === 'word' || main.is === 'tried' ? undefined : drop('after')),
    () => drop('also', 2),
    oneRun,
    why(55),
    () => drop('also', 1),
    () => drop('after'),
    why(40),
    () => (main.short ? change('did', (clause) => ({ ...clause, text: main.short! })) : undefined),
    () => (render(kept).length > SENTENCE_MAX - 40 ? drop('doing') : undefined),
    () => (render(kept).length > SENTENCE_MAX - 20 ? drop('running') : undefined),
    () => (render(kept).length > SENTENCE_MAX - 20 ? drop('also') : undefined),
  ]
  for (const step of steps) if (isLong()) step()
  return queued === null ? kept : withQueued(kept, queued)
}

// What the person asked meanwhile, where there is room for it.
function withQueued(clauses: readonly Clause[], { event, text }: Turn['queued'][number]): Clause[] {
  const longer = clauses.map((clause) =>
    clause.role === 'because'
      ? {
          ...clause,
          text: `${clause.text} and then ${quoted(shortened(plainWords(text), 60))}`,
          events: [...clause.events, event],
        }
      : clause,
  )
  return render(longer).length <= SENTENCE_AIM ? longer : [...clauses]
}

const shorterBecause = (clause: Clause, max: number): string =>
  clause.text.replace(/"([^"]*)"/g, (whole, words: string) =>
    words.length > max ? quoted(shortened(words.replace(/…$/, ''), max, words.endsWith('…'))) : whole,
  )
