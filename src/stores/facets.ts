// How many of the events that a search finds are of which agent, project, model … and what a name in a search fits. Counted over the newest
// events that have the words (of all of them where no words are given), of which there is a limit: `looked` and `isCut` say so.
import { EXACTLY } from '../folds/query.ts'
import { tokensOf } from '../folds/words.ts'

// Measured on a million events: some 60 ms where they lie far apart, and everything else in the thread of questions waits for it.
export const FACETS_LOOKED_MAX = 10_000

export const COUNTED = ['agent', 'project', 'model', 'kind', 'tool', 'file'] as const
export type Counted = (typeof COUNTED)[number]

// Each facet is counted as if its own filter were not there, so that one sees what else there is to choose.
export interface FacetCounts {
  readonly looked: number // events that have the words, newest first
  readonly isCut: boolean // there are more of them
  readonly total: number // of those looked at: what every filter lets through
  readonly bySession: readonly (readonly [session: string, count: number])[] // the most first
  readonly sessions: number
  readonly by: Readonly<Record<Counted, readonly FacetCount[]>> // the most first
  readonly failed: number
  readonly since: readonly number[] // for each of SPANS: how many are younger
  readonly costs: readonly number[] // for each of COSTS_NANO: how many are of a session that cost more
  readonly turnCosts: readonly number[] // for each of TURN_COSTS_NANO: how many lie in a turn that cost more
  readonly times: { readonly fromMs: number; readonly widthMs: number; readonly counts: readonly number[] } | null
}
export interface FacetCount {
  readonly value: string
  readonly count: number
  readonly sample: string // a session that has some of them
}

const DAY_MS = 86_400_000
export const SPANS = [
  { span: '1d', ms: DAY_MS },
  { span: '7d', ms: 7 * DAY_MS },
  { span: '30d', ms: 30 * DAY_MS },
  { span: '365d', ms: 365 * DAY_MS },
] as const
export const COSTS_NANO = [100_000_000, 1_000_000_000, 10_000_000_000] as const
export const TURN_COSTS_NANO = [100_000_000, 1_000_000_000, 5_000_000_000] as const

// Whether a name in a search means this value. Models, tools and files: by their words in their order, the last of which may be a
// beginning only; agents and kinds: by their beginning; projects: by any part.
export function fits(what: Counted, wanted: string, value: string): boolean {
  if (wanted.startsWith(EXACTLY)) return value === wanted.slice(EXACTLY.length)
  switch (what) {
    case 'agent':
    case 'kind':
      return value.toLowerCase().startsWith(wanted.toLowerCase())
    case 'project':
      return value.toLowerCase().includes(slug(wanted).toLowerCase())
    default:
      return hasPhrase(tokensOf(value), tokensOf(wanted))
  }
}

// A project as its folder's path is written in ids.
export const slug = (typed: string): string => typed.replace(/[^\p{L}\p{N}]/gu, '-')

function hasPhrase(words: readonly string[], phrase: readonly string[]): boolean {
  if (phrase.length === 0) return false
  const last = phrase.length - 1
  return words.some((_, at) =>
    phrase.every((word, i) => (i === last ? words[at + i]?.startsWith(word) === true : words[at + i] === word)),
  )
}
