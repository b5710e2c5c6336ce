// Counts beside a search, and the filters of a search that its full text does not know. One pass over the newest events that have the words;
// filters are looked at here, by small numbers, so that each facet can be counted as if its own filter were not there.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { EXACTLY } from '../../folds/query.ts'
import {
  COSTS_NANO,
  COUNTED,
  type Counted,
  FACETS_LOOKED_MAX,
  type FacetCount,
  type FacetCounts,
  fits,
  SPANS,
  TURN_COSTS_NANO,
} from '../facets.ts'
import type { SearchPlan } from '../store.ts'
import { SLOTS_PER_MS } from './events.ts'
import { isFollowed, isNear, nearest, nearPlan } from './near.ts'
import { type Filters, matchOf, sqlFilters } from './plan.ts'

const BARS = 40
const VALUES_MAX = 50
const SESSIONS_MAX = 300
const NEAR_LOOKED_MAX = 200 // of what nearly every event has

// [session, kind, tool, file, model, failed, at, what its turn cost, and where its line stands], with the numbers of the tables.
type Row = readonly [
  session: number,
  kind: number,
  tool: number | null,
  file: number | null,
  model: number | null,
  failed: number | null,
  at: number,
  turnNano: number | null,
  log_offset: number,
  log_length: number,
]

interface PlaceOfRow {
  readonly file: string
  readonly log_offset: number
  readonly log_length: number
}

interface Databases {
  readonly events: DatabaseSync // with full text attached
  readonly sessions: DatabaseSync
}

export function facetCounts(
  dbs: Databases,
  plan: SearchPlan,
  nowMs: number,
  textOf: (place: PlaceOfRow) => string,
  lookedMax = FACETS_LOOKED_MAX,
): FacetCounts {
  const newestOf = (base: SearchPlan) => nearestOf(dbs.events, base, textOf) ?? newest(dbs.events, base, lookedMax)
  const { rows, isCut } = newestOf(baseOf(plan))
  const tally = new Tally(dbs, plan)
  for (const row of rows) tally.add(row)
  // What the base is narrowed by itself is counted over another one, without it.
  const without = (part: Partial<SearchPlan>, keep: Partial<SearchPlan>) => {
    const wide = { ...plan, ...part }
    const again = new Tally(dbs, { ...plan, ...keep })
    for (const row of newestOf(baseOf(wide)).rows) again.add(row)
    return again
  }
  const hasTime = plan.sinceMs !== null || plan.untilMs !== null
  const timeless = { sinceMs: null, untilMs: null }
  const anyTime = hasTime ? without(timeless, timeless) : tally
  const isBare = plan.all.length === 0
  const counted = (what: Counted): readonly FacetCount[] =>
    isBare && what !== 'model' && wantedOf(plan, what).length > 0
      ? without({ [what]: [] }, {}).values(what)
      : tally.values(what)
  return {
    looked: rows.length,
    isCut,
    ...tally.sums(),
    by: Object.fromEntries(COUNTED.map((what) => [what, counted(what)])) as unknown as FacetCounts['by'],
    since: SPANS.map(({ ms }) => anyTime.younger(nowMs - ms)),
  }
}

const wantedOf = (plan: SearchPlan, what: Counted): readonly string[] => plan[what]

// What SQL narrows the events by: words and time. Without words the newest of all events would be of anything, so there it narrows by
// all that is at hand.
const baseOf = (plan: SearchPlan): SearchPlan => ({
  ...plan,
  model: [],
  failed: false,
  minNano: null,
  maxNano: null,
  minTurnNano: null,
  maxTurnNano: null,
  ...(plan.all.length > 0 && { agent: [], project: [], kind: [], tool: [], file: [] }),
})

interface Newest {
  readonly rows: readonly Row[]
  readonly isCut: boolean
}

function newest(db: DatabaseSync, plan: SearchPlan, max: number): Newest {
  const rows = Array.from(rowsOf(db, plan, max + 1))
  return { rows: rows.slice(0, max), isCut: rows.length > max }
}

