// One line of Claude Code's in the common words. Never throws and drops nothing: a line it does not know passes through under its own name.
import type { Payload } from '../../event/payload.ts'
import { projectOfPath } from '../../event/subject.ts'
import { otherKind } from '../../event/types.ts'
import type { FileFacts, FileMemory, LineIn, LineMeaning, Part } from '../source.ts'
import { damagedPart, isJson, type Json, jsonIn, momentIn, newPayload, nonEmpty, type Writable } from '../values.ts'
import { assistantParts, hasCall } from './assistant-lines.ts'
import { type Memory, readMemory } from './memory.ts'
import { stemOf } from './owner.ts'
import { queueParts } from './queue.ts'
import { attachmentPart, recordPart } from './records.ts'
import { progressPart, systemPart } from './system-lines.ts'
import { hasResult, type Lane, userParts } from './user-lines.ts'

export function translate(line: LineIn, file: FileFacts, remembered: FileMemory): LineMeaning {
  const before = readMemory(remembered)
  const record = isJson(line.value) ? line.value : null
  const own = record === null ? undefined : nonEmpty(record.sessionId)
  const session = before.session ?? own ?? null
  const home = {
    session: session ?? stemOf(file.path),
    project: before.project ?? projectOfPath(nonEmpty(record?.cwd) ?? before.cwd ?? ''),
  }
  if (record === null)
    return {
      parts: [damagedPart(line)],
      ...home,
      agentId: before.agentId,
      nativeId: null,
      time: before.time,
      memory: remembered,
    }

  const agentId = agentOf(record, before)
  const said = partsOf(record, { isSub: agentId !== null, due: before.due }, before)
  const time = momentIn(record.timestamp) ?? before.time ?? momentIn(jsonIn(record.snapshot).timestamp)
  const nativeId = nonEmpty(record.uuid) ?? null
  const isCopy = own !== undefined && own !== home.session
  envelope(said.parts, record, nativeId, isCopy, before)
  if (line.damage !== null) (said.parts[0]!.payload as Writable<Payload>).why = line.damage
  const memory = after(before, record, said, { session, time, isMain: agentId === null })
  return { parts: said.parts, ...home, agentId, nativeId, time, memory }
}

// A whole file of a subagent, or a subagent's lines inside its session's file: older versions wrote them there.
function agentOf(record: Json, before: Memory): string | null {
  if (before.agentId !== null) return nonEmpty(record.agentId) ?? before.agentId
  return record.isSidechain === true ? (nonEmpty(record.agentId) ?? 'sidechain') : null
}

interface Said {
  readonly parts: readonly Part[]
  readonly queue: string | null
  readonly due: string | null
}

function partsOf(record: Json, lane: Lane, before: Memory): Said {
  const type = nonEmpty(record.type) ?? 'untyped'
  const same = { queue: before.queue, due: before.due }
  switch (type) {
    case 'user': {
      const parts = userParts(record, lane)
      // Any words of a main user line settle what was due: a prompt told early is matched with the next delivery only.
      const due = parts === null || lane.isSub || hasResult(parts) ? before.due : null
      return { parts: parts ?? [unknownPart(type)], queue: before.queue, due }
    }
    case 'assistant':
      return { parts: assistantParts(record) ?? [unknownPart(type)], ...same }
    case 'system':
      return { parts: [systemPart(record)], ...same }
    case 'progress':
      return { parts: [progressPart(record)], ...same }
    case 'attachment':
      return { parts: [attachmentPart(record, lane)], ...same }
    case 'queue-operation': {
      const operation = nonEmpty(record.operation) ?? 'unnamed'
      return queueParts(record, before) ?? { parts: [unknownPart(`queue-operation.${operation}`)], ...same }
    }
    default:
      return { parts: [recordPart(type, record)], ...same }
  }
}

const unknownPart = (name: string): Part => ({ kind: otherKind(name), payload: newPayload() })

// What holds for the whole line. Place and version are said only when they change, to keep events small.
function envelope(
  parts: readonly Part[],
  record: Json,
  nativeId: string | null,
  isCopy: boolean,
  before: Memory,
): void {
  const first: Writable<Payload> = parts[0]!.payload
  if (nativeId !== null) for (const part of parts) (part.payload as Writable<Payload>).nativeId = nativeId
  const parent = nonEmpty(record.parentUuid)
  if (parent !== undefined) first.nativeParent = parent
  const cwd = nonEmpty(record.cwd)
  if (cwd !== undefined && cwd !== before.cwd) first.cwd = cwd
  const branch = nonEmpty(record.gitBranch)
  if (branch !== undefined && branch !== before.branch) first.branch = branch
  const version = nonEmpty(record.version)
  if (version !== undefined && version !== before.version) first.version = version
  if (isCopy) for (const part of parts) (part.payload as Writable<Payload>).copied = true
}

interface Known {
  readonly session: string | null
  readonly time: string | null
  readonly isMain: boolean
}

const after = (before: Memory, record: Json, said: Said, { session, time, isMain }: Known): FileMemory => ({
  session,
  project: before.project,
  agentId: before.agentId,
  time,
  cwd: nonEmpty(record.cwd) ?? before.cwd,
  branch: nonEmpty(record.gitBranch) ?? before.branch,
  version: nonEmpty(record.version) ?? before.version,
  attaches: before.attaches || record.type === 'attachment',
  busy: isMain ? busyAfter(before.busy, record, said.parts) : before.busy,
  queue: said.queue,
  due: said.due,
})

function busyAfter(busy: boolean, record: Json, parts: readonly Part[]): boolean {
  if (record.type === 'assistant') return hasCall(parts)
  return record.type === 'user' ? hasResult(parts) : busy
}
