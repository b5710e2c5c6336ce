// The counts beside a search as the page and scripts get them: each value with its name for people and the words that choose it.
import { EXACTLY, type Filter } from '../../folds/query.ts'
import {
  COSTS_NANO,
  type Counted,
  type FacetCount,
  type FacetCounts,
  fits,
  SPANS,
  TURN_COSTS_NANO,
} from '../../stores/facets.ts'
import type { SearchPlan, StoreReader } from '../../stores/store.ts'
import type { Facet, FacetsAnswer, FacetValue } from '../../wire/facets.ts'
import { parseQuery } from './grammar.ts'
import { kindsOf } from './kinds.ts'
import { withFullSessions } from './search.ts'

const VALUES_MAX = 12

export type FacetReader = Pick<StoreReader, 'facets' | 'session' | 'resolveSession'>

// Throws StoreError for trouble in the store; never for what was typed.
export async function searchFacets(
  reader: FacetReader,
  query: string,
  labelOf: (agent: string) => string,
  nowMs: number,
): Promise<FacetsAnswer> {
  const startMs = performance.now()
  const { plan, understood } = parseQuery(query, nowMs)
  const counts = await reader.facets(await withFullSessions(reader, plan), nowMs)
  const folder = await foldersOf(reader, counts.by.project.slice(0, VALUES_MAX))
  const named = (filter: Filter, what: Counted, name: (found: FacetCount) => Named) =>
    facetOf(filter, counts.by[what], plan[what], what, name)
  return {
    total: counts.total,
    sessions: counts.sessions,
    looked: counts.looked,
    cut: counts.isCut,
    facets: [
      named('type', 'kind', ({ value }) => ({ value: wordFor(value), label: value })),
      isFacet(counts, plan),
      named('agent', 'agent', ({ value }) => ({ value: EXACTLY + value, label: labelOf(value) })),
      named('project', 'project', ({ value }) => ({
        value: EXACTLY + value,
        label: folderName(folder, value),
        about: folder.get(value) ?? null,
      })),
      named('tool', 'tool', ({ value }) => ({ value: EXACTLY + value, label: value })),
      named('file', 'file', ({ value }) => ({ value: EXACTLY + value, label: baseName(value) || value, about: value })),
      named('model', 'model', ({ value }) => ({ value: EXACTLY + value, label: value })),
      costFacet('cost', COSTS_NANO, counts.costs, [plan.minNano, plan.maxNano], 'what the whole session cost'),
      costFacet('turn', TURN_COSTS_NANO, counts.turnCosts, [plan.minTurnNano, plan.maxTurnNano], ABOUT_TURN),
      sinceFacet(counts, plan, nowMs),
    ].filter(({ values }) => values.length > 0),
    bySession: Object.fromEntries(counts.bySession),
    times: counts.times,
    understood,
    tookMs: Math.round((performance.now() - startMs) * 10) / 10,
  }
}

interface Named {
  readonly value: string
  readonly label: string
  readonly about?: string | null
}

// What is chosen stays in the list, however few there are of it.
function facetOf(
  filter: Filter,
  found: readonly FacetCount[],
  wanted: readonly string[],
  what: Counted,
  name: (found: FacetCount) => Named,
): Facet {
  const isActive = ({ value }: FacetCount) => wanted.some((one) => fits(what, one, value))
  const shown = found.filter((one, i) => i < VALUES_MAX || isActive(one))
  return {
    filter,
    values: shown.map((one) => ({ about: null, ...name(one), count: one.count, active: isActive(one) })),
    left: found.length - shown.length,
  }
}

const isFacet = ({ failed }: FacetCounts, plan: SearchPlan): Facet => ({
  filter: 'is',
  values: some({ value: 'error', label: 'Errors only', about: null, count: failed, active: plan.failed }),
  left: 0,
})

const ABOUT_TURN = 'what the turn cost in which it happened, with the subagents it sent'

const costFacet = (
  filter: 'cost' | 'turn',
  steps: readonly number[],
  counts: readonly number[],
  [min, max]: readonly [number | null, number | null],
  about: string,
): Facet => ({
  filter,
  values: steps.flatMap((nano, i) =>
    some({
      value: `>${nano / 1e9}`,
      label: `Over $${nano < 1e9 ? (nano / 1e9).toFixed(2) : nano / 1e9}`,
      about,
      count: counts[i] ?? 0,
      active: min === nano + 1 && max === null,
    }),
  ),
  left: 0,
})

const SPAN_LABELS: Readonly<Record<string, string>> = {
  '1d': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '365d': 'Last year',
}
const sinceFacet = ({ since }: FacetCounts, plan: SearchPlan, nowMs: number): Facet => ({
  filter: 'since',
  values: SPANS.flatMap(({ span, ms }, i) =>
    some({
      value: span,
      label: SPAN_LABELS[span] ?? span,
      about: null,
      count: since[i] ?? 0,
      active: plan.sinceMs === nowMs - ms,
    }),
  ),
  left: 0,
})

const some = (value: FacetValue): FacetValue[] => (value.count > 0 || value.active ? [value] : [])

// `prompt` where that means this kind alone.
function wordFor(kind: string): string {
  const last = kind.split('.').at(-1) ?? kind
  const meant = kindsOf(last)
  return meant.length === 1 && meant[0] === kind ? last : EXACTLY + kind
}

// A project is a folder; one of its sessions knows which.
async function foldersOf(reader: FacetReader, projects: readonly FacetCount[]): Promise<ReadonlyMap<string, string>> {
  const rows = await Promise.all(projects.map(({ sample }) => reader.session(sample)))
  return new Map(rows.flatMap((row) => (row?.cwd ? [[row.project, row.cwd] as const] : [])))
}

// The folder's name; with the one above it where another is called the same.
function folderName(folders: ReadonlyMap<string, string>, project: string): string {
  const path = folders.get(project) ?? ''
  const name = baseName(path)
  const isShared = [...folders.values()].filter((other) => baseName(other) === name).length > 1
  return (isShared ? path.split(/[\\/]/).slice(-2).join('/') : name) || project
}

const baseName = (path: string): string =>
  path
    .replace(/[\\/]+$/, '')
    .split(/[\\/]/)
    .at(-1) ?? path
