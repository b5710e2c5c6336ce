// /api/files, a file's history, and the files of a turn: what is asked, what is answered, and how.
import Type, { type Static } from 'typebox'
import { fileHistory, filesOfTurn, listFiles } from '../insights/provenance/files.ts'
import { FILE_SORTS, type FileSort } from '../stores/files.ts'
import type { FileAnswer, FilesAnswer, TurnFilesAnswer } from '../wire/files.ts'
import { NoParams, ParamError, readParams } from './params.ts'
import type { Route, RouteParts } from './routes.ts'

const text = Type.String()
const count = Type.Integer({ minimum: 0 })
const flag = Type.Boolean()
const textOrNull = Type.Union([Type.String(), Type.Null()])
const timeOrNull = Type.Union([Type.String({ description: 'RFC 3339' }), Type.Null()])
const change = Type.Enum(['created', 'modified', 'deleted', 'renamed', 'read'])

const WHAT = ['all', 'changed', 'read'] as const

const words = (description: string, maxLength = 1_000) =>
  Type.Optional(Type.String({ minLength: 1, maxLength, description }))
const offset = Type.Integer({ minimum: 0, maximum: 10_000_000, default: 0, description: '`next` of the page before' })
const pageSize = (what: string) =>
  Type.Integer({ minimum: 1, maximum: 500, default: 50, description: `at most so many ${what}` })
const one = (description: string) => Type.Integer({ minimum: 0, maximum: 1, default: 0, description })

export const FilesParams = Type.Object({
  words: words('words that are all in the path'),
  under: words('only what is in this folder', 4_096),
  session: words('only files that this session touched, counted in it'),
  sort: Type.String({ default: 'changed', description: `one of ${FILE_SORTS.join(', ')}` }),
  read: one('1: files that were only read as well'),
  aside: one('1: plans, memories and scratch files as well'),
  limit: pageSize('files'),
  offset,
})
export const TouchesParams = Type.Object({
  path: Type.String({
    minLength: 1,
    maxLength: 4_096,
    description: 'a path from the root, or the end of one: src/bread.ts',
  }),
  what: Type.String({ default: 'all', description: `one of ${WHAT.join(', ')}` }),
  limit: pageSize('turns'),
  offset,
})

const money = { usd: textOrNull, lower_bound: flag }
const uncounted = Type.Integer({
  minimum: 0,
  description: 'calls that wrote the file whole over something nobody knows: not in the lines',
})
const Totals = {
  turns: count,
  sessions: count,
  prompts: Type.Integer({ minimum: 0, description: 'that changed it, each once' }),
  changes: count,
  reads: count,
  added: count,
  removed: count,
  uncounted,
  first: timeOrNull,
  last: timeOrNull,
  changed: timeOrNull,
  ...money,
}
const Prompt = Type.Union([
  Type.Object({
    turn: text,
    event: text,
    text,
    by: Type.Enum(['person', 'plan', 'agent', 'program', 'compaction']),
  }),
  Type.Null(),
])
const page = { count, next: Type.Union([count, Type.Null()]) }
const lines = { added: count, removed: count }

export const FilesSchema = Type.Object({
  files: Type.Array(Type.Object({ path: text, change, aside: flag, ...Totals })),
  ...page,
})
export const FileSchema = Type.Object({
  paths: Type.Array(text),
  totals: Type.Object(Totals),
  turns: Type.Array(
    Type.Object({
      turn: text,
      session: text,
      title: textOrNull,
      project: text,
      agent: text,
      agent_id: textOrNull,
      agent_type: textOrNull,
      started: timeOrNull,
      ended: timeOrNull,
      running: flag,
      sentence: text,
      prompt: Prompt,
      ...money,
      output_tokens: Type.Union([count, Type.Null()]),
      change,
      ...lines,
      uncounted,
      reads: count,
      touches: Type.Array(
        Type.Object({
          path: text,
          from: textOrNull,
          change,
          ...lines,
          counted: flag,
          by: Type.Enum(['tool', 'command']),
          event: text,
          time: timeOrNull,
        }),
      ),
    }),
  ),
  ...page,
})
export const TurnFilesSchema = Type.Object({
  turn: text,
  session: text,
  project: text,
  sentence: text,
  prompt: Prompt,
  started: timeOrNull,
  ...money,
  tokens: Type.Union([
    Type.Object({
      requests: count,
      input: count,
      output: count,
      cache_read: count,
      cache_write: count,
      lower_bound: flag,
    }),
    Type.Null(),
  ]),
  made: Type.Object({ created: count, modified: count, renamed: count, deleted: count, read: count }),
  files: Type.Array(
    Type.Object({
      path: text,
      from: textOrNull,
      change,
      ...lines,
      uncounted,
      reads: count,
      aside: flag,
      agents: Type.Array(textOrNull),
      events: Type.Array(text),
    }),
  ),
})

// True, or the compiler stops here.
type Has<Wire, Schema extends Wire> = [Schema] extends [Wire] ? true : never
export type FileSchemasAgree = [
  Has<FilesAnswer, Static<typeof FilesSchema>>,
  Has<FileAnswer, Static<typeof FileSchema>>,
  Has<TurnFilesAnswer, Static<typeof TurnFilesSchema>>,
]

interface Doors {
  readonly oneSession: (parts: RouteParts, id: string) => Promise<string>
  readonly noTurn: (id: string) => Error
}

export const fileRoutes = ({ oneSession, noTurn }: Doors): readonly Route[] => [
  {
    path: '/api/files',
    summary: 'Files that agents touched, each with who touched it, when, and what the prompts cost that changed it',
    params: FilesParams,
    answers: FilesSchema,
    contentType: 'application/json',
    fails: [400, 404, 409],
    async handle(parts, _id, query) {
      const { session, sort, read, aside, ...rest } = readParams(FilesParams, query)
      return listFiles(parts.reader, {
        ...rest,
        ...(session !== undefined && { session: await oneSession(parts, session) }),
        sort: oneOf('sort', FILE_SORTS, sort) satisfies FileSort,
        read: read === 1,
        aside: aside === 1,
      })
    },
  },
  {
    path: '/api/files/touches',
    summary: 'Every turn that changed or read a file, the latest first, with its prompt, its cost and the calls',
    params: TouchesParams,
    answers: FileSchema,
    contentType: 'application/json',
    fails: [400],
    async handle({ reader, labels }, _id, query) {
      const { what, ...rest } = readParams(TouchesParams, query)
      return fileHistory(reader, { ...rest, what: oneOf('what', WHAT, what) }, (agent) => labels[agent] ?? agent)
    },
  },
  {
    path: '/api/turns/{id}/files',
    summary: 'The files that a turn, or a prompt, made, changed and read, its subagents included, and what that cost',
    params: NoParams,
    answers: TurnFilesSchema,
    contentType: 'application/json',
    fails: [400, 404],
    async handle({ reader, labels }, id) {
      const found = await filesOfTurn(reader, id, (agent) => labels[agent] ?? agent)
      if (found === null) throw noTurn(id)
      return found
    },
  },
]

function oneOf<T extends string>(name: string, all: readonly T[], given: string): T {
  const found = all.find((each) => each === given)
  if (found === undefined)
    throw new ParamError(`the parameter ${name} is one of ${all.join(', ')}, not ${JSON.stringify(given.slice(0, 60))}`)
  return found
}
