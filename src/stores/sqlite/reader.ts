// What the API and the command line ask, over read-only connections. Synchronous inside; app/ puts it in a thread of its own, so that
// a slow query holds up nothing but other queries.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { promptKeyOf, refOf } from '../../folds/ledger.ts'
import { outlineOf } from '../../folds/outline.ts'
import type { SessionRow } from '../../folds/session.ts'
import type { Turn } from '../../folds/turn/turn.ts'
import type { FacetCounts } from '../facets.ts'
import type { FileHistory, FileQuery, FilesPage, FilesQuery, SessionTouching, TurnFiles } from '../files.ts'
import type {
  CostPage,
  CostQuery,
  CostRequests,
  EventLog,
  EventTrace,
  LogPlace,
  RecordsPage,
  SearchPlan,
  SearchRow,
  SessionQuery,
  StoreFacts,
  ToolCalls,
  TurnQuery,
} from '../store.ts'
import { StoreError } from '../store.ts'
import type { TimelinePart } from '../timeline.ts'
import { CostReader } from './costs.ts'
import { attachReadOnly, openReadOnly } from './database.ts'
import { readDrift } from './drift.ts'
import { atOfId } from './events.ts'
import { facetCounts } from './facets.ts'
import { factsOf } from './facts.ts'
import { FileReader } from './files-reader.ts'
import { findHits } from './hits.ts'
import { finder, promptOf } from './ledger.ts'
import { momentsOf } from './moments.ts'
import { timelineOf } from './timeline.ts'
import { toolCalls } from './tools.ts'
import { TurnCosts } from './turn-costs.ts'
import { foreignSays, foreignStores } from './versions.ts'
import { workOf } from './work.ts'

export interface StorePaths {
  readonly events: string
  readonly search: string
  readonly sessions: string
  readonly turns: string
  readonly dir: string
}

export const storePaths = (dir: string): StorePaths => ({
  dir,
  events: join(dir, 'events.sqlite'),
  search: join(dir, 'search.sqlite'),
  sessions: join(dir, 'sessions.sqlite'),
  turns: join(dir, 'turns.sqlite'),
})

interface EventPlace {
  readonly at: number
  readonly file: string
  readonly log_offset: number
  readonly log_length: number
}

const PLACED = 'e.at, s.file, e.log_offset, e.log_length FROM events e JOIN sessions s ON s.n = e.session'
const placeOf = (row: Omit<EventPlace, 'at'>): LogPlace => ({
  file: row.file,
  offset: row.log_offset,
  length: row.log_length,
})

const LAST_LETTER = '\u{10ffff}' // stands behind whatever a text goes on with

export class SqliteReader {
  readonly #paths: StorePaths
  readonly #log: Pick<EventLog, 'read' | 'lines'>
  #events: DatabaseSync
  #sessions: DatabaseSync
  #turns: DatabaseSync
  #costs: CostReader | null = null
  #files: FileReader | null = null
  readonly #turnCosts: TurnCosts

  constructor(paths: StorePaths, log: Pick<EventLog, 'read' | 'lines'>) {
    this.#paths = paths
    this.#log = log
    for (const path of [paths.events, paths.search, paths.sessions, paths.turns])
      if (!existsSync(path)) throw new StoreError(`there is no store at ${path}; run: openstory import`)
    const foreign = foreignStores(paths)[0]
    if (foreign !== undefined) throw new StoreError(foreignSays(foreign))
    this.#events = openReadOnly(paths.events)
    attachReadOnly(this.#events, paths.search, 'full_text')
    this.#sessions = openReadOnly(paths.sessions)
    this.#turns = openReadOnly(paths.turns)
    attachReadOnly(this.#turns, paths.sessions, 'ledger')
    this.#turnCosts = new TurnCosts(this.#events, this.#turns, () => this.#ledger())
  }

  sessions({ agent, project, words, limit, before }: SessionQuery) {
    const where: string[] = []
    const values: string[] = []
    const and = (sql: string, ...more: string[]) => {
      where.push(sql)
      values.push(...more)
    }
    if (agent) and('agent = ?', agent)
    if (project) and('project = ?', project)
    for (const word of words?.toLowerCase().split(/\s+/).filter(Boolean) ?? [])
      and(`words LIKE ? ESCAPE '\\'`, `%${word.replace(/[\\%_]/g, '\\$&')}%`)
    const seq = this.#fact('acked_seq')
    const total = this.#sessions.prepare(`SELECT count(*) AS n FROM sessions${whereOf(where)}`).get(...values) as {
      n: number
    }
    if (before) {
      const cut = before.indexOf('|')
      and('(ended < ? OR (ended = ? AND id > ?))', before.slice(0, cut), before.slice(0, cut), before.slice(cut + 1))
    }
    const found = this.#sessions
      .prepare(`SELECT row, ended, id FROM sessions${whereOf(where)} ORDER BY ended DESC, id LIMIT ?`)
      .all(...values, limit + 1) as { row: string; ended: string; id: string }[]
    const page = found.slice(0, limit)
    const last = page.at(-1)
    const next = found.length > limit && last ? `${last.ended}|${last.id}` : null
    return { rows: page.map(({ row }) => JSON.parse(row) as SessionRow), next, total: total.n, seq }
  }

  session(id: string): SessionRow | null {
    const found = this.#sessions.prepare('SELECT row FROM sessions WHERE id = ?').get(id) as { row: string } | undefined
    return found ? (JSON.parse(found.row) as SessionRow) : null
  }

  resolveSession(wanted: string): string[] {
    const exact = this.#sessions.prepare('SELECT id FROM sessions WHERE id = ?1 OR native = ?1').all(wanted) as {
      id: string
    }[]
    if (exact.length > 0 || wanted.length < 4) return exact.map(({ id }) => id)
    const begins = this.#sessions
      .prepare(
        `SELECT id FROM (SELECT id, ended FROM sessions WHERE native >= ?1 AND native < ?2
           UNION SELECT id, ended FROM sessions WHERE id >= ?1 AND id < ?2) ORDER BY ended DESC LIMIT 20`,
      )
      .all(wanted, wanted + LAST_LETTER) as { id: string }[]
    return begins.map(({ id }) => id)
  }

