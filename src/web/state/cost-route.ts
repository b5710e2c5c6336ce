// The place of cost in the address: how it is cut, of which time and of what, and which row is opened. Pure. Words that narrow the list of
// sessions (`project`, `by`) are that list's own, so these have others.
import { CUTS, type Cut } from '../../folds/cost.ts'

export interface CostPlace {
  readonly cut: Cut
  readonly since: string | null // days as 2026-11-20, or like 7d
  readonly until: string | null
  readonly zone: string | null // null: the reader's own
  readonly project: string | null
  readonly agent: string | null
  readonly session: string | null
  readonly row: string | null // the key of the row whose requests are shown
}

export const ALL_COST: CostPlace = {
  cut: 'day',
  since: null,
  until: null,
  zone: null,
  project: null,
  agent: null,
  session: null,
  row: null,
}

// `second`: what stands behind /explore/.
export function costIn(second: string, query: URLSearchParams): CostPlace | null {
  if (second !== 'cost') return null
  return {
    cut: CUTS.find((cut) => cut === query.get('cut')) ?? 'day',
    since: query.get('since') || null,
    until: query.get('until') || null,
    zone: query.get('tz') || null,
    project: query.get('of-project') || null,
    agent: query.get('of-agent') || null,
    session: query.get('session') || null,
    row: query.get('row'),
  }
}

// Writes the place into the query; returns the path.
export function putCost(place: CostPlace, query: URLSearchParams): string {
  if (place.cut !== 'day') query.set('cut', place.cut)
  const words = { since: place.since, until: place.until, tz: place.zone, session: place.session, row: place.row }
  for (const [name, value] of Object.entries({
    ...words,
    'of-project': place.project,
    'of-agent': place.agent,
  }))
    if (value !== null) query.set(name, value)
  return '/explore/cost'
}
