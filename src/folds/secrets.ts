// Secrets in texts, masked where text leaves for a person: snippets, lists, sentences, exports. The record itself keeps every byte.
// Only definite ones: what its vendor gave a form of its own, and what stands where only a password can. A text without any comes back
// as it is. One pass looks for the marks, 3 ns a character; what follows a mark is looked at only there.
// A list of our own, since the kept ones are made to scan files: the smallest (secretlint) is asynchronous and takes 360 µs a text of 500.
import { FORMS, type Form } from './secret-forms.ts'

const HIDDEN = '••••'
const CUT_CHARS_MIN = 6 // of a secret whose end was cut off with its text

const escaped = (mark: string): string => mark.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
const byMark: ReadonlyMap<string, Form> = new Map(FORMS.flatMap((form) => form.marks.map((mark) => [mark, form])))
// The longest first: what begins like another mark is that other one only where it goes on otherwise.
const MARKS = new RegExp(
  [...byMark.keys()]
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join('|'),
  'g',
)

// Of a text that holds others, as JSON does: whether one of them may hold a secret, cut off or whole.
function mayHoldSecrets(text: string): boolean {
  MARKS.lastIndex = 0
  for (let found = MARKS.exec(text); found !== null; found = MARKS.exec(text)) {
    const form = byMark.get(found[0])!
    const place = placeOf(text, found.index, found[0], form)
    if (place !== null && place.to - place.from >= Math.min(form.min, CUT_CHARS_MIN)) return true
    MARKS.lastIndex = found.index + found[0].length
  }
  return false
}

// ghp_… becomes `ghp_•••• (GitHub token)`. Masking twice is masking once.
export function maskSecrets(text: string): string {
  let masked = ''
  let done = 0
  MARKS.lastIndex = 0
  for (let found = MARKS.exec(text); found !== null; found = MARKS.exec(text)) {
    const secret = secretAt(text, found.index, found[0])
    if (secret === null) {
      MARKS.lastIndex = found.index + found[0].length
      continue
    }
    masked += text.slice(done, secret.from) + secret.shown
    done = secret.to
    MARKS.lastIndex = Math.max(done, found.index + 1)
  }
  return done === 0 ? text : masked + text.slice(done)
}

export const isMasked = (text: string): boolean => text.includes(HIDDEN)

// JSON text in which no value and no key shows a secret. Most hold none: then it is the plain text of the value.
export function maskedJson(value: unknown, indent?: number): string {
  const plain = JSON.stringify(value, null, indent)
  return mayHoldSecrets(plain) ? JSON.stringify(value, maskedField, indent) : plain
}

// A line of a log or a transcript: JSON, or damaged. As it is, to the byte, where it holds none.
export function maskedLine(line: string): string {
  if (!mayHoldSecrets(line)) return line
  const value = parsed(line)
  return value === undefined ? maskSecrets(line) : JSON.stringify(value, maskedField)
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // damaged: it is masked as the text it is
  }
}

function maskedField(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return maskSecrets(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.keys(value).some(mayHoldSecrets)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [maskSecrets(key), item]))
    : value
}

interface Secret {
  readonly from: number
  readonly to: number
  readonly shown: string
}

function secretAt(text: string, at: number, mark: string): Secret | null {
  const form = byMark.get(mark)!
  const place = placeOf(text, at, mark, form)
  if (place === null) return null
  const body = text.slice(place.from, place.to)
  if (body.length < form.min && !(isCut(text, place.to) && looksDrawn(body))) return null
  return { ...place, shown: form.label === null ? HIDDEN : `${HIDDEN} (${form.label})` }
}

function placeOf(text: string, at: number, mark: string, form: Form): { from: number; to: number } | null {
  if (form.alone !== false && !beginsAt(text, at)) return null
  const from = within(form.before, text, at + mark.length)
  if (from === null) return null
  const to = within(form.body, text, from)
  if (to === null || to === from) return null
  return form.isOne === undefined || form.isOne(text.slice(from, to)) ? { from, to } : null
}

// Where the sticky expression ends that begins at `at`; null where it does not fit.
function within(expression: RegExp | undefined, text: string, at: number): number | null {
  if (expression === undefined) return at
  expression.lastIndex = at
  return expression.test(text) ? expression.lastIndex : null
}

// A word begins here, if only behind an escape: `"\nghp_…"`, `=ghp_…` as \u003d or %3D, a colour of the terminal.
function beginsAt(text: string, at: number): boolean {
  if (at === 0 || !/[0-9A-Za-z_]/.test(text[at - 1]!)) return true
  return /(?:\\[bfnrt]|\\u[0-9A-Fa-f]{4}|%[0-9A-Fa-f]{2}|\\x[0-9A-Fa-f]{2}|\[[\d;]*m)$/.test(
    text.slice(Math.max(0, at - 12), at),
  )
}

const isCut = (text: string, end: number): boolean => end === text.length || text.startsWith('…', end)

// No word of a person: letters large and small, or with digits.
const looksDrawn = (body: string): boolean =>
  body.length >= CUT_CHARS_MIN &&
  /[A-Za-z]/.test(body) &&
  (/\d/.test(body) || (/[a-z]/.test(body) && /[A-Z]/.test(body)))
