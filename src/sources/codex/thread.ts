// Whose the lines of a rollout are: its first line says which thread it is, whose subagent, what it was forked from; and which lines
// were copied from there. Copies are kept and marked, so that they count where they were made.
import type { Payload } from '../../event/payload.ts'
import { projectOfPath } from '../../event/subject.ts'
import type { EventKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { isJson, type Json, jsonIn, momentIn, newPayload, nonEmpty, type Writable } from '../values.ts'
import type { Memory, Said } from './memory.ts'
import { momentOfId } from './owner.ts'
import { notice, repeat } from './texts.ts'

// A thread that names the thread it was spawned by is a lane of that thread's session, called by its own id. Where it says which
// session that is in the end (a subagent's subagent) that is the session; else it is the parent's.
function familyOf(meta: Json, id: string): Pick<Memory, 'session' | 'agentId' | 'agentType' | 'hidden'> {
  const subagent = jsonIn(meta.source).subagent
  const spawn = jsonIn(jsonIn(subagent).thread_spawn)
  const named = nonEmpty(spawn.parent_thread_id) ?? nonEmpty(meta.parent_thread_id)
  const parent = named === id ? undefined : named
  const hidden = subagent === 'compact' || subagent === 'memory_consolidation'
  if (parent === undefined) return { session: id, agentId: null, agentType: null, hidden }
  const session = nonEmpty(meta.session_id)
  const what = typeof subagent === 'string' ? subagent : nonEmpty(jsonIn(subagent).other)
  const agentType = [spawn.agent_role, meta.agent_role, what, spawn.agent_nickname, meta.agent_nickname].find(nonEmpty)
  return {
    session: session === undefined || session === id ? parent : session,
    agentId: id,
    agentType: (agentType as string | undefined) ?? null,
    hidden,
  }
}

export function sessionMeta(meta: Json, memory: Memory): Said {
  const id = nonEmpty(meta.id) ?? nonEmpty(meta.session_id) ?? memory.session
  if (memory.thread !== null) return laterMeta(meta, id, memory)
  const cwd = nonEmpty(meta.cwd)
  const branch = nonEmpty(jsonIn(meta.git).branch)
  const version = nonEmpty(meta.cli_version)
  const family = familyOf(meta, id)
  const forkedFrom = nonEmpty(meta.forked_from_id) ?? nonEmpty(jsonIn(meta.history_base).thread_id)
  const payload = newPayload()
  if (cwd !== undefined) payload.cwd = cwd
  if (branch !== undefined) payload.branch = branch
  if (version !== undefined) payload.version = version
  if (family.agentType !== null) payload.agentType = family.agentType
  if (forkedFrom !== undefined && forkedFrom !== id && family.agentId === null) payload.parentSession = forkedFrom
  const ordinal = meta.subagent_history_start_ordinal
  // What a fork inherits by reference stands in the other file; what it inherits by copy follows this line.
  const copies = forkedFrom !== undefined && !isJson(meta.history_base)
  const made = momentIn(meta.timestamp)
  const born = momentOfId(id) ?? (made === null ? null : Date.parse(made))
  return {
    parts: [{ kind: kindOfStart(family.agentId, forkedFrom === id || memory.begun !== null), payload }],
    changes: {
      ...family,
      thread: id,
      project: cwd === undefined ? memory.project : projectOfPath(cwd),
      cwd: cwd ?? null,
      branch: branch ?? null,
      version: version ?? null,
      paginated: meta.history_mode === 'paginated',
      begun: copies ? born : memory.begun,
      copying: copies || typeof ordinal === 'number',
      ownFrom: Number.isSafeInteger(ordinal) ? (ordinal as number) : null,
    },
  }
}

// A subagent's facts are no beginning of the session, and a thread that was taken back begins again in another file.
function kindOfStart(agentId: string | null, isAgain: boolean): EventKind {
  if (agentId !== null) return 'system.agent'
  return isAgain ? 'system.branch' : 'system.session_start'
}

// The same thread again: something of it changed. Another thread's: what follows was copied from there.
function laterMeta(meta: Json, id: string, memory: Memory): Said {
  if (id !== memory.thread)
    return {
      parts: [notice('session_meta')],
      changes: { copying: true, begun: memory.begun ?? momentOfId(memory.thread) },
    }
  const part: Part = notice('session_meta')
  const payload: Writable<Payload> = part.payload
  const branch = nonEmpty(jsonIn(meta.git).branch)
  const version = nonEmpty(meta.cli_version)
  if (branch !== undefined && branch !== memory.branch) payload.branch = branch
  if (version !== undefined && version !== memory.version) payload.version = version
  return { parts: [part], changes: { branch: branch ?? memory.branch, version: version ?? memory.version } }
}

const OWN_AFTER_MS = 500 // copies are written in one go; a turn of a thread's own comes after a person's or a model's time

// Whether this line is a copy, and whether the next ones are.
export function copyingAt(
  record: Json,
  payload: Json,
  time: string | null,
  memory: Memory,
): Pick<Memory, 'copying' | 'ownFrom'> {
  if (memory.ownFrom !== null) {
    // Once its own lines began they go on, whatever ordinals say: those were seen to be used again.
    const isOwn = typeof record.ordinal !== 'number' || record.ordinal >= memory.ownFrom
    return isOwn ? { copying: false, ownFrom: null } : { copying: true, ownFrom: memory.ownFrom }
  }
  const same = { copying: memory.copying, ownFrom: null }
  const turn = nonEmpty(payload.turn_id) ?? nonEmpty(jsonIn(payload.internal_chat_message_metadata_passthrough).turn_id)
  if (memory.begun === null && !memory.copying) return same
  const turned = momentOfId(turn)
  if (turned !== null && memory.begun !== null) return { copying: turned < memory.begun, ownFrom: null }
  if (!memory.copying || !isBoundary(payload.type, record.type)) return same
  const pause = time === null || memory.time === null ? 0 : Date.parse(time) - Date.parse(memory.time)
  return pause >= OWN_AFTER_MS ? { copying: false, ownFrom: null } : same
}

const isBoundary = (event: unknown, type: unknown): boolean =>
  event === 'task_started' || event === 'user_message' || type === 'turn_context'

// Where each turn runs and by which model; written again and again inside one.
export function turnContext(context: Json, memory: Memory): Said {
  const model = nonEmpty(context.model) ?? memory.model
  const cwd = nonEmpty(context.cwd) ?? memory.cwd
  const mode = modeIn(context)
  const part = contextPart(model, mode, memory)
  if (cwd !== null && cwd !== memory.cwd) (part.payload as Writable<Payload>).cwd = cwd
  const project = memory.project ?? (cwd === null ? null : projectOfPath(cwd))
  return { parts: [part], changes: { model, cwd, mode: mode ?? memory.mode, project } }
}

function contextPart(model: string | null, mode: string | undefined, memory: Memory): Part {
  const payload = newPayload()
  if (mode !== undefined && mode !== memory.mode) payload.text = mode
  if (model !== null && model !== memory.model) return { kind: 'system.model_change', payload: { ...payload, model } }
  return payload.text === undefined ? repeat() : { kind: 'system.mode_change', payload }
}

function modeIn(context: Json): string | undefined {
  const said = [
    context.effort,
    context.approval_policy,
    jsonIn(context.sandbox_policy).type ?? jsonIn(context.sandbox_policy).mode,
    jsonIn(context.collaboration_mode).mode,
  ].flatMap((word) => nonEmpty(word) ?? [])
  return said.length === 0 ? undefined : said.join(' · ')
}
