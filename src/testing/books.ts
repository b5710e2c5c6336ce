// A ledger in a folder of its own, for tests: events go in as the consumer counts them, questions are answered as the API asks them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { foldSessions } from '../consumers/projections/projections.ts'
import { type CostRow, CUTS, type Cut } from '../folds/cost.ts'
import { NO_PRICES, type Prices } from '../folds/ledger.ts'
import type { SessionRow } from '../folds/session.ts'
import { CostReader } from '../stores/sqlite/costs.ts'
import { openReadOnly } from '../stores/sqlite/database.ts'
import { openSessionFolds } from '../stores/sqlite/folds.ts'
import type { CostPage, CostQuery, CostRequests, StoreReader } from '../stores/store.ts'
import { delivered, type Made } from './made-events.ts'

const EVERYTHING: CostQuery = { by: 'day', zone: 'UTC', sinceMs: null, untilMs: null, limit: 100_000, offset: 0 }

export class Books {
  readonly #dir = mkdtempSync(join(tmpdir(), 'openstory-books-'))
  readonly #path = join(this.#dir, 'sessions.sqlite')
  readonly store: ReturnType<typeof openSessionFolds>
  readonly #sessions = new Set<string>()

  constructor(prices: Prices = NO_PRICES) {
    this.store = openSessionFolds(this.#path, prices)
  }

  fold(events: readonly Made[]): this {
    for (const { event } of events) this.#sessions.add(event.session)
    if (events.length > 0) foldSessions(this.store, delivered(events))
    return this
  }

  rows(): readonly SessionRow[] {
    return [...this.#sessions].sort().map((session) => this.store.get(session)!)
  }

  cost(by: Cut, more: Partial<CostQuery> = {}): CostPage {
    return this.#ask((costs) => costs.cost({ ...EVERYTHING, by, ...more }))
  }

  requests(by: Cut, key: string | null, more: Partial<CostQuery> = {}): CostRequests {
    return this.#ask((costs) => costs.requests({ ...EVERYTHING, by, ...more }, key))
  }

  // As the API asks.
  readonly reader: Pick<StoreReader, 'cost' | 'costRequests'> = {
    cost: async (query) => this.#ask((costs) => costs.cost(query)),
    costRequests: async (query, key) => this.#ask((costs) => costs.requests(query, key)),
  }

  // All that anybody could ask.
  everything(): object {
    const counted = this.rows().map(({ id, prompts, turns, tools, tokens, spent, cost }) => ({
      ...{ id, prompts, turns, tools, tokens, spent, cost },
    }))
    return { counted, cuts: CUTS.map((by) => this.cost(by)), requests: this.requests('day', null) }
  }

  #ask<T>(question: (costs: CostReader) => T): T {
    const db = openReadOnly(this.#path)
    try {
      return question(new CostReader(db))
    } finally {
      db.close()
    }
  }

  close(): void {
    this.store.close()
    rmSync(this.#dir, { recursive: true, force: true })
  }
}

const SUMMED = [
  'requests',
  'input',
  'output',
  'cache_read',
  'cache_write_5m',
  'cache_write_1h',
  'web_searches',
  'unpriced',
  'partial',
  'subagent_requests',
] as const

// What rows add up to, money in nano-dollars.
export function sumOf(rows: readonly CostRow[]): object {
  const sums = SUMMED.map((name) => [name, rows.reduce((sum, row) => sum + row[name], 0)])
  return { ...Object.fromEntries(sums), nano: rows.reduce((sum, { usd }) => sum + nanoOf(usd), 0n) }
}

function nanoOf(usd: string | null): bigint {
  const [whole = '0', fraction = ''] = (usd ?? '0').split('.')
  return BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'))
}
