// pi's entries beside messages: headers, settings, summaries, what extensions keep.
import type { Payload } from '../../event/payload.ts'
import { otherKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { isJson, type Json, jsonIn, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import { account, marked, messageParts, spoken } from './messages.ts'

export function headerPart(record: Json): Part {
  const part = saying('system.session_start', undefined, null)
  const payload: Writable<Payload> = part.payload
  const cwd = nonEmpty(record.cwd)
  if (cwd !== undefined) payload.cwd = cwd
  const parent = nonEmpty(record.parentSession) ?? nonEmpty(record.parentSessionId) ?? nonEmpty(record.branchedFrom)
  if (parent !== undefined) payload.parentSession = parent
  const model = nonEmpty(record.modelId)
  if (model !== undefined) payload.model = model
  return part
}

export function entryParts(record: Json, entryId: string | null): readonly Part[] {
  const type = nonEmpty(record.type) ?? 'untyped'
  if (type === 'message' && isJson(record.message)) return messageParts(record.message, '/message', entryId)
  return [entryPart(type, record, entryId)]
}

function entryPart(type: string, record: Json, entryId: string | null): Part {
  switch (type) {
    case 'model_change':
      return modelChange(record)
    case 'thinking_level_change':
      return saying('system.mode_change', nonEmpty(record.thinkingLevel), '/thinkingLevel')
    case 'mode_change':
      return saying('system.mode_change', nonEmpty(record.mode), '/mode')
    case 'compaction':
      return accounted(saying('system.compact', nonEmpty(record.summary), '/summary'), record, entryId)
    case 'branch_summary':
      return accounted(
        marked(saying('message.user.injected', nonEmpty(record.summary), '/summary'), 'branch_summary'),
        record,
        entryId,
      )
    case 'custom': // an extension's own state, never shown to the model
      return marked(saying('system.notice', undefined, null), nonEmpty(record.customType) ?? type)
    case 'custom_message':
      return marked(spoken('message.user.injected', record, ''), nonEmpty(record.customType) ?? type)
    case 'label':
      return marked(saying('system.notice', nonEmpty(record.label), '/label'), 'label')
    case 'session_info':
      return titled(record.name, false)
    case 'title':
      return titled(record.title, true)
    case 'usage':
      return accounted(modelled(saying('system.notice', nonEmpty(record.note), '/note'), record.model), record, entryId)
    case 'context_edit': // hides something from the model; nothing is gone
    case 'active_tools_change':
      return marked(saying('system.notice', undefined, null), type)
    default:
      return { kind: otherKind(type), payload: newPayload() }
  }
}

function modelChange(record: Json): Part {
  return modelled(saying('system.model_change', undefined, null), record.modelId ?? record.model)
}

function modelled(part: Part, model: unknown): Part {
  const name = nonEmpty(model)
  if (name !== undefined) (part.payload as Writable<Payload>).model = name
  return part
}

function accounted(part: Part, record: Json, entryId: string | null): Part {
  account(part.payload, record.usage, entryId)
  return part
}

function titled(value: unknown, byAgent: boolean): Part {
  const payload = newPayload()
  const title = nonEmpty(value)
  if (title !== undefined) payload.title = title
  if (byAgent) payload.injected = 'agent'
  return { kind: 'system.title', payload }
}

// Version 4 writes, beside entries, what the harness did: runs with a beginning and an end, queued prompts, a lane's leaf, facts.
export function harnessParts(record: Json, entryId: string | null): readonly Part[] {
  switch (record.kind) {
    case 'entry':
      return entryParts(record, entryId)
    case 'record':
      return [harnessRecord(nonEmpty(record.type) ?? nonEmpty(record.record) ?? 'unnamed', record, entryId)]
    case 'lane':
      return [marked(saying('system.notice', undefined, null), 'lane')]
    case 'fact':
      return [
        record.fact === 'name'
          ? titled(record.name ?? record.value, false)
          : marked(saying('system.notice', nonEmpty(record.label), '/label'), nonEmpty(record.fact) ?? 'fact'),
      ]
    default:
      return [{ kind: otherKind(nonEmpty(record.kind) ?? nonEmpty(record.type) ?? 'untyped'), payload: newPayload() }]
  }
}

function harnessRecord(type: string, record: Json, entryId: string | null): Part {
  switch (type) {
    case 'operation_started':
      return marked(saying('system.notice', nonEmpty(record.intent), '/intent'), type)
    case 'operation_finished':
      return finished(record)
    case 'abort_requested':
      return marked(saying('message.user.injected', undefined, null), 'interrupt')
    case 'queue_enqueued':
      return saying('queue.enqueue', undefined, null)
    case 'queue_cancelled':
      return saying('queue.remove', undefined, null)
    case 'step_attempt':
    case 'tool_started':
      return saying('progress.other', nonEmpty(record.toolName), '/toolName')
    case 'usage':
      return accounted(modelled(saying('system.notice', undefined, null), record.model), record, entryId)
    default:
      return { kind: otherKind(`record.${type}`), payload: newPayload() }
  }
}

// Only runs are turns; compactions and navigations have an end too.
function finished(record: Json): Part {
  const intent = nonEmpty(record.intent) ?? nonEmpty(jsonIn(record.operation).intent)
  const isTurn = intent === undefined || intent === 'run'
  const part = saying(isTurn ? 'system.turn_complete' : 'system.notice', undefined, null)
  const outcome = nonEmpty(record.outcome)
  if (outcome !== undefined) (part.payload as Writable<Payload>).stop = outcome
  return part
}
