// What nearly every event has (t*) is not asked of the full text, which would put together the places of ten thousand words first: the newest
// events are read and looked at until there are enough. Where too few of them have it, full text is the quicker way after all.
import type { DatabaseSync } from 'node:sqlite'
import { parseEvent } from '../../event/event.ts'
import { holds } from '../../folds/follower.ts'
import { searchableOf } from '../../folds/searchable.ts'
import type { SearchPlan, SearchTerm } from '../store.ts'
import { CHARS_MAX } from './search.ts'

const WIDE_CHARS_MAX = 3 // a beginning as short as this has thousands of words
const READ_MAX = 240
const TRIED = 60 // by then it shows
const TRIED_FOUND_MIN = 6

const isWide = ({ words, prefix }: SearchTerm): boolean => {
  const last = words.at(-1)!.length
  return prefix && last > 0 && last <= WIDE_CHARS_MAX
}

export const isNear = (plan: SearchPlan): boolean => plan.all.some(isWide)

// The plan that says which events are to be read: without what will be looked for in them.
export const nearPlan = (plan: SearchPlan): SearchPlan => ({
  ...plan,
  all: plan.all.filter((term) => !isWide(term)),
  none: [],
})

export interface Near<Row> {
  readonly found: readonly { readonly row: Row; readonly text: string }[]
  readonly isAll: boolean // nothing behind them was left unread
}

// Those of `rows`, which are in order and all there are, that have it: as many as are wanted, or as are among the newest few hundred.
// Null: too few have it.
export function nearest<Row>(
  plan: SearchPlan,
  rows: Iterable<Row>,
  textOf: (row: Row) => string,
  wanted: number,
): Near<Row> | null {
  const all = plan.all.filter(isWide)
  const found: { readonly row: Row; readonly text: string }[] = []
  let read = 0
  for (const row of rows) {
    if (read === TRIED && found.length < TRIED_FOUND_MIN) return null
    if (found.length >= wanted || read === READ_MAX) return { found, isAll: false }
    read++
    const text = textOf(row)
    if (holds(searchableOf(parseEvent(text)), all, plan.none, CHARS_MAX)) found.push({ row, text })
  }
  return { found, isAll: true }
}

// Whether full text has all that is there: then reading what is newest finds the same.
export function isFollowed(events: DatabaseSync): boolean {
  const of = (table: string) =>
    (events.prepare(`SELECT value FROM ${table} WHERE name = 'events'`).get() as { value: number }).value
  return of('facts') === of('full_text.facts')
}
