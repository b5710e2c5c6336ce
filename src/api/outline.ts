// /api/sessions/{id}/outline: the turns of a session in short, however many there are.
import Type, { type Static } from 'typebox'
import type { OutlineAnswer } from '../wire/outline.ts'
import { NoParams } from './params.ts'
import type { Route, RouteParts } from './routes.ts'

const text = Type.String()
const textOrNull = Type.Union([Type.String(), Type.Null()])
const OUTCOMES = ['answered', 'asked', 'interrupted', 'failed', 'rejected', 'running', 'continued'] as const
const OutlineSchema = Type.Object({
  turns: Type.Array(
    Type.Object({
      id: text,
      agentId: textOrNull,
      started: textOrNull,
      events: Type.Integer({ minimum: 0 }),
      outcome: Type.Union(OUTCOMES.map((each) => Type.Literal(each))),
      prompt: Type.Union([Type.Object({ event: text, text }), Type.Null()]),
    }),
  ),
})

// True, or the compiler stops here.
type Has<Wire, Schema extends Wire> = [Schema] extends [Wire] ? true : never
export type OutlineSchemaAgrees = Has<OutlineAnswer, Static<typeof OutlineSchema>>

export const outlineRoute = (oneSession: (parts: RouteParts, id: string) => Promise<string>): Route => ({
  path: '/api/sessions/{id}/outline',
  summary: 'The turns of a session in short: what was asked, when, how it ended',
  params: NoParams,
  answers: OutlineSchema,
  contentType: 'application/json',
  fails: [400, 404, 409],
  handle: async (parts, id): Promise<OutlineAnswer> => ({
    turns: await parts.reader.outline(await oneSession(parts, id)),
  }),
})
