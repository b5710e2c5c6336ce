// Lines of type `assistant`: one part a content block, in order. Several lines repeat one API request and its usage; `request` says so.
// What counts for the whole line (usage, model) stands on its first part; why it stopped on its last, where the message ended.
import type { Payload, ToolUse } from '../../event/payload.ts'
import { otherKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { isJson, type Json, jsonIn, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import { accountFor, requestOf, usageOf } from './accounts.ts'
import { type Block, blocksOf } from './blocks.ts'
import { resultPart } from './results.ts'
import { toolKind, toolTarget } from './tools.ts'

export function assistantParts(record: Json): readonly Part[] | null {
  const blocks = blocksOf(record)
  if (blocks === null) return null
  const isError = record.isApiErrorMessage === true
  const parts: Part[] = []
  for (const block of blocks) parts.push(blockPart(block, isError, parts.length === 0))
  if (parts.length === 0) parts.push(saying('message.assistant.text', undefined, null))
  const message = jsonIn(record.message)
  accountFor(parts[0]!.payload, record, message, record.version)
  const stop = record.isAbortedMidStream === true ? 'aborted' : nonEmpty(message.stop_reason)
  if (stop !== undefined) (parts.at(-1)!.payload as Writable<Payload>).stop = stop
  return [...parts, ...advisorParts(message, requestOf(record, message))]
}

// Another model that was asked for advice while the answer was written is paid for by itself, and is not part of the account beside it.
function advisorParts(message: Json, request: string | undefined): readonly Part[] {
  const { iterations } = jsonIn(message.usage)
  if (!Array.isArray(iterations)) return []
  const asked = iterations.filter((each): each is Json => isJson(each) && each.type === 'advisor_message')
  return asked.map((each, i): Part => {
    const payload: Writable<Payload> = { ...newPayload(), usage: usageOf(each, undefined) }
    const model = nonEmpty(each.model)
    if (model !== undefined) payload.model = model
    if (request !== undefined) payload.request = `${request}:advisor:${i}`
    return { kind: 'system.usage', payload }
  })
}

export const hasCall = (parts: readonly Part[]): boolean =>
  parts.some((part) => part.kind === 'message.assistant.tool_use')

function blockPart(block: Block, isError: boolean, carries: boolean): Part {
  const { type, value, text, pointer } = block
  if (text !== undefined) return saying(isError ? 'system.error' : 'message.assistant.text', text, pointer, carries)
  switch (type) {
    case 'thinking':
      return saying('message.assistant.thinking', nonEmpty(value.thinking), `${pointer}/thinking`, carries)
    case 'redacted_thinking':
      return saying('message.assistant.thinking', undefined, null)
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use':
      return toolPart(value, pointer, carries)
    case 'image':
      return { kind: 'message.assistant.text', payload: { ...newPayload(), images: 1 } }
    case 'fallback': // the request was answered by another model than the one asked
      return modelChange(nonEmpty(jsonIn(value.to).model))
    default:
      if (type.endsWith('_tool_result')) return resultPart(block, null, carries)
      return { kind: otherKind(`assistant.${type === '' ? 'block' : type}`), payload: newPayload() }
  }
}

function toolPart(value: Json, pointer: string, carries: boolean): Part {
  const name = nonEmpty(value.name) ?? 'unnamed'
  const payload = newPayload()
  const tool: Writable<ToolUse> = {
    name,
    kind: toolKind(name),
    call: nonEmpty(value.id) ?? null,
    input: carries && value.input !== undefined ? { at: `${pointer}/input` } : { value: value.input ?? null },
  }
  const target = toolTarget(value.input)
  if (target !== undefined) tool.target = target
  payload.tool = tool
  const agentType = tool.kind === 'delegate' ? nonEmpty(jsonIn(value.input).subagent_type) : undefined
  if (agentType !== undefined) payload.agentType = agentType
  return { kind: 'message.assistant.tool_use', payload }
}

export function modelChange(model: string | undefined): Part {
  const payload = newPayload()
  if (model !== undefined) payload.model = model
  return { kind: 'system.model_change', payload }
}
