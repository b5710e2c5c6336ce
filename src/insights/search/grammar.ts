// What a person types into the search box, as a plan. Total: any text gives a plan, nothing throws, nothing typed reaches MATCH as it is.
//   words   "a phrase"   begin*   -without   agent: project: session: model: type: tool: file: is:error cost:>1 turn:>1 since: until:
// Where the pieces of it begin and end is said in folds/query.
import { EXACTLY, type Filter, type Piece, piecesOf, valuesOf } from '../../folds/query.ts'
import { termsOf, tokensOf } from '../../folds/words.ts'
import type { SearchPlan, SearchTerm } from '../../stores/store.ts'
import { type CostSpan, readCost } from './amounts.ts'
import { kindsOf } from './kinds.ts'
import { localText, readTime } from './times.ts'

export const QUERY_CHARS_MAX = 1_000 // what stands behind is not read
export const TERMS_MAX = 32
export const PHRASE_TOKENS_MAX = 100

export interface Understood {
  readonly plan: SearchPlan
  readonly understood: string // the query as it was read, for the person
}

export function parseQuery(text: string, nowMs: number): Understood {
  const reading = new Reading()
  for (const piece of piecesOf(text.slice(0, QUERY_CHARS_MAX))) take(reading, piece, nowMs)
  if (text.length > QUERY_CHARS_MAX) reading.notes.push(`only the first ${QUERY_CHARS_MAX} characters were read`)
  return { plan: reading.plan(), understood: reading.sentence() }
}

// Whether the plan asks for anything at all.
export const isEmptyPlan = (plan: SearchPlan): boolean =>
  Object.values(plan).every((part) => part === null || part === false || (Array.isArray(part) && part.length === 0))

// What was read so far.
class Reading {
  readonly all: SearchTerm[] = []
  readonly none: SearchTerm[] = []
  readonly filters = new Map<Filter, string[]>()
  sinceMs: number | null = null
  untilMs: number | null = null
  failed = false
  cost: CostSpan = { minNano: null, maxNano: null }
  readonly costs: string[] = [] // as typed
  turnCost: CostSpan = { minNano: null, maxNano: null }
  readonly turnCosts: string[] = []
  readonly wanted: string[] = []
  readonly unwanted: string[] = []
  readonly notes: string[] = []

  plan(): SearchPlan {
    const of = (filter: Filter) => this.filters.get(filter) ?? []
    return {
      all: this.all,
      none: this.none,
      agent: of('agent'),
      project: of('project'),
      session: of('session'),
      model: of('model'),
      kind: of('type'),
      tool: of('tool'),
      file: of('file'),
      failed: this.failed,
      ...this.cost,
      minTurnNano: this.turnCost.minNano,
      maxTurnNano: this.turnCost.maxNano,
      sinceMs: this.sinceMs,
      untilMs: this.untilMs,
    }
  }

  sentence(): string {
    const said = [
      this.wanted.join(' and '),
      this.unwanted.length === 0 ? '' : `without ${this.unwanted.join(' or ')}`,
      ...[...this.filters].map(([filter, values]) => `${filter} ${values.map(bare).join(' or ')}`),
      this.failed ? 'only what failed' : '',
      this.costs.length === 0 ? '' : `of sessions that cost ${this.costs.join(' and ')}`,
      this.turnCosts.length === 0 ? '' : `in turns that cost ${this.turnCosts.join(' and ')}`,
      this.sinceMs === null ? '' : `since ${localText(this.sinceMs)}`,
      this.untilMs === null ? '' : `until ${localText(this.untilMs)}`,
    ].filter((part) => part !== '')
    return [said.join(', ') || 'nothing to look for', ...this.notes].join('; ')
  }
}

