// Lines of type `event_msg`: what Codex showed its person, turns and their ends, and what became of tools, subagents and the thread itself.
import type { Payload } from '../../event/payload.ts'
import { otherKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { countIn, type Json, jsonIn, lineOf, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import { commandEnd, dynamicEnd, dynamicRequest, hostedEnd, mcpEnd, patchEnd } from './ends.ts'
import { collabText, compacted, reviewed, subagent } from './happenings.ts'
import { completedItem } from './items.ts'
import type { Memory, Said } from './memory.ts'
import { answer, thought, userSaid } from './messages.ts'
import { contentAt, notice, repeat } from './texts.ts'
import { hear } from './twins.ts'
import { tokenCount } from './usage.ts'

export function eventLine(payload: Json, memory: Memory): Said {
  const type = nonEmpty(payload.type) ?? 'untyped'
  switch (type) {
    case 'user_message':
      return userMessage(payload, memory)
    case 'agent_message':
      return answer(contentAt(payload.message, '/payload/message'), 'event', nonEmpty(payload.phase), memory)
    case 'agent_reasoning':
    case 'agent_reasoning_raw_content':
      return thought(contentAt(payload.text, '/payload/text').texts, 'event', memory)
    case 'token_count':
      return tokenCount(payload, memory)
    case 'item_completed':
      return completedItem(jsonIn(payload.item), memory)
    case 'task_started':
    case 'turn_started':
      return { parts: [notice('task_started')], changes: { turn: 'begun' } }
    case 'task_complete':
    case 'turn_complete':
      return turnComplete(payload, memory)
    case 'turn_aborted':
      return turnAborted(payload)
    case 'error':
      return failed(nonEmpty(payload.message) ?? nonEmpty(jsonIn(payload.error).message), memory)
    case 'context_compacted':
      return compacted(memory)
    default:
      return toolEvent(type, payload, memory) ?? threadEvent(type, payload, memory)
  }
}

function toolEvent(type: string, payload: Json, memory: Memory): Said | undefined {
  switch (type) {
    case 'exec_command_end':
      return commandEnd(payload, '/payload', memory)
    case 'patch_apply_end':
      return patchEnd(payload, '/payload', memory)
    case 'mcp_tool_call_end':
      return mcpEnd(payload, '/payload', memory)
    case 'dynamic_tool_call_request':
      return dynamicRequest(payload, '/payload', memory)
    case 'dynamic_tool_call_response':
      return dynamicEnd(payload, '/payload', memory)
    case 'web_search_end':
    case 'image_generation_end':
    case 'view_image_tool_call':
      return hostedEnd()
    case 'sub_agent_activity':
      return subagent(payload.kind, payload.agent_thread_id, payload.agent_path, payload.event_id, memory)
    case 'collab_agent_spawn_end':
      return subagent(
        'started',
        payload.new_thread_id,
        payload.new_agent_role ?? payload.new_agent_nickname,
        payload.call_id,
        memory,
      )
    case 'collab_agent_interaction_end':
    case 'collab_waiting_end':
    case 'collab_close_end':
    case 'collab_resume_end':
      return { parts: [saying('progress.agent', collabText(payload), null)] }
    default:
      return undefined
  }
}

function threadEvent(type: string, payload: Json, memory: Memory): Said {
  switch (type) {
    case 'thread_rolled_back': {
      const turns = countIn(payload.num_turns)
      return { parts: [saying('system.branch', `${turns} ${turns === 1 ? 'turn' : 'turns'} taken back`, null)] }
    }
    case 'thread_name_updated':
      return { parts: [titled(payload.thread_name)] }
    case 'thread_goal_updated':
      return { parts: [notice(type, nonEmpty(jsonIn(payload.goal).objective), '/payload/goal/objective')] }
    case 'thread_settings_applied':
      return settingsApplied(jsonIn(payload.thread_settings), memory)
    case 'entered_review_mode':
      return {
        parts: [saying('system.mode_change', lineOf(`review ${nonEmpty(payload.user_facing_hint) ?? ''}`), null)],
      }
    case 'exited_review_mode':
      return { parts: [reviewed(jsonIn(payload.review_output), '/payload/review_output')] }
    case 'guardian_assessment':
      return { parts: [notice(type, nonEmpty(payload.rationale), '/payload/rationale')] }
    case 'undo_completed':
      return { parts: [notice(type, nonEmpty(payload.message), '/payload/message')] }
    default:
      return { parts: [{ kind: otherKind(`event.${type}`), payload: newPayload() }] }
  }
}

const CONTEXT_KINDS: ReadonlySet<unknown> = new Set(['environment_context', 'user_instructions'])

function userMessage(payload: Json, memory: Memory): Said {
  const { texts } = contentAt(payload.message, '/payload/message')
  if (CONTEXT_KINDS.has(payload.kind)) return { parts: [repeat()] } // older versions; the item beside it tells
  const images = [payload.images, payload.local_images].flatMap((list) => (Array.isArray(list) ? list : []))
  return userSaid({ texts, images: images.length }, 'event', memory)
}

function failed(message: string | undefined, memory: Memory): Said {
  const { isTwin, told } = hear(memory.told, 'error', 'event', message ?? '')
  return { parts: [isTwin ? repeat() : saying('system.error', message, null)], changes: { told } }
}

function turnComplete(payload: Json, memory: Memory): Said {
  const end = ended(payload)
  const error = nonEmpty(jsonIn(payload.error).message)
  if (error === undefined) return { parts: [end], changes: { turn: 'none' } }
  ;(end.payload as Writable<Payload>).stop = 'error'
  // The turn's own word of it; an error event beside it may have said the same.
  const { isTwin, told } = hear(memory.told, 'error', 'item', error)
  const parts = isTwin ? [end] : [saying('system.error', error, '/payload/error/message'), end]
  return { parts, changes: { turn: 'none', told } }
}

function turnAborted(payload: Json): Said {
  const end = ended(payload)
  const told: Writable<Payload> = end.payload
  told.stop = 'aborted'
  const reason = nonEmpty(payload.reason)
  if (reason !== undefined) told.text = lineOf(reason)
  return { parts: [end], changes: { turn: 'none' } }
}

function ended(payload: Json): Part {
  const part = saying('system.turn_complete', undefined, null)
  const durationMs = countIn(payload.duration_ms)
  if (durationMs > 0) (part.payload as Writable<Payload>).durationMs = durationMs
  return part
}

function titled(name: unknown): Part {
  const payload = newPayload()
  const title = nonEmpty(name)
  if (title !== undefined) payload.title = title
  return { kind: 'system.title', payload }
}

function settingsApplied(settings: Json, memory: Memory): Said {
  const model = nonEmpty(settings.model)
  if (model === undefined || model === memory.model) return { parts: [notice('thread_settings_applied')] }
  return { parts: [{ kind: 'system.model_change', payload: { ...newPayload(), model } }], changes: { model } }
}
