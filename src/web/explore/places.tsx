// The places of Explore, in the order they are offered: one folder and one line each. The first is where one is without a place.
import type { ComponentType } from 'react'
import { Compare } from './compare/compare.tsx'
import { Search } from './search/search.tsx'

export interface Place {
  readonly place: string | null // in the address behind /explore/
  readonly name: string
  readonly View: ComponentType
}

export const PLACES: readonly Place[] = [
  { place: null, name: 'Search', View: Search },
  { place: 'compare', name: 'Compare', View: Compare },
]
