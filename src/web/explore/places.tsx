// The places of Explore, in the order they are offered: one folder and one entry each. The first is where one is when no other is meant.
import { ALL_CHECKOUTS } from '../state/commits-route.ts'
import { ALL_COST } from '../state/cost-route.ts'
import { ALL_FILES } from '../state/files-route.ts'
import type { Route } from '../state/route.ts'
import { type Later, later } from '../ui/later.tsx'

// Each comes with a script of its own.
const Search = later('the search', async () => (await import('./search/search.tsx')).Search)
const Files = later('files', async () => (await import('./file/files.tsx')).Files)
const Commits = later('commits', async () => (await import('./commits/commits.tsx')).Commits)
const Compare = later('the comparison', async () => (await import('./compare/compare.tsx')).Compare)
const Replay = later('the replay', async () => (await import('./replay/replay.tsx')).Replay)
const Cost = later('what it cost', async () => (await import('./cost/cost.tsx')).Cost)

export interface Place {
  readonly name: string
  readonly View: Later
  readonly isHere: (route: Route) => boolean
  readonly to: (route: Route) => Partial<Route> // the address of it, from where one is
}

export const PLACES: readonly Place[] = [
  { name: 'Search', View: Search, isHere: () => false, to: ({ q, best }) => ({ q, best }) },
  { name: 'Files', View: Files, isHere: ({ files }) => files !== null, to: () => ({ files: ALL_FILES }) },
  {
    name: 'Commits',
    View: Commits,
    isHere: ({ commits }) => commits !== null,
    to: () => ({ commits: ALL_CHECKOUTS }),
  },
  {
    name: 'Compare',
    View: Compare,
    isHere: ({ place }) => place === 'compare',
    to: ({ a, b }) => ({ place: 'compare', a, b }),
  },
  {
    name: 'Replay',
    View: Replay,
    isHere: ({ place, replay }) => replay !== null || place === 'replay',
    to: ({ replay }) => (replay === null ? { place: 'replay' } : { replay }),
  },
  { name: 'Cost', View: Cost, isHere: ({ cost }) => cost !== null, to: ({ cost }) => ({ cost: cost ?? ALL_COST }) },
]

export const placeOf = (route: Route): Place => PLACES.find(({ isHere }) => isHere(route)) ?? PLACES[0]!
