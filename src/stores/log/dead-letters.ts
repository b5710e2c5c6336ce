// Dead letters on disk: <dir>/<consumer>.jsonl, one letter a line, and <consumer>.again.jsonl, those that a person wants tried again.
// Append-only but for a torn end; a file goes away as a whole. Whoever asks (the command line) and whoever answers (the consumer) may be
// two processes: they meet by renames alone.

import { isUtf8 } from 'node:buffer'
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { DeadLetter, DeadLetters } from '../dead.ts'

const NEWLINE = 10

export function openDeadLetters(dir: string, consumer: string): DeadLetters {
  const path = join(dir, `${consumer}.jsonl`)
  const again = join(dir, `${consumer}.again.jsonl`)
  let counted = { bytes: -1, ids: new Set<string>() }
  const ids = () => {
    const bytes = sizeOf(path)
    if (bytes !== counted.bytes) counted = { bytes, ids: new Set(readLetters(path).map(({ id }) => id)) }
    return counted.ids
  }
  return {
    add(letters) {
      const known = ids()
      const fresh = letters.filter(({ id }) => !known.has(id))
      if (fresh.length === 0) return
      mkdirSync(dir, { recursive: true, mode: 0o700 })
      appendWhole(path, fresh.map((letter) => `${JSON.stringify(written(letter))}\n`).join(''))
    },
    count: () => ids().size,
    wasInVain: (sinceMs) => readLetters(path).some(({ round, at }) => round > 1 && Date.parse(at) >= sinceMs),
    ask() {
      const letters = readLetters(path)
      if (letters.length === 0) return 0
      // What was asked for before and is not done yet stays asked for.
      if (existsSync(again)) {
        appendWhole(again, letters.map((letter) => `${JSON.stringify(written(letter))}\n`).join(''))
        rmSync(path)
      } else renameSync(path, again)
      return letters.length
    },
    asked: () => [...new Map(readLetters(again).map((letter) => [letter.id, letter])).values()],
    isAsked: () => existsSync(again),
    done: () => rmSync(again, { force: true }),
  }
}

// The consumers that have any, for those who look.
export function deadLetterNames(dir: string): string[] {
  if (!existsSync(dir)) return []
  return readdirSync(dir)
    .filter((name) => name.endsWith('.jsonl') && !name.endsWith('.again.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
    .sort()
}

export function readLetters(path: string): DeadLetter[] {
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : (parsed(line) ?? [])))
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0

// The event's own text; bytes that are no text as base64.
const written = ({ data, ...letter }: DeadLetter) =>
  isUtf8(data)
    ? { ...letter, event: Buffer.from(data).toString() }
    : { ...letter, event64: Buffer.from(data).toString('base64') }

function parsed(line: string): DeadLetter | null {
  try {
    const { event, event64, ...letter } = JSON.parse(line) as DeadLetter & { event?: string; event64?: string }
    return { ...letter, data: event64 === undefined ? Buffer.from(event ?? '') : Buffer.from(event64, 'base64') }
  } catch {
    return null // torn by a crash before it was acked: its event comes again and is set aside again
  }
}

// All of it or nothing: half a line (disk full) must not stand in the way of the next, nor one that a crash left behind.
function appendWhole(path: string, text: string): void {
  const fd = openSync(path, 'a+', 0o600)
  try {
    const { size } = statSync(path)
    const start = size > 0 && readFileSync(path).at(-1) !== NEWLINE ? `\n${text}` : text
    const bytes = Buffer.from(start)
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
      fdatasyncSync(fd)
    } catch (cause) {
      ftruncateSync(fd, size)
      throw cause
    }
  } finally {
    closeSync(fd)
  }
}
