// The messages inside pi's entries. One entry holds a whole message, so it often makes several parts: its blocks, in order.
import type { Payload, ToolUse, Usage, Words } from '../../event/payload.ts'
import { wordsAt } from '../../event/payload.ts'
import { otherKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import {
  countIn,
  decimalOf,
  headMaxOf,
  isJson,
  type Json,
  jsonIn,
  newPayload,
  nonEmpty,
  saying,
  type Writable,
} from '../values.ts'
import { toolKind, toolTarget } from './tools.ts'

export function messageParts(message: Json, at: string, entryId: string | null): readonly Part[] {
  const role = nonEmpty(message.role) ?? 'unnamed'
  switch (role) {
    case 'user':
      return [spoken('message.user.prompt', message, at)]
    case 'assistant':
      return assistantParts(message, at, entryId)
    case 'toolResult':
      return [toolResult(message, at)]
    case 'bashExecution':
      return shellParts(message)
    case 'system':
      return [marked(spoken('system.notice', message, at), 'system_prompt')]
    case 'custom':
    case 'hookMessage':
      return [marked(spoken('message.user.injected', message, at), nonEmpty(message.customType) ?? role)]
    case 'branchSummary':
      return [marked(saying('message.user.injected', nonEmpty(message.summary), `${at}/summary`), 'branch_summary')]
    case 'compactionSummary':
      return [marked(saying('message.user.injected', nonEmpty(message.summary), `${at}/summary`), 'compact_summary')]
    default:
      return [{ kind: otherKind(`message.${role}`), payload: newPayload() }]
  }
}

export function marked(part: Part, injected: string): Part {
  const payload: Writable<Payload> = part.payload
  payload.injected = injected
  return part
}

// Content is a string or a list of text and images.
export function spoken(kind: Part['kind'], holder: Json, at: string): Part {
  const { text, images } = contentOf(holder.content, `${at}/content`, headMaxOf(kind))
  const payload = newPayload()
  if (text !== undefined) payload.text = text
  if (images > 0) payload.images = images
  return { kind, payload }
}

function contentOf(
  content: unknown,
  at: string,
  headMax: number,
): { readonly text: Words | undefined; readonly images: number } {
  if (typeof content === 'string')
    return { text: content === '' ? undefined : wordsAt(content, at, true, headMax), images: 0 }
  if (!Array.isArray(content)) return { text: undefined, images: 0 }
  const texts: { text: string; pointer: string }[] = []
  let images = 0
  for (const [i, block] of content.entries()) {
    if (!isJson(block)) continue
    if (block.type === 'image') images++
    const text = block.type === 'text' ? nonEmpty(block.text) : undefined
    if (text !== undefined) texts.push({ text, pointer: `${at}/${i}/text` })
  }
  if (texts.length === 0) return { text: undefined, images }
  const only = texts[0]!
  const text =
    texts.length === 1 ? wordsAt(only.text, only.pointer, true, headMax) : texts.map((each) => each.text).join('\n')
  return { text, images }
}

function assistantParts(message: Json, at: string, entryId: string | null): readonly Part[] {
  const parts: Part[] = []
  if (typeof message.content === 'string')
    parts.push(saying('message.assistant.text', message.content, `${at}/content`))
  const blocks: readonly unknown[] = Array.isArray(message.content) ? message.content : []
  for (const [i, block] of blocks.entries())
    if (isJson(block)) parts.push(blockPart(block, `${at}/content/${i}`, parts.length === 0))
  const error = nonEmpty(message.errorMessage)
  const stop = nonEmpty(message.stopReason)
  if (stop === 'error') parts.push(saying('system.error', error, `${at}/errorMessage`, parts.length === 0))
  if (parts.length === 0) parts.push(saying('message.assistant.text', undefined, null))
  const first: Writable<Payload> = parts[0]!.payload
  const model = nonEmpty(message.model)
  if (model !== undefined) first.model = model
  account(first, message.usage, nonEmpty(message.responseId) ?? entryId)
  // Why it stopped belongs where the message ended.
  if (stop !== undefined) (parts.at(-1)!.payload as Writable<Payload>).stop = stop
  return parts
}

function blockPart(block: Json, pointer: string, carries: boolean): Part {
  switch (block.type) {
    case 'text':
      return saying('message.assistant.text', nonEmpty(block.text), `${pointer}/text`, carries)
    case 'thinking':
      return saying('message.assistant.thinking', nonEmpty(block.thinking), `${pointer}/thinking`, carries)
    case 'image':
      return { kind: 'message.assistant.text', payload: { ...newPayload(), images: 1 } }
    case 'toolCall':
      return toolCall(block, pointer, carries)
    default:
      return { kind: otherKind(`assistant.${nonEmpty(block.type) ?? 'block'}`), payload: newPayload() }
  }
}

function toolCall(block: Json, pointer: string, carries: boolean): Part {
  const name = nonEmpty(block.name) ?? 'unnamed'
  const payload = newPayload()
  const tool: Writable<ToolUse> = {
    name,
    kind: toolKind(name),
    call: nonEmpty(block.id) ?? null,
    input:
      carries && block.arguments !== undefined ? { at: `${pointer}/arguments` } : { value: block.arguments ?? null },
  }
  const target = toolTarget(block.arguments)
  if (target !== undefined) tool.target = target
  payload.tool = tool
  return { kind: 'message.assistant.tool_use', payload }
}

function toolResult(message: Json, at: string): Part {
  const part = spoken('message.user.tool_result', message, at)
  const payload: Writable<Payload> = part.payload
  const failed = message.isError === true
  const exit = exitOf(message, failed)
  const result = { call: nonEmpty(message.toolCallId) ?? null, failed }
  payload.result = exit === undefined ? result : { ...result, exit }
  account(payload, message.usage, nonEmpty(message.toolCallId) ?? null)
  return part
}

const EXITED = /Command exited with code (\d{1,3})\s*$/

// pi ends the output of a failing command with its code.
function exitOf(message: Json, failed: boolean): number | undefined {
  const code = jsonIn(message.details).exitCode
  if (typeof code === 'number' && Number.isInteger(code)) return code
  if (!failed) return undefined
  const blocks: readonly unknown[] = Array.isArray(message.content) ? message.content : []
  const text = typeof message.content === 'string' ? message.content : nonEmpty(jsonIn(blocks.at(-1)).text)
  const said = text === undefined ? undefined : EXITED.exec(text.slice(-80))?.[1]
  return said === undefined ? undefined : Number(said)
}

// The person ran a command of their own: what they typed, and what came of it.
function shellParts(message: Json): readonly Part[] {
  const command = nonEmpty(message.command) ?? ''
  const prompt = saying('message.user.prompt', `! ${command}`, null)
  ;(prompt.payload as Writable<Payload>).command = 'shell'
  const output = saying('message.user.tool_result', nonEmpty(message.output), null)
  const code = message.exitCode
  const exit = typeof code === 'number' && Number.isInteger(code) ? code : undefined
  const failed = message.cancelled === true || (exit !== undefined && exit !== 0)
  const result = { call: null, failed }
  ;(output.payload as Writable<Payload>).result = exit === undefined ? result : { ...result, exit }
  return [prompt, output]
}

export function account(payload: Writable<Payload>, usage: unknown, request: string | null): void {
  if (!isJson(usage)) return
  const hour = countIn(usage.cacheWrite1h)
  const counted: Writable<Usage> = {
    input: countIn(usage.input),
    output: countIn(usage.output),
    cacheRead: countIn(usage.cacheRead),
    cacheWrite5m: Math.max(0, countIn(usage.cacheWrite) - hour),
    cacheWrite1h: hour,
  }
  const costUsd = decimalOf(jsonIn(usage.cost).total)
  if (costUsd !== undefined) counted.costUsd = costUsd
  payload.usage = counted
  if (request !== null) payload.request = request
}
