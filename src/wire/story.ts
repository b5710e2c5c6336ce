// A turn as scripts read it: `openstory story --json` and /api/sessions/{id}/story answer with the same shape. Add fields freely, never rename.
import type { Clause } from '../folds/sentence/clause.ts'
import { tell } from '../folds/sentence/sentence.ts'
import type { StoryText } from '../folds/story/story.ts'
import type { Outcome, TestState, Turn } from '../folds/turn/turn.ts'

export interface ToldTurn {
  readonly turn: string
  readonly session: string
  readonly project: string
  readonly prompt: {
    readonly text: string
    readonly event: string
    readonly native_id: string | null // the agent's own id of the prompt
    readonly line: number | null // 1-based
    readonly by: 'person' | 'plan' | 'agent' | 'program' | 'compaction'
  } | null
  readonly sentence: string
  readonly clauses: readonly Clause[]
  readonly verb: string
  readonly outcome: Outcome
  readonly tests: TestState
  readonly files: {
    readonly created: readonly string[]
    readonly modified: readonly string[]
    readonly deleted: readonly string[]
    readonly renamed: readonly string[]
    readonly read: readonly string[]
  }
  readonly changes: Turn['files'] // the same with line counts, and what was renamed from where
  readonly commits: readonly string[] // their subject lines
  readonly branches: readonly string[]
  readonly pull_requests: readonly { readonly number: string; readonly url: string | null; readonly how: string }[]
  readonly commands: Turn['runs']
  readonly searches: readonly string[]
  readonly pages: readonly string[]
  readonly subagents: Turn['agents']
  readonly errors: Turn['errors']
  readonly refusals: readonly {
    readonly tool: string
    readonly of: string
    readonly feedback: string
    readonly event: string
  }[]
  readonly queued: Turn['queued']
  readonly tokens: Turn['tokens']
  readonly usd: string | null // null: not known
  readonly started: string | null
  readonly ended: string | null
  readonly duration_ms: number | null
  readonly waiting_ms: number
  readonly first_event: string
  readonly last_event: string
  readonly running: boolean
  readonly agent_id: string | null
}

export interface StoryAnswer {
  readonly story: StoryText
  readonly turns: readonly ToldTurn[]
}

export interface SentencesAnswer {
  readonly sentences: readonly ToldTurn[]
  readonly next: string | null
}

// What began in a span of time, by project. `previous`, `next`: when something began last before it and first after it.
export interface DayAnswer {
  readonly projects: readonly DayProject[]
  readonly more: boolean // it began with more turns than are told
  readonly previous: string | null
  readonly next: string | null
}
export interface DayProject {
  readonly project: string
  readonly cwd: string | null
  readonly story: StoryText
  readonly sessions: readonly {
    readonly id: string
    readonly title: string | null
    readonly agent: string
    readonly turns: readonly ToldTurn[] // oldest first
  }[]
}

export function toldTurn(turn: Turn, label: string): ToldTurn {
  const { text, verb, clauses } = tell(turn, label)
  const of = (change: Turn['files'][number]['change']) =>
    turn.files.filter((file) => file.change === change).map(({ path }) => path)
  const done = (...deeds: readonly string[]) => turn.done.filter(({ deed }) => deeds.includes(deed))
  return {
    turn: turn.id,
    session: turn.session,
    project: turn.project,
    prompt: turn.prompt && {
      text: turn.prompt.text,
      event: turn.prompt.event,
      native_id: turn.prompt.nativeId,
      line: turn.prompt.line,
      by: turn.prompt.by,
    },
    sentence: text,
    clauses,
    verb,
    outcome: turn.outcome,
    tests: turn.tests,
    files: {
      created: of('created'),
      modified: of('modified'),
      deleted: of('deleted'),
      renamed: of('renamed'),
      read: turn.reads.map(({ path }) => path),
    },
    changes: turn.files,
    commits: done('commit').map(({ of: subject }) => subject ?? ''),
    branches: done('branch').flatMap(({ of: name, how }) => (name !== undefined && how !== 'delete' ? [name] : [])),
    pull_requests: done('pr').map(({ of: number, url, how }) => ({
      number: number ?? '',
      url: url ?? null,
      how: how ?? '',
    })),
    commands: turn.runs,
    searches: [
      ...turn.looks.map(({ of: words }) => words),
      ...turn.web.flatMap((each) => (each.is === 'search' ? [each.of] : [])),
    ],
    pages: turn.web.flatMap((each) => (each.is === 'page' ? [each.of] : [])),
    subagents: turn.agents,
    errors: turn.errors,
    refusals: turn.refusals.map(({ name, of: what, feedback, event }) => ({ tool: name, of: what, feedback, event })),
    queued: turn.queued,
    tokens: turn.tokens,
    usd: null,
    started: turn.started,
    ended: turn.ended,
    duration_ms: turn.durationMs ?? spanOf(turn),
    waiting_ms: turn.waitingMs,
    first_event: turn.firstEvent,
    last_event: turn.lastEvent,
    running: turn.outcome === 'running',
    agent_id: turn.agentId,
  }
}

function spanOf({ started, ended }: Turn): number | null {
  const ms = started === null || ended === null ? Number.NaN : Date.parse(ended) - Date.parse(started)
  return ms >= 0 ? ms : null
}
