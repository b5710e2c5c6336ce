// /api/blame: which prompt made each line of a file, as the record says the file was last. No file of this machine is opened for it.
import Type, { type Static } from 'typebox'
import { CONFIDENCES } from '../folds/provenance/blame.ts'
import { fullPath } from '../folds/provenance/path.ts'
import { type BlameReader, blameFile } from '../insights/provenance/blame.ts'
import type { BlameAnswer } from '../wire/blame.ts'
import { ParamError, readParams } from './params.ts'

const text = Type.String()
const textOrNull = Type.Union([Type.String(), Type.Null()])

export const BlameParams = Type.Object({
  path: Type.String({ default: '', maxLength: 4_000, description: 'of the file, from the root, as sessions know it' }),
  line: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000_000, description: 'only this line' })),
})

export const BlameSchema = Type.Object({
  path: text,
  source: Type.Enum(['file', 'revision', 'replay']),
  sessions: Type.Array(text, { description: 'that made lines of it' }),
  lines: Type.Array(
    Type.Object({
      line: Type.Integer({ minimum: 1 }),
      text,
      turn: textOrNull,
      session: textOrNull,
      prompt: textOrNull,
      agent: textOrNull,
      model: textOrNull,
      time: textOrNull,
      confidence: Type.Enum([...CONFIDENCES], { description: 'unknown: a person, or nobody knows' }),
      event: Type.Union([text, Type.Null()], { description: 'the call that made the line' }),
      prompt_event: textOrNull,
      agent_id: textOrNull,
      elsewhere: Type.Union([text, Type.Null()], {
        description: 'the same file in another place, where it was written',
      }),
    }),
  ),
  notes: Type.Array(text, { description: 'what lowers the confidence, in sentences' }),
})

// True, or the compiler stops here.
type Has<Wire, Schema extends Wire> = [Schema] extends [Wire] ? true : never
export type BlameAgrees = Has<BlameAnswer, Static<typeof BlameSchema>>

// Null: nothing is known of the file.
export async function blame(reader: BlameReader, query: URLSearchParams): Promise<BlameAnswer | null> {
  const { path, line } = readParams(BlameParams, query)
  if (path === '') throw new ParamError('the parameter path names a file, as /home/me/work/src/oven.ts')
  const answer = await blameFile(reader, { path: fullPath(null, path), root: null, text: null, source: 'replay' })
  if (answer === null || line === undefined) return answer
  return { ...answer, lines: answer.lines.filter((each) => each.line === line) }
}
