// The shapes of REST answers under /api. The page and scripts rely on them: add fields freely, never rename.
// Requests' parameters are TypeBox schemas in api/; these are what comes back.

import type { CostRequest, CostRow, Cut, UnknownModel } from '../folds/cost.ts'
import type { DriftCount, DriftKind } from '../folds/drift.ts'
import type { StoryRecord } from '../folds/record.ts'
import type { FacetsAnswer } from './facets.ts'
import type { Colour, HealthLayer, Judgement } from './health.ts'
import type { SessionSummary, TurnStory } from './live.ts'

// `seq` of a snapshot: the stream up to it is in the snapshot; live from it on misses nothing and may repeat a little (same ids).
export interface SessionsAnswer {
  readonly sessions: readonly SessionSummary[]
  readonly next: string | null
  readonly total: number
  readonly seq: number
  readonly labels: Readonly<Record<string, string>> // agent → what people call it
}

// `resume`: the command that goes on with the session, for a shell; null where its agent has none.
export type OneSessionAnswer = SessionSummary & { readonly resume: string | null }

// Oldest first. `cursors[i]` belongs to `records[i]`.
export interface RecordsAnswer {
  readonly records: readonly StoryRecord[]
  readonly cursors: readonly number[]
  readonly more: { readonly before: boolean; readonly after: boolean }
  readonly seq: number
}

export interface TurnsAnswer {
  readonly turns: readonly TurnStory[]
}

export interface ToolsAnswer {
  readonly tools: readonly { readonly tool: string; readonly calls: number }[] // each call counted once over all sessions
}

export interface SearchHit {
  readonly event: string
  readonly session: string
  readonly sessionTitle: string | null
  readonly agent: string
  readonly project: string
  readonly time: string | null
  readonly kind: string
  readonly tool: string | null
  readonly snippet: readonly SnippetPart[]
  readonly score: number
}
export interface SnippetPart {
  readonly text: string
  readonly hit: boolean
}
export interface SearchAnswer {
  readonly hits: readonly SearchHit[]
  readonly next: number | null // offset of the next page
  readonly understood: string // the query as it was read, for the person
  readonly tookMs: number
  readonly facets?: FacetsAnswer // where they were asked for
}

export interface CostAnswer {
  readonly by: Cut
  readonly tz: string // time zone of the days
  readonly rows: readonly CostRow[] // the dearest first; days newest first
  readonly count: number // of rows, on all pages
  readonly total: CostRow
  readonly unknown_models: readonly UnknownModel[]
  readonly prices: { readonly name: string; readonly version: string; readonly date: string }
}

export interface CostRequestsAnswer {
  readonly requests: readonly CostRequest[] // latest first
  readonly count: number
}

export interface HealthAnswer {
  readonly ok: boolean
  readonly version: string
  readonly uptimeS: number
  readonly dataDir: string
  readonly colour: Colour
  readonly sentences: readonly string[] // what is off and what to do, the worst first; see wire/health.ts
  // Layer by layer, what each part thinks is true, and how bad that is.
  readonly layers: readonly (HealthLayer & Judgement)[]
}

// What agents write that OpenStory does not know yet: nothing of it is lost, it has no meaning here so far.
export interface FormatsAnswer {
  readonly agents: readonly AgentFormats[] // every agent of the record, those without news too
  readonly waiting: number // events that were not looked at yet
}
export interface AgentFormats {
  readonly agent: string
  readonly label: string
  readonly unknown: readonly UnknownFormat[]
  // Servers of tools that a person plugged in (MCP): known to nobody but them, which is no news.
  readonly servers: readonly { readonly name: string; readonly calls: number }[]
}
export interface UnknownFormat extends Counted {
  readonly what: Exclude<DriftKind, 'server'>
  readonly name: string
  readonly versions: readonly (Counted & { readonly version: string | null })[] // of the agent; null where it does not say
  readonly event: string // the first that has it
  readonly sample: string | null // its structure as JSON text, without what it says
}
interface Counted extends Pick<DriftCount, 'count'> {
  readonly firstSeen: string | null // the times of the events, not of our reading them
  readonly lastSeen: string | null
}

export interface ErrorAnswer {
  readonly error: string // one sentence: what, where, what to do
}
