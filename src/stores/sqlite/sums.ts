// Sums of requests, kept as requests move: one table for each way of asking, so that no answer reads more rows than it has to. `sums` has all
// there is to tell apart; the others leave away what their questions do not ask, and are a fifth of it and less over a million events.
// Also how each is summed anew from the requests themselves.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { SUMS } from '../../folds/cost.ts'
import type { PricedRequest } from '../ledger.ts'

// A sum is of one quarter of an hour: every time zone of today begins its days at one.
export const QUARTER_MS = 15 * 60_000

// Of a subagent it is only said that it is one.
const SOME_AGENT = '*'

// The same, summed from the requests themselves.
export const ANEW = `count(*), sum(input), sum(output), sum(cache_read), sum(cache_write_5m), sum(cache_write_1h), sum(web_searches),
  coalesce(sum(nano), 0), sum(nano IS NULL), sum(partial), sum(recorded IS NOT NULL AND computed IS NOT NULL),
  coalesce(sum(recorded) FILTER (WHERE computed IS NOT NULL), 0), coalesce(sum(computed) FILTER (WHERE recorded IS NOT NULL), 0)`

type KeyPart = string | number

const PARTS = {
  session: { type: 'TEXT', anew: 'session', of: ({ session }: PricedRequest) => session },
  agent_id: { type: 'TEXT', anew: 'agent_id', of: ({ agentId }: PricedRequest) => agentId },
  is_sub: {
    type: 'TEXT',
    anew: `iif(agent_id = '', '', '${SOME_AGENT}')`,
    of: ({ agentId }: PricedRequest) => (agentId === '' ? '' : SOME_AGENT),
  },
  prompt: { type: 'INTEGER', anew: 'prompt', of: ({ prompt }: PricedRequest) => prompt },
  model: { type: 'TEXT', anew: 'model', of: ({ model }: PricedRequest) => model },
  quarter: {
    type: 'INTEGER',
    anew: `at / ${QUARTER_MS}`,
    of: ({ at }: PricedRequest) => Math.floor(at / QUARTER_MS),
  },
  tools: { type: 'TEXT', anew: 'tools', of: ({ tools }: PricedRequest) => tools },
} as const satisfies Record<string, { type: string; anew: string; of: (request: PricedRequest) => KeyPart }>
type Part = keyof typeof PARTS

const TABLES = {
  sums: ['session', 'agent_id', 'prompt', 'model', 'quarter'],
  session_sums: ['session', 'agent_id', 'model'],
  quarter_sums: ['quarter', 'is_sub', 'model'],
  tool_sums: ['session', 'is_sub', 'tools'], // over all time: a span of it is answered from the requests themselves
  all_tool_sums: ['is_sub', 'tools'],
} as const satisfies Record<string, readonly Part[]>
export type SumTable = keyof typeof TABLES
const tables = Object.entries(TABLES) as [SumTable, readonly Part[]][]

// In a table a subagent's column has one name, whether it says which one or not.
const columnOf = (part: Part): string => (part === 'is_sub' ? 'agent_id' : part)
const keyOf = (parts: readonly Part[]): string => parts.map(columnOf).join(', ')

export const SUMS_SQL = tables
  .map(
    ([name, parts]) =>
      `CREATE TABLE ${name} (${parts.map((part) => `${columnOf(part)} ${PARTS[part].type} NOT NULL, `).join('')}
        ${SUMS.map((sum) => `${sum} INTEGER NOT NULL`).join(', ')}, PRIMARY KEY (${keyOf(parts)})) WITHOUT ROWID;`,
  )
  .join('\n')

export function sumAnew(db: DatabaseSync): void {
  for (const [name, parts] of tables)
    db.exec(`DELETE FROM ${name};
      INSERT INTO ${name} SELECT ${parts.map((part) => PARTS[part].anew).join(', ')}, ${ANEW} FROM requests GROUP BY ${parts.map((_, i) => i + 1).join(', ')}`)
}

export const openSums = (db: DatabaseSync): readonly MovedSums[] =>
  tables.map(([name, parts]) => new MovedSums(db, name, parts))

interface Sum {
  readonly key: readonly KeyPart[]
  readonly by: number[]
}

// Sums that a batch moved, each written once.
class MovedSums {
  readonly #db: DatabaseSync
  readonly #table: SumTable
  readonly #parts: readonly ((request: PricedRequest) => KeyPart)[]
  readonly #put: StatementSync
  readonly #moved = new Map<string, Sum>()
  #last: Sum | null = null
  #isLess = false

  constructor(db: DatabaseSync, table: SumTable, parts: readonly Part[]) {
    this.#db = db
    this.#table = table
    this.#parts = parts.map((part) => PARTS[part].of)
    this.#put = db.prepare(
      `INSERT INTO ${table} VALUES (${[...parts, ...SUMS].map(() => '?').join(', ')}) ON CONFLICT (${keyOf(parts)})
       DO UPDATE SET ${SUMS.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`,
    )
  }

  move(request: PricedRequest, sign: number): void {
    const { by } = this.#sumOf(request)
    const { spent, nano, computed } = request
    by[0]! += sign
    by[1]! += sign * spent.input
    by[2]! += sign * spent.output
    by[3]! += sign * spent.cacheRead
    by[4]! += sign * spent.cacheWrite5m
    by[5]! += sign * spent.cacheWrite1h
    by[6]! += sign * spent.webSearches
    if (nano === null) by[8]! += sign
    else by[7]! += sign * nano
    if (spent.partial) by[9]! += sign
    if (spent.recorded !== null && computed !== null) {
      by[10]! += sign
      by[11]! += sign * spent.recorded
      by[12]! += sign * computed
    }
    if (by[0]! < 0) this.#isLess = true
  }

  #sumOf(request: PricedRequest): Sum {
    // Requests of one prompt come one after another.
    const last = this.#last
    if (last !== null && this.#parts.every((part, i) => part(request) === last.key[i])) return last
    const key = this.#parts.map((part) => part(request))
    const name = key.join('\n')
    const sum = this.#moved.get(name) ?? { key, by: SUMS.map(() => 0) }
    this.#moved.set(name, sum)
    this.#last = sum
    return sum
  }

  settle(): void {
    for (const { key, by } of this.#moved.values()) if (by.some((change) => change !== 0)) this.#put.run(...key, ...by)
    // Sums that lost their last request are no rows to show.
    if (this.#isLess) this.#db.exec(`DELETE FROM ${this.#table} WHERE requests = 0`)
    this.forget()
  }

  forget(): void {
    this.#moved.clear()
    this.#last = null
    this.#isLess = false
  }
}
