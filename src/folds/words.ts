// How a text becomes words, for full text search: one normalisation for the index, for queries and for marking hits in a snippet.
// A full text index has two columns: `words`, every word of the text in its order, so that phrases work, and `parts`, the pieces of
// identifiers (parseQuery → parse query) and single CJK characters, so that they are found too. The text handed to the index is for
// SQLite's tokenizer unicode61 and is made so that it cuts it into exactly the tokens that tokensOf gives; a test compares the two.
// Pure, browser-safe, and fast for plain text: it runs over everything that is imported.
import {
  CJK,
  classAt,
  coded,
  DIGIT,
  fold,
  foldPoint,
  LOWER,
  MARK,
  PAIR,
  pointClass,
  Scan,
  SYMBOL,
  UPPER,
} from './letters.ts'

export const TOKEN_MAX = 64 // UTF-16 units of a word that count; what follows (base64 and the like) is not looked at
const PARTS_MAX = 8 // an identifier of more parts is a hash or a random id and is indexed whole only
const FLIPS_MAX = 2 // changes between letters and digits, likewise

// Stands between the parts of two identifiers, so that no phrase reaches from one into the next. Private use: no text has it as a token.
const FENCE = '\ue000'

export type Column = 'words' | 'parts'

export interface IndexText {
  readonly words: string
  readonly parts: string
}

// The text to index, in two columns; only the first `charsMax` UTF-16 units of `text` are looked at.
export function indexText(text: string, charsMax: number): IndexText {
  const source = plainForm(text.length > charsMax ? text.slice(0, charsMax) : text)
  const scan = new Scan(source)
  const parts = new Map<string, string>() // each identifier once: a text repeats its own all the time
  let words = ''
  let from = 0 // what stands from here on is copied as it is: ASCII words, which unicode61 cuts as we do
  let last = 0
  while (scan.next()) {
    if (scan.gapIsWide) {
      words += `${source.slice(from, last)} `
      from = scan.start
    }
    last = scan.end
    if (scan.seams > 0) {
      const whole = source.slice(scan.start, last)
      if (!parts.has(whole)) parts.set(whole, identifierParts(source, scan))
    }
    if (!scan.isWide && scan.end - scan.start <= TOKEN_MAX) continue
    words += source.slice(from, scan.start)
    words += ` ${scan.kind === CJK ? cjkText(source, scan, parts) : tokenAt(source, scan)} `
    from = last
  }
  words = from === 0 && last === source.length ? source : words + source.slice(from, last)
  return { words, parts: [...parts.values()].filter((part) => part !== '').join(FENCED) }
}
const FENCED = ` ${FENCE} `

// The tokens of a text as the column `words` has them, in order.
export function tokensOf(text: string): string[] {
  const tokens: string[] = []
  walkWords(plainForm(text), (token, _start, _end, column) => {
    if (column === 'words') tokens.push(token)
    return true
  })
  return tokens
}

export interface WordTerm {
  readonly words: readonly string[] // more than one: a phrase
  readonly prefix: boolean // the last word is only a beginning
}

// What must be found for some typed text to be there: mostly one term. A single CJK character at the edge of a phrase may be half of
// a pair in the text, and so becomes a term of its own: found anywhere rather than not at all. Empty: there is no word in it.
export function termsOf(text: string, prefix = false): WordTerm[] {
  const source = plainForm(text)
  const scan = new Scan(source)
  const runs: { readonly tokens: readonly string[]; readonly isHalf: boolean }[] = []
  while (scan.next()) {
    const units = scan.kind === CJK ? cjkUnits(source, scan) : null
    if (units === null) runs.push({ tokens: [tokenAt(source, scan)], isHalf: false })
    else runs.push({ tokens: pairsOf(units), isHalf: units.length === 1 })
  }
  const first = runs[0]?.isHalf ? 1 : 0
  const end = runs.length > 1 && runs.at(-1)!.isHalf ? runs.length - 1 : runs.length
  const phrase = runs.slice(first, end).flatMap((run) => run.tokens)
  const groups = [
    runs.slice(0, first).flatMap((run) => run.tokens),
    phrase,
    runs.slice(end).flatMap((run) => run.tokens),
  ]
  const terms = groups.filter((words) => words.length > 0).map((words) => ({ words, prefix: false }))
  return terms.map((term, i) => (i === terms.length - 1 ? { ...term, prefix } : term))
}

