// What was spent, read from the ledger's sums: a few thousand rows where there are a hundred thousand requests. Requests themselves are
// read where tools are asked for, and when a sum is opened.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type CostRow,
  type Cut,
  helperLine,
  helperName,
  MAIN,
  NO_MODEL,
  NO_PROMPT,
  NO_TIME,
  NO_TOOL,
  promptOfLane,
  type SubagentLink,
  Totals,
} from '../../folds/cost.ts'
import { daySpan, daysBetween, dayTeller } from '../../folds/days.ts'
import { type AgentFacts, type Call, NEVER, NO_REF, type Prompt } from '../../folds/ledger.ts'
import type { PricedRequest } from '../ledger.ts'
import type { CostFilter, CostPage, CostQuery, CostRequests } from '../store.ts'
import { idBytes, idText } from './database.ts'
import { agentOf, callOf, finder, promptOf, type Row, requestOf } from './ledger.ts'
import { shownRequest, timeOf } from './shown.ts'
import { conditions, isOfSome, NEVER_QUARTER, OF_ROW, OF_SUMS, sumsOf } from './spans.ts'
import { ANEW, QUARTER_MS, type SumTable } from './sums.ts'

const UNNAMED = '(subagent without a name)'

const EVERYTHING = { zone: 'UTC', sinceMs: null, untilMs: null, limit: 0, offset: 0 } as const

// Null: nothing is known to have been spent.
export type TurnCosts = (event: string) => CostRow | null
const refOfEvent = ([event, h]: readonly [Uint8Array, number]) => [idText(event), String(h)] as const

type Group = readonly (string | number)[]
type LaneCut = 'prompt' | 'turn' | 'subagent'

