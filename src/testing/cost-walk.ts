// The report of cost walked as a distrustful reader would: each cut added up by hand, each row opened, each request put back where it
// belongs. Returns what is wrong, a sentence each; nothing when all of it adds up.
import { type CostRequest, type CostRow, CUTS, type Cut, MAIN, NO_TIME, NO_TOOL } from '../folds/cost.ts'
import type { CostAnswer, CostRequestsAnswer } from '../wire/rest.ts'

// How questions are asked: the names and values of a query, as /api/cost and /api/cost/requests take them.
export interface CostDoors {
  cost(query: Readonly<Record<string, string>>): Promise<CostAnswer>
  requests(query: Readonly<Record<string, string>>): Promise<CostRequestsAnswer>
}

export const ZONES = ['UTC', 'America/St_Johns', 'Asia/Kathmandu', 'Australia/Lord_Howe'] as const
const PAGE = 200

export interface Walked {
  readonly wrong: readonly string[]
  readonly requests: number
  readonly rows: number // of all cuts that were opened
}

// `only`: the session, project, agent or span of time that is asked for; nothing: all there is.
export async function walkCosts(doors: CostDoors, only: Readonly<Record<string, string>> = {}): Promise<Walked> {
  const wrong: string[] = []
  const all = await allRequests(doors, { ...only, by: 'session' })
  const whole = sumOf(all)
  let rows = 0
  for (const by of CUTS)
    for (const tz of only.tz === undefined && by === 'day' ? ZONES : [only.tz ?? 'UTC']) {
      const found = await allRows(doors, { ...only, by, tz })
      rows += found.rows.length
      const here = `by ${by}, ${tz}:`
      const added = addedUp(found.rows)
      for (const [name, value] of Object.entries(added)) {
        const [total, counted] = [inRow(found.total)[name as Name], whole[name as Name]]
        if (value !== total) wrong.push(`${here} the rows have ${value} ${name}, the whole ${total}`)
        if (total !== counted) wrong.push(`${here} the whole has ${total} ${name}, its requests ${counted}`)
      }
      const opened: Opened[number][] = []
      for (const row of found.rows) opened.push([row, await allRequests(doors, { ...only, by, tz, key: row.key })])
      wrong.push(...(by === 'tool' ? wrongShares(opened) : wrongRows(opened, all, here)))
      for (const [row, requests] of opened) {
        const stray = requests.find((request) => !belongs(request, by, tz, row.key))
        if (stray !== undefined) wrong.push(`${here} ${stray.event} is no request of ${row.key}`)
      }
    }
  return { wrong, requests: all.length, rows }
}

// A row is the sum of what it opens, and each request stands in one row.
function wrongRows(opened: Opened, all: readonly CostRequest[], here: string): string[] {
  const wrong: string[] = []
  const seen = new Map<string, string>()
  for (const [row, requests] of opened) {
    const sum = sumOf(requests)
    for (const [name, value] of Object.entries(inRow(row)))
      if (value !== sum[name as Name])
        wrong.push(`${here} ${row.key} has ${value} ${name}, its requests ${sum[name as Name]}`)
    if (row.lower_bound !== requests.some((request) => request.lower_bound))
      wrong.push(`${here} ${row.key} is ${row.lower_bound ? 'a' : 'no'} lower bound, its requests say otherwise`)
    for (const { event } of requests) {
      if (seen.has(event)) wrong.push(`${here} ${event} stands in ${seen.get(event)} and in ${row.key}`)
      seen.set(event, row.key)
    }
  }
  const lost = all.filter(({ event }) => !seen.has(event))
  if (lost.length > 0) wrong.push(`${here} ${lost.length} requests stand in no row, ${lost[0]!.event} among them`)
  return wrong
}

