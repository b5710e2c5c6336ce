// A search plan in SQLite's words. Terms are normalised tokens already; each is quoted, so nothing a person types is ever syntax.
import { EXACTLY } from '../../folds/query.ts'
import { tokensOf } from '../../folds/words.ts'
import { slug } from '../facets.ts'
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
  // What is meant exactly is among what begins like it; the rows' marks say which it is.
  const phrases = wanted.map((name) => tokensOf(name.startsWith(EXACTLY) ? name.slice(EXACTLY.length) : name))
  return [phrases.map((words) => `${column} : ${quoted({ words, prefix: true })}`).join(' OR ')]
}

// What the rows themselves answer. `inFullText`: the MATCH expression carries the exclusions already.
export function sqlFilters(plan: SearchPlan, slotsPerMs: number, inFullText: boolean): Filters {
  const where: string[] = []
  const values: (string | number)[] = []
  const anyOf = (wanted: readonly string[], column: string, value: (word: string) => string) => {
    if (wanted.length === 0) return
    const isExact = (word: string) => word.startsWith(EXACTLY)
    where.push(`(${wanted.map((word) => `${column} ${isExact(word) ? '= ?' : "LIKE ? ESCAPE '\\'"}`).join(' OR ')})`)
    values.push(...wanted.map((word) => (isExact(word) ? word.slice(EXACTLY.length) : value(word))))
  }
  const like = (word: string) => word.replace(/[\\%_]/g, '\\$&')
  anyOf(plan.agent, 's.agent', (word) => `${like(word)}%`)
  anyOf(plan.project, 's.project', (word) => `%${like(slug(word))}%`)
  if (plan.session.length > 0) {
    where.push(`s.id IN (${plan.session.map(() => '?').join(', ')})`)
    values.push(...plan.session)
  }
  anyOf(plan.kind, 'k.word', (word) => `${like(word)}%`)
  // Said of the full text's own key, a span of time is all that is read of it.
  const key = inFullText ? 'f.rowid' : 'e.at'
  if (plan.sinceMs !== null) {
    where.push(`${key} >= ?`)
    values.push(plan.sinceMs * slotsPerMs)
  }
  if (plan.untilMs !== null) {
    where.push(`${key} < ?`)
    values.push((plan.untilMs + 1) * slotsPerMs)
  }
  if (!inFullText && plan.none.length > 0) {
    where.push('e.at NOT IN (SELECT rowid FROM full_text.search WHERE search MATCH ?)')
    values.push(plan.none.map((term) => `{words parts} : ${quoted(term)}`).join(' OR '))
  }
  return { where, values }
}
