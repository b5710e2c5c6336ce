// /api/search/facets: how many events a search finds of which agent, project, tool …
import Type, { type Static } from 'typebox'
import { FILTERS } from '../folds/query.ts'
import { searchFacets } from '../insights/search/facets.ts'
import type { FacetsAnswer } from '../wire/facets.ts'
import { readParams, SearchParams } from './params.ts'
import type { RouteParts } from './routes.ts'

export const FacetsParams = Type.Object({ q: SearchParams.properties.q })

const count = Type.Integer({ minimum: 0 })
export const FacetsSchema = Type.Object({
  total: Type.Integer({ minimum: 0, description: 'events found among those looked at' }),
  sessions: count,
  looked: Type.Integer({ minimum: 0, description: 'events that have the words, the newest first' }),
  cut: Type.Boolean({ description: 'there are more of them: every count is of the newest `looked`' }),
  facets: Type.Array(
    Type.Object({
      filter: Type.Enum([...FILTERS]),
      values: Type.Array(
        Type.Object({
          value: Type.String({ description: 'what stands behind `filter:` to have only these' }),
          label: Type.String(),
          about: Type.Union([Type.String(), Type.Null()]),
          count,
          active: Type.Boolean(),
        }),
        { description: 'counted as if this filter were not there; the most first' },
      ),
      left: Type.Integer({ minimum: 0, description: 'values that are not listed' }),
    }),
  ),
  bySession: Type.Record(Type.String(), count),
  times: Type.Union([
    Type.Object(
      { fromMs: Type.Number(), widthMs: Type.Number(), counts: Type.Array(count) },
      { description: 'found in spans of one width' },
    ),
    Type.Null(),
  ]),
  understood: Type.String(),
  tookMs: Type.Number(),
})
// True, or the compiler stops here: the schema has all of what the type has.
type Has<Wire, Schema extends Wire> = [Schema] extends [Wire] ? true : never
export type FacetsAgree = Has<FacetsAnswer, Static<typeof FacetsSchema>>

export async function facets(
  { reader, labels, nowMs }: RouteParts,
  _id: string,
  query: URLSearchParams,
): Promise<FacetsAnswer> {
  const { q } = readParams(FacetsParams, query)
  return searchFacets(reader, q, (agent) => labels[agent] ?? agent, nowMs())
}