// Of what nearly every event has, a few of the newest.
function nearestOf(db: DatabaseSync, plan: SearchPlan, textOf: (place: PlaceOfRow) => string): Newest | null {
  if (!isNear(plan) || !isFollowed(db)) return null
  const fileOf = db.prepare('SELECT file FROM sessions WHERE n = ?')
  const read = ([session, , , , , , , , log_offset, log_length]: Row) =>
    textOf({ ...(fileOf.get(session) as { file: string }), log_offset, log_length })
  const near = nearest(plan, rowsOf(db, nearPlan(plan), -1), read, NEAR_LOOKED_MAX)
  return near && { rows: near.found.map(({ row }) => row), isCut: !near.isAll }
}

function rowsOf(db: DatabaseSync, plan: SearchPlan, limit: number): Iterable<Row> {
  const match = matchOf(plan)
  const { where, values } = sqlFilters(plan, SLOTS_PER_MS, match !== null)
  const columns =
    'e.session, e.kind, m.tool, m.file, m.model, m.failed, e.at, turn_nano(e.session, e.agent_id, e.at), e.log_offset, e.log_length'
  const isOfSome = plan.session.length + plan.agent.length + plan.project.length > 0
  const joins = `${isOfSome ? 'JOIN sessions s ON s.n = e.session ' : ''}${plan.kind.length > 0 ? 'JOIN words k ON k.n = e.kind ' : ''}LEFT JOIN full_text.marks m ON m.at = e.at`
  const sql =
    match === null
      ? `SELECT ${columns} FROM events e ${joins} ${whereOf(where)} ORDER BY e.at DESC LIMIT ?`
      : `SELECT ${columns} FROM full_text.search f JOIN events e ON e.at = f.rowid ${joins}
         ${whereOf(['f.search MATCH ?', ...where])} ORDER BY f.rowid DESC LIMIT ?`
  const statement = db.prepare(sql)
  statement.setReturnArrays(true)
  return statement.iterate(...(match === null ? [] : [match]), ...values, limit) as Iterable<unknown> as Iterable<Row>
}

