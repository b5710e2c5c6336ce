// The answers as schemas, for the OpenAPI page. The shapes people code against are the types in wire/ and folds/; the lines at the end
// let the compiler say when a schema no longer has all of what the type has, and a test holds real answers against the schemas.
import Type, { type Static } from 'typebox'
import { TOOL_KINDS } from '../event/payload.ts'
import { CUTS } from '../folds/cost.ts'
import type { StoryRecord } from '../folds/record.ts'
import type { SessionSummary, TurnStory } from '../wire/live.ts'
import type {
  CostAnswer,
  CostRequestsAnswer,
  ErrorAnswer,
  FormatsAnswer,
  HealthAnswer,
  OneSessionAnswer,
  RecordsAnswer,
  SearchAnswer,
  SessionsAnswer,
  TurnsAnswer,
} from '../wire/rest.ts'
import { FacetsSchema } from './facets.ts'

const text = Type.String()
const count = Type.Integer({ minimum: 0 })
const textOrNull = Type.Union([Type.String(), Type.Null()])
const timeOrNull = Type.Union([Type.String({ description: 'RFC 3339' }), Type.Null()])
const optionalText = Type.Optional(Type.String())
const yes = Type.Optional(Type.Literal(true))
const flag = Type.Boolean()

const Usage = Type.Object({
  input: count,
  output: count,
  cacheRead: count,
  cacheWrite5m: count,
  cacheWrite1h: count,
  costUsd: optionalText,
  webSearches: Type.Optional(count),
  partial: Type.Optional(Type.Literal(true)),
})

export const RecordSchema = Type.Object({
  id: text,
  session: text,
  agent: text,
  agentId: textOrNull,
  kind: text,
  time: timeOrNull,
  sequence: text,
  text,
  more: Type.Boolean({ description: 'text or tool input was cut; the event has the rest' }),
  tool: Type.Optional(
    Type.Object({
      name: text,
      kind: Type.Enum([...TOOL_KINDS]),
      call: textOrNull,
      target: text,
      input: Type.Unknown(),
    }),
  ),
  result: Type.Optional(
    Type.Object({
      call: textOrNull,
      failed: flag,
      exit: Type.Optional(Type.Integer()),
      refused: Type.Optional(Type.Literal(true, { description: 'a person said no' })),
      feedback: Type.Optional(Type.String({ description: 'what the person said with it' })),
      interrupted: yes,
      background: yes,
      agentId: optionalText,
      files: Type.Optional(
        Type.Array(
          Type.Object({
            path: text,
            change: Type.Enum(['created', 'modified', 'deleted', 'renamed']),
            added: Type.Optional(count),
            removed: Type.Optional(count),
            from: optionalText,
          }),
        ),
      ),
    }),
  ),
  injected: optionalText,
  command: Type.Optional(Type.Enum(['slash', 'shell'])),
  images: Type.Optional(count),
  model: optionalText,
  stop: optionalText,
  usage: Type.Optional(Usage),
  agentType: optionalText,
  parentCall: optionalText,
  durationMs: Type.Optional(Type.Number()),
  url: optionalText,
  queued: yes,
  copied: yes,
  hidden: yes,
  origin: Type.Object({ file: text, line: Type.Integer() }),
})

export const SessionSchema = Type.Object({
  id: text,
  native: text,
  agent: text,
  project: text,
  cwd: textOrNull,
  title: textOrNull,
  titleFrom: Type.Union([Type.Enum(['prompt', 'agent', 'person']), Type.Null()]),
  state: Type.Enum(['working', 'waiting', 'errored', 'ended']),
  started: timeOrNull,
  ended: timeOrNull,
  events: count,
  prompts: count,
  turns: count,
  tools: count,
  errors: count,
  tokens: Type.Object({ input: count, output: count, cacheRead: count, cacheWrite: count }),
  model: textOrNull,
  branch: textOrNull,
  version: textOrNull,
  parent: textOrNull,
  files: Type.Array(text),
  agents: Type.Array(
    Type.Object({
      id: text,
      type: textOrNull,
      task: textOrNull,
      parentCall: textOrNull,
      calls: Type.Array(text, { description: 'calls of its own that may have begun other subagents' }),
      events: count,
      started: timeOrNull,
      ended: timeOrNull,
      hidden: yes,
    }),
  ),
  last: text,
  cost: Type.Object({ usd: textOrNull, lowerBound: flag }),
  activity: Type.Union([
    Type.Object(
      { fromMs: Type.Integer(), widthMs: count, counts: Type.Array(count) },
      { description: 'events in spans of one width, from the first to the last' },
    ),
    Type.Null(),
  ]),
})

