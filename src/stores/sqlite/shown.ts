// A request of the ledger as it is shown. `promptAt` gives the event of a prompt by its number in the ledger.
import type { CostRequest } from '../../folds/cost.ts'
import { NEVER, NO_REF } from '../../folds/ledger.ts'
import { usdOf } from '../../folds/money.ts'
import { type Row, requestOf } from './ledger.ts'

export function shownRequest(row: Row, promptAt: (ref: number) => string | null): CostRequest {
  const { event, session, agentId, at, model, prompt, tools, spent, nano, computed } = requestOf(row)
  return {
    event,
    session,
    agent_id: agentId === '' ? null : agentId,
    time: timeOf(at),
    model: model === '' ? null : model,
    prompt: prompt === NO_REF ? null : promptAt(prompt),
    tools: tools === '' ? [] : tools.split('\n'),
    input: spent.input,
    output: spent.output,
    cache_write_5m: spent.cacheWrite5m,
    cache_write_1h: spent.cacheWrite1h,
    cache_read: spent.cacheRead,
    web_searches: spent.webSearches,
    usd: usdOrNull(nano),
    recorded_usd: usdOrNull(spent.recorded),
    computed_usd: usdOrNull(computed),
    lower_bound: nano === null || spent.partial,
    partial: spent.partial,
  }
}

export const timeOf = (at: number): string | null => (at === NEVER ? null : new Date(at).toISOString())
const usdOrNull = (nano: number | null): string | null => (nano === null ? null : usdOf(nano))
