// The messages inside pi's entries. One entry holds a whole message, so it often makes several parts: its blocks, in order.
import { type Payload, type ToolUse, wordsAt } from '../../event/payload.ts'
import { otherKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { headMaxOf, isJson, type Json, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import type { Dialect } from './dialect.ts'
import { afterCalls } from './files.ts'
import { type Memory, markOf } from './memory.ts'
import { resultParts } from './results.ts'
import { toolKind, toolTarget } from './tools.ts'
import { account } from './usage.ts'

// What is known when an entry is read.
export interface Scene {
  readonly dialect: Dialect
  readonly memory: Memory
  readonly entryId: string | null
}

export interface Meant {
  readonly parts: readonly Part[]
  readonly learnt?: Partial<Memory>
}

export function messageMeans(message: Json, at: string, scene: Scene): Meant {
  const role = nonEmpty(message.role) ?? 'unnamed'
  switch (role) {
    case 'user':
      return { parts: [userPart(message, at, scene)] }
    case 'assistant':
      return assistantMeans(message, at, scene)
    case 'toolResult':
      return resultParts(message, at, scene.memory)
    case 'bashExecution':
      return { parts: shellParts(message) }
    case 'system':
      return { parts: [marked(spoken('system.notice', message, at), 'system_prompt')] }
    case 'custom':
    case 'hookMessage':
      return {
        parts: [marked(spoken('message.user.injected', message, at), nonEmpty(message.customType) ?? 'custom')],
      }
    case 'branchSummary':
      return { parts: [marked(summaryPart(message, at), 'branch_summary')] }
    case 'compactionSummary':
      return { parts: [marked(summaryPart(message, at), 'compact_summary')] }
    default:
      return { parts: [{ kind: otherKind(`message.${role}`), payload: newPayload() }] }
  }
}

const summaryPart = (message: Json, at: string): Part =>
  saying('message.user.injected', nonEmpty(message.summary), `${at}/summary`)

export function marked(part: Part, injected: string): Part {
  const payload: Writable<Payload> = part.payload
  payload.injected = injected
  return part
}

export function spoken(kind: Part['kind'], holder: Json, at: string): Part {
  const { text, pointer, images } = contentOf(holder.content, `${at}/content`)
  const part = saying(kind, text, pointer)
  if (images > 0) (part.payload as Writable<Payload>).images = images
  return part
}

interface Content {
  readonly text: string | undefined
  readonly pointer: string | null // where the text stands, when it stands in one piece
  readonly images: number
}

// Content is a string or a list of text and images.
function contentOf(content: unknown, at: string): Content {
  if (typeof content === 'string') return { text: content === '' ? undefined : content, pointer: at, images: 0 }
  if (!Array.isArray(content)) return { text: undefined, pointer: null, images: 0 }
  const texts: { text: string; pointer: string }[] = []
  let images = 0
  for (const [i, block] of content.entries()) {
    if (!isJson(block)) continue
    if (block.type === 'image') images++
    const text = block.type === 'text' ? nonEmpty(block.text) : undefined
    if (text !== undefined) texts.push({ text, pointer: `${at}/${i}/text` })
  }
  if (texts.length === 0) return { text: undefined, pointer: null, images }
  return {
    text: texts.map(({ text }) => text).join('\n'),
    pointer: texts.length === 1 ? texts[0]!.pointer : null,
    images,
  }
}

// In a subagent's file nobody typed: what stands in the person's place is the parent's task.
function userPart(message: Json, at: string, { dialect, memory }: Scene): Part {
  const { text, pointer, images } = contentOf(message.content, `${at}/content`)
  const heard = dialect.hear(text ?? '', message)
  const injected = heard.injected ?? (memory.agentId === null ? undefined : 'delegated')
  const kind = injected === undefined ? 'message.user.prompt' : 'message.user.injected'
  const payload = newPayload()
  if (heard.text !== '')
    payload.text = pointer !== null && heard.text === text ? wordsAt(text, pointer, true, headMaxOf(kind)) : heard.text
  if (images > 0) payload.images = images
  if (injected !== undefined) payload.injected = injected
  if (heard.isCommand) payload.command = 'slash'
  return { kind, payload }
}

function assistantMeans(message: Json, at: string, { dialect, memory, entryId }: Scene): Meant {
  const isOwn = dialect.ownProvider !== null && message.provider === dialect.ownProvider
  const { text } = contentOf(message.content, at)
  const mark = dialect.ownProvider === null || text === undefined ? null : markOf(text.trim())
  const parts = assistantParts(message, at)
  const stop = nonEmpty(message.stopReason)
  if (isOwn) {
    stopAt(parts, dialect.ownStop(message) ?? stop)
    return { parts: mark !== null && mark === memory.answer ? parts.map(said) : parts }
  }
  const first: Writable<Payload> = parts[0]!.payload
  const model = nonEmpty(message.model)
  if (model !== undefined) first.model = model
  account(first, message.usage, nonEmpty(message.responseId) ?? entryId)
  stopAt(parts, stop)
  return { parts, learnt: { ...afterCalls(memory, message), ...(mark !== null && { answer: mark }) } }
}

const said = (part: Part): Part => (part.kind === 'message.assistant.text' ? { ...part, kind: 'system.repeat' } : part)

// Why it stopped belongs where the message ended.
function stopAt(parts: readonly Part[], stop: string | undefined): void {
  if (stop !== undefined) (parts.at(-1)!.payload as Writable<Payload>).stop = stop
}

function assistantParts(message: Json, at: string): readonly Part[] {
  const parts: Part[] = []
  if (typeof message.content === 'string')
    parts.push(saying('message.assistant.text', message.content, `${at}/content`))
  const blocks: readonly unknown[] = Array.isArray(message.content) ? message.content : []
  for (const [i, block] of blocks.entries())
    if (isJson(block)) parts.push(blockPart(block, `${at}/content/${i}`, parts.length === 0))
  if (message.stopReason === 'error')
    parts.push(saying('system.error', nonEmpty(message.errorMessage), `${at}/errorMessage`, parts.length === 0))
  if (parts.length === 0) parts.push(saying('message.assistant.text', undefined, null))
  return parts
}

function blockPart(block: Json, pointer: string, carries: boolean): Part {
  switch (block.type) {
    case 'text':
      return saying('message.assistant.text', nonEmpty(block.text), `${pointer}/text`, carries)
    case 'thinking': // redacted: a signature without words
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

// The person ran a command of their own: what they typed (`!!` keeps it from the model), and what came of it.
function shellParts(message: Json): readonly Part[] {
  const sign = message.excludeFromContext === true ? '!!' : '!'
  const prompt = saying('message.user.prompt', `${sign} ${nonEmpty(message.command) ?? ''}`, null)
  ;(prompt.payload as Writable<Payload>).command = 'shell'
  const output = saying('message.user.tool_result', nonEmpty(message.output), null)
  const code = message.exitCode
  const exit = typeof code === 'number' && Number.isInteger(code) ? code : undefined
  const cancelled = message.cancelled === true
  ;(output.payload as Writable<Payload>).result = {
    call: null,
    failed: cancelled || (exit !== undefined && exit !== 0),
    ...(exit !== undefined && { exit }),
    ...(cancelled && { interrupted: true }),
  }
  return [prompt, output]
}
