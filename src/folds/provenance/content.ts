// What is known of a file's content, line by line with the call that made each. All of it, or only pieces that were written or seen.
// Pure: every operation gives a new content. Evidence wins over what was worked out: a line from nowhere is nobody's.
import { align } from '../align.ts'
import type { Replacement } from '../input.ts'
import type { Hunk } from './patch.ts'

export interface Line<By> {
  readonly text: string
  readonly by: By | null // null: it was there before, or nobody of us made it
  readonly doubt: boolean // something may have changed it since it was last seen
  readonly guess: boolean // whose it is was found by its words, not by its place
}

export interface Piece<By> {
  readonly lines: readonly Line<By>[]
  readonly whole: boolean // its first and last line are whole lines of the file
}

export interface Content<By> {
  readonly lines: readonly Line<By>[] | null // null: not known as a whole. Split at line ends: the last is '' when the file ends with one
  readonly pieces: readonly Piece<By>[] // the newest last
}

export const NOTHING_KNOWN: Content<never> = { lines: null, pieces: [] }
const PIECES_MAX = 200

const textsOf = (lines: readonly Line<unknown>[]): string[] => lines.map(({ text }) => text)

// Lines are never changed in place, so what they say together is put together once.
const known = new WeakMap<readonly Line<unknown>[], string>()
export function textOfLines(lines: readonly Line<unknown>[]): string {
  const found = known.get(lines)
  if (found !== undefined) return found
  const text = textsOf(lines).join('\n')
  known.set(lines, text)
  return text
}

const made = <By>(text: string, by: By | null): Line<By> => ({ text, by, doubt: false, guess: false })

// The lines of `texts`: those that were there stay whose they are, the others are `by`'s.
function carried<By>(before: readonly Line<By>[], texts: readonly string[], by: By | null): Line<By>[] {
  const from = align(textsOf(before), texts)
  return texts.map((text, i) => (from[i]! >= 0 ? before[from[i]!]! : made(text, by)))
}

export const written = <By>(before: Content<By>, text: string, by: By): Content<By> => ({
  lines: carried(before.lines ?? [], text.split('\n'), by),
  pieces: [],
})

export function appended<By>(before: Content<By>, text: string, by: By): Content<By> {
  const texts = text.split('\n')
  if (before.lines === null) return withPiece(before, { lines: texts.map((each) => made(each, by)), whole: false })
  const last = before.lines.at(-1)
  const first = last === undefined || last.text === '' ? made(texts[0]!, by) : made(last.text + texts[0]!, by)
  const kept = texts[0] === '' && last !== undefined ? last : first
  return {
    ...before,
    lines: [...before.lines.slice(0, -1), kept, ...texts.slice(1).map((each) => made(each, by))],
  }
}

// `ok`: everything that was replaced stood there as far as is known.
export interface Done<By> {
  readonly content: Content<By>
  readonly ok: boolean
}

export function edited<By>(before: Content<By>, edits: readonly Replacement[], by: By): Done<By> {
  let content = before
  let ok = true
  for (const edit of edits) {
    const done = editedOnce(content, edit, by)
    content = done.content
    ok &&= done.ok
  }
  return { content, ok }
}

function editedOnce<By>(content: Content<By>, edit: Replacement, by: By): Done<By> {
  const { lines } = content
  if (lines !== null) {
    if (edit.before === '') return { content: written(content, edit.after + textOfLines(lines), by), ok: true }
    const done = replaced(lines, edit, by)
    if (done !== null) return { content: { ...content, lines: done }, ok: true }
  } else if (edit.before === '') return { content: written(content, edit.after, by), ok: true }
  return { content: inPieces(lines === null ? content : doubted(content), edit, by), ok: lines === null }
}

