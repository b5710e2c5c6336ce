// Commits in words and bars: how much of one agents wrote, how sure that is, and whose work is in it. Pure.
import type { CommitAnswer, CommitPrompt, LineShare } from '../../../wire/commits.ts'
import { counted, dollars } from '../../ui/words.ts'

export const shaOf = (sha: string): string => sha.slice(0, 9)

// Never all of it where a line is missing, never nothing where one is there.
export function percentOf({ added, agent }: Pick<LineShare, 'added' | 'agent'>): string {
  if (added === 0) return ''
  if (agent === 0 || agent === added) return agent === 0 ? '0 %' : '100 %'
  return `${Math.min(99, Math.max(1, Math.round((agent / added) * 100)))} %`
}

export function sharePhrase({ added, agent }: Pick<LineShare, 'added' | 'agent'>): string {
  if (added === 0) return 'adds no line'
  if (agent === 0)
    return added === 1
      ? 'its one line is not known to be an agent’s'
      : `none of ${counted(added, 'line')} is known to be an agent’s`
  return agent === added
    ? `${added === 1 ? 'its one line' : `all ${counted(added, 'line')}`} by agents`
    : `${agent} of ${counted(added, 'line')} by agents`
}

export interface Part {
  readonly sure: 'exact' | 'moved' | 'inferred' | 'unknown'
  readonly lines: number
  readonly share: number // of the lines added, in per cent
}
const SURE = ['exact', 'moved', 'inferred', 'unknown'] as const
export const partsOf = (lines: LineShare): readonly Part[] =>
  SURE.map((sure) => ({ sure, lines: lines[sure], share: lines.added === 0 ? 0 : (lines[sure] / lines.added) * 100 }))

const SURE_WORDS: Readonly<Record<Part['sure'], string>> = {
  exact: 'exactly as written',
  moved: 'moved',
  inferred: 'inferred',
  unknown: 'a person’s, or unknown',
}
export const sureWords = (lines: LineShare): readonly string[] =>
  partsOf(lines).flatMap(({ sure, lines: n }) => (n > 0 ? [`${n} ${SURE_WORDS[sure]}`] : []))

// What its prompts cost, each as a whole. Null where there are none.
export const moneyOf = ({ prompts, usd, lower_bound }: CommitAnswer): string | null =>
  prompts.length === 0 ? null : dollars({ usd, lower_bound })

// The prompts with the most lines in it, in the order they were given; how many others there are.
export function foremost(
  prompts: readonly CommitPrompt[],
  max: number,
): { readonly shown: readonly CommitPrompt[]; readonly more: number } {
  const most = new Set([...prompts].sort((a, b) => b.lines - a.lines).slice(0, max))
  return { shown: prompts.filter((prompt) => most.has(prompt)), more: Math.max(0, prompts.length - max) }
}

// A page may repeat what a new commit pushed down from the page before.
export function uniqueCommits(
  pages: readonly { readonly commits: readonly CommitAnswer[] }[],
): readonly CommitAnswer[] {
  return [...new Map(pages.flatMap(({ commits }) => commits).map((each) => [each.commit, each])).values()]
}
