// Files asked for: what touched one, what a prompt did to them, the list of all. Read from the touches, the turns beside them, and the
// ledger, which knows whose prompt was first and what it cost.
import type { DatabaseSync } from 'node:sqlite'
import { timeOfId } from '../../event/ids.ts'
import { nanoOf } from '../../folds/money.ts'
import { isAside } from '../../folds/turn/files.ts'
import { isRooted, nameOf } from '../../folds/turn/paths.ts'
import type { Turn } from '../../folds/turn/turn.ts'
import type {
  FileHistory,
  FileQuery,
  FilesPage,
  FilesQuery,
  FileTotals,
  FileTouch,
  PromptsCost,
  SessionTouching,
  TouchingTurn,
  TurnFiles,
} from '../files.ts'
import type { CostReader, TurnCosts } from './costs.ts'
import { idBytes, idText } from './database.ts'
import { CHANGES, READ } from './files.ts'

// Turns that are told here and nowhere before: what `asked` names in the ledger is this session's, or not known there. And of a session
// that is kept in several forms those of the best one.
export const TOLD_HERE = `NOT EXISTS (SELECT 1 FROM ledger.prompts p WHERE p.h = t.asked AND p.session <> t.session)
  AND (t.form = 0 OR t.form = (SELECT min(b.form) FROM turns b WHERE b.session = t.session))`

interface TouchRow {
  readonly path: string
  readonly was: string | null
  readonly turn: number
  readonly event: Uint8Array
  readonly change: number
  readonly added: number
  readonly removed: number
  readonly by_command: number
  readonly unsure: number
  readonly session: string
}

// A whole write that counts its file as new is wrong when something touched that before; of one over a known file nothing is counted.
const UNSURE = `(x.whole = 2 OR (x.whole = 1 AND
  EXISTS (SELECT 1 FROM touches e WHERE e.path = x.path AND substr(e.event, 1, 6) < substr(x.event, 1, 6))))`
const TOUCH = `SELECT f.path, w.path AS was, x.turn, x.event, x.change, x.added, x.removed, x.by_command, ${UNSURE} AS unsure, t.session
  FROM touches x JOIN turns t ON t.n = x.turn JOIN paths f ON f.n = x.path LEFT JOIN paths w ON w.n = x.was`

export class FileReader {
  readonly #db: DatabaseSync
  readonly #costs: () => CostReader

  // `db`: the file of turns, with that of the sessions attached as `ledger`.
  constructor(db: DatabaseSync, costs: () => CostReader) {
    this.#db = db
    this.#costs = costs
  }