// Null: it does not stand there.
function replaced<By>(lines: readonly Line<By>[], { before, after, all }: Replacement, by: By): Line<By>[] | null {
  const text = textOfLines(lines)
  const places: number[] = []
  for (let at = text.indexOf(before); at >= 0; at = text.indexOf(before, at + before.length)) {
    places.push(at)
    if (!all) break
  }
  if (places.length === 0) return null
  const starts: number[] = []
  let start = 0
  for (const line of lines) {
    starts.push(start)
    start += line.text.length + 1
  }
  const result: Line<By>[] = []
  let next = 0 // the first line that is not in the result yet
  for (let n = 0; n < places.length; ) {
    const first = lineAt(starts, places[n]!)
    let last = first
    let [region, cut] = ['', starts[first]!]
    // Places on the same lines are one region.
    for (; n < places.length && lineAt(starts, places[n]!) <= last; n++) {
      region += text.slice(cut, places[n]!) + after
      cut = places[n]! + before.length
      last = Math.max(last, lineAt(starts, cut))
    }
    region += text.slice(cut, starts[last]! + lines[last]!.text.length)
    for (; next < first; next++) result.push(lines[next]!)
    result.push(...carried(lines.slice(first, last + 1), region.split('\n'), by))
    next = last + 1
  }
  for (; next < lines.length; next++) result.push(lines[next]!)
  return result
}

function lineAt(starts: readonly number[], at: number): number {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= at) low = middle
    else high = middle
  }
  return low
}

function inPieces<By>(content: Content<By>, edit: Replacement, by: By): Content<By> {
  for (let n = content.pieces.length - 1; n >= 0; n--) {
    const piece = content.pieces[n]!
    const lines = replaced(piece.lines, edit, by)
    if (lines !== null) return { ...content, pieces: content.pieces.with(n, { ...piece, lines }) }
  }
  const old = edit.before.split('\n').map((text) => made<By>(text, null))
  return withPiece(content, { lines: carried(old, edit.after.split('\n'), by), whole: false })
}

const withPiece = <By>(content: Content<By>, piece: Piece<By>): Content<By> => ({
  ...content,
  pieces: [...content.pieces.slice(-PIECES_MAX + 1), piece],
})

export function patched<By>(before: Content<By>, hunks: readonly Hunk[], by: By): Done<By> {
  let content = before
  let ok = true
  let moved = 0 // how far lines have moved by the hunks before
  let from = 0
  for (const hunk of hunks) {
    const { lines } = content
    const at = lines === null ? -1 : placeOf(textsOf(lines), hunk, moved, from)
    if (lines === null || at < 0) {
      ok &&= lines === null
      const old = hunk.before.map((text) => made<By>(text, null))
      const piece: Piece<By> = { lines: carried(old, hunk.now, by), whole: true }
      content = seenPiece(lines === null ? content : doubted(content), piece)
      continue
    }
    const end = at + hunk.before.length
    const now = carried(lines.slice(at, end), hunk.now, by)
    content = { ...content, lines: [...lines.slice(0, at), ...now, ...lines.slice(end)] }
    moved += hunk.now.length - hunk.before.length
    from = at + hunk.now.length
  }
  return { content, ok }
}

// Where the hunk's lines stand: where it says, else nearest to there; without a number the first place behind the hunk before.
function placeOf(texts: readonly string[], { at, after, before }: Hunk, moved: number, from: number): number {
  if (before.length === 0) {
    if (at !== null) return Math.min(at === 0 ? 0 : at + moved, texts.length)
    return texts.length - (texts.at(-1) === '' ? 1 : 0)
  }
  const hint = at === null ? afterLine(texts, after, from) : at - 1 + moved
  const same = [(a: string, b: string) => a === b, (a: string, b: string) => a.trim() === b.trim()]
  for (const equal of same) {
    const fits = (place: number) =>
      place >= 0 && place + before.length <= texts.length && before.every((text, i) => equal(text, texts[place + i]!))
    for (let off = 0; off <= texts.length; off++) {
      if (fits(hint + off)) return hint + off
      if (off > 0 && fits(hint - off)) return hint - off
    }
  }
  return -1
}

function afterLine(texts: readonly string[], words: string | null, from: number): number {
  if (words === null) return from
  const at = texts.findIndex((text, i) => i >= from && text.includes(words))
  return at < 0 ? from : at + 1
}

