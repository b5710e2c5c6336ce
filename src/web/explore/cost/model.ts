// What was spent, in words and bars: what a row is called and what it opens, how rows add up to the whole, days as a chart has them. Pure.

import { type CostRow, type Cut, NO_PROMPT, NO_TIME } from '../../../folds/cost.ts'
import { nanoOf, usdOf } from '../../../folds/money.ts'
import type { CostPlace } from '../../state/cost-route.ts'
import { compact, type Money } from '../../ui/words.ts'

export const CUT_WORDS: Readonly<Record<Cut, { readonly name: string; readonly one: string; readonly many: string }>> =
  {
    day: { name: 'Day', one: 'day', many: 'days' },
    project: { name: 'Project', one: 'project', many: 'projects' },
    session: { name: 'Session', one: 'session', many: 'sessions' },
    prompt: { name: 'Prompt', one: 'prompt', many: 'prompts' },
    turn: { name: 'Turn', one: 'turn', many: 'turns' },
    model: { name: 'Model', one: 'model', many: 'models' },
    agent: { name: 'Agent', one: 'agent', many: 'agents' },
    tool: { name: 'Tool', one: 'tool', many: 'tools' },
    subagent: { name: 'Subagent', one: 'kind of subagent', many: 'kinds of subagents' },
  }

// Days first, then what people ask next; the same order as the tabs show it.
export const CUT_ORDER: readonly Cut[] = [
  'day',
  'project',
  'session',
  'prompt',
  'turn',
  'model',
  'agent',
  'tool',
  'subagent',
]

// A line of its own for what belongs to none of the others is said in words.
const OWN_LINES: Readonly<Record<string, string>> = {
  [NO_PROMPT]: 'Not attributable to a prompt: work before anybody asked',
  [NO_TIME]: 'At no known time',
}
export const isOwnLine = ({ key }: Pick<CostRow, 'key'>): boolean => key.startsWith('(')

export const lineName = (key: string): string => {
  const known = OWN_LINES[key]
  if (known !== undefined) return known
  const inside = key.startsWith('(') && key.endsWith(')') ? key.slice(1, -1) : null
  return inside === null ? key : `${inside.charAt(0).toUpperCase()}${inside.slice(1)}`
}

// What a row is made of: sessions, then prompts, then requests.
export function opened(place: CostPlace, key: string): CostPlace {
  const within = { ...place, row: null }
  if (key.startsWith('(')) return { ...place, row: key }
  switch (place.cut) {
    case 'day':
      return { ...within, cut: 'session', since: key, until: key }
    case 'project':
      return { ...within, cut: 'session', project: key }
    case 'agent':
      return { ...within, cut: 'session', agent: key }
    case 'session':
      return { ...within, cut: 'prompt', session: key }
    default:
      return { ...place, row: key }
  }
}

export interface AddedUp {
  readonly rows: Money // the ones that are shown
  readonly rest: string | null // what the others come to; null: there are none
  readonly isWhole: boolean // nothing is missing and nothing is twice: to the nano-dollar
}
export function addedUp(rows: readonly CostRow[], count: number, total: CostRow): AddedUp {
  const known = rows.filter(({ usd }) => usd !== null)
  const nano = known.reduce((sum, { usd }) => sum + nanoOf(usd!), 0)
  const whole = total.usd === null ? 0 : nanoOf(total.usd)
  const usd = rows.length > 0 && known.length === 0 ? null : usdOf(nano)
  const isAll = rows.length >= count
  return {
    rows: { usd, lower_bound: rows.some(({ lower_bound }) => lower_bound) },
    rest: isAll ? null : usdOf(Math.max(0, whole - nano)),
    isWhole: isAll
      ? nano === whole && rows.reduce((n, { requests }) => n + requests, 0) >= total.requests
      : nano <= whole,
  }
}

export interface Bar {
  readonly key: string // the day, or the first of the month
  readonly last: string // and the last day of it
  readonly nano: number
  readonly requests: number
  readonly row: Money
}
export interface Bars {
  readonly of: 'day' | 'month'
  readonly bars: readonly Bar[] // the oldest first, those without anything too
  readonly most: number
}

const DAYS_MAX = 120
const BARS_MAX = 1_200

export function barsOf(rows: readonly CostRow[]): Bars {
  const days = rows.filter(({ key }) => isDay(key)).sort((a, b) => (a.key < b.key ? -1 : 1))
  const [first, last] = [days[0]?.key, days.at(-1)?.key]
  if (first === undefined || last === undefined) return { of: 'day', bars: [], most: 0 }
  const of = daysBetween(first, last) > DAYS_MAX ? 'month' : 'day'
  const groups = Map.groupBy(days, ({ key }) => (of === 'day' ? key : key.slice(0, 7)))
  const bars: Bar[] = []
  for (let at = of === 'day' ? first : first.slice(0, 7); at <= last && bars.length < BARS_MAX; at = after(at)) {
    const some = groups.get(at) ?? []
    const known = some.filter(({ usd }) => usd !== null)
    const nano = known.reduce((sum, { usd }) => sum + nanoOf(usd!), 0)
    bars.push({
      key: of === 'day' ? at : `${at}-01`,
      last: of === 'day' ? at : lastOfMonth(at),
      nano,
      requests: some.reduce((sum, { requests }) => sum + requests, 0),
      row: {
        usd: some.length > 0 && known.length === 0 ? null : usdOf(nano),
        lower_bound: some.some(({ lower_bound }) => lower_bound),
      },
    })
  }
  return { of, bars, most: Math.max(0, ...bars.map(({ nano }) => nano)) }
}

export const isDay = (key: string): boolean => /^\d{4}-\d\d-\d\d$/.test(key)
const DAY_MS = 86_400_000
const noonOf = (day: string): number => Date.parse(`${day}T12:00:00Z`)
const daysBetween = (from: string, to: string): number => Math.round((noonOf(to) - noonOf(from)) / DAY_MS)
const lastOfMonth = (month: string): string => {
  const [year = 0, n = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, n, 0, 12)).toISOString().slice(0, 10)
}

// The next day, or the next month.
function after(at: string): string {
  const next = at.length === 10 ? noonOf(at) + DAY_MS : noonOf(lastOfMonth(at)) + DAY_MS
  return new Date(next).toISOString().slice(0, at.length)
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const wholeDay = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
})
const monthFormat = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' })
export const shortDay = (day: string): string => (isDay(day) ? dayFormat.format(noonOf(day)) : day)
export const longDay = (day: string): string => (isDay(day) ? wholeDay.format(noonOf(day)) : lineName(day))
export const monthName = (day: string): string => monthFormat.format(noonOf(day))

// Tokens that models put out; of some answers only a beginning was written down.
export const tokensOut = (tokens: number, isLess: boolean): string => `${isLess ? '≥ ' : ''}${compact(tokens)}`

// Of which time, as one reads it.
export function timeSaid({ since, until }: Pick<CostPlace, 'since' | 'until'>): string | null {
  if (since === null) return until === null ? null : `up to ${shortDay(until)}`
  const span = /^(\d+)d$/.exec(since)?.[1]
  if (span !== undefined && until === null) return `the last ${span} days`
  if (since === until) return longDay(since)
  return until === null ? `since ${shortDay(since)}` : `${shortDay(since)} to ${shortDay(until)}`
}
