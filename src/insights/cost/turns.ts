// What each turn of a session cost, with the subagents it sent: by the turn's id.
import type { StoreReader } from '../../stores/store.ts'

export interface Spent {
  readonly usd: string | null // a decimal number; null: a price is not known
  readonly lowerBound: boolean
}

const TURNS_MAX = 100_000

export async function spentByTurn(
  reader: Pick<StoreReader, 'cost'>,
  session: string,
): Promise<ReadonlyMap<string, Spent>> {
  const query = { by: 'turn', zone: 'UTC', session, sinceMs: null, untilMs: null, limit: TURNS_MAX, offset: 0 } as const
  const { rows } = await reader.cost(query)
  return new Map(rows.map(({ key, usd, lower_bound: lowerBound }) => [key, { usd, lowerBound }]))
}
