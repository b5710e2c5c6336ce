// A sentence as it is drawn: subject, verb and object on a line, every other clause a branch with the word that joins it. Pure.
// The order of the parts, read aloud, is the sentence.
import type { Clause } from '../../folds/sentence/clause.ts'
import type { TurnStory } from '../../wire/live.ts'

export interface Part {
  readonly text: string
  readonly events: readonly string[]
}
export interface Branch extends Part {
  readonly role: Clause['role']
  readonly word: string // and, after, running, because
}
export interface Diagram {
  readonly subject: string
  readonly verb: string
  readonly object: string
  readonly events: readonly string[] // behind verb and object
  readonly branches: readonly Branch[]
  readonly end: Part | null // how it ended, where the sentence says so
}

type Told = Pick<TurnStory, 'clauses' | 'verb'>

export function diagramOf({ clauses, verb }: Told): Diagram {
  const of = (role: Clause['role']) => clauses.find((clause) => clause.role === role)
  const did = of('did')
  const [said, object] = splitVerb(did?.text ?? '', verb)
  const branches = clauses.flatMap((clause): Branch[] => {
    const word = WORDS[clause.role]
    if (word === undefined) return []
    const { joined, text } = withoutWord(clause.text, word)
    return [{ role: clause.role, word: joined, text, events: clause.events }]
  })
  const end = of('outcome')
  return {
    subject: of('subject')?.text ?? '',
    verb: said,
    object,
    events: did?.events ?? [],
    branches,
    end: end ? { text: end.text, events: end.events } : null,
  }
}

const WORDS: Readonly<Partial<Record<Clause['role'], string>>> = {
  also: 'and',
  doing: 'and',
  after: 'after',
  running: 'running',
  because: 'because',
}

// "because of "yes"" keeps its "of"; "and" is said by the list and not by the clause.
function withoutWord(text: string, word: string): { readonly joined: string; readonly text: string } {
  for (const joined of [`${word} of`, word])
    if (text.startsWith(`${joined} `)) return { joined, text: text.slice(joined.length + 1) }
  return { joined: word, text }
}

// "edited a.ts" → edited | a.ts. A verb of more than one word stays whole.
const LONG_VERB = /^(?:could not|did not|was|were|waits for|started to|tried to) \S+/
function splitVerb(text: string, verb: string): readonly [string, string] {
  const long = LONG_VERB.exec(text)?.[0]
  const said = long ?? (text === verb || text.startsWith(`${verb} `) ? verb : (text.split(' ')[0] ?? ''))
  return [said, text.slice(said.length).trim()]
}

// Names in backticks and words in quotes are set as what they are. Quotes inside quotes are single ones.
export interface Ink {
  readonly as: 'text' | 'code' | 'quote'
  readonly text: string
}
export function inkOf(text: string): readonly Ink[] {
  const inks: Ink[] = []
  let from = 0
  const plain = (to: number) => to > from && inks.push({ as: 'text', text: text.slice(from, to) })
  for (let at = 0; at < text.length; at++) {
    const mark = text[at]
    if (mark !== '`' && mark !== '"') continue
    const end = text.indexOf(mark, at + 1)
    if (end < 0) continue
    plain(at)
    inks.push(
      mark === '`' ? { as: 'code', text: text.slice(at + 1, end) } : { as: 'quote', text: text.slice(at + 1, end) },
    )
    at = end
    from = end + 1
  }
  plain(text.length)
  return inks
}

// A turn in a few words, for a list of them: what was done, without who.
export const lineOf = ({ clauses, sentence }: Pick<TurnStory, 'clauses' | 'sentence'>): string =>
  clauses.find(({ role }) => role === 'did')?.text ?? sentence

export const OUTCOME_WORDS: Readonly<Record<TurnStory['outcome'], string>> = {
  answered: 'answered',
  asked: 'asked you',
  interrupted: 'was interrupted',
  failed: 'failed',
  rejected: 'you refused',
  running: 'was still working when last heard',
  continued: 'ran out of context',
}
