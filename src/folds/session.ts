// A session as the list shows it, folded from its events one by one; pure, run by the server and by the page alike.
// The fold reads heads only (no raw line). Every event may be given once only: whoever feeds it knows which ids it has seen.
// Main agent and subagents write to files of their own, read in any order: what a row says does not depend on how they interleave.
import type { Event } from '../event/event.ts'
import { headOf } from '../event/event.ts'
import { cut, type Usage } from '../event/payload.ts'
import { type Activity, activityAfter } from './activity.ts'
import { type AgentRow, agentsAfter, earlier, later } from './agents.ts'
import { opensTurn } from './turn/fold.ts'

export type { AgentRow }

export type SessionState = 'working' | 'waiting' | 'errored' | 'ended'

export interface Tokens {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
}

export interface SessionRow {
  readonly id: string
  readonly native: string
  readonly agent: string
  readonly project: string
  readonly cwd: string | null
  readonly title: string | null
  readonly titleFrom: 'prompt' | 'agent' | 'person' | null
  readonly state: SessionState // by content alone; whether it is still alive is for the reader, who knows the time
  readonly started: string | null
  readonly ended: string | null // time of the last event
  readonly events: number
  readonly prompts: number
  readonly turns: number
  readonly tools: number
  readonly errors: number
  readonly tokens: Tokens
  readonly model: string | null
  readonly branch: string | null
  readonly version: string | null
  readonly parent: string | null
  readonly files: readonly string[] // transcripts it was read from
  readonly agents: readonly AgentRow[]
  readonly last: string // one line: what happened last
  readonly activity: Activity | null
  // Requests whose usage was counted, newest last, at most REQUESTS_KEPT: several lines repeat one request's usage, the largest wins.
  readonly requests: readonly (readonly [string, Usage])[]
}

const REQUESTS_KEPT = 32
const LAST_MAX = 140

export function newSession(event: Event): SessionRow {
  return {
    id: event.session,
    native: event.session.slice(event.session.indexOf(':') + 1),
    agent: event.agent,
    project: event.project,
    cwd: null,
    title: null,
    titleFrom: null,
    state: 'working',
    started: null,
    ended: null,
    events: 0,
    prompts: 0,
    turns: 0,
    tools: 0,
    errors: 0,
    tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    model: null,
    branch: null,
    version: null,
    parent: null,
    files: [],
    agents: [],
    last: '',
    activity: null,
    requests: [],
  }
}

export function foldSession(before: SessionRow | undefined, event: Event): SessionRow {
  const row = before ?? newSession(event)
  const { kind, payload, time } = event
  const isMain = event.agentId === null
  const isPrompt = kind === 'message.user.prompt' && isMain
  const counted = countUsage(row, event)
  return {
    ...row,
    cwd: row.cwd ?? (isMain ? (payload.cwd ?? null) : null),
    ...titleAfter(row, event, isPrompt),
    state: stateAfter(row.state, event),
    started: earlier(row.started, time),
    ended: later(row.ended, time),
    events: row.events + 1,
    prompts: row.prompts + (isPrompt ? 1 : 0),
    turns: row.turns + (isMain && opensTurn(event) ? 1 : 0),
    tools: row.tools + (kind === 'message.assistant.tool_use' ? 1 : 0),
    errors: row.errors + (kind === 'system.error' || payload.result?.failed ? 1 : 0),
    tokens: counted.tokens,
    requests: counted.requests,
    model: isMain && payload.model !== undefined ? payload.model : row.model,
    branch: (isMain ? payload.branch : undefined) ?? row.branch,
    version: (isMain ? payload.version : undefined) ?? row.version,
    parent: row.parent ?? payload.parentSession ?? null,
    files: row.files.includes(event.origin.file) ? row.files : [...row.files, event.origin.file].sort(),
    agents: agentsAfter(row.agents, event),
    last: isMain ? lastAfter(row.last, event) : row.last,
    activity: activityAfter(row.activity, time),
  }
}