// A request that called several tools is shared among its calls; what cannot be divided makes a share larger by less than one.
function wrongShares(opened: Opened): string[] {
  return opened.flatMap(([row, requests]) => {
    const share = ({ tools }: CostRequest) =>
      row.key === NO_TOOL ? 1 : tools.filter((tool) => tool === row.key).length / tools.length
    return (['requests', 'input', 'output', 'cache_read', 'nano'] as const).flatMap((name) => {
      const fair = requests.reduce((sum, request) => sum + Number(inRequest(request)[name]) * share(request), 0)
      const off = Math.abs(Number(inRow(row)[name]) - fair)
      return off <= requests.length + 1e-6 * fair
        ? []
        : [`by tool: ${row.key} has ${off} ${name} that are not its share`]
    })
  })
}

type Opened = readonly (readonly [row: CostRow, requests: readonly CostRequest[]])[]

// As far as the request says it itself.
function belongs(request: CostRequest, by: Cut, tz: string, key: string): boolean {
  switch (by) {
    case 'day':
      return (request.time === null ? NO_TIME : dayIn(request.time, tz)) === key
    case 'session':
      return request.session === key
    case 'agent':
      return request.session.startsWith(`${key}:`)
    case 'model':
      return (request.model ?? '(no model named)') === key
    case 'tool':
      return request.tools.length === 0 ? key === NO_TOOL : request.tools.includes(key)
    case 'prompt':
      return request.agent_id !== null || (request.prompt ?? '(no prompt)') === key
    case 'subagent':
      return (request.agent_id === null) === (key === MAIN)
    default:
      return true
  }
}

const dayIn = (time: string, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    new Date(time),
  )

async function allRows(doors: CostDoors, query: Readonly<Record<string, string>>): Promise<CostAnswer> {
  const rows: CostRow[] = []
  for (;;) {
    const page = await doors.cost({ ...query, limit: String(PAGE), offset: String(rows.length) })
    rows.push(...page.rows)
    if (rows.length >= page.count || page.rows.length === 0) return { ...page, rows }
  }
}

async function allRequests(doors: CostDoors, query: Readonly<Record<string, string>>): Promise<readonly CostRequest[]> {
  const requests: CostRequest[] = []
  for (;;) {
    const page = await doors.requests({ ...query, limit: String(PAGE), offset: String(requests.length) })
    requests.push(...page.requests)
    if (requests.length >= page.count || page.requests.length === 0) return requests
  }
}

const TOKENS = ['input', 'output', 'cache_read', 'cache_write_5m', 'cache_write_1h', 'web_searches'] as const
const NAMES = ['requests', ...TOKENS, 'unpriced', 'partial', 'subagent_requests', 'nano'] as const
type Name = (typeof NAMES)[number]
type Sums = Readonly<Record<Name, bigint>>

const sumsOf = (of: (name: Name) => bigint): Sums =>
  Object.fromEntries(NAMES.map((name) => [name, of(name)])) as Record<Name, bigint>

const inRow = (row: CostRow): Sums => sumsOf((name) => (name === 'nano' ? nanoIn(row.usd) : BigInt(row[name])))

const inRequest = (request: CostRequest): Sums =>
  sumsOf((name) => {
    switch (name) {
      case 'requests':
        return 1n
      case 'unpriced':
        return request.usd === null ? 1n : 0n
      case 'partial':
        return request.partial ? 1n : 0n
      case 'subagent_requests':
        return request.agent_id === null ? 0n : 1n
      case 'nano':
        return nanoIn(request.usd)
      default:
        return BigInt(request[name])
    }
  })

const plus = (sums: readonly Sums[]): Sums => sumsOf((name) => sums.reduce((sum, each) => sum + each[name], 0n))
const addedUp = (rows: readonly CostRow[]): Sums => plus(rows.map(inRow))
const sumOf = (requests: readonly CostRequest[]): Sums => plus(requests.map(inRequest))

// Read from its text: no number of JavaScript's stands between.
function nanoIn(usd: string | null): bigint {
  const [whole = '0', fraction = ''] = (usd ?? '0').split('.')
  return BigInt(whole + fraction.padEnd(9, '0'))
}
