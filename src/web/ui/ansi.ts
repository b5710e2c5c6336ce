// What a command put out, as a terminal would have shown it: colours and styles as looks, overwritten lines overwritten, everything else
// that a terminal would have obeyed taken out. Pure, and linear in the text, whatever the text is.
export interface Look {
  readonly fg?: string // #rrggbb; how dark it is drawn is for the page, which knows its paper
  readonly bg?: string
  readonly bold?: true
  readonly dim?: true
  readonly italic?: true
  readonly underline?: true
  readonly strike?: true
  readonly inverse?: true
}
export interface Span {
  readonly text: string
  readonly look: Look
}
export type InkLine = readonly Span[]

const PLAIN: Look = Object.freeze({})

// Control characters but for tab, and the characters that turn the direction of what follows.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

export function inkLines(text: string): readonly InkLine[] {
  const page = new InkPage()
  let look = PLAIN
  let at = 0
  while (at < text.length) {
    CONTROL.lastIndex = at
    const found = CONTROL.exec(text)
    const end = found === null ? text.length : found.index
    if (end > at) page.write(text.slice(at, end), look)
    if (found === null) break
    const code = text.charCodeAt(end)
    at = end + 1
    if (code === 0x1b || code === 0x9b) {
      const order = escapeAt(text, code === 0x9b ? end : at, code === 0x9b)
      at = order.end
      if (order.final === 'm') look = lookAfter(look, order.params)
      if (order.final === 'K') page.erase(order.params)
    } else if (code === 0x0a) page.newLine()
    else if (code === 0x0d && text.charCodeAt(at) !== 0x0a) page.toStart()
    else if (code === 0x08) page.back()
    else if (code > 0x9f) page.write(`[U+${code.toString(16).toUpperCase()}]`, look) // seen, not obeyed
  }
  return page.lines()
}

export const plainOutput = (text: string): string =>
  inkLines(text)
    .map((line) => line.map((span) => span.text).join(''))
    .join('\n')

class InkPage {
  readonly #lines: InkLine[] = []
  #line: Span[] = []
  #under: readonly Span[] = [] // what stood in this line before the cursor went back to its start

