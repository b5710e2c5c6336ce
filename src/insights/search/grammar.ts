// What a person types into the search box, as a plan. Total: any text gives a plan, nothing throws, nothing typed reaches MATCH as it is.
//   words   "a phrase"   begin*   -without   agent: project: session: type: tool: file: since: until:
// A name before a colon that is none of these is plain words (a:b, http://x). A quote without its end is not a quote.
import { termsOf, tokensOf } from '../../folds/words.ts'
import type { SearchPlan, SearchTerm } from '../../stores/store.ts'
import { kindsOf } from './kinds.ts'
import { localText, readTime } from './times.ts'

export const QUERY_CHARS_MAX = 1_000 // what stands behind is not read
export const TERMS_MAX = 32
export const PHRASE_TOKENS_MAX = 100

export interface Understood {
  readonly plan: SearchPlan
  readonly understood: string // the query as it was read, for the person
}

const FILTERS = ['agent', 'project', 'session', 'type', 'tool', 'file', 'since', 'until'] as const
type Filter = (typeof FILTERS)[number]
// Names that people separate by commas; files and projects may have one in their name.
const LISTS: readonly Filter[] = ['agent', 'type', 'tool']

export function parseQuery(text: string, nowMs: number): Understood {
  const reading = new Reading()
  for (const piece of piecesOf(text.slice(0, QUERY_CHARS_MAX))) take(reading, piece, nowMs)
  if (text.length > QUERY_CHARS_MAX) reading.notes.push(`only the first ${QUERY_CHARS_MAX} characters were read`)
  return { plan: reading.plan(), understood: reading.sentence() }
}

// Whether the plan asks for anything at all.
export const isEmptyPlan = (plan: SearchPlan): boolean =>
  Object.values(plan).every((part) => part === null || (Array.isArray(part) && part.length === 0))

interface Piece {
  readonly text: string
  readonly filter: Filter | null
  readonly isQuoted: boolean
  readonly isWithout: boolean
  readonly isPrefix: boolean
}

const QUOTES: Readonly<Record<string, string>> = { '"': '"', '“': '”', '„': '“', '«': '»' }
const SPACE = /\s/

function* piecesOf(text: string): Iterable<Piece> {
  for (let at = 0; at < text.length; ) {
    if (SPACE.test(text[at]!)) {
      at++
      continue
    }
    // One minus before something is "without"; two begin a flag of some command, which is looked for.
    const isWithout = text[at] === '-' && at + 1 < text.length && !/[\s-]/.test(text[at + 1]!)
    if (isWithout) at++
    const filter = filterAt(text, at)
    if (filter !== null) at += filter.length + 1
    const closed = quotedAt(text, at)
    const end = closed ?? wordEnd(text, at)
    const isPrefix = closed === null ? text[end - 1] === '*' : text[closed] === '*'
    const inside = closed === null ? text.slice(at, end) : text.slice(at + 1, closed - 1)
    yield { text: inside, filter, isQuoted: closed !== null, isWithout, isPrefix }
    at = closed !== null && isPrefix ? end + 1 : end
  }
}

function filterAt(text: string, at: number): Filter | null {
  const colon = text.indexOf(':', at)
  if (colon < 0) return null
  const name = text.slice(at, colon).toLowerCase()
  return FILTERS.find((filter) => filter === name) ?? null
}

// The place behind the closing quote of the quote that stands here; null where none stands here or it is never closed.
function quotedAt(text: string, at: number): number | null {
  const close = QUOTES[text[at] ?? '']
  if (close === undefined) return null
  const found = text.indexOf(close, at + 1)
  return found < 0 ? null : found + 1
}

function wordEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (SPACE.test(text[at]!)) return at
    if (at > from && quotedAt(text, at) !== null) return at
  }
  return text.length
}

// What was read so far.
class Reading {
  readonly all: SearchTerm[] = []
  readonly none: SearchTerm[] = []
  readonly filters = new Map<Filter, string[]>()
  sinceMs: number | null = null
  untilMs: number | null = null
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
      kind: of('type'),
      tool: of('tool'),
      file: of('file'),
      sinceMs: this.sinceMs,
      untilMs: this.untilMs,
    }
  }

  sentence(): string {
    const said = [
      this.wanted.join(' and '),
      this.unwanted.length === 0 ? '' : `without ${this.unwanted.join(' or ')}`,
      ...[...this.filters].map(([filter, values]) => `${filter} ${values.join(' or ')}`),
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
  const values = LISTS.includes(filter) && !piece.isQuoted ? text.split(',').filter((value) => value !== '') : [text]
  const known = reading.filters.get(filter) ?? []
  for (const value of values) {
    const meant = filter === 'type' ? kindsOf(value) : [filter === 'agent' ? value.toLowerCase() : value]
    for (const one of meant) if (!known.includes(one) && known.length < TERMS_MAX) known.push(one)
  }
  if (known.length > 0) reading.filters.set(filter, known)
}

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
