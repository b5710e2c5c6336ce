// /api/sessions/{id}/timeline: what a replay is laid out by. Bounded: a session of half a million records is told from its beginning.
import Type, { type Static } from 'typebox'
import { parseEvent } from '../event/event.ts'
import { recordOf } from '../folds/record.ts'
import type { TodoEvent } from '../stores/timeline.ts'
import type { TimelineAnswer, TimelineTodo } from '../wire/timeline.ts'
import { readParams } from './params.ts'
import type { Route, RouteParts } from './routes.ts'

const RECORDS_MAX = 500_000
const SAID_MAX = 200

const TimelineParams = Type.Object({
  more: Type.Integer({
    minimum: 0,
    maximum: 1,
    default: 1,
    description: '0: without what was spent and the to-dos, which take longest: both lists are empty then',
  }),
})

const text = Type.String()
const count = Type.Integer({ minimum: 0 })
const cursor = Type.Integer({ minimum: 0 })
const textOrNull = Type.Union([Type.String(), Type.Null()])
export const SpentSchema = Type.Array(
  Type.Tuple([
    Type.Union([count, Type.Null()]),
    count,
    count,
    count,
    Type.Union([count, Type.Null()]),
    Type.Union([Type.Literal(0), Type.Literal(1)]),
  ]),
  {
    description:
      'each request: time in ms, input, output, cached (read and written), nano-dollars (null: nobody knows), 1 where it may have been more',
  },
)
export const TodosSchema = Type.Array(
  Type.Object({
    cursor,
    agent_id: textOrNull,
    call: textOrNull,
    input: Type.Optional(Type.Unknown()),
    said: Type.Optional(text),
  }),
)
const TimelineSchema = Type.Object({
  session: text,
  count,
  first: Type.Union([cursor, Type.Null()]),
  steps: Type.Array(count, { description: 'from each record’s cursor to the next one’s' }),
  per_ms: Type.Integer({ description: 'a cursor divided by it is the time in milliseconds' }),
  letters: Type.String({
    description:
      'one a record, a capital for a subagent’s: p prompt, i injected, a answer, t thought, c call, r result, e error, s said again, n other',
  }),
  spent: SpentSchema,
  todos: TodosSchema,
})

// True, or the compiler stops here.
type Has<Wire, Schema extends Wire> = [Schema] extends [Wire] ? true : never
export type TimelineSchemaAgrees = Has<TimelineAnswer, Static<typeof TimelineSchema>>

export const timelineRoute = (
  oneSession: (parts: RouteParts, id: string) => Promise<string>,
  noSession: (id: string) => Error,
): Route => ({
  path: '/api/sessions/{id}/timeline',
  summary: 'When each record of a session came and what it was, what was spent by when, and its to-dos: for a replay',
  params: TimelineParams,
  answers: TimelineSchema,
  contentType: 'application/json',
  fails: [400, 404, 409],
  async handle(parts, id, query): Promise<TimelineAnswer> {
    const session = await oneSession(parts, id)
    const { more } = readParams(TimelineParams, query)
    const timeline = await parts.reader.timeline(session, RECORDS_MAX, more === 0 ? 'course' : 'all')
    if (timeline === null) throw noSession(id)
    const { cursors, kinds, isSubagent } = timeline
    return {
      session,
      count: timeline.count,
      first: cursors[0] ?? null,
      steps: cursors.slice(1).map((at, i) => at - cursors[i]!),
      per_ms: timeline.perMs,
      letters: kinds.map((kind, i) => (isSubagent[i] ? letterOf(kind).toUpperCase() : letterOf(kind))).join(''),
      spent: timeline.spent,
      todos: timeline.todos.map(todoOf),
    }
  },
})

const KIND_LETTERS: Readonly<Record<string, string>> = {
  'message.user.prompt': 'p',
  'message.user.injected': 'i',
  'message.assistant.text': 'a',
  'message.assistant.thinking': 't',
  'message.assistant.tool_use': 'c',
  'message.user.tool_result': 'r',
  'system.error': 'e',
  'system.damaged_line': 'e',
  'system.repeat': 's',
}
const letterOf = (kind: string): string => KIND_LETTERS[kind] ?? 'n'

export function todoOf({ cursor: at, text: line }: TodoEvent): TimelineTodo {
  const { agentId, tool, result, text: said } = recordOf(parseEvent(line))
  return {
    cursor: at,
    agent_id: agentId,
    call: tool?.call ?? result?.call ?? null,
    ...(tool ? { input: tool.input } : { said: said.slice(0, SAID_MAX) }),
  }
}