const whereOf = (conditions: readonly string[]) => (conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`)

// A bit for each filter that an event does not pass.
const BIT = { agent: 1, project: 2, model: 4, kind: 8, tool: 16, file: 32, failed: 64, cost: 128, turn: 256 } as const

class Tally {
  readonly #plan: SearchPlan
  readonly #names: Names
  readonly #sessionBits = new Map<number, number>()
  readonly #counts = new Map<string, Map<number, number>>() // by what is counted, and by `session` what passes
  readonly #samples = new Map<string, number>() // a session of each
  readonly #times: number[] = []
  readonly #turnCosts = TURN_COSTS_NANO.map(() => 0)
  #total = 0
  #failed = 0

  constructor(dbs: Databases, plan: SearchPlan) {
    this.#plan = plan
    this.#names = new Names(dbs)
  }

  add([session, kind, tool, file, model, failed, at, turnNano]: Row): void {
    const plan = this.#plan
    let bits = this.#sessionBits.get(session)
    if (bits === undefined) {
      bits = this.#bitsOf(session)
      this.#sessionBits.set(session, bits)
    }
    if (plan.kind.length > 0 && !this.#names.fit('kind', plan.kind, kind)) bits |= BIT.kind
    if (plan.tool.length > 0 && !this.#names.fit('tool', plan.tool, tool)) bits |= BIT.tool
    if (plan.file.length > 0 && !this.#names.fit('file', plan.file, file)) bits |= BIT.file
    if (plan.model.length > 0 && !this.#names.fit('model', plan.model, model)) bits |= BIT.model
    if (plan.failed && failed === null) bits |= BIT.failed
    if (!isWithin(turnNano, plan.minTurnNano, plan.maxTurnNano)) bits |= BIT.turn
    const passesBut = (bit: number) => (bits & ~bit) === 0
    if (bits === 0) {
      this.#total++
      this.#times.push(at / SLOTS_PER_MS)
      this.#count('session', session, session)
    }
    if (passesBut(BIT.agent)) this.#count('agent', session, session)
    if (passesBut(BIT.project)) this.#count('project', session, session)
    if (passesBut(BIT.cost)) this.#count('cost', session, session)
    if (passesBut(BIT.turn))
      for (const [i, least] of TURN_COSTS_NANO.entries())
        if (turnNano !== null && turnNano > least) this.#turnCosts[i]!++
    if (passesBut(BIT.kind)) this.#count('kind', kind, session)
    if (tool !== null && passesBut(BIT.tool)) this.#count('tool', tool, session)
    if (file !== null && passesBut(BIT.file)) this.#count('file', file, session)
    if (model !== null && passesBut(BIT.model)) this.#count('model', model, session)
    if (failed !== null && passesBut(BIT.failed)) this.#failed++
  }

  // Events that pass and are younger than that. Newest first, as they were added.
  younger(thanMs: number): number {
    const at = this.#times.findIndex((ms) => ms < thanMs)
    return at < 0 ? this.#times.length : at
  }

  values(what: Counted): readonly FacetCount[] {
    const counts = new Map<string, FacetCount>()
    for (const [n, count] of this.#counts.get(what) ?? []) {
      const value = what === 'agent' || what === 'project' ? this.#names.session(n)[what] : this.#names.name(what, n)
      const before = counts.get(value)
      const sample = this.#names.session(this.#samples.get(`${what}|${n}`) ?? n).id
      counts.set(value, { value, count: count + (before?.count ?? 0), sample: before?.sample ?? sample })
    }
    return [...counts.values()].sort(byCount).slice(0, VALUES_MAX)
  }

  sums(): Pick<FacetCounts, 'total' | 'sessions' | 'bySession' | 'failed' | 'costs' | 'turnCosts' | 'times'> {
    const sessions = [...(this.#counts.get('session') ?? [])].sort((a, b) => b[1] - a[1])
    const priced = [...(this.#counts.get('cost') ?? [])].map(([n, count]) => ({ nano: this.#names.nano(n), count }))
    return {
      total: this.#total,
      sessions: sessions.length,
      bySession: sessions.slice(0, SESSIONS_MAX).map(([n, count]) => [this.#names.session(n).id, count]),
      failed: this.#failed,
      costs: COSTS_NANO.map((least) =>
        priced.reduce((sum, { nano, count }) => (nano !== null && nano > least ? sum + count : sum), 0),
      ),
      turnCosts: this.#turnCosts,
      times: barsOf(this.#times),
    }
  }

  #count(what: string, n: number, session: number): void {
    let counts = this.#counts.get(what)
    if (counts === undefined) {
      counts = new Map()
      this.#counts.set(what, counts)
    }
    const before = counts.get(n)
    counts.set(n, (before ?? 0) + 1)
    if (before === undefined) this.#samples.set(`${what}|${n}`, session)
  }

  #bitsOf(session: number): number {
    const { agent, project, minNano, maxNano } = this.#plan
    const row = this.#names.session(session)
    let bits = 0
    if (agent.length > 0 && !agent.some((wanted) => fits('agent', wanted, row.agent))) bits |= BIT.agent
    if (project.length > 0 && !project.some((wanted) => fits('project', wanted, row.project))) bits |= BIT.project
    if (minNano !== null || maxNano !== null)
      if (!isWithin(this.#names.nano(session), minNano, maxNano)) bits |= BIT.cost
    return bits
  }
}

// What nobody knows is in no span but the whole one.
const isWithin = (nano: number | null, min: number | null, max: number | null): boolean =>
  (min === null && max === null) || (nano !== null && nano >= (min ?? 0) && nano <= (max ?? Number.MAX_SAFE_INTEGER))

const byCount = (a: FacetCount, b: FacetCount): number => b.count - a.count || (a.value < b.value ? -1 : 1)

function barsOf(times: readonly number[]): FacetCounts['times'] {
  const known = times.filter((ms) => ms >= 1)
  const [first, last] = [known.at(-1), known[0]]
  if (first === undefined || last === undefined) return null
  const widthMs = Math.max(1, Math.ceil((last - first + 1) / BARS))
  const counts = new Array<number>(Math.min(BARS, Math.ceil((last - first + 1) / widthMs))).fill(0)
  for (const ms of known) counts[Math.min(counts.length - 1, Math.floor((ms - first) / widthMs))]!++
  return { fromMs: Math.floor(first), widthMs, counts }
}

// What small numbers stand for, looked up once each.
class Names {
  readonly #sessions = new Map<number, { id: string; agent: string; project: string }>()
  readonly #nano = new Map<number, number | null>()
  readonly #names = new Map<string, string>()
  readonly #fits = new Map<string, boolean>()
  readonly #sessionAt: StatementSync
  readonly #spentAt: StatementSync
  readonly #nameAt: StatementSync
  readonly #kindAt: StatementSync

  constructor({ events, sessions }: Databases) {
    this.#sessionAt = events.prepare('SELECT id, agent, project FROM sessions WHERE n = ?')
    this.#spentAt = sessions.prepare(`SELECT ${NANO} AS nano FROM session_sums WHERE session = ?`)
    this.#kindAt = events.prepare('SELECT word AS name FROM words WHERE n = ?')
    this.#nameAt = events.prepare('SELECT name FROM full_text.names WHERE n = ?')
  }

  session(n: number): { readonly id: string; readonly agent: string; readonly project: string } {
    const known = this.#sessions.get(n)
    if (known !== undefined) return known
    const row = this.#sessionAt.get(n) as { id: string; agent: string; project: string }
    this.#sessions.set(n, row)
    return row
  }

  // What the session cost; null where nobody knows.
  nano(n: number): number | null {
    const known = this.#nano.get(n)
    if (known !== undefined) return known
    const { nano } = this.#spentAt.get(this.session(n).id) as { nano: number | null }
    this.#nano.set(n, nano)
    return nano
  }

  name(what: Counted, n: number): string {
    const key = `${what}|${n}`
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const { name } = (what === 'kind' ? this.#kindAt : this.#nameAt).get(n) as { name: string }
    this.#names.set(key, name)
    return name
  }

  fit(what: Counted, wanted: readonly string[], n: number | null): boolean {
    if (n === null) return false
    const key = `${what}|${n}`
    const known = this.#fits.get(key)
    if (known !== undefined) return known
    const value = this.name(what, n)
    const isFit = wanted.some((one) => fits(what, one, value))
    this.#fits.set(key, isFit)
    return isFit
  }
}

// What a session cost, of its sums; null where of nothing that was used the price is known.
const NANO = 'iif(sum(requests) = sum(unpriced), NULL, coalesce(sum(nano), 0))'

// The filters that marks and sessions answer, for a search of single events. `joins` is empty where it asks for none of them.
export function markFilters({ events, sessions }: Databases, plan: SearchPlan): Filters & { readonly joins: string } {
  const where: string[] = []
  const values: (string | number)[] = []
  const oneOf = (column: string, some: readonly (string | number)[]) => {
    where.push(`${column} IN (SELECT value FROM json_each(?))`)
    values.push(JSON.stringify(some))
  }
  for (const what of ['model', 'tool', 'file'] as const) {
    const wanted = plan[what]
    const isSaid = what === 'model' ? wanted.length > 0 : wanted.some((name) => name.startsWith(EXACTLY))
    if (!isSaid) continue
    const names = events.prepare('SELECT n, name FROM full_text.names WHERE what = ?').all(what) as {
      n: number
      name: string
    }[]
    const meant = names.filter(({ name }) => wanted.some((one) => fits(what, one, name)))
    oneOf(
      `m.${what}`,
      meant.map(({ n }) => n),
    )
  }
  if (plan.failed) where.push('m.failed = 1')
  const joins = where.length > 0 ? 'JOIN full_text.marks m ON m.at = e.at' : ''
  const { minTurnNano, maxTurnNano } = plan
  // A session costs no less than any of its turns: most are passed over without a look at theirs.
  const minNano = Math.max(plan.minNano ?? 0, minTurnNano ?? 0) || plan.minNano
  const { maxNano } = plan
  if (minNano !== null || maxNano !== null) {
    const found = sessions
      .prepare(
        `SELECT id FROM sessions LEFT JOIN (SELECT session, ${NANO} AS nano FROM session_sums GROUP BY session) ON session = id
         WHERE iif(session IS NULL, 0, nano) BETWEEN ? AND ?`,
      )
      .all(minNano ?? 0, maxNano ?? Number.MAX_SAFE_INTEGER) as { id: string }[]
    oneOf(
      's.id',
      found.map(({ id }) => id),
    )
  }
  if (minTurnNano !== null || maxTurnNano !== null) {
    where.push('turn_nano(e.session, e.agent_id, e.at) BETWEEN ? AND ?')
    values.push(minTurnNano ?? 0, maxTurnNano ?? Number.MAX_SAFE_INTEGER)
  }
  return { where, values, joins }
}
