// The older forms: one JSON document a session, written anew after every turn until May 2026, and what came through a messenger as lines.
// Half of what stands in them stands elsewhere too. What was taken along from the document of another session is known by its own words;
// that the database, or the lines, tell of the same session as well cannot be known here, and is for whoever reads the events: each form
// says which it is, the lines the better of the two, since they know when a message was.
import type { Payload } from '../../event/payload.ts'
import { projectOfPath } from '../../event/subject.ts'
import type { FileFacts, FileMemory, LineIn, LineMeaning, Part, RecordIn } from '../source.ts'
import { damagedPart, isJson, type Json, jsonIn, momentIn, newPayload, nonEmpty, type Writable } from '../values.ts'
import { type Around, beginsReview, messageParts } from './messages.ts'
import { sessionOfPath } from './owner.ts'
import { COMPACTED, REVIEW } from './prompts.ts'
import { shortHash } from './rows.ts'
import { parsed } from './tools.ts'

const HEAD = 'session'
const BOM = '\ufeff'

// The document without its messages, and each message.
export function* recordsOf(bytes: Uint8Array): Iterable<RecordIn> {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  const value = parsed(text.startsWith(BOM) ? text.slice(1) : text)
  if (!isJson(value)) {
    yield { text, value, bytes, damage: 'the file is not one JSON object', key: HEAD, at: 0 }
    return
  }
  const { messages, ...facts } = value
  const isList = Array.isArray(messages)
  const head = isList ? facts : value
  yield record(head, HEAD, 0, lastingOf(head))
  const seen = new Map<string, number>()
  const list: readonly unknown[] = isList ? messages : []
  const own = ownFrom(list)
  for (const [i, message] of list.entries()) {
    const said = JSON.stringify(message)
    const times = seen.get(said) ?? 0
    seen.set(said, times + 1)
    const key = `${times}:${shortHash(said, KEY_LETTERS)}`
    yield { ...record(message, key, i + 1, said), ...(i < own && { found: TAKEN }) }
  }
}

// When it was last written, and how long it has become, is not what it is.
function lastingOf({ last_updated: _, message_count: __, ...lasting }: Json): string {
  return JSON.stringify(lasting)
}

const KEY_LETTERS = 24
// It was taken along from another document, as what stands behind it tells.
const TAKEN = { copied: true }

// A conversation that was compacted went on in a new document, which begins with the head of the one before; one that Hermes reviewed was
// copied whole, with the question behind it.
const TAKEN_ALONG = [COMPACTED, REVIEW]
const ownFrom = (messages: readonly unknown[]): number =>
  messages.findLastIndex((message) => {
    const { content } = jsonIn(message)
    return typeof content === 'string' && TAKEN_ALONG.some((start) => content.startsWith(start))
  })

function record(value: unknown, key: string, at: number, identity: string): RecordIn {
  const text = JSON.stringify(value)
  return { text, value, bytes: Buffer.from(text), damage: null, key, at, identity }
}

// A message says no time of its own; it happened no earlier than its session began.
export function translateRecord(record: RecordIn, file: FileFacts, memory: FileMemory): LineMeaning {
  if (!isJson(record.value)) return meaning([damagedPart(record)], file, memory, null, null)
  if (record.at === 0 && !('role' in record.value))
    return { ...head(record.value, file, memory, HEAD), identity: lastingOf(record.value) }
  const next = reviewing(record.value, memory)
  const around = aroundIn(next, `m${record.at}:`)
  const times = record.key.slice(0, record.key.indexOf(':'))
  const parts = inForm(DOCUMENT, messageParts(record.value, around))
  if (record.found?.copied === true) for (const { payload } of parts) (payload as Writable<Payload>).copied = true
  return meaning(parts, file, next, null, `message:${times}`)
}

// The first line tells of the session; the others are messages.
export function translateLine(line: LineIn, file: FileFacts, memory: FileMemory): LineMeaning {
  if (!isJson(line.value)) return meaning([damagedPart(line)], file, memory, null, null)
  const time = localMoment(line.value.timestamp)
  if (line.value.role === 'session_meta') return head(line.value, file, memory, null)
  const mark = `${nonEmpty(line.value.timestamp) ?? 'line'}:`
  const next = reviewing(line.value, memory)
  return meaning(inForm(LINES, messageParts(line.value, aroundIn(next, mark))), file, next, time, null)
}

const reviewing = (message: Json, memory: FileMemory): FileMemory => {
  const review = beginsReview(message) ?? memory.review === true
  return review === (memory.review === true) ? memory : { ...memory, review }
}

const LINES = 1
const DOCUMENT = 2

function inForm(form: 1 | 2, parts: readonly Part[]): readonly Part[] {
  for (const { payload } of parts) (payload as Writable<Payload>).form = form
  return parts
}

const aroundIn = (memory: FileMemory, callPrefix: string): Around => ({
  source: memory.source ?? undefined,
  subagent: memory.source === 'subagent',
  callPrefix,
  review: memory.review === true,
})

function head(value: Json, file: FileFacts, memory: FileMemory, nativeId: string | null): LineMeaning {
  const payload: Writable<Payload> = newPayload()
  const model = nonEmpty(value.model)
  if (model !== undefined) payload.model = model
  const cwd = nonEmpty(value.cwd) ?? nonEmpty(jsonIn(value.model_config).cwd)
  if (cwd !== undefined) payload.cwd = cwd
  const next = {
    ...memory,
    session: nonEmpty(value.session_id) ?? nonEmpty(memory.session) ?? null,
    project: cwd === undefined ? (nonEmpty(memory.project) ?? null) : projectOfPath(cwd),
    source: nonEmpty(value.platform) ?? nonEmpty(memory.source) ?? null,
  }
  const time = localMoment(value.session_start ?? value.timestamp)
  return meaning([{ kind: 'system.session_start', payload }], file, next, time, nativeId)
}

function meaning(
  parts: readonly Part[],
  { path }: FileFacts,
  memory: FileMemory,
  own: Moment | null,
  nativeId: string | null,
): LineMeaning {
  const time = own?.time ?? nonEmpty(memory.time) ?? null
  const clock = own?.clock ?? nonEmpty(memory.clock) ?? null
  return {
    parts,
    session: nonEmpty(memory.session) ?? sessionOfPath(path),
    project: nonEmpty(memory.project) ?? 'unknown',
    agentId: null,
    nativeId,
    time,
    ...(clock !== null && { idTime: clock }),
    memory: { ...memory, time, clock },
  }
}

// Hermes wrote these times by the clock of the machine it ran on, without saying which: this one, since its files are here.
// What that clock showed is the same wherever it is read.
interface Moment {
  readonly time: string
  readonly clock: string
}

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?$/

function localMoment(value: unknown): Moment | null {
  const plain = momentIn(value)
  if (plain !== null) return { time: plain, clock: plain }
  if (typeof value !== 'string' || !LOCAL.test(value)) return null
  const shown = value.slice(0, 23)
  const [ms, clockMs] = [Date.parse(shown), Date.parse(`${shown}Z`)]
  if (!(ms > 0 && clockMs > 0)) return null
  return { time: new Date(ms).toISOString(), clock: new Date(clockMs).toISOString() }
}
