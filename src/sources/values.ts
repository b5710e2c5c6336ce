// Reading values nobody vouches for: what a parsed line may hold, taken only where it is what it should be.
// Common ground of all sources; nothing here throws, whatever it is given.
import { cut, PAYLOAD_VERSION, type Payload, TOLD_HEAD_MAX, WORDS_HEAD_MAX, wordsAt } from '../event/payload.ts'
import type { EventKind } from '../event/types.ts'
import type { LineIn, Part } from './source.ts'

export type Json = Readonly<Record<string, unknown>>
export type Writable<T> = { -readonly [K in keyof T]: T[K] }

export const NOTHING: Json = Object.freeze({})

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// The object there, or an empty one: for reading a field of a field without a ladder of ifs.
export const jsonIn = (value: unknown): Json => (isJson(value) ? value : NOTHING)

export const nonEmpty = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

// A count of things: tokens, milliseconds, pictures. Anything that cannot be one is 0.
export const countIn = (value: unknown): number =>
  typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? Math.trunc(value) : 0

// JSON text of what a database gives. Its whole numbers may be larger than a double holds: those stand as texts.
export const textOfAny = (value: unknown): string =>
  JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each))

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/
const MS_MAX = 253_402_300_799_999 // the last millisecond of the year 9999
const MS_NUMBER_MIN = 100_000_000_000 // 1973: a smaller number counts something else

// Nearly every time is written as we write it ourselves, on a day every month has: it needs no second look.
const PLAIN =
  /^(?:19[7-9]\d|[2-9]\d{3})-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}\.\d{3}Z$/

// A moment as RFC 3339 in UTC, or null. A local time without its offset is no moment: it would depend on the reader's machine.
export function momentIn(value: unknown): string | null {
  let ms: number
  if (typeof value === 'string') {
    if (value.length === 24 && PLAIN.test(value)) return value
    if (value.length > 40 || !RFC3339.test(value)) return null
    ms = Date.parse(value)
  } else if (typeof value === 'number' && value >= MS_NUMBER_MIN) ms = value
  else return null
  return ms >= 0 && ms <= MS_MAX ? new Date(ms).toISOString() : null
}

export const TARGET_MAX = 200

// The beginning of a text on one line. Looks at no more of it than it may need.
export const lineOf = (text: string, max = TARGET_MAX): string =>
  cut(
    cut(text, max * 4)
      .replace(/\s+/g, ' ')
      .trim(),
    max,
  )

// An amount of money without an exponent, as a decimal string.
export function decimalOf(value: unknown): string | undefined {
  if (typeof value !== 'number' || !(value >= 0) || value > 1e9) return undefined
  return value.toFixed(12).replace(/\.?0+$/, '')
}

export const newPayload = (): Writable<Payload> => ({ v: PAYLOAD_VERSION })

// A part that says one text, which stands at `pointer` when there is one. Further parts of a line do not carry it.
const TOLD: ReadonlySet<EventKind> = new Set<EventKind>(['message.user.prompt', 'message.assistant.text'])

// What is told as it stands, in turns and lists, has a longer head: nobody wants half a prompt.
export const headMaxOf = (kind: EventKind): number => (TOLD.has(kind) ? TOLD_HEAD_MAX : WORDS_HEAD_MAX)

export function saying(kind: EventKind, text: string | undefined, pointer: string | null, carries = true): Part {
  const payload = newPayload()
  if (text !== undefined && text !== '')
    payload.text = pointer === null ? text : wordsAt(text, pointer, carries, headMaxOf(kind))
  return { kind, payload }
}

// What a line means that is no JSON object: bytes to keep, and why they are not more.
export function damagedPart(line: LineIn): Part {
  const payload = newPayload()
  payload.why = line.damage ?? 'not a JSON object'
  return { kind: 'system.damaged_line', payload }
}

export const withoutEnd = (path: string): string => path.replace(/[/\\]+$/, '')

// `~` and `~/x` mean the home folder, as a shell would have it.
export const expandHome = (path: string, home: string): string =>
  /^~(?=$|[/\\])/.test(path) ? home + path.slice(1) : path

// Several folders, each once, in order.
export const rootsOf = (paths: readonly string[]) => [...new Set(paths)].map((path) => ({ path }))

// A word of a shell's command line, quoted where it must be.
const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

// `cd <folder> && <words>`, as a person would type it. What cannot stand on one line is no command.
export function commandIn(cwd: string | null, ...words: readonly string[]): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not reach a terminal
  if ([...words, cwd ?? ''].some((word) => /[\u0000-\u001f\u007f]/.test(word))) return null
  const command = words.map(shellWord).join(' ')
  if (cwd === null || cwd === '') return command
  return `cd ${shellWord(cwd.startsWith('-') ? `./${cwd}` : cwd)} && ${command}`
}

// What an agent can go on with: its sessions are called by a UUID, and anything else is a file that is no session of its own.
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
export const resumeByUuid =
  (...words: readonly string[]) =>
  (native: string, cwd: string | null): string | null =>
    UUID.test(native) ? commandIn(cwd, ...words, native) : null
