// Every address under /api, in one table: what it takes, what it answers, and how. The OpenAPI page is made from the same table.
import Type, { type TObject, type TSchema } from 'typebox'
import { parseEvent } from '../event/event.ts'
import { recordOf } from '../folds/record.ts'
import { sessionStory } from '../folds/story/story.ts'
import { spentByTurn } from '../insights/cost/turns.ts'
import { searchEvents } from '../insights/search/search.ts'
import type { StoreReader } from '../stores/store.ts'
import { type SessionSummary, storyOf, summaryOf } from '../wire/live.ts'
import type {
  FormatsAnswer,
  HealthAnswer,
  OneSessionAnswer,
  RecordsAnswer,
  SearchAnswer,
  SessionsAnswer,
  TurnsAnswer,
} from '../wire/rest.ts'
import { type DayAnswer, type SentencesAnswer, type StoryAnswer, toldTurn } from '../wire/story.ts'
import {
  CostRequestsSchema,
  CostSchema,
  DaySchema,
  FormatsSchema,
  HealthSchema,
  OneSessionSchema,
  RecordsSchema,
  SearchSchema,
  SentencesSchema,
  SessionsSchema,
  StorySchema,
  ToolsSchema,
  TraceSchema,
  TurnsSchema,
} from './answers.ts'
import { BlameParams, BlameSchema, blame } from './blame.ts'
import { commitRoutes, type TellCheckouts, type TellCommits, type TellMadeBy } from './commits.ts'
import { type CostParts, cost, costRequests } from './cost.ts'
import { tellDay } from './day.ts'
import { EventSchema } from './event-schema.ts'
import { type Download, ExportParams, type ExportParts, exported } from './export.ts'
import { FacetsParams, FacetsSchema, facets } from './facets.ts'
import { fileRoutes } from './files.ts'
import { momentsRoute } from './moments.ts'
import { outlineRoute } from './outline.ts'
import {
  CostParams,
  CostRequestsParams,
  DayParams,
  NoParams,
  ParamError,
  RecordsParams,
  readParams,
  SearchParams,
  SentencesParams,
  SessionsParams,
} from './params.ts'
import { timelineRoute } from './timeline.ts'

export interface RouteParts {
  readonly reader: Pick<
    StoreReader,
    | 'sessions'
    | 'session'
    | 'resolveSession'
    | 'records'
    | 'turns'
    | 'sentences'
    | 'eventText'
    | 'search'
    | 'facets'
    | 'tools'
    | 'cost'
    | 'costRequests'
    | 'files'
    | 'fileHistory'
    | 'turnFiles'
    | 'work'
    | 'timeline'
    | 'outline'
    | 'moments'
  >
  readonly labels: Readonly<Record<string, string>> // agent → what people call it
  readonly resume: (session: SessionSummary) => string | null // the command that goes on with it
  readonly health: () => Promise<HealthAnswer> | HealthAnswer
  readonly formats: () => Promise<FormatsAnswer> | FormatsAnswer
  readonly trace: (eventId: string) => Promise<object | null> | object | null // the seven stops; null: there is no such event
  readonly lines: ExportParts['lines']
  readonly commits: TellCommits
  readonly madeBy: TellMadeBy
  readonly checkouts: TellCheckouts
  readonly nowMs: () => number
}

// An answer other than 200, with its sentence.
export class ApiError extends Error {
  readonly status: 400 | 404 | 409
  constructor(status: 400 | 404 | 409, sentence: string) {
    super(sentence)
    this.status = status
  }
}

export interface Route {
  readonly path: string
  readonly summary: string
  readonly params: TObject
  readonly answers: TSchema
  readonly contentType: 'application/json' | 'application/cloudevents+json' | 'application/octet-stream'
  readonly fails: readonly number[]
  // `id` is empty where the path names none. A string is sent as it is.
  readonly handle: (parts: RouteParts, id: string, query: URLSearchParams) => Promise<object | string | Download>
}

const json = { contentType: 'application/json', params: NoParams } as const
const SESSION_FAILS = [400, 404, 409]

