// Bytes become whole lines. A torn line at the end waits; what is not JSON is kept as it is, with the reason; two objects glued on
// one line are two lines. Pure: no files here.
import { isUtf8 } from 'node:buffer'
import type { LineIn } from '../sources/source.ts'

export interface FoundLine extends LineIn {
  readonly offset: number // of its first byte in the file
  readonly utf8: boolean // false: the bytes cannot stand in JSON text
  readonly glued: boolean // it shared its line with another object
  readonly newLine: boolean // it begins a line of the file (false for the further objects of a glued line)
}

const NEWLINE = 10
const RETURN = 13
const CLOSE = 125

// `atEnd`: the bytes reach to the end of the file, so that a last object without a line end counts when it is whole
// (no beginning of a JSON object is itself one).
// Returns the bytes consumed from the beginning of `bytes`; the rest is a torn line. Lines are handed on one by one, so that a chunk's
// parsed values are never in memory together.
export function splitLines(bytes: Buffer, fileOffset: number, atEnd: boolean, each: (line: FoundLine) => void): number {
  let at = fileOffset === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  const wholeEnd = bytes.lastIndexOf(NEWLINE) + 1
  const clean = isUtf8(bytes.subarray(0, wholeEnd))
  while (at < wholeEnd) {
    const end = bytes.indexOf(NEWLINE, at)
    const stop = end > at && bytes[end - 1] === RETURN ? end - 1 : end
    if (stop > at) tellLine(bytes.subarray(at, stop), fileOffset + at, clean, each)
    at = end + 1
  }
  if (atEnd && at < bytes.length && bytes[bytes.length - 1] === CLOSE) {
    const rest = bytes.subarray(at)
    const value = parseJson(rest.toString())
    if (value !== undefined && isUtf8(rest)) {
      each({
        text: rest.toString(),
        value,
        bytes: rest,
        damage: null,
        utf8: true,
        offset: fileOffset + at,
        glued: false,
        newLine: true,
      })
      at = bytes.length
    }
  }
  return at
}

function tellLine(bytes: Buffer, offset: number, known: boolean, each: (line: FoundLine) => void): void {
  const text = bytes.toString()
  const value = parseJson(text)
  const valid = known || isUtf8(bytes)
  if (value !== undefined) {
    each({
      text,
      value,
      bytes,
      damage: valid ? null : 'the line is not valid UTF-8',
      utf8: valid,
      offset,
      glued: false,
      newLine: true,
    })
    return
  }
  if (text.trim() === '') return
  const pieces = valid ? gluedObjects(text) : null
  if (pieces === null) {
    each({
      text,
      value: undefined,
      bytes,
      damage: valid ? 'the line is not JSON' : 'the line is neither JSON nor valid UTF-8',
      utf8: valid,
      offset,
      glued: false,
      newLine: true,
    })
    return
  }
  let byteAt = 0
  let charAt = 0
  for (const [i, piece] of pieces.entries()) {
    byteAt += Buffer.byteLength(text.slice(charAt, piece.start))
    charAt = piece.end
    const own = text.slice(piece.start, piece.end)
    const length = Buffer.byteLength(own)
    each({
      text: own,
      value: piece.value,
      bytes: bytes.subarray(byteAt, byteAt + length),
      damage: null,
      utf8: true,
      offset: offset + byteAt,
      glued: true,
      newLine: i === 0,
    })
    byteAt += length
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // JSON has no undefined, so this is no value's stand-in
  }
}

// `{…}{…}` as its objects, with nothing but white space between them; null when it is anything else.
function gluedObjects(text: string): { start: number; end: number; value: unknown }[] | null {
  const found: { start: number; end: number; value: unknown }[] = []
  let at = 0
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at++
      continue
    }
    const end = text[at] === '{' ? objectEnd(text, at) : -1
    const value = end < 0 ? undefined : parseJson(text.slice(at, end))
    if (value === undefined) return null
    found.push({ start: at, end, value })
    at = end
  }
  return found.length > 1 ? found : null
}

function objectEnd(text: string, start: number): number {
  let depth = 0
  let inString = false
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (inString) {
      if (c === 92) i++
      else if (c === 34) inString = false
    } else if (c === 34) inString = true
    else if (c === 123) depth++
    else if (c === 125 && --depth === 0) return i + 1
  }
  return -1
}
