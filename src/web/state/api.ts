// What the page asks of the server, one function a question. Throws ApiError with the server's own sentence, or 'offline'
// where there was no answer at all.
import type { BlameAnswer } from '../../wire/blame.ts'
import type { CheckoutsAnswer, CommitAnswer, CommitsAnswer, MadeCommitsAnswer } from '../../wire/commits.ts'
import type { FacetsAnswer } from '../../wire/facets.ts'
import type { FileAnswer, FilesAnswer, TurnFilesAnswer } from '../../wire/files.ts'
import type { MomentsAnswer } from '../../wire/moments.ts'
import type { OutlineAnswer } from '../../wire/outline.ts'
import type {
  CostAnswer,
  CostRequestsAnswer,
  HealthAnswer,
  OneSessionAnswer,
  RecordsAnswer,
  SearchAnswer,
  SessionsAnswer,
  ToolsAnswer,
  TurnsAnswer,
} from '../../wire/rest.ts'
import type { DayAnswer } from '../../wire/story.ts'
import type { TimelineAnswer } from '../../wire/timeline.ts'
import { tokenIsAsked } from './sign-in.ts'
import type { Lane } from './window.ts'

const ANSWER_MS_MAX = 20_000

export class ApiError extends Error {
  readonly status: number // 0: no answer
  constructor(status: number, message: string, cause?: unknown) {
    super(message, { cause })
    this.status = status
  }
}

type Params = Readonly<Record<string, string | number | null | undefined>>

async function get(path: string, params: Params = {}, signal?: AbortSignal): Promise<Response> {
  const response = await answerTo(path, params, signal)
  if (!response.ok) throw new ApiError(response.status, await reasonIn(response))
  return response
}

async function answerTo(path: string, params: Params, signal?: AbortSignal): Promise<Response> {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params))
    if (value !== null && value !== undefined) query.set(name, String(value))
  const limit = AbortSignal.timeout(ANSWER_MS_MAX)
  try {
    const answer = await fetch(`/api/${path}${query.size > 0 ? `?${query}` : ''}`, {
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    })
    if (answer.status === 401) tokenIsAsked()
    return answer
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError(0, 'OpenStory does not answer. Is it still running?', cause)
  }
}

async function reasonIn(response: Response): Promise<string> {
  const plain = `The server answered ${response.status} ${response.statusText}`.trim()
  if (!response.headers.get('content-type')?.includes('json')) return plain
  const { error } = (await response.json()) as { error?: unknown }
  return typeof error === 'string' ? error : plain
}

const json = async <T>(answer: Promise<Response>): Promise<T> => (await answer).json() as Promise<T>

export interface SessionsWish {
  readonly limit: number
  readonly before?: string | null
  readonly agent?: string | null
  readonly project?: string | null
  readonly words?: string | null
}
export interface RecordsWish extends Lane {
  readonly limit: number
  readonly before?: number
  readonly after?: number
  readonly around?: string
}

export const askSessions = (
  { limit, before, agent, project, words }: SessionsWish,
  signal?: AbortSignal,
): Promise<SessionsAnswer> =>
  json(get('sessions', { limit, before, agent: agent || null, project: project || null, words: words || null }, signal))
export const askSession = (id: string, signal?: AbortSignal): Promise<OneSessionAnswer> =>
  json(get(`sessions/${encodeURIComponent(id)}`, {}, signal))
export const askRecords = ({ session, ...wish }: RecordsWish, signal?: AbortSignal): Promise<RecordsAnswer> =>
  json(get(`sessions/${encodeURIComponent(session)}/records`, wish, signal))
export const askTurns = (session: string, signal?: AbortSignal): Promise<TurnsAnswer> =>
  json(get(`sessions/${encodeURIComponent(session)}/turns`, {}, signal))
export const askOutline = (session: string, signal?: AbortSignal): Promise<OutlineAnswer> =>
  json(get(`sessions/${encodeURIComponent(session)}/outline`, {}, signal))