// Every token with its place in `source`, which must be in plainForm, in the order of their starts as good as; `visit` says whether to go on.
// The parts of one identifier come one after the other behind its whole.
export function walkWords(
  source: string,
  visit: (token: string, start: number, end: number, column: Column) => boolean,
): void {
  const scan = new Scan(source)
  while (scan.next()) {
    if (scan.kind !== CJK) {
      if (!visit(tokenAt(source, scan), scan.start, scan.end, 'words')) return
      if (scan.seams === 0) continue
      for (const [start, end] of partPlaces(source, scan))
        if (!visit(fold(source.slice(start, end)), start, end, 'parts')) return
      continue
    }
    const units = cjkUnits(source, scan)
    if (units.length === 1 && !visit(units[0]!.token, scan.start, scan.end, 'words')) return
    for (let i = 1; i < units.length; i++) {
      const [a, b] = [units[i - 1]!, units[i]!]
      if (!visit(a.token, a.start, a.end, 'parts') || !visit(a.token + b.token, a.start, b.end, 'words')) return
    }
    const end = units.at(-1)!
    if (units.length > 1 && !visit(end.token, end.start, end.end, 'parts')) return
  }
}

// The text all places are counted in: without the colours and cursor moves of a terminal (else `\x1b[31merror` would be the word 31merror),
// and canonically composed.
export function plainForm(text: string): string {
  const clean = text.includes(ESCAPE) ? text.replace(COLOURS, '').replace(CONTROLS, ' ') : text
  return WIDE.test(clean) ? clean.normalize('NFC') : clean
}
const ESCAPE = '\x1b'
// biome-ignore-start lint/suspicious/noControlCharactersInRegex: they are what is looked for
const WIDE = /[^\x00-\x7f]/
const COLOURS = /\x1b\[[\d;:]*m/g
const CONTROLS = /\x1b(?:\[[\d;:?]*[ -/]*[@-~]|\][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)|[@-Z\\-_])/g
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: they are what is looked for

function tokenAt(source: string, scan: Scan): string {
  if (scan.kind === SYMBOL) return coded(source.codePointAt(scan.start)!)
  let end = scan.end
  if (end - scan.start > TOKEN_MAX) {
    end = scan.start + TOKEN_MAX
    if (classAt(source, end - 1) === PAIR) end--
  }
  const run = source.slice(scan.start, end)
  return scan.isWide ? fold(run) : run.toLowerCase()
}

interface Unit {
  readonly token: string
  readonly start: number
  readonly end: number
}

function cjkUnits(source: string, scan: Scan): Unit[] {
  const units: Unit[] = []
  for (let at = scan.start; at < scan.end; ) {
    const point = source.codePointAt(at)!
    const end = at + (point > 0xffff ? 2 : 1)
    if (pointClass(point) === CJK) units.push({ token: foldPoint(point), start: at, end })
    at = end
  }
  return units
}

const pairsOf = (units: readonly Unit[]): string[] =>
  units.length === 1 ? [units[0]!.token] : units.slice(1).map(({ token }, i) => units[i]!.token + token)

function cjkText(source: string, scan: Scan, parts: Map<string, string>): string {
  const units = cjkUnits(source, scan)
  if (units.length > 1) for (const { token } of units) parts.set(token, token)
  return pairsOf(units).join(' ')
}

function identifierParts(source: string, scan: Scan): string {
  const places = partPlaces(source, scan)
  let text = ''
  for (const [start, end] of places) {
    const part = source.slice(start, end)
    text += `${text === '' ? '' : ' '}${scan.isWide ? fold(part) : part.toLowerCase()}`
  }
  return text
}

// parseQuery → parse Query, HTTPServer → HTTP Server, sha256sum → sha 256 sum. None for what looks like a hash or a random id.
function partPlaces(source: string, scan: Scan): [number, number][] {
  const { start, end, seams, flips } = scan
  if (end - start > TOKEN_MAX || seams >= PARTS_MAX || flips > FLIPS_MAX || end - start < 2 * (seams + 1)) return []
  const places: [number, number][] = []
  let from = start
  let before = MARK
  for (let at = start; at < end; at++) {
    const here = classAt(source, at)
    if (here !== LOWER && here !== UPPER && here !== DIGIT) continue
    const isSeam =
      before !== MARK &&
      (here === before
        ? here === UPPER && at + 1 < end && classAt(source, at + 1) === LOWER
        : !(before === UPPER && here === LOWER))
    if (isSeam) {
      places.push([from, at])
      from = at
    }
    before = here
  }
  places.push([from, end])
  return places.length > 1 ? places : []
}
