// Bytes become whole lines. A torn line at the end waits; what is not JSON is kept as it is, with the reason; objects glued on one
// line are lines of their own. Pure: no files here. However the bytes are cut into reads, the same lines come out.

import { isUtf8 } from 'node:buffer'
import { parseJson, whyNotJson } from '../base/nesting.ts'
import type { Found, LineIn } from '../sources/source.ts'

export interface FoundLine extends LineIn {
  readonly offset: number // of its first byte in the file
  readonly lineEnds: number // before it in the bytes given
  readonly piece: number // how many objects stand before it on its line; above 0 they are glued
  readonly utf8: boolean // false: the bytes cannot stand in JSON text
  readonly key?: string // of a record that stands where a line would: what it is called in its file
  readonly identity?: string // of a record: what its id is made from in place of its bytes
  readonly found?: Found // of a record: what reading it found out beside it
}

export interface Split {
  readonly used: number // bytes from the beginning; the rest is a torn line
  readonly lineEnds: number // among them
}

const NEWLINE = 10
const RETURN = 13
const OPEN = 123
const CLOSE = 125

// `atEnd`: the bytes reach to the end of the file, so that a last object without a line end counts when it is whole
// (no beginning of a JSON object is itself one). Lines are handed on one by one, so that a chunk's parsed values are never in memory
// together.
export function splitLines(bytes: Buffer, fileOffset: number, atEnd: boolean, each: (line: FoundLine) => void): Split {
  let at = fileOffset === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  let lineEnds = 0
  const wholeEnd = bytes.lastIndexOf(NEWLINE) + 1
  const clean = isUtf8(bytes.subarray(0, wholeEnd))
  while (at < wholeEnd) {
    const end = bytes.indexOf(NEWLINE, at)
    const stop = end > at && bytes[end - 1] === RETURN ? end - 1 : end
    if (stop > at) tellLine(bytes.subarray(at, stop), fileOffset + at, lineEnds, clean, each)
    at = end + 1
    lineEnds++
  }
  if (atEnd && at < bytes.length && bytes[bytes.length - 1] === CLOSE) {
    const line = lineOf(bytes.subarray(at), false)
    if (line.value !== undefined && line.utf8) {
      each({ ...line, offset: fileOffset + at, lineEnds, piece: 0 })
      at = bytes.length
    }
  }
  return { used: at, lineEnds }
}

function tellLine(bytes: Buffer, offset: number, lineEnds: number, clean: boolean, each: (line: FoundLine) => void) {
  const whole = lineOf(bytes, clean)
  if (whole.value !== undefined) return each({ ...whole, offset, lineEnds, piece: 0 })
  if (isBlank(bytes)) return
  // Objects from the front for as long as they are whole: a reader who came before the line end has read them already.
  let piece = 0
  let at = 0
  for (let next = objectIn(bytes, 0); next !== null; next = objectIn(bytes, at)) {
    const line = lineOf(bytes.subarray(next.start, next.end), clean)
    if (line.value === undefined || !line.utf8) break
    each({ ...line, offset: offset + next.start, lineEnds, piece: piece++ })
    at = next.end
  }
  const rest = bytes.subarray(at)
  if (!isBlank(rest)) each({ ...(at === 0 ? whole : lineOf(rest, clean)), offset: offset + at, lineEnds, piece })
}

// `clean`: the bytes are known to be UTF-8.
export function lineOf(bytes: Buffer, clean: boolean): LineIn & { readonly utf8: boolean } {
  const text = bytes.toString()
  const value = parseJson(text)
  const utf8 = clean || isUtf8(bytes)
  const invalid = value === undefined ? 'the line is neither JSON nor valid UTF-8' : 'the line is not valid UTF-8'
  const damage = !utf8 ? invalid : value === undefined ? `the line is ${whyNotJson(text)}` : null
  return { text, value, bytes, utf8, damage }
}

// What JSON itself calls white space, but for the line end. Other blanks (no-break space, NUL) are somebody's bytes and are kept.
export const isBlankByte = (byte: number | undefined): boolean => byte === 32 || byte === 9 || byte === RETURN
const isBlank = (bytes: Buffer): boolean => bytes.every(isBlankByte)

// Where the object that begins at `from`, behind blanks, ends: by its braces alone. On bytes, since UTF-8 has no brace or quote inside
// a character.
function objectIn(bytes: Buffer, from: number): { readonly start: number; readonly end: number } | null {
  let start = from
  while (isBlankByte(bytes[start])) start++
  if (bytes[start] !== OPEN) return null
  let depth = 0
  let inString = false
  for (let i = start; i < bytes.length; i++) {
    const byte = bytes[i]
    if (inString) {
      if (byte === 92) i++
      else if (byte === 34) inString = false
    } else if (byte === 34) inString = true
    else if (byte === OPEN) depth++
    else if (byte === CLOSE && --depth === 0) return { start, end: i + 1 }
  }
  return null
}
