// Search results as they are read: together by session, in the order in which the first of each came. Pure.
import type { SearchHit } from '../../wire/rest.ts'

export interface HitGroup {
  readonly session: string
  readonly first: SearchHit
  readonly hits: readonly SearchHit[]
}
export function groupsOf(hits: readonly SearchHit[]): readonly HitGroup[] {
  const groups = Map.groupBy(hits, (hit) => hit.session)
  return [...groups].map(([session, some]) => ({ session, first: some[0]!, hits: some }))
}

// A page may repeat what new events pushed down from the page before.
export function uniqueHits(pages: readonly { readonly hits: readonly SearchHit[] }[]): readonly SearchHit[] {
  const seen = new Set<string>()
  return pages.flatMap((page) => page.hits.filter((hit) => !seen.has(hit.event) && seen.add(hit.event)))
}

const GRAMMAR: readonly (readonly [string, string])[] = [
  ['retry backoff', 'both words, anywhere in one event'],
  ['"exactly once"', 'a phrase, word after word'],
  ['migrat*', 'the beginning of a word'],
  ['-flaky', 'not this word'],
  ['project:shop', 'one project'],
  ['session:1f0c', 'one session, by its id'],
  ['type:user', 'one kind: user, assistant, tool_use, error …'],
  ['tool:edit', 'one tool'],
  ['file:api/cart.ts', 'what touched this file'],
  ['since:2d', 'from then on: 2d, 2026-11-01'],
  ['until:2026-11-20', 'up to then'],
]

// An example of an agent is one that is there.
export const grammarFor = (agent: string | null): typeof GRAMMAR =>
  agent === null ? GRAMMAR : [...GRAMMAR, [`agent:${agent}`, 'one agent']]

// A click adds an example to the words that are there.
export function withExample(q: string, example: string): string {
  const words = q.trim()
  return words === '' ? example : `${words} ${example}`
}

const KIND_WORDS: readonly (readonly [RegExp, string])[] = [
  [/^message\.user\.prompt/, 'Prompt'],
  [/^message\.user\.injected/, 'Injected'],
  [/^message\.user\.tool_result/, 'Result'],
  [/^message\.assistant\.text/, 'Answer'],
  [/^message\.assistant\.thinking/, 'Thinking'],
  [/^message\.assistant\.tool_use/, 'Tool'],
  [/^system\.error/, 'Error'],
]
export const kindWord = (kind: string, tool: string | null): string =>
  tool ??
  KIND_WORDS.find(([pattern]) => pattern.test(kind))?.[1] ??
  capital((kind.split('.').at(-1) ?? kind).replaceAll('_', ' '))

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`