export const OneSessionSchema = Type.Object({
  ...SessionSchema.properties,
  resume: Type.Union([Type.String(), Type.Null()], { description: 'the command that goes on with it, for a shell' }),
})

export const SessionsSchema = Type.Object({
  sessions: Type.Array(SessionSchema),
  next: textOrNull,
  total: count,
  seq: Type.Integer({ minimum: 0, description: 'the stream up to here is in the answer; live goes on from it' }),
  labels: Type.Record(Type.String(), Type.String()),
})

export const RecordsSchema = Type.Object({
  records: Type.Array(RecordSchema),
  cursors: Type.Array(Type.Integer()),
  more: Type.Object({ before: flag, after: flag }),
  seq: count,
})

// The turn's own fields are told by the fold that makes it; here stands what every version of it has.
export const TurnsSchema = Type.Object({
  turns: Type.Array(
    Type.Object({
      id: text,
      session: text,
      project: text,
      agent: text,
      agentId: textOrNull,
      firstEvent: text,
      lastEvent: text,
      started: timeOrNull,
      ended: timeOrNull,
      events: count,
      outcome: text,
      sentence: text,
      cost: Type.Optional(Type.Object({ usd: textOrNull, lowerBound: flag })),
    }),
  ),
})

const listOf = (description: string) => Type.Array(Type.Object({}), { description })
const ToldSchema = Type.Object({
  turn: text,
  session: text,
  project: text,
  prompt: Type.Union([
    Type.Object({
      text,
      event: text,
      native_id: textOrNull,
      line: Type.Union([count, Type.Null()]),
      by: Type.Enum(['person', 'plan', 'agent', 'program', 'compaction']),
    }),
    Type.Null(),
  ]),
  sentence: text,
  clauses: listOf('the sentence as a tree; each clause with the ids of the events behind it'),
  verb: text,
  outcome: Type.Enum(['answered', 'asked', 'interrupted', 'failed', 'rejected', 'running', 'continued']),
  tests: Type.Enum(['passed', 'failed', 'fixed', 'none', 'unknown']),
  files: Type.Object({
    created: Type.Array(text),
    modified: Type.Array(text),
    deleted: Type.Array(text),
    renamed: Type.Array(text),
    read: Type.Array(text),
  }),
  changes: listOf('the changed files with their lines'),
  commits: Type.Array(text),
  branches: Type.Array(text),
  pull_requests: listOf('number, url and what was done with it'),
  commands: listOf('what was run, with its newest results'),
  searches: Type.Array(text),
  pages: Type.Array(text),
  subagents: listOf('type, task and state'),
  usd: textOrNull,
  lower_bound: flag,
  started: timeOrNull,
  ended: timeOrNull,
  duration_ms: Type.Union([count, Type.Null()]),
  waiting_ms: count,
  first_event: text,
  last_event: text,
  running: flag,
  agent_id: textOrNull,
})
const StoryTextSchema = Type.Object({ text, parts: Type.Array(Type.Object({ text, turns: Type.Array(text) })) })
export const StorySchema = Type.Object({
  story: StoryTextSchema,
  turns: Type.Array(ToldSchema),
})
export const SentencesSchema = Type.Object({ sentences: Type.Array(ToldSchema), next: textOrNull })
export const DaySchema = Type.Object({
  projects: Type.Array(
    Type.Object({
      project: text,
      cwd: textOrNull,
      story: StoryTextSchema,
      sessions: Type.Array(Type.Object({ id: text, title: textOrNull, agent: text, turns: Type.Array(ToldSchema) })),
    }),
  ),
  more: flag,
  previous: timeOrNull,
  next: timeOrNull,
})

export const SearchSchema = Type.Object({
  hits: Type.Array(
    Type.Object({
      event: text,
      session: text,
      sessionTitle: textOrNull,
      agent: text,
      project: text,
      time: timeOrNull,
      kind: text,
      tool: textOrNull,
      snippet: Type.Array(Type.Object({ text, hit: flag })),
      score: Type.Number(),
    }),
  ),
  next: Type.Union([count, Type.Null()]),
  understood: Type.String({ description: 'the query as it was read' }),
  tookMs: Type.Number(),
  facets: Type.Optional(FacetsSchema),
})