export const routes: readonly Route[] = [
  {
    ...json,
    path: '/api/sessions',
    summary: 'Sessions, the one that something happened in last first',
    params: SessionsParams,
    answers: SessionsSchema,
    fails: [400],
    handle: sessions,
  },
  {
    ...json,
    path: '/api/sessions/{id}',
    summary: 'One session, by its id or its unambiguous native id',
    answers: OneSessionSchema,
    fails: SESSION_FAILS,
    handle: session,
  },
  {
    ...json,
    path: '/api/sessions/{id}/records',
    summary: 'What happened in a session, oldest first; without a cursor its last page',
    params: RecordsParams,
    answers: RecordsSchema,
    fails: SESSION_FAILS,
    handle: records,
  },
  {
    ...json,
    path: '/api/sessions/{id}/turns',
    summary: 'The turns of a session, each with its sentence',
    answers: TurnsSchema,
    fails: SESSION_FAILS,
    handle: turns,
  },
  {
    ...json,
    path: '/api/sessions/{id}/story',
    summary: 'A session told: in one paragraph, and a sentence a turn with the facts beside it',
    answers: StorySchema,
    fails: SESSION_FAILS,
    handle: story,
  },
  {
    ...json,
    path: '/api/sessions/{id}/tools',
    summary: 'The tools of a session, with how often each was called',
    answers: ToolsSchema,
    fails: SESSION_FAILS,
    handle: async (parts, id) => ({ tools: await parts.reader.tools(await oneSession(parts, id)) }),
  },
  {
    path: '/api/sessions/{id}/export',
    summary: 'A session as a file: told as Markdown or HTML, as CloudEvents, or as its agent wrote it',
    params: ExportParams,
    answers: Type.String({ format: 'binary' }),
    contentType: 'application/octet-stream',
    fails: SESSION_FAILS,
    handle: async (parts, id, query) => exported(parts, await oneSession(parts, id), query),
  },
  {
    ...json,
    path: '/api/sentences',
    summary: 'Turns of all sessions, each in one sentence, newest first',
    params: SentencesParams,
    answers: SentencesSchema,
    fails: [400],
    handle: sentences,
  },
  {
    ...json,
    path: '/api/day',
    summary: 'What began in a span of time, told by project: a paragraph, and the sentences of each session',
    params: DayParams,
    answers: DaySchema,
    fails: [400],
    handle: day,
  },
  {
    ...json,
    path: '/api/search',
    summary: 'Full text search over everything',
    params: SearchParams,
    answers: SearchSchema,
    fails: [400],
    handle: search,
  },
  {
    ...json,
    path: '/api/search/facets',
    summary: 'How many events a search finds by kind, agent, project, tool, file, model, cost and time',
    params: FacetsParams,
    answers: FacetsSchema,
    fails: [400],
    handle: facets,
  },
  {
    ...json,
    path: '/api/cost',
    summary:
      'What was spent, each request counted once: by day, session, project, model, agent, prompt, turn, tool or subagent',
    params: CostParams,
    answers: CostSchema,
    fails: SESSION_FAILS,
    handle: (parts, _id, query) => cost(costParts(parts), query),
  },
  {
    ...json,
    path: '/api/cost/requests',
    summary: 'The requests that a row of a cut is made of, the latest first',
    params: CostRequestsParams,
    answers: CostRequestsSchema,
    fails: SESSION_FAILS,
    handle: (parts, _id, query) => costRequests(costParts(parts), query),
  },
  ...fileRoutes({ oneSession, noTurn }),
  ...commitRoutes((sentence) => new ApiError(404, sentence)),
  timelineRoute(oneSession, (id) => noSession(id)),
  outlineRoute(oneSession),
  momentsRoute(oneSession, (id) => noSession(id)),
  {
    ...json,
    path: '/api/blame',
    summary: 'Which prompt made each line of a file, and how sure that is',
    params: BlameParams,
    answers: BlameSchema,
    fails: [400, 404],
    handle: async ({ reader }, _id, query) => (await blame(reader, query)) ?? unknownFile(query),
  },
  {
    path: '/api/events/{id}',
    summary: 'One event as it stands in the log: CloudEvents 1.0, verbatim',
    params: NoParams,
    answers: EventSchema,
    contentType: 'application/cloudevents+json',
    fails: [400, 404],
    handle: event,
  },
  {
    ...json,
    path: '/api/events/{id}/trace',
    summary: 'The seven stops of one event, with times',
    answers: TraceSchema,
    fails: [400, 404],
    handle: trace,
  },
  {
    ...json,
    path: '/api/formats',
    summary: 'Types, fields and tools that agents write and OpenStory does not know yet, by agent and its version',
    answers: FormatsSchema,
    fails: [400],
    handle: async ({ formats }) => formats(),
  },
  {
    ...json,
    path: '/api/health',
    summary: 'What each part thinks is true; always 200, `ok` says whether all is well',
    answers: HealthSchema,
    fails: [400],
    handle: async ({ health }) => health(),
  },
]

const costParts = (parts: RouteParts): CostParts => ({ ...parts, oneSession: (id) => oneSession(parts, id) })

async function sessions({ reader, labels }: RouteParts, _id: string, query: URLSearchParams): Promise<SessionsAnswer> {
  const { rows, next, total, seq } = await reader.sessions(readParams(SessionsParams, query))
  return { sessions: rows.map(summaryOf), next, total, seq, labels }
}

