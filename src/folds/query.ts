// How a typed search falls into pieces: words, phrases and filters, each with its place in the text. Total: every text is something.
// The server makes a plan of the pieces, the page shows the filters among them as chips and cuts them out again.
//   words   "a phrase"   begin*   -without   agent:pi   tool:bash,edit   project:"my shop"   tool:=Task (exactly that)
// A name before a colon that is no filter's is plain words (a:b, http://x). A quote without its end is not a quote.

export const FILTERS = [
  'agent',
  'project',
  'session',
  'model',
  'type',
  'tool',
  'file',
  'is',
  'cost',
  'turn',
  'since',
  'until',
] as const
export type Filter = (typeof FILTERS)[number]
// Names that people separate by commas; files and projects may have one in their name.
const LISTS: readonly Filter[] = ['agent', 'model', 'type', 'tool', 'is']

export const EXACTLY = '=' // before a value: this and nothing that only begins like it

export interface Piece {
  readonly text: string
  readonly filter: Filter | null
  readonly isExact: boolean
  readonly isQuoted: boolean
  readonly isWithout: boolean
  readonly isPrefix: boolean
  readonly from: number // its place in what was typed, the minus and the star with it
  readonly to: number
}

const QUOTES: Readonly<Record<string, string>> = { '"': '"', '“': '”', '„': '“', '«': '»' }
const SPACE = /\s/

export function* piecesOf(text: string): Iterable<Piece> {
  for (let at = 0; at < text.length; ) {
    if (SPACE.test(text[at]!)) {
      at++
      continue
    }
    const from = at
    // One minus before something is "without"; two begin a flag of some command, which is looked for.
    const isWithout = text[at] === '-' && at + 1 < text.length && !/[\s-]/.test(text[at + 1]!)
    if (isWithout) at++
    const filter = filterAt(text, at)
    if (filter !== null) at += filter.length + 1
    const isExact = filter !== null && text[at] === EXACTLY
    if (isExact) at++
    const closed = quotedAt(text, at)
    const end = closed ?? wordEnd(text, at)
    const isPrefix = closed === null ? text[end - 1] === '*' : text[closed] === '*'
    const inside = closed === null ? text.slice(at, end) : text.slice(at + 1, closed - 1)
    at = closed !== null && isPrefix ? end + 1 : end
    yield { text: inside, filter, isExact, isQuoted: closed !== null, isWithout, isPrefix, from, to: at }
  }
}

// The values of a filter, each as a plan has it: with EXACTLY before it where it is meant so.
export function valuesOf({ filter, text, isExact, isQuoted }: Piece): string[] {
  const some = filter !== null && LISTS.includes(filter) && !isQuoted ? text.split(',') : [text]
  return some.filter((value) => value.trim() !== '').map((value) => (isExact ? EXACTLY + value : value))
}

// A filter as one would type it.
export function filterText(filter: Filter, value: string): string {
  const exact = value.startsWith(EXACTLY) ? EXACTLY : ''
  const plain = value.slice(exact.length)
  const isOdd = SPACE.test(plain) || (LISTS.includes(filter) && plain.includes(',')) || plain.startsWith(EXACTLY)
  const quoted = isOdd || [...plain].some((c) => c in QUOTES) ? `"${plain.replaceAll('"', ' ')}"` : plain
  return `${filter}:${exact}${quoted}`
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
