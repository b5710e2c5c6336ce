// The place of a replay in the address: which session, how far, how fast. Pure; the address of everything else is in route.ts.

export interface ReplayPlace {
  readonly session: string
  readonly at: number | null // how many records have come; null: the beginning
  readonly event: string | null // or: up to this event, which becomes `at` once the session's course is known
  readonly speed: number | null // null: as it was
}

export const replayOf = (session: string, event: string | null = null): ReplayPlace => ({
  session,
  at: null,
  event,
  speed: null,
})

// `second`: what stands behind /explore/. Without a session there is nothing to replay.
export function replayIn(second: string, query: URLSearchParams): ReplayPlace | null {
  const session = query.get('session') ?? ''
  if (second !== 'replay' || session === '') return null
  return { session, at: countIn(query.get('at')), event: query.get('event'), speed: countIn(query.get('speed')) }
}

const countIn = (word: string | null): number | null => (word !== null && /^\d{1,7}$/.test(word) ? Number(word) : null)

// Writes the place into the query; returns the path.
export function putReplay({ session, at, event, speed }: ReplayPlace, query: URLSearchParams): string {
  query.set('session', session)
  if (at !== null) query.set('at', String(at))
  if (event !== null) query.set('event', event)
  if (speed !== null) query.set('speed', String(speed))
  return '/explore/replay'
}
