// How many events a search finds of which agent, project, tool …: what stands beside its hits. Add fields freely, never rename.
import type { Filter } from '../folds/query.ts'

export interface FacetsAnswer {
  readonly total: number // events found, among those looked at
  readonly sessions: number // they are of
  readonly looked: number // events that have the words, the newest first
  readonly cut: boolean // there are more of them: every count is of the newest `looked`
  readonly facets: readonly Facet[]
  readonly bySession: Readonly<Record<string, number>> // of the sessions with the most
  readonly times: {
    readonly fromMs: number
    readonly widthMs: number
    readonly counts: readonly number[]
  } | null // found in spans of one width
  readonly understood: string
  readonly tookMs: number
}

export interface Facet {
  readonly filter: Filter
  readonly values: readonly FacetValue[] // counted as if this filter were not there; the most first
  readonly left: number // values that are not listed
}
export interface FacetValue {
  readonly value: string // what stands behind `filter:` to have only these
  readonly label: string
  readonly about: string | null // where the label is short for something
  readonly count: number
  readonly active: boolean
}
