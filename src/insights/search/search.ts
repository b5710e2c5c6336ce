// A search as the API and the command line answer it: words in, hits with marked snippets out.
import { parseEvent } from '../../event/event.ts'
import { searchableOf } from '../../folds/searchable.ts'
import type { SearchPlan, SearchRow, StoreReader } from '../../stores/store.ts'
import type { SearchAnswer, SearchHit } from '../../wire/rest.ts'
import { isEmptyPlan, parseQuery } from './grammar.ts'
import { snippetOf } from './snippet.ts'

export interface SearchPage {
  readonly limit: number
  readonly offset: number
  readonly ranked: boolean // best first; else newest first, which is quicker
}

export type SearchReader = Pick<StoreReader, 'search' | 'session' | 'resolveSession'>

// Throws StoreError for trouble in the store; never for what was typed.
export async function searchEvents(
  reader: SearchReader,
  query: string,
  page: SearchPage,
  nowMs: number,
): Promise<SearchAnswer> {
  const startMs = performance.now()
  const { plan, understood } = parseQuery(query, nowMs)
  const answer = (hits: readonly SearchHit[], next: number | null): SearchAnswer => ({
    hits,
    next,
    understood,
    tookMs: Math.round((performance.now() - startMs) * 10) / 10,
  })
  if (isEmptyPlan(plan)) return answer([], null)
  const meant = await withFullSessions(reader, plan)
  // One more than asked for says whether there is a next page.
  const rows = await reader.search(meant, { ...page, limit: page.limit + 1 })
  const titleOf = titles(reader)
  const hits: SearchHit[] = []
  for (const row of rows.slice(0, page.limit)) hits.push(hitOf(row, meant, await titleOf(row.session)))
  return answer(hits, rows.length > page.limit ? page.offset + page.limit : null)
}

function hitOf(row: SearchRow, plan: SearchPlan, sessionTitle: string | null): SearchHit {
  const event = parseEvent(row.text)
  return {
    event: event.id,
    session: event.session,
    sessionTitle,
    agent: event.agent,
    project: event.project,
    time: event.time,
    kind: event.kind,
    tool: event.payload.tool?.name ?? null,
    snippet: snippetOf(searchableOf(event), plan),
    score: row.score,
  }
}

// People paste native ids and beginnings of ids; the store knows events by the full one.
export async function withFullSessions(
  reader: Pick<StoreReader, 'resolveSession'>,
  plan: SearchPlan,
): Promise<SearchPlan> {
  if (plan.session.length === 0) return plan
  const session = new Set<string>()
  for (const typed of plan.session) {
    const full = await reader.resolveSession(typed)
    // An unknown session is still asked for, so that the answer is "no hits" and not "everything".
    for (const id of full.length > 0 ? full : [typed]) session.add(id)
  }
  return { ...plan, session: [...session] }
}

// Hits of one page mostly share a few sessions.
function titles(reader: SearchReader): (session: string) => Promise<string | null> {
  const known = new Map<string, string | null>()
  return async (session) => {
    const title = known.get(session)
    if (title !== undefined) return title
    const found = (await reader.session(session))?.title ?? null
    known.set(session, found)
    return found
  }
}
