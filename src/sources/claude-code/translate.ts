// One line of Claude Code's in the common words. Never throws and drops nothing: a line it does not know passes through under its own name.
import type { Payload } from '../../event/payload.ts'
import { projectOfPath } from '../../event/subject.ts'
import { otherKind } from '../../event/types.ts'
import type { FileFacts, FileMemory, LineIn, LineMeaning, Part } from '../source.ts'
import { damagedPart, isJson, type Json, jsonIn, momentIn, newPayload, nonEmpty, type Writable } from '../values.ts'
import { assistantParts, hasCall } from './assistant-lines.ts'
import { attachmentPart } from './attachments.ts'
import { isHelper, isWarmUp } from './helpers.ts'
import { type Memory, made, readMemory } from './memory.ts'
import { stemOf } from './owner.ts'
import { queueParts } from './queue.ts'
import { awaitedTitle, recordPart } from './records.ts'
import { callsAfter, type SideLine, sideLine } from './sidechains.ts'
import { progressPart, systemPart } from './system-lines.ts'
import { branchPart, copiedFrom, forkPart, recentAfter } from './thread.ts'
import { modeOfPrompt } from './told.ts'
import { hasResult, type Lane, userParts } from './user-lines.ts'

export function translate(line: LineIn, file: FileFacts, remembered: FileMemory): LineMeaning {
  const before = readMemory(remembered)
  const record = isJson(line.value) ? line.value : null
  const session = before.session ?? nonEmpty(record?.sessionId) ?? null
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

  const place = placeOf(record, home.session, before)
  const said = partsOf(record, place, before)
  const time = momentIn(record.timestamp) ?? before.time ?? momentIn(jsonIn(record.snapshot).timestamp)
  envelope(said.parts, record, place, before)
  if (line.damage !== null) (said.parts[0]!.payload as Writable<Payload>).why = line.damage
  const memory = after(before, record, said, place, session, time)
  return { parts: said.parts, ...home, agentId: place.agentId, nativeId: place.nativeId, time, memory }
}

// Whose line it is and where it comes from.
interface Place {
  readonly agentId: string | null
  readonly isMain: boolean // of the conversation the file is named for
  readonly side: SideLine | null // of a subagent inside its session's file
  readonly nativeId: string | null
  readonly from: string | undefined // the session it was copied from
  readonly hidden: boolean
}

function placeOf(record: Json, session: string, before: Memory): Place {
  const side = record.isSidechain === true && before.agentId === null ? sideLine(record, before) : null
  const agentId = side === null ? agentOf(record, before) : side.agentId
  return {
    agentId,
    isMain: side === null && before.agentId === null,
    side,
    nativeId: nonEmpty(record.uuid) ?? null,
    from: copiedFrom(record, session, agentId, before),
    hidden: agentId !== null && (before.hidden || isHelper(agentId) || isWarmUp(record)),
  }
}

// A whole file of a subagent, or a line of the session's that tells how one is getting on.
function agentOf(record: Json, before: Memory): string | null {
  if (before.agentId !== null) return nonEmpty(record.agentId) ?? before.agentId
  switch (record.type) {
    case 'progress':
      return nonEmpty(jsonIn(record.data).agentId) ?? null
    case 'started': // of a workflow's journal
    case 'result':
      return nonEmpty(record.agentId) ?? null
    default:
      return null
  }
}

interface Said {
  readonly parts: readonly Part[]
  readonly queue: string | null
  readonly due: string | null
  readonly told: string | null
  readonly awaited: string | null
}

function partsOf(record: Json, place: Place, before: Memory): Said {
  const type = nonEmpty(record.type) ?? 'untyped'
  switch (type) {
    case 'user':
      return withMore(userSaid(record, place, before), place, before)
    case 'assistant':
      return withMore(only(assistantParts(record) ?? [unknownPart(type)], before), place, before)
    case 'system':
      return only([systemPart(record)], before)
    case 'progress':
      return only([progressPart(record)], before)
    case 'attachment':
      return only([attachmentPart(record, laneOf(place, before))], before)
    case 'queue-operation': {
      const operation = nonEmpty(record.operation) ?? 'unnamed'
      const queued = queueParts(record, before)
      return queued === null
        ? only([unknownPart(`queue-operation.${operation}`)], before)
        : { ...queued, told: before.told, awaited: before.awaited }
    }
    default: {
      const { part, told, awaited } = recordPart(type, record, before, place.from !== undefined)
      return { parts: [part], queue: before.queue, due: before.due, told, awaited: awaited ?? before.awaited }
    }
  }
}

