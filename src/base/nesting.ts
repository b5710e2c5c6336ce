// JSON whose nesting has a limit. A parser takes any depth, but whoever writes such a value again, or walks it, runs out of stack: deeper than
// this nobody means anything, and it is kept as the text it is.
export const NESTING_MAX = 1_000

// Undefined where the text is no JSON, or nested too deep. JSON itself has no undefined.
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined // the caller says what it made of it
  }
}

// Why parseJson gave nothing, as a clause about the text.
export const whyNotJson = (text: string): string =>
  isTooDeep(text) ? `nested deeper than ${NESTING_MAX} levels` : 'not JSON'

export function isTooDeep(text: string): boolean {
  if (text.length <= 2 * NESTING_MAX || !hasEnough(text)) return false
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (inString) {
      if (unit === BACKSLASH) i++
      else if (unit === QUOTE) inString = false
    } else if (unit === QUOTE) inString = true
    else if (unit === OPEN_BRACE || unit === OPEN_BRACKET) {
      if (++depth > NESTING_MAX) return true
    } else if (unit === CLOSE_BRACE || unit === CLOSE_BRACKET) depth--
  }
  return false
}

const QUOTE = 34
const OPEN_BRACKET = 91
const BACKSLASH = 92
const CLOSE_BRACKET = 93
const OPEN_BRACE = 123
const CLOSE_BRACE = 125

// Nearly every line has not as many ends as that: counting them by leaps costs a tenth of looking at each letter.
function hasEnough(text: string): boolean {
  let ends = 0
  for (const end of ['}', ']'])
    for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + 1)) if (++ends > NESTING_MAX) return true
  return false
}
