// A text as runs of characters, for words.ts: what class a character is of, what it is folded to (lower case, no accents), and Scan, which
// finds one run after the other.
// Classes are kept in a table by code, so that a long text is read at the speed of memory; Unicode is asked once for each character.

// What a character is to us, by its code; higher classes begin a token. PAIR: the first half of a surrogate pair.
const UNKNOWN = 0
const GAP = 1
export const MARK = 2 // belongs to the letter before it and does not count
export const LOWER = 3 // any letter that is not upper case
export const UPPER = 4
export const DIGIT = 5
export const CJK = 6
export const SYMBOL = 7
export const PAIR = 8

const CLASSES = new Uint8Array(0x10000)
for (let code = 0; code < 128; code++)
  CLASSES[code] =
    code >= 97 && code <= 122 ? LOWER : code >= 65 && code <= 90 ? UPPER : code >= 48 && code <= 57 ? DIGIT : GAP
CLASSES.fill(PAIR, 0xd800, 0xdc00)
CLASSES.fill(GAP, 0xdc00, 0xe000)
const FAR_CLASSES = new Map<number, number>()

export const classAt = (source: string, at: number): number => {
  const code = source.charCodeAt(at)
  return CLASSES[code] || pointClass(code)
}

export function pointClass(point: number): number {
  if (point > 0xffff) {
    const known = FAR_CLASSES.get(point)
    if (known !== undefined) return known
    const found = classify(String.fromCodePoint(point), point)
    FAR_CLASSES.set(point, found)
    return found
  }
  if (CLASSES[point] === UNKNOWN) CLASSES[point] = classify(String.fromCharCode(point), point)
  return CLASSES[point]!
}

// Accents, Arabic and Hebrew vowel signs, half-width voice marks, soft hyphens, variation selectors: the word is the same without them.
// Written by number, because in a character class they would combine with each other.
const DROPPED: readonly (readonly [number, number])[] = [
  [0xad, 0xad],
  [0x300, 0x36f],
  [0x591, 0x5bd],
  [0x5bf, 0x5c7],
  [0x64b, 0x65f],
  [0x670, 0x670],
  [0x3099, 0x309a],
  [0xfe00, 0xfe0f],
  [0xff9e, 0xff9f],
  [0xe0100, 0xe01ef],
]
const CJK_LETTER = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u30fc\uff70]/u
const PICTURE = /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}\p{So}\p{Co}]/u
// Lines and blocks of tables, bars and spinners are drawn by the thousand and mean nothing.
const isDrawing = (point: number) => (point >= 0x2500 && point <= 0x25ff) || (point >= 0x2800 && point <= 0x28ff)

function classify(char: string, point: number): number {
  if (DROPPED.some(([first, last]) => point >= first && point <= last) && /[\p{M}\p{Cf}\p{Lm}]/u.test(char)) return MARK
  if (/[\p{L}\p{Nl}]/u.test(char) && CJK_LETTER.test(char)) return CJK
  if (/\p{Lu}|\p{Lt}/u.test(char)) return UPPER
  if (/\p{N}/u.test(char)) return DIGIT
  if (/[\p{L}\p{M}]/u.test(char)) return LOWER
  return PICTURE.test(char) && !isDrawing(point) ? SYMBOL : GAP
}

// Finds one run after the other: a word, a run of CJK characters or one symbol.
export class Scan {
  start = 0
  end = 0
  kind = GAP // LOWER for a word, CJK, SYMBOL
  isWide = false // has characters beyond ASCII
  gapIsWide = false // what stood before it had
  seams = 0 // places where an identifier may be parted, counted roughly
  flips = 0 // changes between letters and digits
  readonly source: string
  constructor(source: string) {
    this.source = source
  }

  next(): boolean {
    const { source } = this
    const { length } = source
    let at = this.end
    let here = GAP
    this.gapIsWide = false
    for (; at < length; at++) {
      const code = source.charCodeAt(at)
      here = CLASSES[code]!
      if (code > 127) {
        here = wideClass(source, at, here)
        if (here > MARK) break
        this.gapIsWide = true
        if (code >= 0xd800 && code < 0xdc00 && source.codePointAt(at)! > 0xffff) at++
      } else if (here !== GAP) break
    }
    this.start = at
    this.end = at
    if (at >= source.length) return false
    this.seams = 0
    this.flips = 0
    this.isWide = here >= CJK
    this.kind = here >= CJK ? here : LOWER
    if (here === CJK) this.cjk()
    else if (here === SYMBOL) this.end = at + (source.codePointAt(at)! > 0xffff ? 2 : 1)
    else this.word(here)
    return true
  }

  private cjk(): void {
    const { source } = this
    let at = this.start
    while (at < source.length) {
      const point = source.codePointAt(at)!
      const here = pointClass(point)
      if (here !== CJK && here !== MARK) break
      at += point > 0xffff ? 2 : 1
    }
    this.end = at
  }

  private word(first: number): void {
    const { source } = this
    const { length } = source
    let before = first
    let changed = this.start
    let at = this.start
    let isWide = false
    while (at < length) {
      const code = source.charCodeAt(at)
      let here = CLASSES[code]!
      if (here === before && code < 128) {
        at++
        continue
      }
      let units = 1
      if (code > 127) {
        here = wideClass(source, at, here)
        if (here >= MARK && here <= DIGIT) isWide = true
        if (here === MARK) here = before
        if (code >= 0xd800 && code < 0xdc00) units = 2
      }
      if (here !== before) {
        if (here < LOWER || here > DIGIT) break
        if (here === DIGIT || before === DIGIT) {
          this.flips++
          this.seams++
        } else if (here === UPPER || at - changed > 1) this.seams++
        changed = at
        before = here
      }
      at += units
    }
    this.isWide = isWide
    this.end = at
  }
}

const wideClass = (source: string, at: number, known: number): number =>
  known === PAIR ? farClass(source, at) : known || pointClass(source.charCodeAt(at))

// The class of the character whose first half stands at `at`; half a pair alone is nothing.
function farClass(source: string, at: number): number {
  const point = source.codePointAt(at)!
  return point > 0xffff ? pointClass(point) : GAP
}

export const coded = (point: number): string => `u${point.toString(16)}`

export function fold(run: string): string {
  let token = ''
  for (const char of run) {
    const point = char.codePointAt(0)!
    token += point < 128 ? char.toLowerCase() : foldPoint(point)
  }
  return token
}

const FOLDED = new Map<number, string>()
// Letters of today that were marks in the tables SQLite was made from.
const NOT_A_LETTER = /[\u19b0-\u19c9\u1cf2\u1cf3]/

// Lower case, without accents, compatibility forms as what they stand for. What unicode61 would cut at (vowel signs of Indic scripts) is
// written as its code, so that a word stays one token.
export function foldPoint(point: number): string {
  const known = FOLDED.get(point)
  if (known !== undefined) return known
  const char = String.fromCodePoint(point)
  let token = ''
  if (pointClass(point) !== MARK) {
    const bare = char
      .normalize('NFKD')
      .toLowerCase()
      .normalize('NFKD')
      .replace(/[\u0300-\u036f]/g, '')
    for (const one of bare.normalize('NFC').replaceAll('ς', 'σ')) {
      if (/[\p{L}\p{N}]/u.test(one) && !NOT_A_LETTER.test(one)) token += one
      else if (/\p{M}/u.test(one)) token += coded(one.codePointAt(0)!)
    }
    if (token === '') token = coded(point)
  }
  FOLDED.set(point, token)
  return token
}
