// Search results as they are read: together by session, in the order in which the first of each came; and filters as they are pressed. Pure.
import { EXACTLY, FILTERS, type Filter, filterText, type Piece, piecesOf, valuesOf } from '../../../folds/query.ts'
import type { FacetsAnswer } from '../../../wire/facets.ts'
import type { SearchHit } from '../../../wire/rest.ts'
import { counted } from '../../ui/words.ts'

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

// One filter's value among the words, to be shown and taken away.
export interface Chip {
  readonly filter: Filter
  readonly value: string
  readonly label: string
  readonly key: string
}
export function chipsOf(q: string): readonly Chip[] {
  return [...piecesOf(q)].flatMap((piece) => {
    const { filter } = piece
    if (filter === null || piece.isWithout) return []
    return valuesOf(piece).map((value) => ({
      filter,
      value,
      label: bare(value),
      key: `${filter}:${value}:${piece.from}`,
    }))
  })
}

// Filters of which there is one at a time.
const SINGLE: readonly Filter[] = ['since', 'until', 'cost', 'turn', 'is']

// Pressed: it is added (in place of another where there is one at a time); pressed again: it is gone.
export function withFilter(q: string, filter: Filter, value: string): string {
  const rest = SINGLE.includes(filter) ? cutOut(q, (piece) => piece.filter === filter) : q.trim()
  const added = filterText(filter, value)
  return rest === '' ? added : `${rest} ${added}`
}

// Without this value; where a looser word stood for it (tool:bash for Bash), without that.
export function withoutFilter(q: string, filter: Filter, value: string): string {
  const names = chipsOf(q).filter((chip) => chip.filter === filter)
  const isSame = (other: string) => other === value || bare(other).toLowerCase() === bare(value).toLowerCase()
  const found = names.some((chip) => isSame(chip.value))
  return rewritten(q, (piece) => {
    if (piece.filter !== filter || piece.isWithout) return null
    if (!found) return []
    return valuesOf(piece).filter((one) => !isSame(one))
  })
}

// Only the words, without any filter.
export const wordsOf = (q: string): string => cutOut(q, (piece) => piece.filter !== null)

const cutOut = (q: string, isOut: (piece: Piece) => boolean): string =>
  rewritten(q, (piece) => (isOut(piece) ? [] : null))

// Each piece as it stands, or with these values, or not at all.
function rewritten(q: string, change: (piece: Piece) => readonly string[] | null): string {
  const kept = [...piecesOf(q)].flatMap((piece) => {
    const values = change(piece)
    if (values === null) return [q.slice(piece.from, piece.to)]
    return values.map((value) => filterText(piece.filter!, value))
  })
  return kept.join(' ')
}

const bare = (value: string): string => (value.startsWith(EXACTLY) ? value.slice(EXACTLY.length) : value)

// What to let go of when nothing was found, the likeliest first.
export interface Way {
  readonly name: string
  readonly q: string
}
export function looserWays(q: string): readonly Way[] {
  const pieces = [...piecesOf(q)]
  const words = pieces.filter(({ filter, isWithout }) => filter === null && !isWithout)
  const ways: Way[] = []
  const filters = new Set(pieces.flatMap(({ filter, isWithout }) => (filter === null || isWithout ? [] : [filter])))
  if (filters.size > 1 && words.length > 0) ways.push({ name: 'without any filter', q: wordsOf(q) })
  for (const filter of FILTERS)
    if (filters.has(filter))
      ways.push({
        name: `without ${FILTER_WORDS[filter].toLowerCase()}`,
        q: cutOut(q, (piece) => piece.filter === filter),
      })
  const phrase = words.find(({ isQuoted, text }) => isQuoted && /\s/.test(text.trim()))
  if (phrase) ways.push({ name: 'the words in any order', q: replaced(q, phrase, phrase.text.trim()) })
  const last = words.at(-1)
  if (last && !last.isQuoted && !last.isPrefix && last.text.length > 2)
    ways.push({ name: `words that begin with “${last.text}”`, q: replaced(q, last, `${last.text}*`) })
  if (words.length > 1)
    for (const word of words.slice(0, 4)) {
      const rest = replaced(q, word, '').replace(/\s+/g, ' ').trim()
      ways.push({ name: `without “${word.text}”`, q: rest })
    }
  return ways.filter((way) => way.q !== '' && way.q !== q.trim()).slice(0, 6)
}
const replaced = (q: string, { from, to }: Piece, by: string): string => `${q.slice(0, from)}${by}${q.slice(to)}`.trim()

export const FILTER_WORDS: Readonly<Record<Filter, string>> = {
  type: 'Kind',
  is: 'Errors',
  agent: 'Agent',
  project: 'Project',
  tool: 'Tool',
  file: 'File',
  model: 'Model',
  cost: 'Session cost',
  turn: 'Turn cost',
  since: 'Since',
  until: 'Until',
  session: 'Session',
}

// How much was found, over the results. Counts may be of the newest only, or not be there yet.
export function heading(facets: FacetsAnswer | undefined, hits: number, sessions: number, hasMore: boolean): string {
  if (hits === 0 && !hasMore) return 'Nothing found'
  if (facets !== undefined && !facets.cut && facets.total >= hits)
    return `${counted(facets.total, 'event')} in ${counted(facets.sessions, 'session')}`
  if (facets?.cut && facets.total > hits) return `More than ${counted(facets.total, 'event')}`
  return `${hasMore ? 'The first ' : ''}${counted(hits, 'event')} in ${counted(sessions, 'session')}`
}

const GRAMMAR: readonly (readonly [string, string])[] = [
  ['retry backoff', 'both words, anywhere in one event'],
  ['"exactly once"', 'a phrase, word after word'],
  ['migrat*', 'the beginning of a word'],
  ['-flaky', 'not this word'],
  ['project:shop', 'one project'],
  ['session:1f0c', 'one session, by its id'],
  ['type:user', 'one kind: user, assistant, tool_use, error …'],
  ['tool:edit', 'one tool, and what came back from it'],
  ['file:api/cart.ts', 'what touched this file'],
  ['is:error', 'only what failed'],
  ['cost:>1', 'of sessions that cost more than $1'],
  ['turn:>0.50', 'in turns that cost more than 50 ¢'],
  ['since:2d', 'from then on: 2d, 2026-11-01'],
  ['until:2026-11-20', 'up to then'],
]

// An example of an agent or a model is one that is there.
export function grammarFor(agent: string | null, model: string | null): typeof GRAMMAR {
  return [
    ...GRAMMAR,
    ...(agent === null ? [] : [[`agent:${agent}`, 'one agent'] as const]),
    ...(model === null ? [] : [[filterText('model', model), 'what one model said and called'] as const]),
  ]
}

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
  [/^message\.assistant\.tool_use/, 'Tool call'],
  [/^system\.error/, 'Error'],
]
export const kindWord = (kind: string, tool: string | null): string =>
  tool ??
  KIND_WORDS.find(([pattern]) => pattern.test(kind))?.[1] ??
  capital((kind.split('.').at(-1) ?? kind).replaceAll('_', ' '))

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`