export const doubted = <By>(content: Content<By>): Content<By> => ({
  ...content,
  lines: content.lines?.map((line) => (line.doubt ? line : { ...line, doubt: true })) ?? null,
})

// An end of line at the end of the file is not always told.
const sameText = (a: string, b: string): boolean => a === b || a.replace(/\n$/, '') === b.replace(/\n$/, '')

// Whether this is what was worked out; null where nothing was.
export const agrees = (content: Content<unknown>, text: string): boolean | null =>
  content.lines === null ? null : sameText(textOfLines(content.lines), text)

// The whole content, as somebody saw it.
export function seen<By>(content: Content<By>, text: string): Content<By> {
  if (content.lines !== null && textOfLines(content.lines) === text) {
    if (!content.lines.some(({ doubt }) => doubt)) return content
    return { ...content, lines: content.lines.map((line) => (line.doubt ? { ...line, doubt: false } : line)) }
  }
  const texts = text.split('\n')
  const lines = carried(content.lines ?? [], texts, null).map((line) => (line.doubt ? { ...line, doubt: false } : line))
  if (content.pieces.length === 0) return { lines, pieces: [] }
  return { lines: placed(lines, content.pieces).lines, pieces: [] }
}

export function agreesInPart(content: Content<unknown>, from: number, texts: readonly string[]): boolean | null {
  const { lines } = content
  if (lines === null) return null
  const there = lines.slice(from - 1, from - 1 + texts.length)
  // What is shown may end without the empty line that a line end at the end of the file makes.
  return texts.every((text, i) => text === there[i]?.text || (i === texts.length - 1 && text === ''))
}

// Some lines, from a place on, as somebody saw them.
export function seenInPart<By>(content: Content<By>, from: number, texts: readonly string[]): Content<By> {
  const { lines } = content
  if (lines === null) return seenPiece(content, { lines: texts.map((text) => made<By>(text, null)), whole: true })
  const at = from - 1
  if (agreesInPart(content, from, texts)) {
    if (!lines.some(({ doubt }, i) => doubt && i >= at && i < at + texts.length)) return content
    const sure = (line: Line<By>, i: number) =>
      line.doubt && i >= at && i < at + texts.length ? { ...line, doubt: false } : line
    return { ...content, lines: lines.map(sure) }
  }
  // The file was changed by nobody we know. What is shown counts; what stands around it, nobody saw.
  const match = align(textsOf(lines), texts)
  const [first, last] = spanOf(match, at, lines.length)
  const shown = texts.map((text, i) => {
    const from = match[i]!
    return from >= first && from < last ? { ...lines[from]!, doubt: false } : made<By>(text, null)
  })
  const doubt = doubted(content).lines!
  return { ...content, lines: [...doubt.slice(0, first), ...placed(shown, content.pieces).lines, ...doubt.slice(last)] }
}

// Which lines the shown ones stand for: those they are equal to, but for a blank or brace that is found far off by chance; else those
// with their numbers.
function spanOf(match: Int32Array, at: number, length: number): readonly [number, number] {
  const shifts = [...match].flatMap((from, i) => (from < 0 ? [] : [from - i])).sort((a, b) => a - b)
  const usual = shifts[shifts.length >> 1] ?? at
  const near = [...match].filter((from, i) => from >= 0 && Math.abs(from - i - usual) <= match.length)
  if (near.length > 0) return [near[0]!, near.at(-1)! + 1]
  return [Math.min(at, length), Math.min(at + match.length, length)]
}

