// The subagents of a session, each with what names it and the call that began it. Pure; what a row says does not depend on whether
// the subagent's own file or its parent's is read first: an agent may be known by its call's result before its first line.
import type { Event } from '../event/event.ts'
import { headOf } from '../event/event.ts'
import { cut } from '../event/payload.ts'

export interface AgentRow {
  readonly id: string
  readonly type: string | null
  readonly task: string | null // what it was asked to do, in a line
  readonly parentCall: string | null
  readonly run?: string // that it is one of
  readonly calls: readonly string[] // calls of its own that may have begun others, newest last, at most CALLS_KEPT
  readonly events: number // 0: only its result is known
  readonly started: string | null
  readonly ended: string | null
  readonly hidden?: true // an agent's own helper at work
}

// The calls that began runs of several subagents.
export type Runs = Readonly<Record<string, string>> // run → call

export const runsAfter = (runs: Runs | undefined, { payload: { result } }: Event): Runs | undefined =>
  result?.run === undefined || result.call === null ? runs : { [result.run]: result.call, ...runs }

// Which call began a run may be told before its subagents or after them.
export function withRuns(agents: readonly AgentRow[], runs: Runs | undefined, { payload }: Event): readonly AgentRow[] {
  if (runs === undefined || (payload.parentRun ?? payload.result?.run) === undefined) return agents
  return agents.map((agent) =>
    agent.parentCall !== null || agent.run === undefined ? agent : { ...agent, parentCall: runs[agent.run] ?? null },
  )
}

const CALLS_KEPT = 200
const TASK_MAX = 100

const newAgent = (id: string): AgentRow => ({
  id,
  type: null,
  task: null,
  parentCall: null,
  calls: [],
  events: 0,
  started: null,
  ended: null,
})

export function agentsAfter(agents: readonly AgentRow[], event: Event): readonly AgentRow[] {
  const own = event.agentId === null ? agents : withAgent(agents, event.agentId, (known) => grown(known, event))
  const { result } = event.payload
  if (result?.agentId === undefined || result.call === null || result.agentId === event.agentId) return own
  return withAgent(own, result.agentId, (known) =>
    known.parentCall === null ? { ...known, parentCall: result.call } : known,
  )
}

function withAgent(
  agents: readonly AgentRow[],
  id: string,
  change: (known: AgentRow) => AgentRow,
): readonly AgentRow[] {
  const known = agents.find((agent) => agent.id === id)
  if (known === undefined) return [...agents, change(newAgent(id))].sort((a, b) => (a.id < b.id ? -1 : 1))
  const next = change(known)
  return next === known ? agents : agents.map((agent) => (agent === known ? next : agent))
}

function grown(known: AgentRow, event: Event): AgentRow {
  const { payload, time } = event
  const call = payload.tool?.kind === 'delegate' ? payload.tool.call : null
  return {
    ...known,
    type: known.type ?? payload.agentType ?? null,
    task: taskAfter(known.task, event),
    parentCall: known.parentCall ?? payload.parentCall ?? null,
    ...((known.run ?? payload.parentRun) !== undefined && { run: known.run ?? payload.parentRun }),
    calls: call === null || known.calls.includes(call) ? known.calls : [...known.calls, call].slice(-CALLS_KEPT),
    events: known.events + 1,
    started: earlier(known.started, time),
    ended: later(known.ended, time),
    ...((payload.hidden || known.hidden) && { hidden: true as const }),
  }
}

// What its agent calls it outdoes the beginning of a long prompt.
function taskAfter(task: string | null, { kind, payload }: Event): string | null {
  const isNamed = kind === 'system.agent'
  const isAsked = kind === 'message.user.prompt' || payload.injected === 'delegated'
  if (!isNamed && (task !== null || !isAsked)) return task
  return cut(headOf(payload.text).replace(/\s+/g, ' ').trim(), TASK_MAX) || task
}

export const earlier = (a: string | null, b: string | null) => (a === null ? b : b === null || a <= b ? a : b)
export const later = (a: string | null, b: string | null) => (a === null ? b : b === null || a >= b ? a : b)