  files(query: FilesQuery): FilesPage {
    const { sort, limit, offset } = query
    const found = this.#listed(query, sort === 'cost' ? null : { limit, offset })
    const roots = this.#rootsOfPaths(
      found.map(({ n }) => n),
      query.session,
    )
    const costs = this.#costs().costOfTurns()
    const priced = found.map((row) => ({ ...row, ...costOf(roots.get(row.n) ?? NONE, costs) }))
    if (sort === 'cost') priced.sort((a, b) => (b.nano ?? -1) - (a.nano ?? -1) || (a.path < b.path ? -1 : 1))
    const page = sort === 'cost' ? priced.slice(offset, offset + limit) : priced
    const lastChange = this.#db.prepare(
      'SELECT change FROM touches WHERE (path = ?1 OR was = ?1) AND change <> 0 ORDER BY substr(event, 1, 6) DESC, rowid DESC LIMIT 1',
    )
    return {
      count: found[0]?.count ?? 0,
      files: page.map(({ n, count: _, ...row }) => {
        const last = lastChange.get(n) as { change: number } | undefined
        return { ...row, change: CHANGES[last?.change ?? READ]! }
      }),
    }
  }

  #listed(query: FilesQuery, page: { limit: number; offset: number } | null) {
    const order = {
      changed: 'changed DESC, x.path',
      touched: 'last DESC, x.path',
      lines: 'added + removed DESC, changed DESC, x.path',
      turns: 'turns DESC, last DESC, x.path',
      cost: 'x.path',
    }[query.sort]
    const rows = this.#db
      .prepare(
        `WITH here AS MATERIALIZED (SELECT t.n, t.session FROM turns t WHERE ${TOLD_HERE}${query.session === undefined ? '' : ' AND t.session = ?3'})
         SELECT x.path AS n, f.path, count(DISTINCT x.turn) AS turns, count(DISTINCT here.session) AS sessions, sum(x.change <> 0) AS changes,
           sum(x.change = 0) AS reads, sum(iif(${UNSURE}, 0, x.added)) AS added,
           sum(x.removed) AS removed, sum(${UNSURE}) AS uncounted, min(x.event) AS first, max(x.event) AS last,
           max(iif(x.change <> 0, x.event, NULL)) AS changed, count(*) OVER () AS count
         FROM touches x JOIN here ON here.n = x.turn JOIN paths f ON f.n = x.path
         WHERE x.path IN (SELECT value FROM json_each(?1)) GROUP BY x.path HAVING changes > 0 OR ?2 ORDER BY ${order}
         LIMIT ${page?.limit ?? -1} OFFSET ${page?.offset ?? 0}`,
      )
      .all(
        JSON.stringify(this.#pathsLike(query)),
        Number(query.read),
        ...(query.session === undefined ? [] : [query.session]),
      ) as unknown as (Omit<FileTotals, 'first' | 'last' | 'changed'> & {
      n: number
      path: string
      count: number
      first: Uint8Array
      last: Uint8Array
      changed: Uint8Array | null
    })[]
    return rows.map(({ first, last, changed, ...row }) => ({
      ...row,
      first: timeOf(first),
      last: timeOf(last),
      changed: changed && timeOf(changed),
    }))
  }

  // Paths are few beside touches: they are looked through here, where lower case means the same in every script.
  #pathsLike({ words, under, aside }: FilesQuery): number[] {
    const wanted = words?.toLowerCase().split(/\s+/).filter(Boolean) ?? []
    const folder = under?.replace(/(?<=.)[/\\]+$/, '')
    const found: number[] = []
    for (const { n, path } of this.#db.prepare('SELECT n, path FROM paths').iterate() as Iterable<{
      n: number
      path: string
    }>) {
      if (!aside && isAside(path)) continue
      if (folder !== undefined && !(path.startsWith(folder) && /^[/\\]/.test(path.slice(folder.length)))) {
        if (folder !== '/' || !path.startsWith('/')) continue
      }
      if (wanted.length > 0) {
        const lower = path.toLowerCase()
        if (!wanted.every((word) => lower.includes(word))) continue
      }
      found.push(n)
    }
    return found
  }

  #rootsOfPaths(paths: readonly number[], session: string | undefined): Map<number, Set<string>> {
    const pairs = this.#db
      .prepare(
        `SELECT DISTINCT x.path, x.turn, t.session FROM touches x JOIN turns t ON t.n = x.turn
         WHERE x.path IN (SELECT value FROM json_each(?)) AND x.change <> 0 AND ${TOLD_HERE}`,
      )
      .all(JSON.stringify(paths)) as { path: number; turn: number; session: string }[]
    const roots = new Map<number, Set<string>>()
    const rootOf = this.#rootTeller()
    for (const each of pairs) {
      if (session !== undefined && each.session !== session) continue
      const root = rootOf(each.turn, each.session)
      if (root !== null) roots.set(each.path, (roots.get(each.path) ?? new Set()).add(root))
    }
    return roots
  }

  fileHistory({ path, what, limit, offset }: FileQuery): FileHistory {
    const paths = this.#pathsNamed(path)
    const touches = this.#touches(
      '(x.path IN (SELECT value FROM json_each(?1)) OR x.was IN (SELECT value FROM json_each(?1)))',
      [JSON.stringify(paths.map(({ n }) => n))],
    )
    const fitting = touches.filter(({ change }) => what === 'all' || (change === READ) === (what === 'read'))
    const byTurn = [...Map.groupBy(fitting, ({ turn }) => turn)].reverse()
    byTurn.sort(([, a], [, b]) => Buffer.compare(b.at(-1)!.event, a.at(-1)!.event))
    const rootOf = this.#rootTeller()
    const costs = this.#costs().costOfTurns()
    const changed = touches.filter(({ change }) => change !== READ)
    const roots = new Set(changed.map(({ turn, session }) => rootOf(turn, session)).filter((root) => root !== null))
    return {
      paths: paths.map((each) => each.path),
      totals: { ...totalsOf(touches), ...costOf(roots, costs) },
      count: byTurn.length,
      turns: byTurn.slice(offset, offset + limit).map(([n, own]) => this.#touching(n, own, rootOf, costs)),
    }
  }

  turnFiles(id: string): TurnFiles | null {
    const found = this.#numbered(id) ?? this.#numbered(this.#costs().turnOfPrompt(id))
    if (found === null) return null
    const rootOf = this.#rootTeller()
    const lanes = this.#db.prepare('SELECT n FROM turns WHERE session = ? ORDER BY started, id').all(found.session) as {
      n: number
    }[]
    const members = lanes.filter(({ n }) => n === found.n || rootOf(n, found.session) === found.id)
    const costs = this.#costs().costOfTurns()
    const root = rootOf(found.n, found.session)
    return {
      turn: this.#turn(found.n),
      root: root === null ? null : this.#turnOfId(root),
      cost: root === null ? null : costs(root),
      turns: members.map(({ n }) => this.#touching(n, this.#touches('x.turn = ?1', [n]), rootOf, costs)),
    }
  }

  sessionsTouching(path: string): SessionTouching[] {
    const paths = JSON.stringify(this.#pathsNamed(path).map(({ n }) => n))
    const touches = this.#touches(
      '(x.path IN (SELECT value FROM json_each(?1)) OR x.was IN (SELECT value FROM json_each(?1)))',
      [paths],
    )
    return [...Map.groupBy(touches, ({ session }) => session)].map(([session, own]) => {
      const { agent, project } = this.#turn(own[0]!.turn)
      return {
        session,
        agent,
        project,
        paths: [...new Set(own.flatMap((each) => (each.was === null ? [each.path] : [each.was, each.path])))],
        changes: own.filter(({ change }) => change !== READ).length,
        reads: own.filter(({ change }) => change === READ).length,
        firstEvent: idText(own[0]!.event),
        lastEvent: idText(own.at(-1)!.event),
      }
    })
  }

  // Oldest first; calls of one moment (an id begins with it) in the order their results came.
  #touches(where: string, values: (string | number)[]): TouchRow[] {
    return this.#db
      .prepare(`${TOUCH} WHERE ${where} AND ${TOLD_HERE} ORDER BY substr(x.event, 1, 6), x.rowid`)
      .all(...values) as unknown as TouchRow[]
  }

  #pathsNamed(wanted: string): { n: number; path: string }[] {
    if (isRooted(wanted))
      return this.#db.prepare('SELECT n, path FROM paths WHERE path = ?').all(wanted) as { n: number; path: string }[]
    const end = wanted.replace(/^(?:\.\/)+/, '')
    const alike = this.#db.prepare('SELECT n, path FROM paths WHERE name = ? ORDER BY path').all(nameOf(end)) as {
      n: number
      path: string
    }[]
    return alike.filter(({ path }) => path === end || path.endsWith(`/${end}`) || path.endsWith(`\\${end}`))
  }

  #touching(n: number, touches: readonly TouchRow[], rootOf: RootTeller, costs: TurnCosts): TouchingTurn {
    const turn = this.#turn(n)
    const root = rootOf(n, turn.session)
    return {
      turn,
      root: root === null ? null : root === turn.id ? turn : this.#turnOfId(root),
      cost: root === null ? null : costs(root),
      touches: touches.map(touchOf),
    }
  }

  #turn(n: number): Turn {
    const found = this.#db.prepare('SELECT row FROM turns WHERE n = ?').get(n) as { row: string }
    return JSON.parse(found.row) as Turn
  }

  #turnOfId(id: string): Turn | null {
    const found = this.#numbered(id)
    return found === null ? null : this.#turn(found.n)
  }

  #numbered(id: string | null): { n: number; session: string; id: string } | null {
    if (id === null || !/^[0-9a-f]{32}$/.test(id)) return null
    const found = this.#db.prepare('SELECT n, session FROM turns WHERE id = ?').get(idBytes(id)) as
      | { n: number; session: string }
      | undefined
    return found === undefined ? null : { ...found, id }
  }

  // The turn whose prompt set a turn off. A session's turns are looked through once.
  #rootTeller(): RootTeller {
    const lanes = this.#db.prepare(
      'SELECT n, id, agent_id, form, goes_on FROM turns WHERE session = ? ORDER BY started, id',
    )
    const ofLane = this.#costs().laneTeller()
    const known = new Map<string, Map<number, string | null>>()
    return (n, session) => {
      let roots = known.get(session)
      if (roots === undefined) {
        roots = new Map()
        known.set(session, roots)
        const last = new Map<number, string>() // of each form
        for (const each of lanes.all(session) as unknown as LaneRow[]) {
          if (each.agent_id === '' && each.goes_on === 0) last.set(each.form, idText(each.id))
          roots.set(each.n, each.agent_id === '' ? (last.get(each.form) ?? null) : ofLane(session, each.agent_id))
        }
      }
      return roots.get(n) ?? null
    }
  }
}

