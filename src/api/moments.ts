// /api/sessions/{id}/moments: what a replay tells beside the records, small enough to be there with the first of them.
import Type, { type Static } from 'typebox'
import type { MomentsAnswer } from '../wire/moments.ts'
import { NoParams } from './params.ts'
import type { Route, RouteParts } from './routes.ts'
import { SpentSchema, TodosSchema, todoOf } from './timeline.ts'

const text = Type.String()
const count = Type.Integer({ minimum: 0 })
const word = <T extends string>(...words: T[]) => Type.Union(words.map((each) => Type.Literal(each)))
const MomentsSchema = Type.Object({
  session: text,
  turns: Type.Array(Type.Object({ id: text, event: text, first: text, prompt: text }), {
    description: 'of the main agent, in the order they began: the event of the prompt, the turn’s first, how it begins',
  }),
  marks: Type.Array(Type.Object({ event: text, kind: word('commit', 'error'), text })),
  paths: Type.Array(text),
  touches: Type.Array(Type.Tuple([count, count, word('read', 'created', 'modified', 'deleted', 'renamed')]), {
    description: 'each call that touched a file: time in ms, place of the file among the paths, what became of it',
  }),
  cut: Type.Boolean({ description: 'there are more touches than are told' }),
  spent: SpentSchema,
  todos: TodosSchema,
})

// True, or the compiler stops here.
type Has<Wire, Schema extends Wire> = [Schema] extends [Wire] ? true : never
export type MomentsSchemaAgrees = Has<MomentsAnswer, Static<typeof MomentsSchema>>

export const momentsRoute = (
  oneSession: (parts: RouteParts, id: string) => Promise<string>,
  noSession: (id: string) => Error,
): Route => ({
  path: '/api/sessions/{id}/moments',
  summary: 'What was so at each moment of a session: what was asked, touched and spent by then, and its to-dos',
  params: NoParams,
  answers: MomentsSchema,
  contentType: 'application/json',
  fails: [400, 404, 409],
  async handle(parts, id): Promise<MomentsAnswer> {
    const session = await oneSession(parts, id)
    const moments = await parts.reader.moments(session)
    if (moments === null) throw noSession(id)
    const { isCut, todos, ...told } = moments
    return { session, ...told, cut: isCut, todos: todos.map(todoOf) }
  },
})