  write(text: string, look: Look): void {
    this.#line.push({ text, look })
  }
  newLine(): void {
    this.#lines.push(this.#whole())
    this.#line = []
    this.#under = []
  }
  toStart(): void {
    this.#under = this.#whole()
    this.#line = []
  }
  back(): void {
    const last = this.#line.pop()
    if (last !== undefined && last.text.length > 1) this.#line.push({ ...last, text: last.text.slice(0, -1) })
  }
  // To the end of the line, to its start, or all of it.
  erase(params: string): void {
    this.#under = params === '1' ? this.#under : []
    if (params === '2') this.#line = this.#line.length === 0 ? [] : [{ text: ' '.repeat(this.#width()), look: PLAIN }]
  }
  lines(): readonly InkLine[] {
    const all = [...this.#lines, this.#whole()]
    let end = all.length
    while (end > 1 && all[end - 1]!.every((span) => span.text.trim() === '')) end--
    return all.slice(0, end)
  }

  #width(): number {
    return this.#line.reduce((n, span) => n + span.text.length, 0)
  }
  #whole(): InkLine {
    if (this.#under.length === 0) return merged(this.#line)
    let left = this.#width()
    const rest: Span[] = []
    for (const span of this.#under) {
      if (left < span.text.length) rest.push({ ...span, text: span.text.slice(left) })
      left = Math.max(0, left - span.text.length)
    }
    return merged([...this.#line, ...rest])
  }
}

function merged(line: readonly Span[]): InkLine {
  const out: Span[] = []
  for (const span of line) {
    const last = out.at(-1)
    if (last !== undefined && last.look === span.look) out[out.length - 1] = { ...last, text: last.text + span.text }
    else out.push(span)
  }
  return out
}

interface Escape {
  readonly end: number
  readonly final: string
  readonly params: string
}

// `at` is behind the escape character. An escape that does not end is given up where it stops being one: no text is swallowed with it.
function escapeAt(text: string, at: number, isC1: boolean): Escape {
  const kind = isC1 ? '[' : (text[at] ?? '')
  if (kind === '[') return controlAt(text, at + 1)
  if (kind === ']' || kind === 'P' || kind === 'X' || kind === '^' || kind === '_') return stringAt(text, at + 1)
  let end = at
  while (inRange(text, end, 0x20, 0x2f)) end++ // as in ESC ( B
  return { end: inRange(text, end, 0x30, 0x7e) ? end + 1 : end, final: '', params: '' }
}

function controlAt(text: string, from: number): Escape {
  let end = from
  while (inRange(text, end, 0x30, 0x3f)) end++
  const params = text.slice(from, end)
  while (inRange(text, end, 0x20, 0x2f)) end++
  return inRange(text, end, 0x40, 0x7e) ? { end: end + 1, final: text[end]!, params } : { end, final: '', params: '' }
}

// Titles, links, pictures: up to a bell or a string terminator on the same line, or nothing but its beginning.
function stringAt(text: string, from: number): Escape {
  for (let end = from; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === 0x07 || code === 0x9c) return { end: end + 1, final: '', params: '' }
    if (code === 0x1b) return { end: text[end + 1] === '\\' ? end + 2 : end, final: '', params: '' }
    if (code === 0x0a) return { end, final: '', params: '' }
  }
  return { end: from, final: '', params: '' }
}

const inRange = (text: string, at: number, from: number, to: number): boolean => {
  const code = text.charCodeAt(at)
  return code >= from && code <= to
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

function lookAfter(before: Look, params: string): Look {
  const look: Writable<Look> = { ...before }
  const all = params.split(';')
  for (let i = 0; i < all.length; i++) {
    const [word = '', ...inside] = (all[i] ?? '').split(':')
    const n = Number(word === '' ? 0 : word)
    if (n === 38 || n === 48 || n === 58) {
      const { colour, used } = inside.length > 0 ? { colour: colourOf(inside), used: 0 } : colourIn(all.slice(i + 1))
      i += used
      if (colour !== null && n !== 58) look[n === 38 ? 'fg' : 'bg'] = colour
    } else step(look, n, inside[0] === '0')
  }
  return Object.keys(look).length === 0 ? PLAIN : look
}

const ON = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 7: 'inverse', 9: 'strike' } as const
const OFF: Readonly<Record<number, readonly (keyof Look)[]>> = {
  21: ['bold'],
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  29: ['strike'],
  39: ['fg'],
  49: ['bg'],
}
function step(look: Writable<Look>, n: number, isOff: boolean): void {
  if (n === 0) for (const name of Object.keys(look) as (keyof Look)[]) delete look[name]
  else if (n in ON && !isOff) look[ON[n as keyof typeof ON]] = true
  else if (n in ON) delete look[ON[n as keyof typeof ON]]
  else if (n in OFF) for (const name of OFF[n]!) delete look[name]
  else if (n >= 30 && n <= 37) look.fg = BASE[n - 30]!
  else if (n >= 90 && n <= 97) look.fg = BASE[n - 82]!
  else if (n >= 40 && n <= 47) look.bg = BASE[n - 40]!
  else if (n >= 100 && n <= 107) look.bg = BASE[n - 92]!
}

// `5;n` or `2;r;g;b` behind 38 or 48, and how many words that took.
function colourIn(words: readonly string[]): { colour: string | null; used: number } {
  if (words[0] === '5') return { colour: paletteColour(Number(words[1])), used: 2 }
  if (words[0] === '2') return { colour: trueColour(words.slice(1, 4)), used: 4 }
  return { colour: null, used: 0 }
}
// The form with colons: 5:n, 2:r:g:b, or 2:<space>:r:g:b.
function colourOf(words: readonly string[]): string | null {
  if (words[0] === '5') return paletteColour(Number(words[1]))
  return words[0] === '2' ? trueColour(words.slice(-3)) : null
}

const hex = (parts: readonly number[]): string => `#${parts.map((n) => n.toString(16).padStart(2, '0')).join('')}`
const isByte = (n: number): boolean => Number.isInteger(n) && n >= 0 && n <= 255

function trueColour(words: readonly string[]): string | null {
  const parts = words.map(Number)
  return parts.length === 3 && parts.every(isByte) ? hex(parts) : null
}

const BASE = (
  '000000 cd3131 0a8f4f a07800 2b62d9 b02fb0 0a87a0 c8c8c8 ' + '666666 f14c4c 23d18b e5c100 5b8cff e070e0 29b8db ffffff'
)
  .split(' ')
  .map((digits) => `#${digits}`)

// 16 names, a cube of 6 × 6 × 6, a ramp of 24 greys.
function paletteColour(n: number): string | null {
  if (!isByte(n)) return null
  if (n < 16) return BASE[n]!
  if (n >= 232) return hex(Array(3).fill(8 + (n - 232) * 10))
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40)
  return hex([level(Math.floor((n - 16) / 36)), level(Math.floor((n - 16) / 6) % 6), level((n - 16) % 6)])
}