async function session(parts: RouteParts, id: string): Promise<OneSessionAnswer> {
  const row = await parts.reader.session(await oneSession(parts, id))
  if (row === null) throw noSession(id)
  const summary = summaryOf(row)
  return { ...summary, resume: parts.resume(summary) }
}

async function records(parts: RouteParts, id: string, query: URLSearchParams): Promise<RecordsAnswer> {
  const { agent, ...page } = readParams(RecordsParams, query)
  if ([page.after, page.before, page.around].filter((place) => place !== undefined).length > 1)
    throw new ParamError('only one of the parameters after, before and around can be given')
  const found = await parts.reader.records(await oneSession(parts, id), {
    ...page,
    ...(agent !== undefined && { agentId: agent }),
  })
  const { texts, ...rest } = found
  return { records: texts.map((text) => recordOf(parseEvent(text))), ...rest }
}

async function turns(parts: RouteParts, id: string): Promise<TurnsAnswer> {
  const session = await oneSession(parts, id)
  const [found, spent] = await Promise.all([parts.reader.turns(session), spentByTurn(parts.reader, session)])
  return {
    turns: found.map((turn) => {
      const cost = spent.get(turn.id)
      return { ...storyOf(turn, parts.labels[turn.agent] ?? turn.agent), ...(cost && { cost }) }
    }),
  }
}

async function story({ reader, labels, ...parts }: RouteParts, id: string): Promise<StoryAnswer> {
  const session = await oneSession({ reader, labels, ...parts }, id)
  const [found, spent] = await Promise.all([reader.turns(session), spentByTurn(reader, session)])
  const label = (agent: string) => labels[agent] ?? agent
  return {
    story: sessionStory(found, label(found[0]?.agent ?? '')),
    turns: found.map((turn) => toldTurn(turn, label(turn.agent), spent.get(turn.id))),
  }
}

async function sentences(
  { reader, labels }: RouteParts,
  _id: string,
  query: URLSearchParams,
): Promise<SentencesAnswer> {
  const wanted = readParams(SentencesParams, query)
  if (wanted.since !== undefined) assertTime('since', wanted.since)
  const found = await reader.sentences(wanted)
  return { sentences: found.turns.map((turn) => toldTurn(turn, labels[turn.agent] ?? turn.agent)), next: found.next }
}

async function day({ reader, labels }: RouteParts, _id: string, query: URLSearchParams): Promise<DayAnswer> {
  const span = readParams(DayParams, query)
  for (const name of ['since', 'until'] as const) assertTime(name, span[name])
  return tellDay(reader, (agent) => labels[agent] ?? agent, span)
}

function assertTime(name: string, given: string | undefined): void {
  if (given === undefined || Number.isNaN(Date.parse(given)))
    throw new ParamError(
      `the parameter ${name} is a time, as 2026-03-14 or 2026-03-14T09:00:00Z, not ${shown(given ?? '')}`,
    )
}

async function search(parts: RouteParts, id: string, query: URLSearchParams): Promise<SearchAnswer> {
  const { q, limit, offset, rank, facets: isWith } = readParams(SearchParams, query)
  const answer = await searchEvents(parts.reader, q, { limit, offset, ranked: rank === 1 }, parts.nowMs())
  return isWith === 1 ? { ...answer, facets: await facets(parts, id, new URLSearchParams({ q })) } : answer
}

async function event({ reader }: RouteParts, id: string): Promise<string> {
  const text = await reader.eventText(id)
  if (text === null) throw noEvent(id)
  return text
}

async function trace(parts: RouteParts, id: string): Promise<object> {
  const stops = await parts.trace(id)
  if (stops === null) throw noEvent(id)
  return stops
}

const CANDIDATES_MAX = 10

async function oneSession({ reader }: RouteParts, id: string): Promise<string> {
  const found = await reader.resolveSession(id)
  if (found.includes(id)) return id
  if (found.length === 0) throw noSession(id)
  if (found.length === 1) return found[0]!
  const named = found.slice(0, CANDIDATES_MAX).join(', ')
  const rest = found.length > CANDIDATES_MAX ? ' and more' : ''
  throw new ApiError(409, `${shown(id)} may be any of ${named}${rest}; ask for one of them by its whole id`)
}

const noSession = (id: string) => new ApiError(404, `there is no session ${shown(id)}; /api/sessions lists them`)
function noTurn(id: string): ApiError {
  return new ApiError(404, `there is no turn or prompt ${shown(id)}; /api/sessions/{id}/story lists a session’s`)
}
const noEvent = (id: string) => new ApiError(404, `there is no event ${shown(id)}`)
const shown = (word: string) => JSON.stringify(word.slice(0, 100))

function unknownFile(query: URLSearchParams): never {
  throw new ApiError(404, `no session is known that showed all of ${shown(query.get('path') ?? '')}`)
}
