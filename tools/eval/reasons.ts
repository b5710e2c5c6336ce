// Why two honest counts of the same transcripts differ: the lines are read once more, plainly, and each request that the oracle counts
// otherwise than we do is put down to what it is about its lines.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

export const CLASSES = ['input', 'output', 'written', 'read'] as const
export type Counts = readonly number[] // in the order of CLASSES

export type Reasons = Map<string, Map<string, { requests: number; counts: Counts }>> // day and model → reason → how much

export function add(books: Map<string, Counts>, key: string, counts: Counts, sign = 1): void {
  const before = books.get(key) ?? [0, 0, 0, 0]
  books.set(
    key,
    before.map((count, i) => count + sign * counts[i]!),
  )
}

export const sameCounts = (a: Counts, b: Counts): boolean => a.every((count, i) => count === b[i])

const UNREAD = 'written as the oracle does not read it: blanks behind colons, or a time to the microsecond'
const REPEATED = 'no request id: the oracle takes every line of an answer for a request of its own'
const OTHERWISE = 'a copy is all that the oracle can read of it, so it has another day'

interface Line {
  readonly key: string // day and model
  readonly time: string
  readonly id: string
  readonly request: string | null
  readonly isSeen: boolean // by the oracle
  readonly isCopy: boolean // the line names another session than the one whose file it stands in
  readonly counts: Counts
}

export function reasonsIn(folder: string): Reasons {
  const requests = new Map<string, Line[]>()
  const paths = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
  for (const path of paths.filter((each) => each.endsWith('.jsonl')))
    for (const text of readFileSync(join(folder, path), 'utf8').split('\n')) {
      const line = lineIn(text, basename(path, '.jsonl'), path)
      if (line === null) continue
      // An id that is no id of the world is told apart by its request's and by what went in, as in the ledger.
      const name =
        line.id.length >= 20
          ? line.id
          : `${line.id} ${line.request ?? ''} ${line.key.slice(11)} ${line.counts[0]} ${line.counts[2]} ${line.counts[3]}`
      requests.set(name, [...(requests.get(name) ?? []), line])
    }
  const reasons: Reasons = new Map()
  for (const lines of requests.values()) weigh(lines, reasons)
  return reasons
}

function weigh(lines: readonly Line[], reasons: Reasons): void {
  const books = new Map<string, Counts>()
  const byTime = lines.toSorted((a, b) => Number(a.isCopy) - Number(b.isCopy) || (a.time < b.time ? -1 : 1))
  add(books, byTime[0]!.key, largest(lines))
  const seen = lines.filter(({ isSeen }) => isSeen)
  const theirs = new Map<string, Line>()
  for (const line of seen) {
    const name = line.request ?? line.time
    const known = theirs.get(name)
    if (known === undefined || total(line) > total(known)) theirs.set(name, line)
  }
  for (const { key, counts } of theirs.values()) add(books, key, counts, -1)
  const why = seen.length === 0 ? UNREAD : seen.some(({ request }) => request === null) ? REPEATED : OTHERWISE
  for (const [key, counts] of books) {
    if (counts.every((count) => count === 0)) continue
    const here = reasons.get(key) ?? new Map<string, { requests: number; counts: Counts }>()
    const before = here.get(why) ?? { requests: 0, counts: [0, 0, 0, 0] }
    here.set(why, { requests: before.requests + 1, counts: before.counts.map((count, i) => count + counts[i]!) })
    reasons.set(key, here)
  }
}

const total = ({ counts }: Line): number => counts.reduce((sum, count) => sum + count, 0)
const largest = (lines: readonly Line[]): Counts =>
  CLASSES.map((_, i) => Math.max(...lines.map(({ counts }) => counts[i]!)))

type Json = Readonly<Record<string, unknown>>
const jsonIn = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})
const textIn = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const countIn = (value: unknown): number => (typeof value === 'number' ? value : 0)

function lineIn(text: string, stem: string, path: string): Line | null {
  if (!text.includes('"usage"')) return null
  let record: Json
  try {
    record = jsonIn(JSON.parse(text))
  } catch {
    return null // damaged for the oracle as well
  }
  const said = record.type === 'progress' ? jsonIn(jsonIn(record.data).message) : record
  const message = jsonIn(said.message)
  const usage = jsonIn(message.usage)
  const [model, id, time] = [textIn(message.model), textIn(message.id), textIn(record.timestamp)]
  if (said.type !== 'assistant' || model === null || model === '<synthetic>' || id === null || time === null)
    return null
  if (Number.isNaN(Date.parse(time))) return null // no day for either of the two
  const session = textIn(record.sessionId)
  return {
    key: `${new Date(time).toISOString().slice(0, 10)} ${model}`,
    time,
    id,
    request: textIn(said.requestId),
    isSeen: text.includes('"usage":{') && !/\.\d{4,}/.test(time),
    isCopy: session !== null && session !== stem && !path.includes('subagents') && record.isSidechain !== true,
    counts: [
      countIn(usage.input_tokens),
      countIn(usage.output_tokens),
      countIn(usage.cache_creation_input_tokens),
      countIn(usage.cache_read_input_tokens),
    ],
  }
}
