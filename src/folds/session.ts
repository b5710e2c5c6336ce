// A session as the list shows it, folded from its events one by one; pure, run by the server and by the page alike.
// The fold reads heads only (no raw line). Every event may be given once only: whoever feeds it knows which ids it has seen.
// Main agent and subagents write to files of their own, read in any order: what a row says does not depend on how they interleave.
// What is counted once over all sessions (prompts, turns, tools, tokens, money) comes from the ledger, as changes: see ledger.ts.
import type { Event } from '../event/event.ts'
import { headOf } from '../event/event.ts'
import { cut } from '../event/payload.ts'
import { type Activity, activityAfter } from './activity.ts'
import { type AgentRow, agentsAfter, earlier, later, type Runs, runsAfter, withRuns } from './agents.ts'
import { type Forms, withCounted, withForm } from './forms.ts'
import { usdOf } from './money.ts'

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
  readonly forms?: Forms // of a session that is kept in several: what each tells
  readonly tools: number
  readonly errors: number
  readonly tokens: Tokens
  readonly model: string | null
  readonly branch: string | null
  readonly version: string | null
  readonly parent: string | null
  readonly files: readonly string[] // transcripts it was read from
  readonly agents: readonly AgentRow[]
  readonly runs?: Runs
  readonly last: string // one line: what happened last
  readonly activity: Activity | null
  readonly cost: SessionCost
  readonly spent: SpentSum // what `cost` is made of
}

// In USD, as a decimal string; null: nobody knows. `lowerBound`: it may have been more.
export interface SessionCost {
  readonly usd: string | null
  readonly lowerBound: boolean
}

export interface SpentSum {
  readonly requests: number
  readonly nano: number
  readonly unpriced: number
  readonly partial: number
}

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
    cost: { usd: '0', lowerBound: false },
    spent: { requests: 0, nano: 0, unpriced: 0, partial: 0 },
  }
}

export function foldSession(before: SessionRow | undefined, event: Event): SessionRow {
  const row = before ?? newSession(event)
  const { kind, payload, time } = event
  const isMain = event.agentId === null
  const isPrompt = kind === 'message.user.prompt' && isMain
  const runs = runsAfter(row.runs, event)
  const titled = kind === 'system.title' || (isPrompt && row.title === null) ? titleAfter(row, event, isPrompt) : row
  return {
    ...row,
    ...(payload.form !== undefined && withForm(row, event)),
    cwd: row.cwd ?? (isMain ? (payload.cwd ?? null) : null),
    title: titled.title,
    titleFrom: titled.titleFrom,
    state: stateAfter(row.state, event),
    started: earlier(row.started, time),
    ended: later(row.ended, time),
    events: row.events + 1,
    errors: row.errors + (kind === 'system.error' || payload.result?.failed ? 1 : 0),
    model: isMain && payload.model !== undefined ? payload.model : row.model,
    branch: (isMain ? payload.branch : undefined) ?? row.branch,
    version: (isMain ? payload.version : undefined) ?? row.version,
    parent: row.parent ?? payload.parentSession ?? null,
    files: row.files.includes(event.origin.file) ? row.files : [...row.files, event.origin.file].sort(),
    agents: withRuns(agentsAfter(row.agents, event), runs, event),
    ...(runs !== undefined && { runs }),
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

// What one more thing counted (or one less: a claim that moved to another session) changes. See ledger.ts for what is counted where.
export interface Counted {
  readonly prompts: number
  readonly turns: number
  readonly tools: number
  readonly requests: number
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
  readonly nano: number // of the requests whose price is known
  readonly unpriced: number // requests
  readonly partial: number // requests of whose answer only snapshots are known
}

export function countSession(row: SessionRow, by: Counted): SessionRow {
  const spent = {
    requests: row.spent.requests + by.requests,
    nano: row.spent.nano + by.nano,
    unpriced: row.spent.unpriced + by.unpriced,
    partial: row.spent.partial + by.partial,
  }
  return {
    ...row,
    ...withCounted(row, by),
    tools: row.tools + by.tools,
    tokens: {
      input: row.tokens.input + by.input,
      output: row.tokens.output + by.output,
      cacheRead: row.tokens.cacheRead + by.cacheRead,
      cacheWrite: row.tokens.cacheWrite + by.cacheWrite,
    },
    spent,
    cost: costOf(spent),
  }
}

// Nothing whose price is known is no price; where a part of it is unknown, the rest is the least it can have been.
export const costOf = ({ requests, nano, unpriced, partial }: SpentSum): SessionCost => ({
  usd: requests > 0 && unpriced === requests ? null : usdOf(nano),
  lowerBound: unpriced > 0 || partial > 0,
})

const SAYS: ReadonlySet<string> = new Set([
  'message.user.prompt',
  'message.assistant.text',
  'message.assistant.tool_use',
  'system.error',
])

function lastAfter(last: string, event: Event): string {
  const { payload, kind } = event
  if (!SAYS.has(kind)) return last
  const said = payload.tool ? `${payload.tool.name} ${payload.tool.target ?? ''}` : headOf(payload.text)
  return oneLine(said, LAST_MAX) || last
}

// Most texts have only single spaces, which finding out is quicker than writing the text anew.
export function oneLine(text: string, max: number): string {
  const begun = text.trimStart()
  const short = cut(begun, max)
  return /\s\s|[^\S ]/.test(short) || short.endsWith(' ') ? cut(begun.replace(/\s+/g, ' ').trim(), max) : short
}