const tokens = {
  input: count,
  output: count,
  cache_write_5m: count,
  cache_write_1h: count,
  cache_read: count,
  web_searches: count,
  usd: Type.Union([Type.String({ description: 'a decimal number of US dollars' }), Type.Null()], {
    description: 'null: nobody knows',
  }),
  lower_bound: Type.Boolean({ description: 'it may have been more' }),
}
const CostRowSchema = Type.Object({
  key: text,
  requests: count,
  ...tokens,
  unpriced: count,
  partial: count,
  subagent_requests: count,
  subagent_usd: text,
  compared: Type.Union([Type.Object({ requests: count, recorded_usd: text, computed_usd: text }), Type.Null()]),
  text: optionalText,
  session: optionalText,
  time: Type.Optional(timeOrNull),
  asked_by: Type.Optional(Type.Enum(['person', 'program'])),
})

export const CostSchema = Type.Object({
  by: Type.Enum([...CUTS]),
  tz: text,
  rows: Type.Array(CostRowSchema),
  count,
  total: CostRowSchema,
  unknown_models: Type.Array(Type.Object({ model: text, requests: count })),
  prices: Type.Object({ name: text, version: text, date: text }),
})

export const CostRequestsSchema = Type.Object({
  requests: Type.Array(
    Type.Object({
      event: text,
      session: text,
      agent_id: textOrNull,
      time: timeOrNull,
      model: textOrNull,
      prompt: textOrNull,
      tools: Type.Array(text),
      ...tokens,
      recorded_usd: textOrNull,
      computed_usd: textOrNull,
      partial: Type.Boolean({ description: 'what was put out is at least `output`' }),
    }),
  ),
  count,
})

const colour = Type.Enum(['green', 'yellow', 'red'])
export const HealthSchema = Type.Object({
  ok: flag,
  version: text,
  uptimeS: Type.Number(),
  dataDir: text,
  colour,
  sentences: Type.Array(Type.String({ description: 'what is off, and what to do about it; the worst first' })),
  layers: Type.Array(
    Type.Object({
      ...{ name: text, ok: flag, says: text, facts: Type.Record(Type.String(), Type.Unknown()) },
      ...{ colour, todo: textOrNull },
    }),
  ),
})

const counted = { count, firstSeen: timeOrNull, lastSeen: timeOrNull }
export const FormatsSchema = Type.Object({
  agents: Type.Array(
    Type.Object({
      agent: text,
      label: text,
      unknown: Type.Array(
        Type.Object({
          what: Type.Enum(['type', 'field', 'tool']),
          name: text,
          ...counted,
          versions: Type.Array(Type.Object({ version: textOrNull, ...counted })),
          event: Type.String({ description: 'the first event that has it' }),
          sample: Type.Union([Type.String({ description: 'its structure, without what it says' }), Type.Null()]),
        }),
      ),
      servers: Type.Array(Type.Object({ name: text, calls: count }), {
        description: 'plugged-in tools (MCP): no news',
      }),
    }),
  ),
  waiting: count,
})

export const ToolsSchema = Type.Object({ tools: Type.Array(Type.Object({ tool: text, calls: count })) })
export const TraceSchema = Type.Object({}, { description: 'the seven stops of the event, with times' })
export const ErrorSchema = Type.Object({ error: Type.String({ description: 'one sentence: what, where, what to do' }) })

// True, or the compiler stops here.
type Has<Wire, Schema extends Wire> = [Schema] extends [Wire] ? true : never
export type SchemasAgree = [
  Has<StoryRecord, Static<typeof RecordSchema>>,
  Has<SessionSummary, Static<typeof SessionSchema>>,
  Has<OneSessionAnswer, Static<typeof OneSessionSchema>>,
  Has<SessionsAnswer, Static<typeof SessionsSchema>>,
  Has<RecordsAnswer, Static<typeof RecordsSchema>>,
  Has<SearchAnswer, Static<typeof SearchSchema>>,
  Has<CostAnswer, Static<typeof CostSchema>>,
  Has<CostRequestsAnswer, Static<typeof CostRequestsSchema>>,
  Has<HealthAnswer, Static<typeof HealthSchema>>,
  Has<FormatsAnswer, Static<typeof FormatsSchema>>,
  Has<ErrorAnswer, Static<typeof ErrorSchema>>,
  Has<
    { readonly turns: readonly Pick<TurnStory, 'id' | 'session' | 'sentence' | 'events'>[] },
    Static<typeof TurnsSchema>
  >,
  Has<Record<keyof Static<typeof TurnsSchema>, unknown>, TurnsAnswer>,
]
