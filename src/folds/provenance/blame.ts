// Whose a text's lines are: the replayed file laid over the text, line by line. What is not found is a person's or nobody's known,
// and is said so; nothing is guessed as fact. Pure.
import { align } from '../align.ts'
import { type Content, type Line, placed } from './content.ts'
import type { Call } from './doing.ts'
import type { FileState } from './replay.ts'

// exact: the replayed content has this line here. moved: it has it elsewhere. inferred: it had it before something happened that was not
// recorded, or the line was found by its words. unknown: a person wrote it, or nobody knows.
export const CONFIDENCES = ['exact', 'moved', 'inferred', 'unknown'] as const
export type Confidence = (typeof CONFIDENCES)[number]

export interface BlamedLine {
  readonly text: string
  readonly by: Call | null // null with `unknown`, and with no other
  readonly confidence: Confidence
}

const NOBODY = { by: null, confidence: 'unknown' } as const

// The lines of a text, without line ends; an end of line at the end begins no other.
export function linesOfText(text: string): string[] {
  const lines = text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  if (lines.at(-1) === '') lines.pop()
  return lines
}

export function blameText(state: Pick<FileState, 'content' | 'versions'>, text: string): BlamedLine[] {
  const texts = linesOfText(text)
  const replayed = versionOf(state, texts)
  const result: BlamedLine[] = texts.map((line) => ({ text: line, ...NOBODY }))
  const settled = new Set<number>() // in their place, and known to be nobody's
  const left = replayed === null ? [] : inPlace(result, replayed, settled)
  elsewhere(result, left, 'moved', settled)
  inPieces(result, state.content)
  elsewhere(result, state.versions.flat(), 'inferred', settled)
  return result
}

// The newest version that is the text, letter for letter; else the last one.
function versionOf({ content, versions }: Pick<FileState, 'content' | 'versions'>, texts: readonly string[]) {
  const same = (lines: readonly Line<Call>[]) => {
    const length = lines.at(-1)?.text === '' ? lines.length - 1 : lines.length
    return length === texts.length && texts.every((text, i) => text === plain(lines[i]!.text))
  }
  if (content.lines !== null && same(content.lines)) return content.lines
  return versions.findLast(same) ?? content.lines ?? versions.at(-1) ?? null
}

const plain = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text)

// Returns the replayed lines that stand nowhere in the text in their order. What is behind the last end of line is no line.
function inPlace(result: BlamedLine[], all: readonly Line<Call>[], settled: Set<number>): Line<Call>[] {
  const replayed = all.at(-1)?.text === '' ? all.slice(0, -1) : all
  const from = align(
    replayed.map(({ text }) => plain(text)),
    result.map(({ text }) => text),
  )
  const used = new Set<number>()
  for (const [i, line] of result.entries()) {
    const there = replayed[from[i]!]
    if (there === undefined) continue
    used.add(from[i]!)
    if (there.by === null) settled.add(i)
    else result[i] = { text: line.text, by: there.by, confidence: there.doubt || there.guess ? 'inferred' : 'exact' }
  }
  return replayed.filter((_, i) => !used.has(i))
}

// By their words alone, so only lines that have some; each of the replayed ones stands for one, the newest first.
function elsewhere(
  result: BlamedLine[],
  lines: readonly Line<Call>[],
  confidence: 'moved' | 'inferred',
  settled: ReadonlySet<number>,
): void {
  const isOpen = ({ by }: BlamedLine, i: number) => by === null && !settled.has(i)
  const wanted = new Set(result.filter(isOpen).map(({ text }) => text))
  if (wanted.size === 0) return
  const found = new Map<string, Line<Call>[]>()
  for (const line of lines) {
    const text = plain(line.text)
    if (line.by === null || !wanted.has(text) || !isTelling(text)) continue
    found.set(text, [...(found.get(text) ?? []), line])
  }
  for (const [i, line] of result.entries()) {
    if (!isOpen(line, i)) continue
    const there = found.get(line.text)
    const source = confidence === 'moved' ? there?.pop() : there?.at(-1)
    if (source === undefined) continue
    const sure = confidence === 'moved' && !source.doubt && !source.guess
    result[i] = { text: line.text, by: source.by, confidence: sure ? 'moved' : 'inferred' }
  }
}

const WORDS_MIN = 6 // letters and digits: a brace or `return` is anybody's

const isTelling = (text: string): boolean => (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= WORDS_MIN

function inPieces(result: BlamedLine[], { pieces }: Content<Call>): void {
  if (pieces.length === 0) return
  const open = result.map(({ text }): Line<Call> => ({ text, by: null, doubt: false, guess: false }))
  for (const [i, { by }] of placed(open, pieces).lines.entries())
    if (by !== null && result[i]!.by === null) result[i] = { text: result[i]!.text, by, confidence: 'inferred' }
}