  records(
    session: string,
    page: { after?: number; before?: number; around?: string; agentId?: string; limit: number },
  ): RecordsPage {
    const seq = this.#fact('acked_seq')
    const lane =
      page.agentId === undefined
        ? ''
        : page.agentId === 'main'
          ? ' AND e.agent_id IS NULL'
          : ' AND e.agent_id = (SELECT n FROM words WHERE word = ?)'
    const laneValues = page.agentId === undefined || page.agentId === 'main' ? [] : [page.agentId]
    const take = (sql: string, order: 'ASC' | 'DESC', at: number, limit: number) =>
      this.#events
        .prepare(
          `SELECT ${PLACED} WHERE e.session = (SELECT n FROM sessions WHERE id = ?) AND e.at ${sql} ?${lane} ORDER BY e.at ${order} LIMIT ?`,
        )
        .all(session, at, ...laneValues, limit) as unknown as EventPlace[]
    const END = Number.MAX_SAFE_INTEGER
    let older: EventPlace[] = []
    let newer: EventPlace[] = []
    if (page.around !== undefined) {
      const middle = atOfId(this.#events, page.around) ?? END
      const half = Math.floor(page.limit / 2)
      older = take('<', 'DESC', middle, half)
      newer = take('>=', 'ASC', middle, page.limit - half)
    } else if (page.after !== undefined) newer = take('>', 'ASC', page.after, page.limit)
    else older = take('<', 'DESC', page.before ?? END, page.limit)
    const rows = [...older.toReversed(), ...newer]
    const [first, last] = [rows[0]?.at ?? page.before ?? END, rows.at(-1)?.at ?? page.after ?? 0]
    return {
      texts: rows.map((row) => this.#text(row)),
      cursors: rows.map(({ at }) => at),
      more: { before: take('<', 'DESC', first, 1).length > 0, after: take('>', 'ASC', last, 1).length > 0 },
      seq,
    }
  }

  turns(session: string): Turn[] {
    const found = this.#turns.prepare('SELECT row FROM turns WHERE session = ? ORDER BY started, id').all(session) as {
      row: string
    }[]
    return this.#toldHere(found.map(({ row }) => JSON.parse(row) as Turn))
  }

  // Without those whose prompt the ledger knows as another session's: a resumed or forked session begins with what was told there. And of
  // a session that is kept in several forms, without those that a better one tells.
  #toldHere(turns: readonly Turn[]): Turn[] {
    const keys = turns.map(({ agent, agentId, prompt }) =>
      agentId === null && prompt ? promptKeyOf(agent, prompt.nativeId) : null,
    )
    const prompt = finder(this.#sessions, 'prompts', promptOf, refOf) // by its hash: keys have no index
    const best = this.#bestForms(turns)
    return turns.filter(
      ({ session, form = 0 }, i) =>
        (keys[i] == null ? session : (prompt(keys[i])?.session ?? session)) === session &&
        form === (best.get(session) ?? form),
    )
  }

  // Session → the best form that tells turns of it, where there is a choice.
  #bestForms(turns: readonly Turn[]): Map<string, number> {
    const sessions = [...new Set(turns.flatMap(({ session, form }) => (form === undefined ? [] : [session])))]
    const best = this.#turns.prepare('SELECT min(form) AS best FROM turns WHERE session = ?')
    return new Map(sessions.map((session) => [session, (best.get(session) as { best: number }).best]))
  }

