// The answer of a tool that read a file, as the file's lines. Some number the lines, some wrap them in JSON, some say what they left out.
import { type Fields, fieldsIn, textIn } from '../input.ts'

export interface Read {
  readonly from: number // 1-based
  readonly texts: readonly string[]
  readonly total: number | null // lines of the whole file; null: not said
}

const CUT_SHORT =
  /\n*(?:\[[^\n]*(?:more lines|Showing lines|truncated|Use offset)[^\n]*\]|\.\.\. ?\(?[^\n]*(?:more lines|truncated)[^\n]*)\s*$/i
const REMINDER = /\n*<system-reminder>[\s\S]*<\/system-reminder>\s*$/

// Read so, a text without numbers shows nothing.
export const NUMBERED_ONLY: Fields = Object.freeze({})

// Null: no lines of a file are in it.
export function readText(answer: string, input: Fields): Read | null {
  const wrapped = inJson(answer)
  const text = (wrapped ?? answer).replace(REMINDER, '')
  const asked = countIn(input.offset ?? input.from ?? input.start_line)
  const limited = countIn(input.limit ?? input.lines ?? input.end_line) !== null
  const numbered = numberedLines(text)
  if (numbered !== null) return { ...numbered, total: null }
  if (input === NUMBERED_ONLY || text === '' || (wrapped === null && answer.startsWith('{"'))) return null
  const isCut = CUT_SHORT.test(text)
  const texts = withoutNotice(text.replace(CUT_SHORT, ''), limited).split('\n')
  const from = Math.max(1, asked ?? 1)
  return { from, texts, total: from === 1 && !limited && !isCut ? texts.length : null }
}

// Behind some of the lines stands, in brackets, how many more there are.
const withoutNotice = (text: string, limited: boolean): string =>
  limited ? text.replace(/\n\n\[[^\n]*\]\s*$/, '') : text

const countIn = (value: unknown): number | null => (typeof value === 'number' && Number.isInteger(value) ? value : null)

function inJson(answer: string): string | null {
  if (!answer.startsWith('{')) return null
  try {
    const found = fieldsIn(JSON.parse(answer))
    return textIn(found, 'content', 'text')
  } catch (error) {
    if (error instanceof SyntaxError) return null // a file that begins with a brace
    throw error
  }
}

const NUMBERED = /^\s*(\d+)(?:→|\t|\|)(.*)$/s

// Each line with its number, one after the other.
function numberedLines(text: string): { from: number; texts: string[] } | null {
  const texts: string[] = []
  let from = -1
  for (const line of text.split('\n')) {
    const read = NUMBERED.exec(line)
    if (read === null || Number(read[1]) !== from + texts.length) {
      if (texts.length > 0 || read === null) break
      from = Number(read[1])
    }
    texts.push(read[2]!)
  }
  // Asked for from line 0 on, some number the first line so.
  return texts.length === 0 ? null : { from: Math.max(1, from), texts }
}