function titleAfter(row: SessionRow, event: Event, isPrompt: boolean): Pick<SessionRow, 'title' | 'titleFrom'> {
  const { payload } = event
  const { title, titleFrom } = row
  if (event.kind === 'system.title' && payload.title) {
    const from = payload.injected === 'agent' ? 'agent' : 'person'
    // A name the person gave outlasts whatever the agent calls it later.
    if (titleFrom === 'person' && from === 'agent') return { title, titleFrom }
    return { title: payload.title, titleFrom: from }
  }
  if (row.title === null && isPrompt && payload.command === undefined) {
    const line = oneLine(headOf(payload.text), 100)
    if (line !== '') return { title: line, titleFrom: 'prompt' }
  }
  return { title, titleFrom }
}

function stateAfter(state: SessionState, event: Event): SessionState {
  if (event.agentId !== null) return state
  switch (event.kind) {
    case 'message.user.prompt':
    case 'message.user.tool_result':
    case 'message.assistant.thinking':
    case 'message.assistant.tool_use':
      return 'working'
    case 'message.assistant.text':
      return event.payload.stop !== undefined &&
        /^(end_turn|stop|stop_sequence|length|max_tokens|aborted)$/.test(event.payload.stop)
        ? 'waiting'
        : 'working'
    case 'system.turn_complete':
      return 'waiting'
    case 'system.error':
      return 'errored'
    case 'system.session_end':
      return 'ended'
    default:
      return state
  }
}

function countUsage(row: SessionRow, event: Event): Pick<SessionRow, 'tokens' | 'requests'> {
  const { usage, request } = event.payload
  if (usage === undefined) return row
  const key = request ?? event.id
  const known = row.requests.find(([id]) => id === key)?.[1]
  // Most lines of a request repeat what the line before it said.
  if (known !== undefined && covers(known, usage)) return row
  const more = (a: number, b: number | undefined) => Math.max(0, a - (b ?? 0))
  return {
    tokens: {
      input: row.tokens.input + more(usage.input, known?.input),
      output: row.tokens.output + more(usage.output, known?.output),
      cacheRead: row.tokens.cacheRead + more(usage.cacheRead, known?.cacheRead),
      cacheWrite:
        row.tokens.cacheWrite +
        more(usage.cacheWrite5m, known?.cacheWrite5m) +
        more(usage.cacheWrite1h, known?.cacheWrite1h),
    },
    requests: [
      ...row.requests.filter(([id]) => id !== key),
      [key, known ? largest(known, usage) : usage] as const,
    ].slice(-REQUESTS_KEPT),
  }
}

const covers = (a: Usage, b: Usage): boolean =>
  a.output >= b.output &&
  a.input >= b.input &&
  a.cacheRead >= b.cacheRead &&
  a.cacheWrite5m >= b.cacheWrite5m &&
  a.cacheWrite1h >= b.cacheWrite1h

const largest = (a: Usage, b: Usage): Usage => ({
  input: Math.max(a.input, b.input),
  output: Math.max(a.output, b.output),
  cacheRead: Math.max(a.cacheRead, b.cacheRead),
  cacheWrite5m: Math.max(a.cacheWrite5m, b.cacheWrite5m),
  cacheWrite1h: Math.max(a.cacheWrite1h, b.cacheWrite1h),
})

function lastAfter(last: string, event: Event): string {
  const { payload, kind } = event
  const said = payload.tool ? `${payload.tool.name} ${payload.tool.target ?? ''}` : headOf(payload.text)
  if (!/^message\.(user\.prompt|assistant\.(text|tool_use))$|^system\.error$/.test(kind)) return last
  return oneLine(said, LAST_MAX) || last
}

export const oneLine = (text: string, max: number): string => cut(text.replace(/\s+/g, ' ').trim(), max)