const NONE: ReadonlySet<string> = new Set()

function costOf(roots: ReadonlySet<string>, costs: TurnCosts): PromptsCost {
  let nano: number | null = null
  let lowerBound = false
  for (const root of roots) {
    const cost = costs(root)
    if (cost === null) continue
    if (cost.usd !== null) nano = (nano ?? 0) + nanoOf(cost.usd)
    if (cost.lower_bound) lowerBound = true
  }
  return { prompts: roots.size, nano, lowerBound }
}

interface LaneRow {
  readonly n: number
  readonly id: Uint8Array
  readonly agent_id: string
  readonly form: number
  readonly goes_on: number
}

type RootTeller = (n: number, session: string) => string | null

function timeOf(event: Uint8Array): string | null {
  const ms = timeOfId(idText(event))
  return ms === 0 ? null : new Date(ms).toISOString()
}

const touchOf = (row: TouchRow): FileTouch => ({
  path: row.path,
  change: CHANGES[row.change]!,
  ...(row.was !== null && { from: row.was }),
  added: addedIn(row),
  removed: row.removed,
  counted: row.unsure === 0,
  by: row.by_command === 1 ? 'command' : 'tool',
  event: idText(row.event),
  time: timeOf(row.event),
})

const addedIn = ({ added, unsure }: TouchRow): number => (unsure === 1 ? 0 : added)

function totalsOf(touches: readonly TouchRow[]): FileTotals {
  const changes = touches.filter(({ change }) => change !== READ)
  const at = (row: TouchRow | undefined) => (row === undefined ? null : timeOf(row.event))
  return {
    turns: new Set(touches.map(({ turn }) => turn)).size,
    sessions: new Set(touches.map(({ session }) => session)).size,
    changes: changes.length,
    reads: touches.length - changes.length,
    added: changes.reduce((sum, row) => sum + addedIn(row), 0),
    removed: changes.reduce((sum, { removed }) => sum + removed, 0),
    uncounted: changes.filter(({ unsure }) => unsure === 1).length,
    first: at(touches[0]),
    last: at(touches.at(-1)),
    changed: at(changes.at(-1)),
  }
}
