// One line of a rollout in the common words. Never throws and drops nothing: a line it does not know passes through under its own name.
import type { Payload } from '../../event/payload.ts'
import { otherKind } from '../../event/types.ts'
import type { FileFacts, FileMemory, LineIn, LineMeaning, Part } from '../source.ts'
import {
  damagedPart,
  isJson,
  type Json,
  jsonIn,
  momentIn,
  newPayload,
  nonEmpty,
  saying,
  type Writable,
} from '../values.ts'
import { eventLine } from './event-lines.ts'
import { type Memory, readMemory, type Said } from './memory.ts'
import { agentSaid, messageItem, reasoningItem } from './messages.ts'
import { sessionOfFile } from './owner.ts'
import { notice, repeat } from './texts.ts'
import { copyingAt, sessionMeta, turnContext } from './thread.ts'
import {
  callOutput,
  customCall,
  functionCall,
  hostedCall,
  localShellCall,
  toolSearchCall,
  toolSearchOutput,
} from './tool-calls.ts'
import { hear } from './twins.ts'
import { tokenRecord } from './usage.ts'

export function translate(line: LineIn, file: FileFacts, remembered: FileMemory): LineMeaning {
  const before = readMemory(remembered, sessionOfFile(file.path))
  const record = isJson(line.value) ? line.value : null
  if (record === null) return meaning([damagedPart(line)], before, before.agentId)

  const { type, payload, at } = openedRecord(record)
  const time = momentIn(record.timestamp) ?? before.time
  const history = type === 'session_meta' ? {} : copyingAt(record, payload, time, before)
  const said = partsOf(type, payload, at, line.text, { ...before, ...history })
  const memory: Memory = { ...before, ...history, time, ...said.changes }
  const nativeId = type === 'session_meta' ? null : idIn(payload)
  const isStart = type === 'session_meta' && before.thread === null
  envelope(said.parts, nativeId, !isStart && memory.copying, memory.hidden)
  if (line.damage !== null) (said.parts[0]!.payload as Writable<Payload>).why = line.damage
  return meaning(said.parts, memory, said.agentId ?? memory.agentId)
}

const meaning = (parts: readonly Part[], memory: Memory, agentId: string | null): LineMeaning => ({
  parts,
  session: memory.session,
  project: memory.project ?? 'unknown',
  agentId,
  nativeId: null, // the same item stands in many files and twice in one: its place is what it is
  time: memory.time,
  memory: { ...memory },
})

// The first versions wrote items without an envelope, behind a header that has no type.
function openedRecord(record: Json): { readonly type: string; readonly payload: Json; readonly at: string } {
  const type = nonEmpty(record.type)
  if (isJson(record.payload)) return { type: type ?? 'untyped', payload: record.payload, at: '/payload' }
  if (type === undefined && nonEmpty(record.id) !== undefined && 'instructions' in record)
    return { type: 'session_meta', payload: record, at: '' }
  if (type === undefined && nonEmpty(record.record_type) !== undefined)
    return { type: 'record_type', payload: record, at: '' }
  if (type !== undefined && BARE.has(type)) return { type: 'response_item', payload: record, at: '' }
  return { type: type ?? 'untyped', payload: jsonIn(record.payload), at: '/payload' }
}

const BARE: ReadonlySet<string> = new Set(
  'message reasoning function_call function_call_output local_shell_call custom_tool_call custom_tool_call_output web_search_call'.split(
    ' ',
  ),
)

const idIn = (payload: Json): string | null => nonEmpty(payload.id) ?? nonEmpty(jsonIn(payload.item).id) ?? null

function partsOf(type: string, payload: Json, at: string, text: string, memory: Memory): Said {
  switch (type) {
    case 'session_meta':
      return sessionMeta(payload, memory)
    case 'turn_context':
      return turnContext(payload, memory)
    case 'response_item':
      return responseItem(payload, at, text, memory)
    case 'event_msg':
      return eventLine(payload, memory)
    case 'compacted': {
      const { isTwin, told } = hear(memory.told, 'compaction', 'item', '')
      const part = isTwin ? repeat() : saying('system.compact', nonEmpty(payload.message), '/payload/message')
      return { parts: [part], changes: { told } }
    }
    case 'token_usage_record':
      return tokenRecord(payload, memory)
    case 'inter_agent_communication':
      return agentSaid(payload, '/payload', 'event', memory)
    case 'inter_agent_communication_metadata':
    case 'world_state':
      return { parts: [notice(type)] }
    case 'record_type':
      return { parts: [notice(nonEmpty(payload.record_type) ?? type)] }
    default:
      return { parts: [{ kind: otherKind(type), payload: newPayload() }] }
  }
}

function responseItem(payload: Json, at: string, text: string, memory: Memory): Said {
  const type = nonEmpty(payload.type) ?? (nonEmpty(payload.role) === undefined ? 'untyped' : 'message')
  switch (type) {
    case 'message':
      return messageItem(payload, at, memory)
    case 'reasoning':
      return reasoningItem(payload, at, memory)
    case 'agent_message':
      return agentSaid(payload, at, 'item', memory)
    case 'function_call':
      return functionCall(payload, at, memory)
    case 'custom_tool_call':
      return customCall(payload, at, memory)
    case 'local_shell_call':
      return localShellCall(payload, at, memory)
    case 'tool_search_call':
      return toolSearchCall(payload, at, memory)
    case 'function_call_output':
    case 'custom_tool_call_output':
    case 'local_shell_call_output':
      return callOutput(payload, at, memory)
    case 'tool_search_output':
      return toolSearchOutput(payload, memory)
    case 'web_search_call':
      return hostedCall('web_search', payload, at, text)
    case 'image_generation_call':
      return hostedCall('image_generation', payload, at, text)
    case 'ghost_snapshot':
      return { parts: [saying('file.snapshot', undefined, null)] }
    case 'compaction':
    case 'compaction_summary':
    case 'context_compaction': // what is left of the conversation, encrypted; a line of type `compacted` tells of it
      return { parts: [repeat()] }
    case 'additional_tools':
      return { parts: [notice(type)] }
    default:
      return { parts: [{ kind: otherKind(`item.${type}`), payload: newPayload() }] }
  }
}

function envelope(parts: readonly Part[], nativeId: string | null, isCopy: boolean, isHidden: boolean): void {
  for (const part of parts) {
    const payload: Writable<Payload> = part.payload
    if (nativeId !== null) payload.nativeId = nativeId
    if (isCopy) payload.copied = true
    if (isHidden) payload.hidden = true
  }
}
