// Texts of a transcript for a document that is opened elsewhere: nothing in them is obeyed any more. Pure.
import { plainForm } from '../../folds/words.ts'

// Without colours and cursor moves; what turns the direction of a line is shown by its number, other control characters are gone.
export function plainText(text: string): string {
  return plainForm(text)
    .replace(/\r\n?/g, '\n')
    .replace(TURNING, (mark) => `[U+${mark.charCodeAt(0).toString(16).toUpperCase()}]`)
    .replace(CONTROL, '')
}
const TURNING = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

export interface Cut {
  readonly text: string
  readonly left: number // UTF-16 units that are not in it
}
export function cutAt(text: string, max: number): Cut {
  if (text.length <= max) return { text, left: 0 }
  const line = text.lastIndexOf('\n', max)
  const end = line > max / 2 ? line : isHighHalf(text, max - 1) ? max - 1 : max
  return { text: text.slice(0, end), left: text.length - end }
}
const isHighHalf = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at)
  return code >= 0xd800 && code <= 0xdbff
}

// Speech is Markdown: blocks of code stand apart from what is said, and inside a line code stands between backticks.
export type Block =
  | { readonly as: 'code'; readonly lang: string; readonly text: string }
  | { readonly as: 'words'; readonly lines: readonly (readonly Run[])[] }
export interface Run {
  readonly isCode: boolean
  readonly text: string // code without its backticks
}

export function blocksOf(speech: string): readonly Block[] {
  const blocks: Block[] = []
  let words: (readonly Run[])[] = []
  let fence: { readonly mark: string; readonly lang: string; readonly lines: string[] } | null = null
  const closeWords = () => {
    while (words.length > 0 && isBlank(words.at(-1)!)) words.pop()
    if (words.some((line) => !isBlank(line))) blocks.push({ as: 'words', lines: words })
    words = []
  }
  for (const line of speech.split('\n')) {
    const mark = fenceAt(line)
    if (fence !== null) {
      if (
        mark !== null &&
        mark.mark[0] === fence.mark[0] &&
        mark.mark.length >= fence.mark.length &&
        mark.lang === ''
      ) {
        blocks.push({ as: 'code', lang: fence.lang, text: fence.lines.join('\n') })
        fence = null
      } else fence.lines.push(line)
    } else if (mark !== null) {
      closeWords()
      fence = { ...mark, lines: [] }
    } else if (words.length > 0 || line.trim() !== '') words.push(runsOf(line))
  }
  // A fence that is never closed reaches to the end.
  if (fence !== null) blocks.push({ as: 'code', lang: fence.lang, text: fence.lines.join('\n') })
  closeWords()
  return blocks
}

const isBlank = (line: readonly Run[]): boolean => line.every(({ isCode, text }) => !isCode && text.trim() === '')

function fenceAt(line: string): { readonly mark: string; readonly lang: string } | null {
  const begun = line.trimStart()
  const sign = begun[0]
  if (sign !== '`' && sign !== '~') return null
  let n = 0
  while (begun[n] === sign) n++
  const rest = begun.slice(n).trim()
  // Backticks behind backticks on one line are code in a line.
  if (n < 3 || (sign === '`' && rest.includes('`'))) return null
  return {
    mark: sign.repeat(n),
    lang: rest
      .split(/\s/)[0]!
      .replace(/[^\w+#.-]/g, '')
      .slice(0, 30),
  }
}

// Code in a line is between as many backticks as it began with; without an end they are only backticks.
export function runsOf(line: string): readonly Run[] {
  const runs: Run[] = []
  let plain = 0
  for (let at = line.indexOf('`'); at >= 0; at = line.indexOf('`', at)) {
    let n = 1
    while (line[at + n] === '`') n++
    const end = closingAt(line, at + n, n)
    if (end < 0) {
      at += n
      continue
    }
    if (at > plain) runs.push({ isCode: false, text: line.slice(plain, at) })
    runs.push({ isCode: true, text: line.slice(at + n, end) })
    at = end + n
    plain = at
  }
  if (plain < line.length || runs.length === 0) runs.push({ isCode: false, text: line.slice(plain) })
  return runs
}

function closingAt(line: string, from: number, n: number): number {
  for (let at = line.indexOf('`', from); at >= 0; ) {
    let found = 1
    while (line[at + found] === '`') found++
    if (found === n) return at
    at = line.indexOf('`', at + found)
  }
  return -1
}
