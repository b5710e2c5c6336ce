// Events about tools: what a call came to, with the exit code and the changed files in fields of their own. The call's output item tells
// it too, so such an event mostly repeats and lends its facts to that item. A call that has no item of its own (made inside a script,
// or by the person) is told by its end alone.
import type { FileChange, Payload, ToolInput, ToolKind, ToolResult } from '../../event/payload.ts'
import type { Part } from '../source.ts'
import { isJson, type Json, jsonIn, nonEmpty, saying, type Writable } from '../values.ts'
import { type CallNote, noteOf, nowTold, wasTold, withNote } from './calls.ts'
import type { Memory, Said } from './memory.ts'
import { shellRan } from './messages.ts'
import { statusFailed } from './outputs.ts'
import { filesOfChanges } from './patch.ts'
import { contentAt, repeat } from './texts.ts'
import { callPart } from './tool-calls.ts'
import { actOf, commandOfList, targetOf, toolName } from './tools.ts'

interface End {
  readonly call: string | null
  readonly name: string
  readonly kind: ToolKind
  readonly input: ToolInput
  readonly target: string | undefined
  readonly failed: boolean
  readonly exit?: number
  readonly refused?: true
  readonly text?: string
  readonly images?: number
  readonly files?: readonly FileChange[]
}

function ended(end: End, memory: Memory): Said {
  const { call } = end
  if (call !== null && noteOf(memory, call)?.asked)
    return { parts: [resultPart(end)], changes: { calls: withNote(memory, call, undefined) } }
  if (wasTold(memory, call)) return { parts: [repeat()], changes: { calls: lent(end, memory) } }
  const use = callPart(end.name, end.kind, call, end.input, end.target)
  const seen = call === null ? memory.seen : nowTold(memory, call)
  return { parts: [use, resultPart(end)], changes: { seen } }
}

// To the call's output, which is still to come; a call that was answered is over, and its session too.
function lent(end: End, memory: Memory): string {
  const note = noteOf(memory, end.call)
  if (end.call === null || note === undefined) return memory.calls
  if (note.running !== undefined) return withNote(memory, end.call, undefined)
  const more: CallNote = {
    ...note,
    failed: end.failed,
    ...(end.exit !== undefined && { exit: end.exit }),
    ...(note.files === undefined && end.files !== undefined && { files: end.files }),
  }
  return withNote(memory, end.call, more)
}

function resultPart({ call, failed, exit, refused, text, images, files }: End): Part {
  const part = saying('message.user.tool_result', text, null)
  const payload: Writable<Payload> = part.payload
  const result: Writable<ToolResult> = { call, failed }
  if (exit !== undefined) result.exit = exit
  if (refused) result.refused = refused
  if (files !== undefined && files.length > 0 && !failed) result.files = files
  if (images !== undefined && images > 0) payload.images = images
  payload.result = result
  return part
}

const callIn = (payload: Json): string | null =>
  nonEmpty(payload.call_id) ?? nonEmpty(payload.callId) ?? nonEmpty(payload.id) ?? null

export function commandEnd(payload: Json, at: string, memory: Memory): Said {
  const command = Array.isArray(payload.command) ? commandOfList(payload.command) : nonEmpty(payload.command)
  const code = payload.exit_code
  const exit = typeof code === 'number' && Number.isInteger(code) ? code : undefined
  const output =
    nonEmpty(payload.aggregated_output) ?? nonEmpty(payload.formatted_output) ?? nonEmpty(payload.stdout) ?? ''
  const source = nonEmpty(payload.source)?.toLowerCase().replaceAll('_', '')
  if (source === 'usershell' && !wasTold(memory, callIn(payload)))
    return shellRan({ command: command ?? '', output, exit }, 'event', memory)
  const act = actOf('exec_command', { cmd: command ?? '' })
  const end: End = {
    call: callIn(payload),
    name: 'exec_command',
    kind: act.kind,
    input: Array.isArray(payload.command) ? { at: `${at}/command` } : { value: { cmd: command ?? null } },
    target: act.target,
    failed: statusFailed(payload.status) || (exit !== undefined && exit !== 0),
    text: output,
    ...(exit !== undefined && { exit }),
    ...(payload.status === 'declined' && { refused: true as const }),
    ...(act.files !== undefined && { files: act.files }),
  }
  return ended(end, memory)
}