  sentences({ since, until, oldest, project, verb, file, limit, before }: TurnQuery): {
    turns: Turn[]
    next: string | null
  } {
    const where: string[] = []
    const values: string[] = []
    const and = (sql: string, ...more: string[]) => {
      where.push(sql)
      values.push(...more)
    }
    // Written as times are kept, so that they compare as text.
    if (since !== undefined) and('started >= ?', new Date(since).toISOString())
    if (until !== undefined) and('started < ?', new Date(until).toISOString())
    if (project !== undefined) and('project = ?', project)
    if (verb !== undefined) and('verb = ?', verb)
    if (file !== undefined) and('instr(files, ?) > 0', file.toLowerCase())
    if (before !== undefined) {
      const cut = before.lastIndexOf('|')
      and('(started, hex(id)) < (?, ?)', before.slice(0, cut), before.slice(cut + 1).toUpperCase())
    }
    const order = oldest ? 'started, id' : 'started DESC, id DESC'
    const found = this.#turns
      .prepare(`SELECT row FROM turns${whereOf(where)} ORDER BY ${order} LIMIT ?`)
      .all(...values, limit + 1) as { row: string }[]
    const turns = found.slice(0, limit).map(({ row }) => JSON.parse(row) as Turn)
    const last = turns.at(-1)
    return {
      turns: this.#toldHere(turns),
      next: found.length > limit && last && !oldest ? `${last.started ?? ''}|${last.id}` : null,
    }
  }

  eventText(id: string): string | null {
    const found = this.#placed(id)
    return found === null ? null : this.#text(found)
  }

  readonly work = (session: string, names: readonly string[]) => workOf(this.#events, this.#log, session, names)
  readonly timeline = (session: string, max: number, part: TimelinePart = 'all') =>
    timelineOf(this.#events, this.#sessions, this.#log, session, max, part)

  readonly outline = (session: string) => outlineOf(this.turns(session))
  readonly moments = (session: string) => {
    const files = { events: this.#events, sessions: this.#sessions, turns: this.#turns, log: this.#log }
    return momentsOf(files, session, this.turns(session))
  }

  trace(id: string): EventTrace | null {
    const found = this.#placed(id)
    if (found === null) return null
    const way = this.#events
      .prepare(
        `SELECT e.seq, e.published_ms, a.n, a.indexed_ms FROM events e JOIN arrivals a ON a.session = e.session AND a.log_offset <= e.log_offset
         WHERE e.at = ? ORDER BY a.log_offset DESC LIMIT 1`,
      )
      .get(found.at) as unknown as { seq: number; n: number; published_ms: number; indexed_ms: number }
    return {
      text: this.#text(found),
      place: placeOf(found),
      seq: way.seq,
      publishedMs: way.published_ms,
      indexedMs: way.indexed_ms,
      searchable: this.#followed('followed') >= way.n,
    }
  }

  #placed(id: string): EventPlace | null {
    if (!/^[0-9a-f]{32}$/.test(id)) return null
    const at = atOfId(this.#events, id)
    if (at === null) return null
    return this.#events.prepare(`SELECT ${PLACED} WHERE e.at = ?`).get(at) as unknown as EventPlace
  }

  search(plan: SearchPlan, page: { limit: number; offset: number; ranked: boolean }): SearchRow[] {
    return findHits(this.#both(), plan, page, (place) => this.#text(place))
  }

  tools(session: string): ToolCalls[] {
    return toolCalls(this.#sessions, session)
  }

  facets(plan: SearchPlan, nowMs: number): FacetCounts {
    return facetCounts(this.#both(), plan, nowMs, (place) => this.#text(place))
  }

  #both() {
    this.#turnCosts.renew()
    return { events: this.#events, sessions: this.#sessions }
  }

  cost(query: CostQuery): CostPage {
    return this.#ledger().cost(query)
  }

  costRequests(query: CostQuery, key: string | null): CostRequests {
    return this.#ledger().requests(query, key)
  }

  #ledger(): CostReader {
    this.#costs ??= new CostReader(this.#sessions)
    return this.#costs
  }

  files(query: FilesQuery): FilesPage {
    return this.#filed().files(query)
  }

  fileHistory(query: FileQuery): FileHistory {
    return this.#filed().fileHistory(query)
  }

  turnFiles(turn: string): TurnFiles | null {
    return this.#filed().turnFiles(turn)
  }

  sessionsTouching(path: string): SessionTouching[] {
    return this.#filed().sessionsTouching(path)
  }

  #filed(): FileReader {
    this.#files ??= new FileReader(this.#turns, () => this.#ledger())
    return this.#files
  }

  facts(): StoreFacts {
    const files = { events: this.#events, sessions: this.#sessions, turns: this.#turns }
    return factsOf(files, this.#paths.dir)
  }

  drift() {
    const agents = this.#events.prepare('SELECT DISTINCT agent FROM sessions ORDER BY agent').all() as {
      agent: string
    }[]
    const counts = readDrift(this.#events, 'full_text')
    const waiting = this.#fact('events') - this.#followed('events')
    return { counts, agents: agents.map(({ agent }) => agent), waiting }
  }

  close(): void {
    for (const db of [this.#events, this.#sessions, this.#turns]) db.close()
  }

  #fact(name: string): number {
    return (this.#events.prepare('SELECT value FROM facts WHERE name = ?').get(name) as { value: number }).value
  }

  #followed(name: 'followed' | 'events'): number {
    return (this.#events.prepare('SELECT value FROM full_text.facts WHERE name = ?').get(name) as { value: number })
      .value
  }

  #text(row: Omit<EventPlace, 'at'>): string {
    return Buffer.from(this.#log.read(placeOf(row))).toString()
  }
}

const whereOf = (conditions: readonly string[]) => (conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`)