export const askTools = (session: string, signal?: AbortSignal): Promise<ToolsAnswer> =>
  json(get(`sessions/${encodeURIComponent(session)}/tools`, {}, signal))
export const askDay = (
  span: { readonly since: string; readonly until: string },
  signal?: AbortSignal,
): Promise<DayAnswer> => json(get('day', span, signal))
export const askSearch = (
  wish: { readonly q: string; readonly limit: number; readonly offset: number; readonly rank: 0 | 1 },
  signal?: AbortSignal,
): Promise<SearchAnswer> => json(get('search', wish, signal))
export const askFacets = (q: string, signal?: AbortSignal): Promise<FacetsAnswer> =>
  json(get('search/facets', { q }, signal))
export const askFiles = (
  wish: {
    readonly words: string | null
    readonly sort: string
    readonly read: 0 | 1
    readonly aside: 0 | 1
    readonly limit: number
    readonly offset: number
  },
  signal?: AbortSignal,
): Promise<FilesAnswer> => json(get('files', wish, signal))
export const askFile = (
  wish: { readonly path: string; readonly what: string; readonly limit: number; readonly offset: number },
  signal?: AbortSignal,
): Promise<FileAnswer> => json(get('files/touches', wish, signal))
export const askBlame = (path: string, signal?: AbortSignal): Promise<BlameAnswer> =>
  json(get('blame', { path }, signal))
export const askTurnFiles = (turn: string, signal?: AbortSignal): Promise<TurnFilesAnswer> =>
  json(get(`turns/${encodeURIComponent(turn)}/files`, {}, signal))
export const askCheckouts = (signal?: AbortSignal): Promise<CheckoutsAnswer> => json(get('checkouts', {}, signal))
export const askCommits = (
  wish: { readonly repo: string; readonly limit: number; readonly offset: number },
  signal?: AbortSignal,
): Promise<CommitsAnswer> => json(get('commits', wish, signal))
export const askCommit = (repo: string, commit: string, signal?: AbortSignal): Promise<CommitAnswer> =>
  json(get(`commits/${encodeURIComponent(commit)}`, { repo }, signal))
export const askTurnCommits = (turn: string, repo: string, signal?: AbortSignal): Promise<MadeCommitsAnswer> =>
  json(get(`turns/${encodeURIComponent(turn)}/commits`, { repo }, signal))
// The course alone, which is there at once however long the session is; what is told beside it.
export const askCourse = (session: string, signal?: AbortSignal): Promise<TimelineAnswer> =>
  json(get(`sessions/${encodeURIComponent(session)}/timeline`, { more: 0 }, signal))
export const askMoments = (session: string, signal?: AbortSignal): Promise<MomentsAnswer> =>
  json(get(`sessions/${encodeURIComponent(session)}/moments`, {}, signal))
export interface CostWish {
  readonly by: string
  readonly tz: string
  readonly since: string | null
  readonly until: string | null
  readonly project: string | null
  readonly agent: string | null
  readonly session: string | null
  readonly limit: number
  readonly offset: number
}
export const askCost = (wish: CostWish, signal?: AbortSignal): Promise<CostAnswer> =>
  json(get('cost', { ...wish }, signal))
export const askCostRequests = (
  wish: CostWish & { readonly key: string | null },
  signal?: AbortSignal,
): Promise<CostRequestsAnswer> => json(get('cost/requests', { ...wish }, signal))
export const askEventText = async (id: string, signal?: AbortSignal): Promise<string> =>
  (await get(`events/${encodeURIComponent(id)}`, {}, signal)).text()
// A server in trouble answers with an error's status and still says what is wrong, layer by layer.
export async function askHealth(signal?: AbortSignal): Promise<HealthAnswer> {
  const response = await answerTo('health', {}, signal)
  const isReport = response.ok || (response.status === 503 && response.headers.get('content-type')?.includes('json'))
  if (!isReport) throw new ApiError(response.status, await reasonIn(response))
  return (await response.json()) as HealthAnswer
}
