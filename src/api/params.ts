// What may stand behind the question mark of each address: one TypeBox schema each, from which requests are read and the OpenAPI page is
// made. A value that does not fit is answered with a sentence that names the parameter; nothing is quietly ignored.

import Type, { type Static, type TObject } from 'typebox'
import { CUTS } from '../folds/cost.ts'

export const RECORDS_MAX = 1_000

const pageSize = (maximum: number, standard: number, what: string) =>
  Type.Integer({ minimum: 1, maximum, default: standard, description: `at most so many ${what}` })
const text = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 1_000, description }))
const place = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description }))

export const NoParams = Type.Object({})
export const SessionsParams = Type.Object({
  limit: pageSize(500, 100, 'sessions'),
  before: text('`next` of the page before'),
  agent: text('only sessions of this agent'),
  project: text('only sessions of this project'),
  words: text('words in title, project or id'),
})
export const RecordsParams = Type.Object({
  limit: pageSize(RECORDS_MAX, 200, 'records'),
  after: place('records after this cursor'),
  before: place('records before this cursor'),
  around: text('records around the event of this id'),
  agent: text('only of this subagent, by its id; `main` for none of them'),
})
export const SentencesParams = Type.Object({
  limit: pageSize(500, 100, 'sentences'),
  before: text('`next` of the page before'),
  since: text('turns that began then or later, as 2026-03-14 or with its time'),
  project: text('only of this project'),
  verb: text('only turns whose main verb is this: edited, committed, answered …'),
  file: text('only turns that changed or read a file whose path has this in it'),
})
export const DayParams = Type.Object({
  since: Type.String({
    minLength: 1,
    maxLength: 40,
    description: 'turns that began then or later: where a day begins',
  }),
  until: Type.String({ minLength: 1, maxLength: 40, description: 'and before then: where it ends' }),
})
export const SearchParams = Type.Object({
  q: Type.String({
    maxLength: 10_000,
    default: '',
    description:
      'words "a phrase" begin* -without agent: project: session: model: type: tool: file: is:error cost:>1 turn:>1 since: until:',
  }),
  limit: pageSize(100, 30, 'hits'),
  offset: Type.Integer({ minimum: 0, maximum: 100_000, default: 0, description: '`next` of the page before' }),
  rank: Type.Integer({
    minimum: 0,
    maximum: 1,
    default: 0,
    description: '1: best first; 0: newest first, which is quicker',
  }),
  facets: Type.Integer({
    minimum: 0,
    maximum: 1,
    default: 0,
    description: '1: with counts by agent, project, tool …, as /api/search/facets gives them',
  }),
})

const costWords = {
  by: Type.String({ default: 'day', description: `one of ${CUTS.join(', ')}` }),
  since: text('a day (2026-11-25), a time, or 3d, today, yesterday'),
  until: text('the same; a day is meant with all its hours'),
  tz: text('time zone of the days; this machine’s unless given'),
  project: text('only of this project'),
  agent: text('only of this agent'),
  session: text('only of this session'),
  offset: Type.Integer({ minimum: 0, maximum: 10_000_000, default: 0, description: 'skip so many' }),
}
export const CostParams = Type.Object({ ...costWords, limit: pageSize(1_000, 100, 'rows') })
export const CostRequestsParams = Type.Object({
  ...costWords,
  key: text('only what this row of the cut is made of'),
  limit: pageSize(1_000, 100, 'requests'),
})

export class ParamError extends Error {}

// Throws ParamError.
export function readParams<T extends TObject>(schema: T, query: URLSearchParams): Static<T> {
  const { properties } = schema
  const values: Record<string, unknown> = {}
  for (const name of query.keys())
    if (!Object.hasOwn(properties, name))
      throw new ParamError(`there is no parameter ${shown(name)} here; there is ${listed(Object.keys(properties))}`)
  for (const [name, rule] of Object.entries(properties)) {
    const given = query.getAll(name)
    if (given.length > 1) throw new ParamError(`the parameter ${name} may be given once only`)
    const value = given[0] === undefined ? (rule as Rule).default : readValue(name, rule as Rule, given[0])
    if (value !== undefined) values[name] = value
  }
  return values as Static<T>
}

interface Rule {
  readonly type: string
  readonly default?: unknown
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
}

function readValue(name: string, rule: Rule, given: string): unknown {
  if (rule.type === 'integer') {
    const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = rule
    const value = /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN
    if (value >= minimum && value <= maximum) return value
    throw new ParamError(`the parameter ${name} is a whole number from ${minimum} to ${maximum}, not ${shown(given)}`)
  }
  const { minLength = 0, maxLength = 1_000 } = rule
  if (given.length < minLength) throw new ParamError(`the parameter ${name} must not be empty`)
  if (given.length > maxLength) throw new ParamError(`the parameter ${name} is longer than ${maxLength} characters`)
  return given
}

const shown = (word: string) => JSON.stringify(word.slice(0, 60))
const listed = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', '))
