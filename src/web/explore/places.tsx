// The places of Explore, in the order they are offered: one folder and one entry each. The first is where one is when no other is meant.
import type { ComponentType } from 'react'
import { ALL_COST } from '../state/cost-route.ts'
import { ALL_FILES } from '../state/files-route.ts'
import { useRoute } from '../state/hooks.ts'
import type { Route } from '../state/route.ts'
import { Compare } from './compare/compare.tsx'
import { Cost } from './cost/cost.tsx'
import { Files } from './file/files.tsx'
import { Replay } from './replay/replay.tsx'
import { Search } from './search/search.tsx'

export interface Place {
  readonly name: string
  readonly View: ComponentType
  readonly isHere: (route: Route) => boolean
  readonly to: (route: Route) => Partial<Route> // the address of it, from where one is
}

export const PLACES: readonly Place[] = [
  { name: 'Search', View: Search, isHere: () => false, to: ({ q, best }) => ({ q, best }) },
  { name: 'Files', View: FilesHere, isHere: ({ files }) => files !== null, to: () => ({ files: ALL_FILES }) },
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

function FilesHere() {
  const { files } = useRoute()
  return files === null ? null : <Files place={files} />
}
