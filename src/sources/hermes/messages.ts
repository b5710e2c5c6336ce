// One message of Hermes in the common words, whichever form it was kept in: a row of the database, an entry of a document, a line.
import type { Payload, ToolUse, Words } from '../../event/payload.ts'
import { wordsAt } from '../../event/payload.ts'
import { type EventKind, otherKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { headMaxOf, isJson, type Json, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import { COMPACTED, REVIEW, type Spoken, whoSpeaks } from './prompts.ts'
import { outcomeOf } from './results.ts'
import { callsIn, parsed, toolKind, toolTarget } from './tools.ts'

// What the message itself does not say.
export interface Around {
  readonly source?: unknown // of its session: cli, telegram, cron, subagent …
  readonly subagent: boolean
  readonly call?: string // the call this is the result of, where the message does not name it
  readonly child?: string // the subagent whose work this is the result of
  readonly callPrefix: string // makes an id for calls that have none
  readonly review?: boolean // Hermes itself asked, looking back on what was said
}

export function messageParts(message: Json, around: Around): readonly Part[] {
  const parts = partsOf(message, around)
  if (around.review) for (const { payload } of parts) (payload as Writable<Payload>).hidden = true
  return parts
}

// Whether what follows in the conversation is a review; undefined: this message changes nothing about that.
export function beginsReview(message: Json): boolean | undefined {
  if (message.role !== 'user') return undefined
  return contentIn(message.content).text?.startsWith(REVIEW) === true
}

function partsOf(message: Json, around: Around): readonly Part[] {
  const role = nonEmpty(message.role) ?? 'unnamed'
  switch (role) {
    case 'user':
      return [userPart(message, around)]
    case 'assistant':
      return assistantParts(message, around)
    case 'tool':
      return [toolResult(message, around)]
    case 'system':
      return [marked(spoken('system.notice', contentIn(message.content)), 'system_prompt')]
    case 'session_meta':
      return [marked(saying('system.notice', undefined, null), 'session_meta')]
    default:
      return [spoken(otherKind(`message.${role}`), contentIn(message.content))]
  }
}

interface Content {
  readonly text: string | undefined
  readonly pointer: string | null // where the text stands as it is
  readonly images: number
}

// A list of texts and pictures is kept as JSON behind a mark, where a column holds only text.
const LIST_MARK = '\u0000json:'

export function contentIn(content: unknown): Content {
  if (typeof content === 'string' && !content.startsWith(LIST_MARK))
    return { text: nonEmpty(content), pointer: '/content', images: 0 }
  const value = typeof content === 'string' ? parsed(content.slice(LIST_MARK.length)) : content
  const list: readonly unknown[] = Array.isArray(value) ? value : isJson(value) ? [value] : []
  const texts = list.filter(isJson).flatMap((block) => nonEmpty(block.text) ?? [])
  const images = list.filter((block) => isJson(block) && /^(input_)?image/.test(String(block.type))).length
  return { text: texts.length > 0 ? texts.join('\n') : undefined, pointer: null, images }
}

function spoken(kind: EventKind, { text, pointer, images }: Content): Part {
  const part = saying(kind, text, pointer)
  if (images > 0) (part.payload as Writable<Payload>).images = images
  return part
}

function marked(part: Part, injected: string): Part {
  ;(part.payload as Writable<Payload>).injected = injected
  return part
}

function userPart(message: Json, { source, subagent }: Around): Part {
  const content = contentIn(message.content)
  const isSummary = message._compressed_summary === 1 || message._compressed_summary === true
  const who: Spoken = isSummary
    ? { kind: 'system.compact' }
    : whoSpeaks(content.text ?? '', message.display_kind, { source, subagent })
  const part = spoken(who.kind, who.text === undefined ? content : { ...content, text: who.text, pointer: null })
  const payload: Writable<Payload> = part.payload
  if (who.injected !== undefined) payload.injected = who.injected
  if (who.command !== undefined) payload.command = who.command
  if (who.queued) payload.queued = true
  return part
}

const ENDED_BY_TOOLS = 'tool_calls'

function assistantParts(message: Json, around: Around): readonly Part[] {
  const content = contentIn(message.content)
  if (message._compressed_summary === 1 || content.text?.startsWith(COMPACTED))
    return [spoken('system.compact', content)]
  const parts: Part[] = []
  const thought = thoughtIn(message)
  if (thought !== undefined) parts.push(saying('message.assistant.thinking', thought.text, thought.pointer))
  if (content.text !== undefined || content.images > 0)
    parts.push(
      parts.length === 0
        ? spoken('message.assistant.text', content)
        : saying('message.assistant.text', content.text, content.pointer, false),
    )
  const calls = callsIn(message.tool_calls)
  for (const [i, call] of calls.entries()) parts.push(toolUse(call, `${around.callPrefix}${i}`))
  const reason = nonEmpty(message.finish_reason)
  const said = content.text !== undefined || calls.length > 0
  // A clean stop with nothing but thoughts, or nothing at all, ends the turn as well.
  if (!said && reason !== undefined && reason !== ENDED_BY_TOOLS)
    parts.push(saying('system.turn_complete', undefined, null))
  if (parts.length === 0) parts.push(saying('message.assistant.text', undefined, null))
  if (reason !== undefined)
    (parts.at(-1)!.payload as Writable<Payload>).stop = reason === ENDED_BY_TOOLS ? 'tool_use' : reason
  return parts
}

function thoughtIn(message: Json): { readonly text: string; readonly pointer: string } | undefined {
  for (const key of ['reasoning', 'reasoning_content'] as const) {
    const text = message[key]
    if (typeof text === 'string' && text.trim() !== '') return { text, pointer: `/${key}` }
  }
  return undefined
}

function toolUse({ id, name, input }: ReturnType<typeof callsIn>[number], made: string): Part {
  const payload = newPayload()
  const tool: Writable<ToolUse> = { name, kind: toolKind(name), call: id ?? made, input: { value: input } }
  const target = toolTarget(input)
  if (target !== undefined) tool.target = target
  payload.tool = tool
  return { kind: 'message.assistant.tool_use', payload }
}

const SAID_INLINE_MAX = 200

function toolResult(message: Json, { call, child }: Around): Part {
  const content = contentIn(message.content)
  const named = call ?? nonEmpty(message.tool_call_id) ?? null
  const { result, said } = outcomeOf(content.pointer === null ? content.text : message.content, named)
  if (child !== undefined) result.agentId = child
  const text: Words | undefined =
    said !== undefined && said.length <= SAID_INLINE_MAX
      ? said
      : content.text === undefined || content.pointer === null
        ? content.text
        : wordsAt(content.text, content.pointer, true, headMaxOf('message.user.tool_result'))
  const payload = newPayload()
  if (text !== undefined) payload.text = text
  if (content.images > 0) payload.images = content.images
  payload.result = result
  return { kind: 'message.user.tool_result', payload }
}