function take(reading: Reading, piece: Piece, nowMs: number): void {
  if (piece.filter === null) return takeWords(reading, piece)
  const { filter, text } = piece
  if (text.trim() === '') return
  if (piece.isWithout) {
    reading.notes.push(`left out -${filter}:${text}, a filter cannot be turned around`)
    return
  }
  if (filter === 'since' || filter === 'until') return takeTime(reading, filter, text, nowMs)
  if (filter === 'cost' || filter === 'turn') return takeCost(reading, filter, text)
  if (filter === 'is') return takeIs(reading, valuesOf(piece))
  const known = reading.filters.get(filter) ?? []
  for (const value of valuesOf(piece))
    for (const one of meant(filter, value)) if (!known.includes(one) && known.length < TERMS_MAX) known.push(one)
  if (known.length > 0) reading.filters.set(filter, known)
}

function meant(filter: Filter, value: string): readonly string[] {
  if (filter === 'type') return value.startsWith(EXACTLY) ? [value] : kindsOf(value)
  return [filter === 'agent' ? value.toLowerCase() : value]
}

function takeIs(reading: Reading, values: readonly string[]): void {
  for (const value of values) {
    if (/^=?(error|errors|failed)$/i.test(value)) reading.failed = true
    else reading.notes.push(`left out is:${value}; there is is:error`)
  }
}

// Several of them narrow each other.
function takeCost(reading: Reading, filter: 'cost' | 'turn', text: string): void {
  const span = readCost(text)
  if (span === null) {
    reading.notes.push(`left out ${filter}:${text}, which is not an amount (>1, <=0.50, 1..5)`)
    return
  }
  if (filter === 'cost') {
    reading.costs.push(text)
    reading.cost = narrowed(reading.cost, span)
  } else {
    reading.turnCosts.push(text)
    reading.turnCost = narrowed(reading.turnCost, span)
  }
}

const narrowed = ({ minNano, maxNano }: CostSpan, by: CostSpan): CostSpan => ({
  minNano: by.minNano === null ? minNano : Math.max(minNano ?? by.minNano, by.minNano),
  maxNano: by.maxNano === null ? maxNano : Math.min(maxNano ?? by.maxNano, by.maxNano),
})

const bare = (value: string): string => (value.startsWith(EXACTLY) ? value.slice(EXACTLY.length) : value)

function takeTime(reading: Reading, filter: 'since' | 'until', text: string, nowMs: number): void {
  const time = readTime(text, nowMs)
  if (time === null) reading.notes.push(`left out ${filter}:${text}, which is not a time (2026-11-01, 3d, 2h, today)`)
  else if (filter === 'since') reading.sinceMs = Math.max(reading.sinceMs ?? time.firstMs, time.firstMs)
  else reading.untilMs = Math.min(reading.untilMs ?? time.lastMs, time.lastMs)
}

function takeWords(reading: Reading, { text, isQuoted, isWithout, isPrefix }: Piece): void {
  const bare = isPrefix && !isQuoted ? text.replace(/\*+$/, '') : text
  // Several terms cannot be excluded together, so what is excluded is always one phrase.
  const terms = isWithout ? wholePhrase(bare, isPrefix) : termsOf(bare, isPrefix)
  if (terms.length === 0) return
  if (reading.all.length + reading.none.length + terms.length > TERMS_MAX) {
    const note = `only the first ${TERMS_MAX} words were read`
    if (!reading.notes.includes(note)) reading.notes.push(note)
    return
  }
  const short = terms.map(({ words, prefix }) => ({ words: words.slice(0, PHRASE_TOKENS_MAX), prefix }))
  ;(isWithout ? reading.none : reading.all).push(...short)
  const shown = `${isPrefix ? 'words beginning with ' : isQuoted && tokensOf(bare).length > 1 ? 'the phrase ' : ''}“${bare}”`
  ;(isWithout ? reading.unwanted : reading.wanted).push(shown)
}

function wholePhrase(text: string, prefix: boolean): SearchTerm[] {
  const words = tokensOf(text)
  return words.length === 0 ? [] : [{ words, prefix }]
}
