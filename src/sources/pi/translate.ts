// One line of pi's in the common words. Never throws and drops nothing: entries it does not know (extensions and forks add their own)
// pass through under their own name.
import type { Payload } from '../../event/payload.ts'
import { projectOfPath } from '../../event/subject.ts'
import type { FileFacts, FileMemory, LineIn, LineMeaning, Part } from '../source.ts'
import { damagedPart, isJson, type Json, momentIn, nonEmpty, type Writable } from '../values.ts'
import { entryParts, harnessParts, headerPart } from './entries.ts'
import { type Memory, readMemory, sessionOfFile } from './owner.ts'

export function translate(line: LineIn, file: FileFacts, remembered: FileMemory): LineMeaning {
  const before = readMemory(remembered)
  const record = isJson(line.value) ? line.value : null
  const isHeader = record !== null && (record.type === 'session' || record.kind === 'header')
  const memory = after(before, record, isHeader)
  const home = {
    session: memory.session ?? sessionOfFile(file.path),
    project: memory.project ?? 'unknown',
    agentId: memory.agentId,
    time: memory.time,
    memory: { ...memory },
  }
  if (record === null) return { parts: [damagedPart(line)], ...home, nativeId: null }

  // The header's id is the session's, and its parent another session: it is no entry.
  const nativeId = isHeader ? null : (nonEmpty(record.id) ?? null)
  const parts = isHeader
    ? [headerPart(record)]
    : memory.harness
      ? harnessParts(record, nativeId)
      : entryParts(record, nativeId)
  envelope(parts, record, nativeId, memory)
  if (line.damage !== null) (parts[0]!.payload as Writable<Payload>).why = line.damage
  return { parts, ...home, nativeId }
}

function after(before: Memory, record: Json | null, isHeader: boolean): Memory {
  if (record === null) return before
  const time = momentIn(record.timestamp) ?? momentIn(record.createdAt) ?? before.time
  if (!isHeader) return { ...before, time }
  const cwd = nonEmpty(record.cwd)
  const isFork = nonEmpty(record.parentSession) ?? nonEmpty(record.parentSessionId) ?? nonEmpty(record.branchedFrom)
  return {
    // A subagent's file belongs to the session whose folder it lies in, whatever it calls itself.
    session: before.agentId === null ? (nonEmpty(record.id) ?? before.session) : before.session,
    project: cwd === undefined ? before.project : projectOfPath(cwd),
    agentId: before.agentId,
    time,
    forkedAt: isFork === undefined ? null : time,
    harness: record.kind === 'header',
  }
}

function envelope(parts: readonly Part[], record: Json, nativeId: string | null, memory: Memory): void {
  const time = momentIn(record.timestamp)
  const isOld = memory.forkedAt !== null && time !== null && time < memory.forkedAt
  const isCopy = isOld || record.counted === false
  for (const part of parts) {
    const payload: Writable<Payload> = part.payload
    if (nativeId !== null) payload.nativeId = nativeId
    if (isCopy) payload.copied = true
  }
  const parent = nativeId === null ? undefined : nonEmpty(record.parentId)
  if (parent !== undefined) (parts[0]!.payload as Writable<Payload>).nativeParent = parent
}
