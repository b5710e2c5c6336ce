// Every state a person can be in, as an address and back. Pure; ids and words are encoded here and nowhere else.

import { type CommitsPlace, commitsIn, putCommits } from './commits-route.ts'
import { type CostPlace, costIn, putCost } from './cost-route.ts'
import { type FilesPlace, filesIn, putFiles } from './files-route.ts'
import { putReplay, type ReplayPlace, replayIn } from './replay-route.ts'

export type View = 'live' | 'story' | 'explore'

export interface Route {
  readonly view: View
  readonly session: string | null
  readonly event: string | null // shown in its place and marked
  readonly agent: string | null // one lane of the session: 'main' or a subagent's id
  readonly only: readonly string[] // kinds of records shown; none: all
  readonly last: string | null // only the last of the session: a span as `15m`
  readonly q: string
  readonly best: boolean // search results by rank rather than by time
  readonly list: ListFilter // stays while one moves about
  readonly turn: string | null // of a story: stood at; with an event, unfolded down to it
  readonly day: string | null // of all sessions, as 2026-03-14 in the reader's time
  readonly place: string | null // within Explore: `compare` …; null: search
  readonly a: string | null // the sessions that are compared
  readonly b: string | null
  readonly files: FilesPlace | null // in Explore: files instead of words
  readonly replay: ReplayPlace | null // in Explore: a session as it happened
  readonly cost: CostPlace | null // in Explore: what was spent
  readonly commits: CommitsPlace | null // in Explore: what of commits agents wrote
}

// Which sessions the list shows.
export interface ListFilter {
  readonly by: string | null // agent
  readonly project: string | null
  readonly active: string | null // something happened in the last `1h`
}
export const EVERYTHING: ListFilter = { by: null, project: null, active: null }

export const nowhere: Route = {
  view: 'live',
  session: null,
  event: null,
  agent: null,
  only: [],
  last: null,
  q: '',
  best: false,
  list: EVERYTHING,
  turn: null,
  day: null,
  place: null,
  a: null,
  b: null,
  files: null,
  replay: null,
  cost: null,
  commits: null,
}

export function parseRoute(pathname: string, search: string): Route {
  const [first = '', second = ''] = pathname.split('/').filter((part) => part !== '')
  const view: View = first === 'story' || first === 'explore' ? first : 'live'
  const query = new URLSearchParams(search)
  const isExplore = view === 'explore'
  const files = isExplore ? filesIn(second, query) : null
  const replay = isExplore ? replayIn(second, query) : null
  const cost = isExplore ? costIn(second, query) : null
  const commits = isExplore ? commitsIn(second, query) : null
  return {
    view,
    session: view === 'explore' || second === '' ? null : decoded(second),
    event: view === 'explore' && second === 'replay' ? null : query.get('event'),
    agent: query.get('agent'),
    only: (query.get('only') ?? '').split(',').filter((word) => word !== ''),
    last: spanMs(query.get('last')) === null ? null : query.get('last'),
    q: query.get('q') ?? '',
    best: query.get('sort') === 'best',
    list: {
      by: query.get('by'),
      project: query.get('project'),
      active: spanMs(query.get('active')) === null ? null : query.get('active'),
    },
    turn: query.get('turn'),
    day: dayIn(query.get('day')),
    place: placeIn(
      view,
      second,
      [files, replay, cost, commits].some((told) => told !== null),
    ),
    a: query.get('a'),
    b: query.get('b'),
    files,
    replay,
    cost,
    commits,
  }
}

export function hrefOf(wish: Partial<Route>): string {
  const route = { ...nowhere, ...wish }
  const query = new URLSearchParams()
  if (route.agent !== null) query.set('agent', route.agent)
  if (route.only.length > 0) query.set('only', route.only.join(','))
  if (route.last !== null) query.set('last', route.last)
  if (route.event !== null) query.set('event', route.event)
  if (route.q !== '') query.set('q', route.q)
  if (route.best) query.set('sort', 'best')
  for (const [name, value] of Object.entries(route.list)) if (value !== null) query.set(name, value)
  if (route.turn !== null) query.set('turn', route.turn)
  if (route.day !== null) query.set('day', route.day)
  if (route.a !== null) query.set('a', route.a)
  if (route.b !== null) query.set('b', route.b)
  const path = pathOf(route, query)
  return query.size > 0 ? `${path}?${query}` : path
}

function pathOf({ view, session, place, files, replay, cost, commits }: Route, query: URLSearchParams): string {
  if (view === 'explore' && files !== null) return putFiles(files, query)
  if (view === 'explore' && replay !== null) return putReplay(replay, query)
  if (view === 'explore' && cost !== null) return putCost(cost, query)
  if (view === 'explore' && commits !== null) return putCommits(commits, query)
  if (session !== null) return `/${view}/${encodeURIComponent(session)}`
  if (view === 'explore' && place !== null) return `/explore/${encodeURIComponent(place)}`
  return view === 'live' ? '/' : `/${view}`
}

// Some places have more to say than a word.
const placeIn = (view: View, second: string, isTold: boolean): string | null =>
  view === 'explore' && second !== '' && !isTold ? decoded(second) : null

// `15m`, `6h`, `7d` in milliseconds; null where it is no span.
const UNIT_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const
export function spanMs(word: string | null): number | null {
  const [, n, unit] = /^(\d{1,4})([mhd])$/.exec(word ?? '') ?? []
  return n === undefined ? null : Number(n) * UNIT_MS[unit as keyof typeof UNIT_MS]
}
// A day that no calendar has is none.
const dayIn = (word: string | null): string | null =>
  word !== null && /^\d{4}-\d\d-\d\d$/.test(word) && !Number.isNaN(Date.parse(word)) ? word : null

// A malformed escape is somebody's hand in the address bar: take it as it stands.
function decoded(part: string): string {
  return /%(?![0-9a-f]{2})/i.test(part) ? part : safely(part)
}
function safely(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch (error) {
    if (error instanceof URIError) return part
    throw error
  }
}
