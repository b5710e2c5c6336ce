// One line of a chat in the common words. Never throws and drops nothing: a line it does not know passes through under its own name.
import type { Payload } from '../../event/payload.ts'
import { projectOfPath } from '../../event/subject.ts'
import { otherKind } from '../../event/types.ts'
import type { FileFacts, FileMemory, LineIn, LineMeaning, Part } from '../source.ts'
import { damagedPart, isJson, type Json, momentIn, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import { type Memory, readMemory, type Said } from './memory.ts'
import { messageSays } from './messages.ts'
import { sessionOfFile } from './owner.ts'
import { wordsIn } from './words.ts'

export function translate(line: LineIn, file: FileFacts, remembered: FileMemory): LineMeaning {
  const before = readMemory(remembered)
  const record = isJson(line.value) ? line.value : null
  if (record === null) return meaning([damagedPart(line)], before, file, null)
  const said = partsOf(record, before)
  const isNew = said.parts.length > 0
  const parts = isNew ? said.parts : [repeat()]
  const memory: Memory = { ...said.memory, time: timeIn(record) ?? before.time }
  if (line.damage !== null) (parts[0]!.payload as Writable<Payload>).why = line.damage
  // A copy that adds nothing may repeat another byte for byte: its place tells them apart.
  return meaning(parts, memory, file, isNew && isMessage(record) ? (nonEmpty(record.id) ?? null) : null)
}

const meaning = (
  parts: readonly Part[],
  memory: Memory,
  { path }: FileFacts,
  nativeId: string | null,
): LineMeaning => ({
  parts,
  session: memory.session ?? sessionOfFile(path),
  project: memory.project ?? 'unknown',
  agentId: memory.agentId,
  nativeId,
  time: memory.time,
  memory: { ...memory },
})

const isMessage = (record: Json): boolean => nonEmpty(record.type) !== undefined

const repeat = (): Part => ({ kind: 'system.repeat', payload: newPayload() })

// A message's own; the beginning of a session, for its first line; of an update, when it was made.
const timeIn = (record: Json): string | null =>
  momentIn(record.timestamp) ??
  momentIn(record.startTime) ??
  (isJson(record.$set) ? momentIn(record.$set.lastUpdated) : null)

function partsOf(record: Json, memory: Memory): Said {
  if (isMessage(record)) return messageSays(record, '', memory, true)
  if (nonEmpty(record.sessionId) !== undefined) return headerSays(record, memory)
  if (isJson(record.$set)) return updateSays(record.$set, memory)
  if ('$rewindTo' in record)
    return { parts: [saying('system.branch', nonEmpty(record.$rewindTo), '/$rewindTo')], memory }
  const name = Object.keys(record)[0] ?? 'empty'
  return { parts: [{ kind: otherKind(`control.${name}`), payload: newPayload() }], memory }
}

// The session's facts. They may come again; as a document, and in other hands' versions, the messages stand among them.
export function headerSays(record: Json, memory: Memory): Said {
  const payload = newPayload()
  const folder = firstFolder(record.directories)
  if (folder !== undefined) payload.cwd = folder
  const isSub = memory.agentId !== null
  const kind = memory.opened ? 'system.notice' : isSub ? 'system.agent' : 'system.session_start'
  if (memory.opened) payload.injected = 'metadata'
  const opened: Memory = memory.opened
    ? memory
    : {
        ...memory,
        opened: true,
        // A subagent's file belongs to the session whose folder it lies in.
        session: isSub ? memory.session : (nonEmpty(record.sessionId) ?? memory.session),
        project: folder === undefined ? memory.project : projectOfPath(folder),
      }
  const parts: Part[] = [{ kind, payload }]
  if (nonEmpty(record.summary) !== undefined) parts.push(titled(record.summary))
  return allMessages(record.messages, '/messages', parts, opened)
}

const firstFolder = (directories: unknown): string | undefined =>
  Array.isArray(directories) ? nonEmpty(directories[0]) : undefined

function titled(summary: unknown): Part {
  const payload = newPayload()
  payload.title = nonEmpty(summary) ?? ''
  payload.injected = 'agent'
  return { kind: 'system.title', payload }
}

function updateSays(update: Json, memory: Memory): Said {
  const parts: Part[] = []
  if (Array.isArray(update.messages)) {
    const snapshot = snapshotAt(update.messages, memory)
    if (snapshot !== undefined) parts.push(snapshot)
    const said = allMessages(update.messages, '/$set/messages', parts, memory)
    if (nonEmpty(update.summary) === undefined) return said
    return { ...said, parts: [...said.parts, titled(update.summary)] }
  }
  if (nonEmpty(update.summary) !== undefined) return { parts: [titled(update.summary)], memory }
  const part = saying('system.notice', undefined, null)
  const payload: Writable<Payload> = part.payload
  payload.injected = Object.keys(update).find((key) => key !== 'lastUpdated') ?? 'last_updated'
  const folder = firstFolder(update.directories)
  if (folder !== undefined) payload.cwd = folder
  return { parts: [part], memory }
}

const SNAPSHOT = '<state_snapshot>'

// All messages written anew with a summary of what they replace among them: the conversation was compacted.
function snapshotAt(messages: readonly unknown[], memory: Memory): Part | undefined {
  for (const [i, message] of messages.entries()) {
    if (!isJson(message) || message.type !== 'user') continue
    const { text, pointer } = wordsIn(message.content, `/$set/messages/${i}/content`)
    if (!text.trimStart().startsWith(SNAPSHOT)) continue
    const isNew = messageSays(message, '', memory, false).parts.length > 0
    return isNew ? saying('system.compact', text, pointer) : undefined
  }
  return undefined
}

// Whatever of all these messages was not told yet; the snapshot of a compaction is told as that.
function allMessages(messages: unknown, at: string, parts: Part[], memory: Memory): Said {
  let after = memory
  for (const [i, message] of (Array.isArray(messages) ? messages : []).entries()) {
    if (!isJson(message)) continue
    const said = messageSays(message, `${at}/${i}`, after, parts.length === 0)
    const isSnapshot = parts[0]?.kind === 'system.compact' && said.parts[0]?.payload.injected === 'compact_summary'
    if (!isSnapshot) parts.push(...said.parts)
    after = said.memory
  }
  return { parts, memory: after }
}