// A place that was changed, as it was recorded behind the change. Records are made for showing: blanks before the words may have become
// others, and numbers may be off. What the words are they say truly: some tools put in something else than they were asked to.
// `ok`: it is what was worked out. Null: it stands nowhere.
export function recordedAs<By>(content: Content<By>, { to, now }: Hunk): Done<By> | null {
  const { lines } = content
  if (lines === null) return null
  const says = to !== null && now.every((text, i) => lines[to - 1 + i]?.text.trim() === text.trim())
  const at = says ? to - 1 : likeliestPlace(textsOf(lines), now)
  if (at < 0) return null
  let ok = true
  const corrected = lines.slice(at, at + now.length).map((line, i): Line<By> => {
    const recorded = now[i]!
    if (recorded.trim() === '' && line.text.trim() === '')
      return recorded === '' && line.text !== '' ? { ...line, text: '' } : line
    const same = recorded.trim() === line.text.trim()
    ok &&= same
    const words = recorded.trimStart()
    const text = indentOf(recorded, line.text) + words
    return text === line.text ? line : { ...line, text }
  })
  if (corrected.every((line, i) => line === lines[at + i])) return { content, ok }
  return { content: { ...content, lines: [...lines.slice(0, at), ...corrected, ...lines.slice(at + now.length)] }, ok }
}

// The blanks that stand before the words: as they were worked out, when they are only shown otherwise.
function indentOf(recorded: string, text: string): string {
  const [shown, own] = [recorded, text].map((each) => each.slice(0, each.length - each.trimStart().length)) as [
    string,
    string,
  ]
  return own.replaceAll('\t', '').length <= shown.length && own.includes('\t') ? own : shown
}

// Where most of the lines stand, and at least the half of them; -1: nowhere.
function likeliestPlace(texts: readonly string[], lines: readonly string[]): number {
  const wanted = lines.map((text) => text.trim())
  let [best, most] = [-1, Math.ceil(wanted.length / 2) - 1]
  const firsts = new Map<string, number[]>()
  for (const [i, text] of wanted.entries()) if (text !== '') firsts.set(text, [...(firsts.get(text) ?? []), i])
  const votes = new Map<number, number>()
  for (const [at, text] of texts.entries())
    for (const i of firsts.get(text.trim()) ?? []) votes.set(at - i, (votes.get(at - i) ?? 0) + 1)
  for (const place of votes.keys()) {
    if (place < 0 || place + wanted.length > texts.length) continue
    const equal = wanted.reduce((sum, text, i) => sum + (texts[place + i]!.trim() === text ? 1 : 0), 0)
    if (equal > most) [best, most] = [place, equal]
  }
  return best
}

// A piece that was seen holds what older pieces of the same place said of whose its lines are.
function seenPiece<By>(content: Content<By>, piece: Piece<By>): Content<By> {
  const { lines, left } = placed(piece.lines, content.pieces)
  return withPiece({ ...content, pieces: left }, { ...piece, lines })
}

// Pieces laid over lines that are nobody's yet, the newest first; what stands in no one place is left.
export function placed<By>(
  lines: readonly Line<By>[],
  pieces: readonly Piece<By>[],
): { readonly lines: readonly Line<By>[]; readonly left: readonly Piece<By>[] } {
  const result = [...lines]
  const texts = textsOf(lines)
  const left: Piece<By>[] = []
  for (const piece of pieces.toReversed()) {
    const at = onlyPlaceOf(texts, piece)
    if (at < 0) left.unshift(piece)
    else
      for (const [i, { by }] of piece.lines.entries())
        if (by !== null && result[at + i]!.by === null)
          result[at + i] = { text: texts[at + i]!, by, doubt: false, guess: true }
  }
  return { lines: result, left }
}

const TELLING_CHARS_MIN = 8

// -1: nowhere, or in more than one place, or too little to know it by.
function onlyPlaceOf(texts: readonly string[], { lines, whole }: Piece<unknown>): number {
  if (lines.reduce((sum, { text }) => sum + text.trim().length, 0) < TELLING_CHARS_MIN) return -1
  const last = lines.length - 1
  const fits = (at: number): boolean => {
    for (let i = 0; i <= last; i++) {
      const [text, there] = [lines[i]!.text, texts[at + i]!]
      if (text === there) continue
      if (whole || (i > 0 && i < last)) return false
      if (last === 0 ? !there.includes(text) : i === 0 ? !there.endsWith(text) : !there.startsWith(text)) return false
    }
    return true
  }
  let found = -1
  for (let at = 0; at + lines.length <= texts.length; at++) {
    if (!fits(at)) continue
    if (found >= 0) return -1
    found = at
  }
  return found
}
