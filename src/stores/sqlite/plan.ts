// A search plan in SQLite's words. Terms are normalised tokens already; each is quoted, so nothing a person types is ever syntax.
import { tokensOf } from '../../folds/words.ts'
import type { SearchPlan, SearchTerm } from '../store.ts'

export interface Filters {
  readonly where: readonly string[]
  readonly values: readonly (string | number)[]
}

// The MATCH expression; null when nothing in the plan asks the full text.
export function matchOf(plan: SearchPlan): string | null {
  const need = [
    ...plan.all.map((term) => `{words parts} : ${quoted(term)}`),
    ...oneOf('tool', plan.tool),
    ...oneOf('file', plan.file),
  ].map((part) => `(${part})`)
  if (need.length === 0) return null
  const none = plan.none.map((term) => `{words parts} : ${quoted(term)}`)
  return none.length === 0 ? need.join(' AND ') : `(${need.join(' AND ')}) NOT (${none.join(' OR ')})`
}

// FTS5 reads its expression up to a zero byte.
const quoted = ({ words, prefix }: SearchTerm): string =>
  `"${words.map((word) => word.replaceAll('\0', ' ').replaceAll('"', '""')).join(' ')}"${prefix ? ' *' : ''}`

function oneOf(column: string, wanted: readonly string[]): string[] {
  if (wanted.length === 0) return []
  // One without a word in it is an empty phrase, which finds nothing: not asked for would be everything.
  const phrases = wanted.map(tokensOf)
  return [phrases.map((words) => `${column} : ${quoted({ words, prefix: true })}`).join(' OR ')]
}

// What the rows themselves answer. `inFullText`: the MATCH expression carries the exclusions already.
export function sqlFilters(plan: SearchPlan, slotsPerMs: number, inFullText: boolean): Filters {
  const where: string[] = []
  const values: (string | number)[] = []
  const anyOf = (wanted: readonly string[], sql: string, value: (word: string) => string) => {
    if (wanted.length === 0) return
    where.push(`(${wanted.map(() => sql).join(' OR ')})`)
    values.push(...wanted.map(value))
  }
  const like = (word: string) => word.replace(/[\\%_]/g, '\\$&')
  anyOf(plan.agent, `s.agent LIKE ? ESCAPE '\\'`, (word) => `${like(word)}%`)
  anyOf(plan.project, `s.project LIKE ? ESCAPE '\\'`, (word) => `%${like(word.replace(/[^\p{L}\p{N}]/gu, '-'))}%`)
  anyOf(plan.session, 's.id = ?', (id) => id)
  anyOf(plan.kind, `k.word LIKE ? ESCAPE '\\'`, (word) => `${like(word)}%`)
  if (plan.sinceMs !== null) {
    where.push('e.at >= ?')
    values.push(plan.sinceMs * slotsPerMs)
  }
  if (plan.untilMs !== null) {
    where.push('e.at < ?')
    values.push((plan.untilMs + 1) * slotsPerMs)
  }
  if (!inFullText && plan.none.length > 0) {
    where.push('e.at NOT IN (SELECT rowid FROM full_text.search WHERE search MATCH ?)')
    values.push(plan.none.map((term) => `{words parts} : ${quoted(term)}`).join(' OR '))
  }
  return { where, values }
}
