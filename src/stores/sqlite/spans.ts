// Which sums a question about cost is answered from, and what it narrows them by: a span of time, a session, an agent, a project.
import { type Cut, SUMS } from '../../folds/cost.ts'
import { NEVER } from '../../folds/ledger.ts'
import type { CostFilter } from '../store.ts'
import { QUARTER_MS, type SumTable } from './sums.ts'

export const NEVER_QUARTER = Math.floor(NEVER / QUARTER_MS)

// A sum over some rows, as Totals takes it.
export const OF_SUMS = [
  ...SUMS.map((name) => `sum(t.${name})`),
  "coalesce(sum(t.requests) FILTER (WHERE t.agent_id <> ''), 0)",
  "coalesce(sum(t.nano) FILTER (WHERE t.agent_id <> ''), 0)",
].join(', ')

// The same of a single row.
export const OF_ROW = [
  ...SUMS.map((name) => `t.${name}`),
  "iif(t.agent_id = '', 0, t.requests)",
  "iif(t.agent_id = '', 0, t.nano)",
].join(', ')

// The smallest table that can tell it. Without a cut: what is asked of all of it.
export function sumsOf(query: CostFilter & { readonly by?: Cut }): SumTable {
  const { by = 'model', sinceMs, untilMs } = query
  if (sinceMs === null && untilMs === null && by !== 'day') return 'session_sums'
  return (by === 'day' || by === 'model') && !isOfSome(query) ? 'quarter_sums' : 'sums'
}

export const isOfSome = ({ project, agent, session }: CostFilter): boolean =>
  project !== undefined || agent !== undefined || session !== undefined

export function conditions(table: SumTable | 'requests', query: CostFilter, and?: string) {
  const where: string[] = []
  const values: (string | number)[] = []
  const add = (sql: string, value: string | number) => {
    where.push(sql)
    values.push(value)
  }
  const { sinceMs, untilMs, project, agent, session } = query
  const quarter = (ms: number) => Math.floor(ms / QUARTER_MS)
  const [column, unit] = table === 'requests' ? ['t.at', QUARTER_MS] : ['t.quarter', 1]
  if (sinceMs !== null) add(`${column} >= ?`, quarter(sinceMs) * unit)
  if (untilMs !== null) add(`${column} < ?`, (quarter(untilMs) + 1) * unit)
  // What happened at no known time is in no span of time.
  if (sinceMs !== null || untilMs !== null) add(`${column} < ?`, NEVER_QUARTER * unit)
  if (project !== undefined) add('t.session IN (SELECT id FROM sessions WHERE project = ?)', project)
  if (agent !== undefined) add('t.session IN (SELECT id FROM sessions WHERE agent = ?)', agent)
  if (session !== undefined) add('t.session = ?', session)
  if (and !== undefined) where.push(and)
  return { where: where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`, values }
}