export function patchEnd(payload: Json, at: string, memory: Memory): Said {
  const files = filesOfChanges(payload.changes)
  const end: End = {
    call: callIn(payload),
    name: 'apply_patch',
    kind: files.length > 0 && files.every(({ change }) => change === 'created') ? 'write' : 'edit',
    input: payload.changes === undefined ? { value: null } : { at: `${at}/changes` },
    target: targetOf({ path: files[0]?.path }),
    failed: payload.success === false || statusFailed(payload.status),
    text: nonEmpty(payload.stdout) ?? nonEmpty(payload.stderr) ?? '',
    files,
    ...(payload.status === 'declined' && { refused: true as const }),
  }
  return ended(end, memory)
}

// As an event `invocation` holds server, tool and arguments; as an item they stand by themselves.
export function mcpEnd(payload: Json, at: string, memory: Memory): Said {
  const isEvent = isJson(payload.invocation)
  const asked = isEvent ? jsonIn(payload.invocation) : payload
  const result = jsonIn(payload.result)
  const answer = isJson(result.Ok) ? result.Ok : result
  const error = nonEmpty(result.Err) ?? nonEmpty(jsonIn(payload.error).message)
  const content = contentAt(answer.content, '')
  const end: End = {
    call: callIn(payload),
    name: toolName(nonEmpty(asked.tool) ?? 'unnamed', `mcp__${nonEmpty(asked.server) ?? 'unnamed'}`),
    kind: 'other',
    input: asked.arguments === undefined ? { value: null } : { at: `${at}${isEvent ? '/invocation' : ''}/arguments` },
    target: targetOf(asked.arguments),
    failed: error !== undefined || answer.isError === true || statusFailed(payload.status),
    text: error ?? content.texts.map(({ text }) => text).join('\n'),
    images: content.images,
  }
  return ended(end, memory)
}

export function dynamicEnd(payload: Json, at: string, memory: Memory): Said {
  const name = nonEmpty(payload.tool) ?? 'unnamed'
  const content = contentAt(payload.content_items, '')
  const act = actOf(name, payload.arguments)
  const end: End = {
    call: callIn(payload),
    name: toolName(name, payload.namespace),
    kind: act.kind,
    input: payload.arguments === undefined ? { value: null } : { at: `${at}/arguments` },
    target: act.target,
    failed: payload.success === false || statusFailed(payload.status),
    text: nonEmpty(payload.error) ?? content.texts.map(({ text }) => text).join('\n'),
    images: content.images,
  }
  return ended(end, memory)
}

// Asked of a client; what it answers comes as an end of its own.
export function dynamicRequest(payload: Json, at: string, memory: Memory): Said {
  const call = callIn(payload)
  if (call === null || wasTold(memory, call)) return { parts: [repeat()] }
  const name = nonEmpty(payload.tool) ?? 'unnamed'
  const act = actOf(name, payload.arguments)
  const input: ToolInput = payload.arguments === undefined ? { value: null } : { at: `${at}/arguments` }
  const part = callPart(toolName(name, payload.namespace), act.kind, call, input, act.target)
  return { parts: [part], changes: { seen: nowTold(memory, call), calls: withNote(memory, call, { asked: true }) } }
}

// Searches of newer versions, where nothing else tells of them.
export function extensionEnd(payload: Json, at: string, memory: Memory): Said {
  const results = Array.isArray(payload.results) ? payload.results : []
  const found = results.flatMap((result) => nonEmpty(jsonIn(result).url) ?? nonEmpty(jsonIn(result).title) ?? [])
  const end: End = {
    call: callIn(payload),
    name: nonEmpty(payload.kind) ?? 'extension',
    kind: isJson(payload.action) ? 'web' : 'other',
    input: payload.action === undefined ? { value: null } : { at: `${at}/action` },
    target: targetOf({ query: payload.query }) ?? targetOf(payload.action),
    failed: statusFailed(payload.status),
    text: found.join('\n'),
  }
  return ended(end, memory)
}

// Of calls that always have an item of their own: searching the web, pictures looked at or made.
export const hostedEnd = (): Said => ({ parts: [repeat()] })
