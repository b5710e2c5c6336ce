// The model's tool calls and what they answered, as items: paired by the call's id. What the events beside them add is in ends.ts.
import { parseJson } from '../../base/nesting.ts'
import type { Payload, ToolInput, ToolKind, ToolResult, ToolUse } from '../../event/payload.ts'
import type { Part } from '../source.ts'
import { isJson, type Json, jsonIn, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import { type CallNote, commandOf, noteOf, nowTold, withNote, withoutSession } from './calls.ts'
import type { Memory, Said } from './memory.ts'
import { answeredIn, outputAt } from './outputs.ts'
import { joined, sayingAll } from './texts.ts'
import { type Act, actOf, targetOf, toolName } from './tools.ts'
import { digest } from './twins.ts'

const ARGUMENTS_INLINE_MAX = 4_000 // longer arguments are pointed at as the string they are

// Arguments are JSON inside a string: short ones are read, so that nobody behind us has to.
function inputOf(value: unknown, pointer: string): { readonly input: ToolInput; readonly read: unknown } {
  if (value === undefined) return { input: { value: null }, read: null }
  if (typeof value !== 'string' || !value.startsWith('{')) return { input: { at: pointer }, read: value }
  const read = parsed(value)
  return { input: read === value || value.length > ARGUMENTS_INLINE_MAX ? { at: pointer } : { value: read }, read }
}

// The value in a text, or the text itself where it is no JSON.
function parsed(text: string): unknown {
  const value = parseJson(text)
  return value === undefined ? text : value
}

export function functionCall(payload: Json, at: string, memory: Memory): Said {
  const name = nonEmpty(payload.name) ?? 'unnamed'
  const { input, read } = inputOf(payload.arguments, `${at}/arguments`)
  return called(toolName(name, payload.namespace), nonEmpty(payload.call_id), input, read, memory)
}

export function customCall(payload: Json, at: string, memory: Memory): Said {
  const name = nonEmpty(payload.name) ?? 'unnamed'
  const { input, read } = inputOf(payload.input, `${at}/input`)
  return called(toolName(name, payload.namespace), nonEmpty(payload.call_id), input, read, memory)
}

export function localShellCall(payload: Json, at: string, memory: Memory): Said {
  const input: ToolInput = payload.action === undefined ? { value: null } : { at: `${at}/action` }
  const call = nonEmpty(payload.call_id) ?? nonEmpty(payload.id)
  return called('local_shell', call, input, payload.action, memory)
}

export function toolSearchCall(payload: Json, at: string, memory: Memory): Said {
  const { input, read } = inputOf(payload.arguments, `${at}/arguments`)
  return called('tool_search', nonEmpty(payload.call_id), input, read, memory)
}

function called(name: string, call: string | undefined, input: ToolInput, read: unknown, memory: Memory): Said {
  const act = actOf(name, read)
  const session = name === 'write_stdin' ? sessionIn(jsonIn(read).session_id) : undefined
  const target = session === undefined ? act.target : (commandOf(memory, session) ?? act.target ?? `session ${session}`)
  const part = callPart(name, act.kind, call ?? null, input, target)
  const payload: Writable<Payload> = part.payload
  const agentType = act.kind === 'delegate' ? nonEmpty(jsonIn(read).agent_type) : undefined
  if (agentType !== undefined) payload.agentType = agentType
  if (memory.model !== null) payload.model = memory.model
  if (call === undefined) return { parts: [part] }
  return {
    parts: [part],
    changes: { seen: nowTold(memory, call), calls: withNote(memory, call, newNote(name, act, session)) },
  }
}

function newNote(name: string, { kind, target, files }: Act, session: string | undefined): CallNote {
  return {
    ...(kind === 'run' && target !== undefined && { target }),
    ...(files !== undefined && files.length > 0 && { files }),
    ...(name === 'spawn_agent' && { spawns: true as const }),
    ...(session !== undefined && { writesTo: session }),
  }
}

export const sessionIn = (value: unknown): string | undefined =>
  typeof value === 'number' ? String(value) : nonEmpty(value)

export function callPart(name: string, kind: ToolKind, call: string | null, input: ToolInput, target?: string): Part {
  const payload = newPayload()
  const tool: Writable<ToolUse> = { name, kind, call, input }
  if (target !== undefined) tool.target = target
  payload.tool = tool
  return { kind: 'message.assistant.tool_use', payload }
}

export function callOutput(payload: Json, at: string, memory: Memory): Said {
  const call = nonEmpty(payload.call_id) ?? null
  const note = noteOf(memory, call)
  const output = outputAt(payload.output, `${at}/output`)
  const answered = answeredIn(joined(output.texts), output.success)
  const part = output.inner === undefined ? sayingAll('message.user.tool_result', output.texts) : inline(output.inner)
  const told: Writable<Payload> = part.payload
  if (output.images > 0) told.images = output.images
  const exit = answered.exit ?? note?.exit
  const failed = answered.failed ?? note?.failed ?? (exit !== undefined && exit !== 0)
  const result: Writable<ToolResult> = { call, failed }
  if (exit !== undefined) result.exit = exit
  if (answered.refused) result.refused = true
  if (answered.interrupted) result.interrupted = true
  if (answered.running !== undefined) result.background = true
  const agentId = note?.agentId ?? (note?.spawns ? spawnedIn(joined(output.texts)) : undefined)
  if (agentId !== undefined) result.agentId = agentId
  if (note?.files !== undefined && !failed) result.files = note.files
  told.result = result
  return { parts: [part], changes: { calls: callsAfter(memory, call, note, answered.running) } }
}

const inline = (text: string): Part => saying('message.user.tool_result', text, null)

function spawnedIn(text: string): string | undefined {
  const value = parsed(text)
  return isJson(value) ? (nonEmpty(value.agent_id) ?? nonEmpty(value.thread_id)) : undefined
}

// A command that runs on is remembered by its session; one that was only looked at again is forgotten with its own call.
function callsAfter(
  memory: Memory,
  call: string | null,
  note: CallNote | undefined,
  running: string | undefined,
): string {
  if (call === null || note === undefined) return memory.calls
  if (running === undefined) {
    const calls = withNote(memory, call, undefined)
    return note.writesTo === undefined ? calls : withoutSession({ calls }, note.writesTo)
  }
  return withNote(memory, call, note.writesTo === undefined ? { ...note, running } : undefined)
}

export function toolSearchOutput(payload: Json, memory: Memory): Said {
  const call = nonEmpty(payload.call_id) ?? null
  const names = namesIn(payload.tools, 0)
  const part = saying('message.user.tool_result', names.length === 0 ? undefined : names.join('\n'), null)
  ;(part.payload as Writable<Payload>).result = { call, failed: payload.status === 'failed' }
  return { parts: [part], ...(call !== null && { changes: { calls: withNote(memory, call, undefined) } }) }
}

const NAMES_MAX = 200

function namesIn(tools: unknown, depth: number): readonly string[] {
  if (!Array.isArray(tools) || depth > 2) return []
  const found = tools.flatMap((tool) => [nonEmpty(jsonIn(tool).name) ?? '', ...namesIn(jsonIn(tool).tools, depth + 1)])
  return found.filter((name) => name !== '').slice(0, NAMES_MAX)
}

// Done by the model's own server: one item is the call and its end. Older versions give it no id; its own words are one.
export function hostedCall(name: string, payload: Json, at: string, words: string): Said {
  const call = nonEmpty(payload.call_id) ?? nonEmpty(payload.id) ?? `${name}:${digest(words)}`
  const isImage = name === 'image_generation'
  const input: ToolInput = isImage ? pointed(payload, at, 'revised_prompt') : pointed(payload, at, 'action')
  const target = isImage ? targetOf({ prompt: payload.revised_prompt }) : targetOf(payload.action)
  const use = callPart(name, isImage ? 'other' : 'web', call, input, target)
  const came = saying('message.user.tool_result', undefined, null)
  const told: Writable<Payload> = came.payload
  told.result = { call, failed: payload.status === 'failed' || payload.status === 'incomplete' }
  if (isImage && nonEmpty(payload.result) !== undefined) told.images = 1
  return { parts: [use, came] }
}

const pointed = (payload: Json, at: string, key: string): ToolInput =>
  payload[key] === undefined ? { value: null } : { at: `${at}/${key}` }
