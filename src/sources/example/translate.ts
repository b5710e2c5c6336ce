// One line of the example agent's in the common words. The three promises of every translate: it never throws, it drops no line,
// and the same line with the same memory always means the same.
import type { Payload, ToolKind, ToolUse } from '../../event/payload.ts'
import { TOOL_KINDS } from '../../event/payload.ts'
import { projectOfPath } from '../../event/subject.ts'
import { type KnownKind, otherKind } from '../../event/types.ts'
import type { FileFacts, FileMemory, LineIn, LineMeaning, Part } from '../source.ts'
import type { Writable } from '../values.ts'
import { countIn, damagedPart, isJson, type Json, jsonIn, momentIn, newPayload, nonEmpty, saying } from '../values.ts'

export function translate(line: LineIn, file: FileFacts, before: FileMemory): LineMeaning {
  const record = isJson(line.value) ? line.value : null
  const isHeader = record?.example !== undefined
  const cwd = isHeader ? nonEmpty(record?.cwd) : undefined
  const session = (isHeader ? nonEmpty(record?.session) : undefined) ?? nonEmpty(before.session)
  const project = cwd === undefined ? nonEmpty(before.project) : projectOfPath(cwd)
  // A line without a time happened no earlier than the line before it. Never "now": the bytes may be years old.
  const time = momentIn(record?.at) ?? nonEmpty(before.time) ?? null
  return {
    parts: [
      record === null
        ? damagedPart(line)
        : isHeader
          ? headerPart(cwd, nonEmpty(record.version))
          : recordPart(record, line),
    ],
    session: session ?? stemOf(file.path),
    project: project ?? 'unknown',
    agentId: nonEmpty(record?.agent) ?? null,
    nativeId: nonEmpty(record?.id) ?? null,
    time,
    memory: { session: session ?? null, project: project ?? null, time },
  }
}

const stemOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.jsonl$/, '') || 'unnamed'

function headerPart(cwd: string | undefined, version: string | undefined): Part {
  const payload = { ...newPayload(), ...(cwd !== undefined && { cwd }), ...(version !== undefined && { version }) }
  return { kind: 'system.session_start', payload }
}

const KINDS: ReadonlyMap<string, KnownKind> = new Map<string, KnownKind>([
  ['ask', 'message.user.prompt'],
  ['say', 'message.assistant.text'],
  ['think', 'message.assistant.thinking'],
  ['call', 'message.assistant.tool_use'],
  ['result', 'message.user.tool_result'],
  ['title', 'system.title'],
  ['done', 'system.turn_complete'],
  ['error', 'system.error'],
])

function recordPart(record: Json, line: LineIn): Part {
  const name = nonEmpty(record.kind) ?? 'unnamed'
  // What is not known passes through under its own name: kept, counted and shown.
  const part = saying(KINDS.get(name) ?? otherKind(name), nonEmpty(record.text), '/text')
  const payload: Writable<Payload> = part.payload
  if (name === 'call') payload.tool = toolOf(record)
  if (name === 'result') payload.result = resultOf(record)
  copyWords(payload, record)
  if (countIn(record.ms) > 0) payload.durationMs = countIn(record.ms)
  if (isJson(record.tokens)) payload.usage = usageOf(record.tokens)
  if (line.damage !== null) payload.why = line.damage
  return part
}

function copyWords(payload: Writable<Payload>, record: Json): void {
  const nativeId = nonEmpty(record.id)
  if (nativeId !== undefined) payload.nativeId = nativeId
  for (const key of ['title', 'model', 'request', 'stop', 'agentType', 'parentCall'] as const) {
    const value = nonEmpty(record[key])
    if (value !== undefined) payload[key] = value
  }
}

function toolOf(record: Json): ToolUse {
  const tool: Writable<ToolUse> = {
    name: nonEmpty(record.tool) ?? 'unnamed',
    kind: TOOL_KINDS.find((kind) => kind === record.does) ?? ('other' satisfies ToolKind),
    call: nonEmpty(record.call) ?? null,
    // A pointer, not a copy: the line itself is kept beside the payload.
    input: record.input === undefined ? { value: null } : { at: '/input' },
  }
  const target = nonEmpty(record.target)
  if (target !== undefined) tool.target = target
  return tool
}

function resultOf(record: Json): NonNullable<Payload['result']> {
  const result = { call: nonEmpty(record.call) ?? null, failed: record.failed === true }
  return typeof record.exit === 'number' ? { ...result, exit: record.exit } : result
}

function usageOf(tokens: Json): NonNullable<Payload['usage']> {
  const cacheWrite = jsonIn(tokens.cacheWrite)
  return {
    input: countIn(tokens.input),
    output: countIn(tokens.output),
    cacheRead: countIn(tokens.cacheRead),
    cacheWrite5m: countIn(cacheWrite.minutes5),
    cacheWrite1h: countIn(cacheWrite.hour1),
  }
}
