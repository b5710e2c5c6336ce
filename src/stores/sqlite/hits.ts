// The single events that a search finds, newest or best first, with their lines.
import type { SearchPlan, SearchRow } from '../store.ts'
import { idText } from './database.ts'
import { SLOTS_PER_MS } from './events.ts'
import { markFilters } from './facets.ts'
import { isFollowed, isNear, nearest, nearPlan } from './near.ts'
import { matchOf, sqlFilters } from './plan.ts'

interface Place {
  readonly at: number
  readonly file: string
  readonly log_offset: number
  readonly log_length: number
}
interface Row extends Place {
  readonly id: Uint8Array
  readonly session: string
  readonly kind: string
  readonly score: number
}

interface Page {
  readonly limit: number
  readonly offset: number
  readonly ranked: boolean
}

export function findHits(
  dbs: Parameters<typeof markFilters>[0],
  plan: SearchPlan,
  page: Page,
  textOf: (place: Place) => string,
): SearchRow[] {
  if (!page.ranked && isNear(plan) && isFollowed(dbs.events)) {
    const wanted = page.offset + page.limit
    const rows = rowsOf(dbs, nearPlan(plan), { limit: -1, offset: 0, ranked: false })
    const near = nearest(plan, rows, textOf, wanted)
    if (near !== null && (near.isAll || near.found.length >= wanted))
      return near.found.slice(page.offset).map(({ row, text }) => hitOf(row, text))
  }
  return Array.from(rowsOf(dbs, plan, page), (row) => hitOf(row, textOf(row)))
}

const hitOf = ({ id, session, at, kind, score }: Row, text: string): SearchRow => ({
  id: idText(id),
  session,
  timeMs: Math.floor(at / SLOTS_PER_MS),
  kind,
  score,
  text,
})

function rowsOf(dbs: Parameters<typeof markFilters>[0], plan: SearchPlan, page: Page): Iterable<Row> {
  const match = matchOf(plan)
  const filters = sqlFilters(plan, SLOTS_PER_MS, match !== null)
  const marks = markFilters(dbs, plan)
  const columns = 'e.at, e.id, s.id AS session, s.file, e.log_offset, e.log_length, k.word AS kind'
  const joins = `JOIN sessions s ON s.n = e.session JOIN words k ON k.n = e.kind ${marks.joins}`
  const conditions = [...(match === null ? [] : ['f.search MATCH ?']), ...filters.where, ...marks.where]
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const sql =
    match === null
      ? `SELECT ${columns}, 0 AS score FROM events e ${joins} ${where} ORDER BY e.at DESC LIMIT ? OFFSET ?`
      : `SELECT ${columns}, ${page.ranked ? '-f.rank' : '0'} AS score FROM full_text.search f JOIN events e ON e.at = f.rowid ${joins}
         ${where} ORDER BY ${page.ranked ? 'f.rank' : 'f.rowid DESC'} LIMIT ? OFFSET ?`
  const values = [...(match === null ? [] : [match]), ...filters.values, ...marks.values, page.limit, page.offset]
  return dbs.events.prepare(sql).iterate(...values) as Iterable<unknown> as Iterable<Row>
}
