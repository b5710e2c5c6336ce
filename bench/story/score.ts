// How a label judges a turn, as the labels' README says: the verb, what must be mentioned outside the quoted prompt, what must not be
// said, the tests and the outcome.
import type { Sentence } from '../../src/folds/sentence/sentence.ts'
import type { Turn } from '../../src/folds/turn/turn.ts'

export interface Label {
  readonly id: string
  readonly file: string
  readonly prompt_line: number
  readonly verbs_ok: readonly string[]
  readonly must_mention: readonly (readonly string[])[]
  readonly must_not: readonly string[]
  readonly tests: string
  readonly tests_ok?: readonly string[]
  readonly outcome: string
  readonly outcome_ok?: readonly string[]
  readonly may_skip?: boolean
  readonly files_created: readonly string[]
  readonly files_modified: readonly string[]
  readonly commits: readonly string[]
  readonly model_sentence: string
}

export interface Miss {
  readonly kind: 'turn' | 'verb' | 'mention' | 'must not' | 'tests' | 'outcome' | 'length'
  readonly says: string
}

export function missesOf(label: Label, turn: Turn, { text, verb }: Sentence): Miss[] {
  const misses: Miss[] = []
  // The quoted prompt is taken out; what stands around it is the sentence's own.
  const bare = text.replace(
    /(, because )(.*?)(?= → |$)/,
    (_, because: string, why: string) => because + why.replace(/"[^"]*"/g, '""'),
  )
  const unquoted = bare.replace(/"[^"]*"/g, '""').replace(/`[^`]*`/g, '``')
  const verbs = label.verbs_ok.map((each) => each.toLowerCase())
  if (!verbs.some((each) => has(bare, each) || each === verb))
    misses.push({ kind: 'verb', says: `none of ${label.verbs_ok.join(', ')}; it is ${verb}` })
  for (const group of label.must_mention)
    if (!group.some((each) => bare.toLowerCase().includes(each.toLowerCase())))
      misses.push({ kind: 'mention', says: `none of ${group.join(' | ')}` })
  for (const each of label.must_not) if (has(unquoted, each)) misses.push({ kind: 'must not', says: each })
  if (![label.tests, ...(label.tests_ok ?? [])].includes(turn.tests))
    misses.push({ kind: 'tests', says: `${turn.tests}, not ${label.tests}` })
  if (![label.outcome, ...(label.outcome_ok ?? [])].includes(turn.outcome))
    misses.push({ kind: 'outcome', says: `${turn.outcome}, not ${label.outcome}` })
  if (text.length > 300) misses.push({ kind: 'length', says: `${text.length} characters` })
  return misses
}

// On word boundaries, whatever the case.
function has(text: string, words: string): boolean {
  const at = text.toLowerCase().indexOf(words.toLowerCase())
  if (at < 0) return false
  const isWord = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}_]/u.test(char)
  return !(isWord(words[0]) && isWord(text[at - 1])) && !(isWord(words.at(-1)) && isWord(text[at + words.length]))
}

// The facts beside the sentence, against the label's lists. Not part of the score: the lists leave changes by commands out.
export function factsOff(label: Label, turn: Turn): string[] {
  const off: string[] = []
  const commits = turn.done.filter(({ deed }) => deed === 'commit').map(({ of }) => of ?? '')
  const compare = (what: string, want: readonly string[], have: readonly string[]) => {
    for (const each of want) if (!have.includes(each)) off.push(`no ${what} ${each}`)
    for (const each of have) if (!want.includes(each)) off.push(`${what} that is not: ${each}`)
  }
  const by = (change: string) =>
    turn.files.filter((file) => file.change === change && file.by === 'tool').map(({ path }) => path)
  compare('commit', label.commits, commits)
  compare('created', label.files_created, by('created'))
  compare('modified', label.files_modified, by('modified'))
  return off
}
