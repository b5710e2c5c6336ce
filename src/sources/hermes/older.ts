// The older forms: one JSON document a session, written anew after every turn until May 2026, and what came through a messenger as lines.
import type { Payload } from '../../event/payload.ts'
import { projectOfPath } from '../../event/subject.ts'
import type { FileFacts, FileMemory, LineIn, LineMeaning, Part, RecordIn } from '../source.ts'
import { damagedPart, isJson, type Json, jsonIn, momentIn, newPayload, nonEmpty, type Writable } from '../values.ts'
import { type Around, messageParts } from './messages.ts'
import { sessionOfPath } from './owner.ts'
import { parsed } from './tools.ts'

const HEAD = 'session'

// The document without its messages, and each message.
export function* recordsOf(bytes: Uint8Array): Iterable<RecordIn> {
  const text = new TextDecoder().decode(bytes)
  const value = parsed(text)
  if (!isJson(value)) {
    yield { text, value, bytes, damage: 'the file is not one JSON object', key: HEAD, at: 0 }
    return
  }
  const { messages, ...head } = value
  // When it was last written, and how long it has become, is not what it is.
  const { last_updated: _, message_count: __, ...lasting } = head
  yield record(head, HEAD, 0, JSON.stringify(lasting))
  const seen = new Map<string, number>()
  for (const [i, message] of (Array.isArray(messages) ? messages : []).entries()) {
    const said = JSON.stringify(message)
    const times = seen.get(said) ?? 0
    seen.set(said, times + 1)
    yield record(message, `${times}:${said}`, i + 1, said)
  }
}

function record(value: unknown, key: string, at: number, identity: string): RecordIn {
  const text = JSON.stringify(value)
  return { text, value, bytes: Buffer.from(text), damage: null, key, at, identity }
}

// A message says no time of its own; it happened no earlier than its session began.
export function translateRecord(record: RecordIn, file: FileFacts, memory: FileMemory): LineMeaning {
  if (!isJson(record.value)) return meaning([damagedPart(record)], file, memory, null, null)
  if (record.at === 0 && !('role' in record.value)) return head(record.value, file, memory, HEAD)
  const around = aroundIn(memory, `m${record.at}:`)
  const times = typeof record.key === 'string' ? record.key.slice(0, record.key.indexOf(':')) : '0'
  const parts = messageParts(record.value, around)
  // What came through a messenger was written twice; the lines know when each message was.
  if (file.beside?.(`${nonEmpty(memory.session) ?? sessionOfPath(file.path)}.jsonl`))
    for (const { payload } of parts) (payload as Writable<Payload>).copied = true
  return meaning(parts, file, memory, null, `message:${times}`)
}

// The first line tells of the session; the others are messages.
export function translateLine(line: LineIn, file: FileFacts, memory: FileMemory): LineMeaning {
  if (!isJson(line.value)) return meaning([damagedPart(line)], file, memory, null, null)
  const time = localMoment(line.value.timestamp)
  if (line.value.role === 'session_meta') return head(line.value, file, memory, null)
  const mark = `${nonEmpty(line.value.timestamp) ?? 'line'}:`
  return meaning(messageParts(line.value, aroundIn(memory, mark)), file, memory, time, null)
}

const aroundIn = (memory: FileMemory, callPrefix: string): Around => ({
  source: memory.source ?? undefined,
  subagent: memory.source === 'subagent',
  callPrefix,
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
  own: string | null,
  nativeId: string | null,
): LineMeaning {
  const time = own ?? nonEmpty(memory.time) ?? null
  return {
    parts,
    session: nonEmpty(memory.session) ?? sessionOfPath(path),
    project: nonEmpty(memory.project) ?? 'unknown',
    agentId: null,
    nativeId,
    time,
    memory: { ...memory, time },
  }
}

const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?$/

// Hermes wrote these times by the clock of the machine it ran on, without saying which: this one, since its files are here.
function localMoment(value: unknown): string | null {
  if (typeof value !== 'string' || !LOCAL.test(value)) return momentIn(value)
  const ms = Date.parse(value.slice(0, 23))
  return Number.isFinite(ms) && ms > 0 ? new Date(ms).toISOString() : null
}
