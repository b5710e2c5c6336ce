// /api/cost and what it opens: what was spent, cut as asked, down to single requests.
import type { Static } from 'typebox'
import { PRICE_LIST } from '../insights/cost/edition.ts'
import { costQuestion } from '../insights/cost/question.ts'
import type { CostQuery, StoreReader } from '../stores/store.ts'
import type { CostAnswer, CostRequestsAnswer } from '../wire/rest.ts'
import { CostParams, CostRequestsParams, ParamError, readParams } from './params.ts'

export interface CostParts {
  readonly reader: Pick<StoreReader, 'cost' | 'costRequests'>
  readonly nowMs: () => number
  readonly oneSession: (id: string) => Promise<string>
}

export async function cost(parts: CostParts, query: URLSearchParams): Promise<CostAnswer> {
  const asked = await understood(parts, readParams(CostParams, query))
  const { rows, count, total, unknownModels } = await parts.reader.cost(asked)
  return { by: asked.by, tz: asked.zone, rows, count, total, unknown_models: unknownModels, prices: PRICE_LIST }
}

export async function costRequests(parts: CostParts, query: URLSearchParams): Promise<CostRequestsAnswer> {
  const { key, ...words } = readParams(CostRequestsParams, query)
  return parts.reader.costRequests(await understood(parts, words), key ?? null)
}

async function understood(parts: CostParts, words: Static<typeof CostParams>): Promise<CostQuery> {
  const session = words.session === undefined ? undefined : await parts.oneSession(words.session)
  const question = costQuestion({ ...words, session }, words, parts.nowMs())
  if (!question.ok) throw new ParamError(`the parameter ${question.why}`)
  return question.query
}