export class CostReader {
  readonly #db: DatabaseSync
  readonly #promptAt: StatementSync
  readonly #call: (key: string) => Call | undefined
  readonly #request: (key: string) => PricedRequest | undefined
  #turnCosts: { readonly version: number; readonly of: TurnCosts } | null = null

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#promptAt = db.prepare('SELECT * FROM prompts WHERE h = ?')
    this.#call = finder(db, 'calls', callOf)
    this.#request = finder(db, 'requests', requestOf)
  }

  cost(query: CostQuery): CostPage {
    if (query.by === 'session') return this.#consistently(() => this.#bySession(query))
    const totals = this.#consistently(() => this.#totals(query))
    const keys = totals.rows.keys(query.by)
    const page = keys.slice(query.offset, query.offset + query.limit)
    return {
      rows: page.map((key) => this.#named(query.by, totals.rows.row(key))),
      count: keys.length,
      total: totals.whole.row('total'),
      unknownModels: this.#unknownModels(query, totals.whole.row('total')),
    }
  }

  // There may be as many rows as sessions: only those of the page come out.
  #bySession(query: CostQuery): CostPage {
    const { where, values } = conditions(sumsOf(query), query)
    const from = `FROM ${sumsOf(query)} t${where}`
    const [[count, ...whole]] = this.#arrays(`SELECT count(DISTINCT t.session), ${OF_SUMS} ${from}`, values) as [Group]
    const page = this.#arrays(
      `SELECT t.session, ${OF_SUMS} ${from} GROUP BY 1 ORDER BY sum(t.nano) DESC, sum(t.output) DESC, 1 LIMIT ? OFFSET ?`,
      [...values, query.limit, query.offset],
    )
    const rows = new Totals()
    for (const [key, ...sum] of page) rows.add(key as string, sum as number[])
    const all = new Totals()
    all.add('total', whole.map((sum) => sum ?? 0) as number[])
    return {
      rows: page.map(([key]) => this.#named('session', rows.row(key as string))),
      count: count as number,
      total: all.row('total'),
      unknownModels: this.#unknownModels(query, all.row('total')),
    }
  }

  // Several statements see one state of the ledger.
  #consistently<T>(work: () => T): T {
    this.#db.exec('BEGIN')
    try {
      return work()
    } finally {
      this.#db.exec('COMMIT')
    }
  }

  #totals(query: CostQuery): { readonly rows: Totals; readonly whole: Totals } {
    const rows = new Totals()
    const all = new Totals()
    all.row('total') // there is one over nothing as well
    const add = (key: string, sum: number[]) => {
      all.add('total', sum)
      rows.add(key, sum)
    }
    const { by } = query
    switch (by) {
      case 'day': {
        const tell = dayTeller(query.zone)
        const groups =
          sumsOf(query) === 'quarter_sums' ? this.#byDays(query) : this.#grouped('sums', 't.quarter', query)
        for (const [quarter, ...sum] of groups)
          add(quarter === NEVER_QUARTER ? NO_TIME : tell((quarter as number) * QUARTER_MS), sum as number[])
        break
      }
      case 'tool':
        for (const [tools, ...sum] of this.#byTools(query)) {
          all.add('total', sum as number[])
          rows.addShared(tools as string, sum as number[])
        }
        break
      case 'prompt':
      case 'turn': {
        // Nearly every sum is of a prompt of its own: adding up here is quicker than sorting there.
        const keyOf = this.#laneKeys(by)
        for (const [session, agentId, prompt, ...sum] of this.#raw(query))
          add(keyOf(session as string, agentId as string, prompt as number), sum as number[])
        break
      }
      case 'subagent': {
        const keyOf = this.#laneKeys(by)
        for (const [session, agentId, ...sum] of this.#grouped(sumsOf(query), 't.session, t.agent_id', query))
          add(keyOf(session as string, agentId as string, NO_REF), sum as number[])
        break
      }
      case 'project':
      case 'agent': {
        // Grouped there, by small numbers: what comes out is a few rows, and not one for each session.
        const names = new Map<string, number>()
        const of = new Map<string, number>()
        for (const [session, name] of this.#sessions(by)) of.set(session, numberOf(names, name))
        const none = numberOf(names, '')
        this.#db.function('key_of', { deterministic: true }, (session) => of.get(session as string) ?? none)
        const keys = [...names.keys()]
        for (const [key, ...sum] of this.#grouped(sumsOf(query), 'key_of(t.session)', query))
          add(keys[key as number]!, sum as number[])
        break
      }
      default:
        for (const [key, ...sum] of this.#grouped(sumsOf(query), `t.${by}`, query))
          add(key === '' && by === 'model' ? NO_MODEL : (key as string), sum as number[])
    }
    return { rows, whole: all }
  }

  #grouped(table: SumTable, groups: string, query: CostFilter): readonly Group[] {
    const { where, values } = conditions(table, query)
    return this.#arrays(`SELECT ${groups}, ${OF_SUMS} FROM ${table} t${where} GROUP BY ${groups} ORDER BY 1`, values)
  }

  // A row for each day instead of one for each quarter of an hour, of which there are a hundred times as many.
  #byDays(query: CostQuery): readonly Group[] {
    const { where, values } = conditions('quarter_sums', query, `t.quarter < ${NEVER_QUARTER}`)
    const ends = `SELECT min(t.quarter), max(t.quarter) FROM quarter_sums t${where}`
    const [first, last] = this.#arrays<readonly [number | null, number]>(ends, values)[0]!
    const days = first === null ? [] : daysBetween(first * QUARTER_MS, last * QUARTER_MS, query.zone)
    const spans = days.map((ms, i) => [ms, days[i + 1] ?? (last + 1) * QUARTER_MS].map((each) => each / QUARTER_MS))
    if (query.sinceMs === null && query.untilMs === null) spans.push([NEVER_QUARTER, NEVER_QUARTER + 1])
    return this.#arrays(
      `SELECT max(t.quarter), ${OF_SUMS} FROM json_each(?) d
       CROSS JOIN quarter_sums t ON t.quarter >= d.value ->> 0 AND t.quarter < d.value ->> 1 GROUP BY d.key`,
      [JSON.stringify(spans)],
    )
  }

  #byTools(query: CostFilter): readonly Group[] {
    if (query.sinceMs === null && query.untilMs === null)
      return this.#grouped(isOfSome(query) ? 'tool_sums' : 'all_tool_sums', 't.tools', query)
    const { where, values } = conditions('requests', query)
    const subagents = "sum(agent_id <> ''), coalesce(sum(nano) FILTER (WHERE agent_id <> ''), 0)"
    return this.#arrays(`SELECT tools, ${ANEW}, ${subagents} FROM requests t${where} GROUP BY tools ORDER BY 1`, values)
  }

  #raw(query: CostFilter): readonly Group[] {
    const { where, values } = conditions('sums', query)
    return this.#arrays(`SELECT t.session, t.agent_id, t.prompt, ${OF_ROW} FROM sums t${where}`, values)
  }

  #sessions(by: 'project' | 'agent'): readonly (readonly [session: string, name: string])[] {
    return this.#arrays(`SELECT id, ${by} FROM sessions`, [])
  }

  #arrays<T = Group>(sql: string, values: readonly (string | number)[]): readonly T[] {
    const statement = this.#db.prepare(sql)
    statement.setReturnArrays(true)
    return statement.all(...values) as unknown as T[]
  }

  // In which line of a cut the work of a lane stands: of the main agent by its prompt, of a subagent by the call that began it.
  #laneKeys(by: LaneCut): (session: string, agentId: string, prompt: number) => string {
    const agents = this.#agents()
    const link = memoized((lane: string) => this.#link(agents.get(lane), agents))
    const names = memoized((lane: string) => nameOf(link(lane)))
    if (by === 'subagent') return (session, agentId) => (agentId === '' ? MAIN : names(`${session}\n${agentId}`))
    const turns = by === 'turn' ? this.#turnsOfQueued() : null
    const turnOf = (prompt: string) => turns?.get(prompt) ?? prompt
    const prompts = memoized((lane: string) => turnOf(promptOfLane(lane, link)))
    return (session, agentId, prompt) =>
      agentId !== '' ? prompts(`${session}\n${agentId}`) : prompt === NO_REF ? NO_PROMPT : turnOf(String(prompt))
  }

  #turnsOfQueued(): ReadonlyMap<string, string> {
    const queued = this.#db.prepare('SELECT h, turn FROM prompts WHERE turn <> h').all() as Row[]
    return new Map(queued.map(({ h, turn }) => [String(h), String(turn)]))
  }

  #agents(): ReadonlyMap<string, AgentFacts> {
    const rows = this.#db.prepare('SELECT * FROM agents').all() as Row[]
    return new Map(rows.map((row) => [row.key as string, agentOf(row)]))
  }

  #link(agent: AgentFacts | undefined, agents: ReadonlyMap<string, AgentFacts>): SubagentLink | undefined {
    if (agent === undefined) return undefined
    const run = agents.get(agent.call)
    if (run !== undefined)
      return { name: agent.type || UNNAMED, hidden: agent.hidden, parent: { prompt: '', lane: run.key } }
    const call = agent.call === '' ? undefined : this.#call(agent.call)
    const name = agent.type || call?.calls || (agent.hidden ? helperName(agent.agentId) : UNNAMED)
    if (call === undefined) return { name, hidden: agent.hidden, parent: null }
    const ref = call.prompt || (call.request === '' ? NO_REF : (this.#request(call.request)?.prompt ?? NO_REF))
    const prompt = ref === NO_REF ? '' : String(ref)
    const parent = { prompt, lane: call.agentId === '' ? '' : `${call.session}\n${call.agentId}` }
    return { name, hidden: agent.hidden, parent }
  }

  #prompt(ref: number): Prompt | undefined {
    const row = Number.isSafeInteger(ref) ? (this.#promptAt.get(ref) as Row | undefined) : undefined
    return row === undefined ? undefined : promptOf(row)
  }

  // A prompt is called by its event, and shown by its words; a session by its title.
  #named(by: Cut, row: CostRow): CostRow {
    if (by === 'session') return { ...row, ...this.#titled(row.key) }
    const prompt = by === 'prompt' || by === 'turn' ? this.#prompt(Number(row.key)) : undefined
    if (prompt === undefined) return row
    return {
      ...row,
      key: prompt.event,
      text: prompt.text,
      session: prompt.session,
      time: timeOf(prompt.at),
      asked_by: prompt.isPrompt ? 'person' : 'program',
    }
  }

  #titled(session: string): Partial<CostRow> {
    const find = this.#db.prepare("SELECT json_extract(row, '$.title') AS title FROM sessions WHERE id = ?")
    const title = (find.get(session) as Row | undefined)?.title
    return typeof title === 'string' ? { text: title } : {}
  }

  #unknownModels({ by: _, ...query }: CostQuery, { unpriced }: CostRow): CostPage['unknownModels'] {
    if (unpriced === 0) return []
    const table = sumsOf(query)
    const { where, values } = conditions(table, query, 't.unpriced > 0')
    const found = this.#db
      .prepare(
        `SELECT t.model, sum(t.unpriced) AS requests FROM ${table} t${where} GROUP BY t.model ORDER BY 2 DESC, 1`,
      )
      .all(...values) as unknown as { readonly model: string; readonly requests: number }[]
    return found.map(({ model, requests }) => ({ model: model === '' ? NO_MODEL : model, requests }))
  }

  // What turns cost, with the subagents they sent, asked by the event of a turn's prompt. Good for as long as nobody writes to the ledger.
  costOfTurns(): TurnCosts {
    const { data_version: version } = this.#db.prepare('PRAGMA data_version').get() as { data_version: number }
    if (this.#turnCosts?.version === version) return this.#turnCosts.of
    const { rows, refs } = this.#consistently(() => ({
      rows: this.#totals({ by: 'turn', ...EVERYTHING }).rows,
      refs: new Map(this.#arrays<readonly [Uint8Array, number]>('SELECT event, h FROM prompts', []).map(refOfEvent)),
    }))
    const known = new Set(rows.keys('turn'))
    const of: TurnCosts = (event) => {
      const key = refs.get(event)
      return key !== undefined && known.has(key) ? { ...rows.row(key), key: event } : null
    }
    this.#turnCosts = { version, of }
    return of
  }

  // Event of the prompt of the turn that sent a subagent; null where nobody knows.
  laneTeller(): (session: string, agentId: string) => string | null {
    const keyOf = this.#laneKeys('turn')
    return (session, agentId) => this.#prompt(Number(keyOf(session, agentId, NO_REF)))?.event ?? null
  }

  // In which turn the work of a lane stands, as a key; and the event such a key is called by.
  readonly turnKeys = () => this.#laneKeys('turn')
  readonly eventOfKey = (key: string): string | undefined => this.#prompt(Number(key))?.event

  // Event of the prompt that opened the turn in which a queued prompt was taken.
  turnOfPrompt(event: string): string | null {
    if (!/^[0-9a-f]{32}$/.test(event)) return null
    const found = this.#db.prepare('SELECT turn FROM prompts WHERE event = ?').get(idBytes(event)) as Row | undefined
    return found === undefined ? null : (this.#prompt(found.turn as number)?.event ?? null)
  }

  requests(query: CostQuery, key: string | null): CostRequests {
    return this.#consistently(() => {
      const ids = key === null ? this.#ids(query) : this.#idsOf(query, key)
      const one = this.#db.prepare('SELECT * FROM requests WHERE rowid = ?')
      const page = ids.slice(query.offset, query.offset + query.limit)
      return {
        requests: page.map((id) => shownRequest(one.get(id) as Row, (ref) => this.#prompt(ref)?.event ?? null)),
        count: ids.length,
      }
    })
  }

  #idsOf(query: CostQuery, key: string): readonly number[] {
    const { by } = query
    switch (by) {
      case 'day': {
        if (key === NO_TIME) return this.#ids(query, 't.at = ?', NEVER)
        const day = daySpan(key, query.zone)
        return day === null ? [] : this.#ids(query, 't.at BETWEEN ? AND ?', day.firstMs, day.lastMs)
      }
      case 'tool':
        return key === NO_TOOL
          ? this.#ids(query, "t.tools = ''")
          : this.#ids(query, 'instr(char(10) || t.tools || char(10), char(10) || ? || char(10)) > 0', key)
      case 'project':
      case 'agent':
        return this.#ids(query, `t.session IN (SELECT id FROM sessions WHERE ${by} = ?)`, key)
      case 'prompt':
      case 'turn':
        return this.#idsOfPrompt(query, key, by)
      case 'subagent':
        return key === MAIN ? this.#ids(query, "t.agent_id = ''") : this.#idsOfLanes(query, key, by, "t.agent_id <> ''")
      default:
        return this.#ids(query, `t.${by} = ?`, by === 'model' && key === NO_MODEL ? '' : key)
    }
  }

  // By the event of the prompt, or a line of its own. A main agent's requests name their prompt; a subagent's are followed up to it.
  #idsOfPrompt(query: CostFilter, key: string, by: 'prompt' | 'turn'): readonly number[] {
    if (key === NO_PROMPT) return this.#idsOfLanes(query, key, by, "(t.agent_id <> '' OR t.prompt = ?)", NO_REF)
    const find = this.#db.prepare('SELECT h FROM prompts WHERE event = ?')
    const ref = /^[0-9a-f]{32}$/.test(key) ? ((find.get(idBytes(key)) as Row | undefined)?.h as number) : undefined
    if (ref === undefined) return this.#idsOfLanes(query, key, by, "t.agent_id <> ''")
    const mine = by === 'prompt' ? 't.prompt = ?' : 't.prompt IN (SELECT h FROM prompts WHERE turn = ?)'
    return this.#idsOfLanes(query, String(ref), by, `(t.agent_id <> '' OR ${mine})`, ref)
  }

  #idsOfLanes(query: CostFilter, key: string, by: LaneCut, and: string, ...more: number[]): readonly number[] {
    const keyOf = this.#laneKeys(by)
    const columns = 't.rowid, t.session, t.agent_id, t.prompt'
    return this.#rowids<readonly [number, string, string, number]>(columns, query, and, more)
      .filter(([, session, agentId, prompt]) => keyOf(session, agentId, prompt) === key)
      .map(([id]) => id)
  }

  #ids(query: CostFilter, and?: string, ...more: (string | number)[]): readonly number[] {
    const found = this.#rowids<readonly [number]>('t.rowid', query, and, more)
    return found.map(([id]) => id)
  }

  #rowids<T>(columns: string, query: CostFilter, and: string | undefined, more: (string | number)[]): readonly T[] {
    const { where, values } = conditions('requests', query, and)
    const sql = `SELECT ${columns} FROM requests t${where} ORDER BY t.at DESC, t.event DESC`
    return this.#arrays<T>(sql, [...values, ...more])
  }
}

const nameOf = (link: SubagentLink | undefined): string =>
  link === undefined ? UNNAMED : link.hidden ? helperLine(link.name) : link.name

function numberOf(numbers: Map<string, number>, name: string): number {
  if (!numbers.has(name)) numbers.set(name, numbers.size)
  return numbers.get(name)!
}

function memoized<T>(work: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    if (!known.has(key)) known.set(key, work(key))
    return known.get(key)!
  }
}
