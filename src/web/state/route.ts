// Every state a person can be in, as an address and back. Pure; ids and words are encoded here and nowhere else.
export type View = 'live' | 'story' | 'explore'

export interface Route {
  readonly view: View
  readonly session: string | null
  readonly event: string | null // shown in its place and marked
  readonly agent: string | null // one lane of the session: 'main' or a subagent's id
  readonly only: readonly string[] // kinds of records shown; none: all
  readonly q: string
  readonly best: boolean // search results by rank rather than by time
  readonly turn: string | null // of a story: stood at; with an event, unfolded down to it
  readonly day: string | null // of all sessions, as 2026-03-14 in the reader's time
}

export const nowhere: Route = {
  view: 'live',
  session: null,
  event: null,
  agent: null,
  only: [],
  q: '',
  best: false,
  turn: null,
  day: null,
}

export function parseRoute(pathname: string, search: string): Route {
  const [first = '', second = ''] = pathname.split('/').filter((part) => part !== '')
  const view: View = first === 'story' || first === 'explore' ? first : 'live'
  const query = new URLSearchParams(search)
  return {
    view,
    session: view === 'explore' || second === '' ? null : decoded(second),
    event: query.get('event'),
    agent: query.get('agent'),
    only: (query.get('only') ?? '').split(',').filter((word) => word !== ''),
    q: query.get('q') ?? '',
    best: query.get('sort') === 'best',
    turn: query.get('turn'),
    day: dayIn(query.get('day')),
  }
}

export function hrefOf(wish: Partial<Route>): string {
  const route = { ...nowhere, ...wish }
  const query = new URLSearchParams()
  if (route.agent !== null) query.set('agent', route.agent)
  if (route.only.length > 0) query.set('only', route.only.join(','))
  if (route.event !== null) query.set('event', route.event)
  if (route.q !== '') query.set('q', route.q)
  if (route.best) query.set('sort', 'best')
  if (route.turn !== null) query.set('turn', route.turn)
  if (route.day !== null) query.set('day', route.day)
  const path =
    route.session === null
      ? route.view === 'live'
        ? '/'
        : `/${route.view}`
      : `/${route.view}/${encodeURIComponent(route.session)}`
  return query.size > 0 ? `${path}?${query}` : path
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