// Parts that change nothing of what is remembered besides the line's own place.
const only = (parts: readonly Part[], { queue, due, told, awaited }: Memory): Said => ({
  parts,
  queue,
  due,
  told,
  awaited,
})
const laneOf = ({ agentId }: Place, { due }: Memory): Lane => ({ isSub: agentId !== null, due })
const unknownPart = (name: string): Part => ({ kind: otherKind(name), payload: newPayload() })

function userSaid(record: Json, place: Place, before: Memory): Said {
  const parts = userParts(record, laneOf(place, before))
  if (parts === null) return only([unknownPart('user')], before)
  if (place.agentId !== null || hasResult(parts)) return only(parts, before)
  const branch = place.from === undefined ? branchPart(record, parts, before) : null
  const mode = typeof record.permissionMode === 'string' ? modeOfPrompt(record.permissionMode, before.told) : null
  return {
    parts: [...parts, ...(branch === null ? [] : [branch]), ...(mode === null ? [] : [mode.part])],
    queue: before.queue,
    // Any words of a main user line settle what was due: a prompt told early is matched with the next delivery only.
    due: null,
    told: mode === null ? before.told : mode.told,
    awaited: before.awaited,
  }
}

// What a line of the conversation tells besides: where it was copied from, or that it is the one a title waited for.
function withMore(said: Said, { from, nativeId }: Place, before: Memory): Said {
  const { awaited, parentSession } = before
  if (awaited === null && (from === undefined || from === parentSession)) return said
  const fork = from === undefined || from === parentSession ? [] : [forkPart(from)]
  const title = awaited === null || nativeId === null ? null : awaitedTitle(awaited, nativeId)
  if (title === null) return { ...said, parts: [...said.parts, ...fork] }
  return { ...said, parts: [...said.parts, ...fork, title], awaited: null }
}

// What holds for the whole line. Place and version are said only when they change, to keep events small.
function envelope(parts: readonly Part[], record: Json, place: Place, before: Memory): void {
  const first: Writable<Payload> = parts[0]!.payload
  const { nativeId, side } = place
  if (nativeId !== null) for (const part of parts) (part.payload as Writable<Payload>).nativeId = nativeId
  const parent = nonEmpty(record.parentUuid)
  if (parent !== undefined) first.nativeParent = parent
  const cwd = nonEmpty(record.cwd)
  if (cwd !== undefined && cwd !== before.cwd) first.cwd = cwd
  const branch = nonEmpty(record.gitBranch)
  if (branch !== undefined && branch !== before.branch) first.branch = branch
  const version = nonEmpty(record.version)
  if (version !== undefined && version !== before.version) first.version = version
  if (side?.parentCall !== undefined) first.parentCall = side.parentCall
  if (side?.agentType !== undefined) first.agentType = side.agentType
  if (before.agentId !== null) {
    const agentType = nonEmpty(record.attributionAgent)
    if (agentType !== undefined && agentType !== before.agentType) first.agentType = agentType
  }
  if (place.from !== undefined) for (const part of parts) (part.payload as Writable<Payload>).copied = true
  if (place.hidden) for (const part of parts) (part.payload as Writable<Payload>).hidden = true
}

function after(
  before: Memory,
  record: Json,
  said: Said,
  place: Place,
  session: string | null,
  time: string | null,
): FileMemory {
  const { type } = record
  const { isMain, side, nativeId } = place
  const isSaid = type === 'user' || type === 'assistant'
  const isTold = isMain && isSaid
  return made({
    session,
    project: before.project,
    agentId: before.agentId,
    time,
    cwd: nonEmpty(record.cwd) ?? before.cwd,
    branch: nonEmpty(record.gitBranch) ?? before.branch,
    version: nonEmpty(record.version) ?? before.version,
    attaches: before.attaches || type === 'attachment',
    busy: isTold ? (type === 'user' ? hasResult(said.parts) : hasCall(said.parts)) : before.busy,
    queue: said.queue,
    due: said.due,
    recent: isMain && nativeId !== null ? recentAfter(before.recent, nativeId, isSaid) : before.recent,
    chained: before.chained || (isTold && place.from === undefined && typeof record.parentUuid === 'string'),
    own: isTold && place.from === undefined ? time : before.own,
    parentSession: place.from !== undefined && isSaid ? place.from : before.parentSession,
    lanes: side === null ? before.lanes : side.lanes,
    calls: side !== null ? side.calls : isTold ? callsAfter(said.parts, record, before.calls) : before.calls,
    awaited: said.awaited,
    told: said.told,
    agentType: before.agentId === null ? null : (nonEmpty(record.attributionAgent) ?? before.agentType),
    hidden: before.hidden || (place.hidden && before.agentId !== null),
  })
}
