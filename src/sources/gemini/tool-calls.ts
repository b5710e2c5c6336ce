// Tool calls: one record inside the model's message holds the call and, once there is one, its result.
import type { FileChange, Payload, ToolResult, ToolUse } from '../../event/payload.ts'
import type { Part } from '../source.ts'
import { countIn, isJson, type Json, jsonIn, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import { toolKind, toolTarget } from './tools.ts'

// Empty statuses come from versions that recorded a call only when it was over.
export function isOver(call: Json): boolean {
  const status = nonEmpty(call.status)
  if (status === undefined) return call.result !== undefined && call.result !== null
  return !['validating', 'scheduled', 'awaiting_approval', 'executing', 'pending'].includes(status)
}

export const callIdOf = (call: Json, i: number): string => nonEmpty(call.id) ?? `call ${i}`

export function callPart(call: Json, id: string, pointer: string, carries: boolean): Part {
  const name = nonEmpty(call.name) ?? 'unnamed'
  const agentId = nonEmpty(call.agentId)
  const payload = newPayload()
  const tool: Writable<ToolUse> = {
    name,
    kind: agentId === undefined ? toolKind(name) : 'delegate',
    call: id,
    input: carries && call.args !== undefined ? { at: `${pointer}/args` } : { value: call.args ?? null },
  }
  const target = toolTarget(call.args)
  if (target !== undefined) tool.target = target
  payload.tool = tool
  if (tool.kind === 'delegate') payload.agentType = nonEmpty(jsonIn(call.args).agent_name) ?? name
  return { kind: 'message.assistant.tool_use', payload }
}

export function resultPart(call: Json, id: string, pointer: string, carries: boolean): Part {
  const answer = answerIn(call, pointer)
  const part = saying('message.user.tool_result', answer.text, answer.pointer, carries)
  const payload: Writable<Payload> = part.payload
  if (answer.images > 0) payload.images = answer.images
  const exit = toolKind(nonEmpty(call.name) ?? '') === 'run' ? exitIn(answer.text) : undefined
  const cancelled = call.status === 'cancelled'
  const failed = cancelled || call.status === 'error' || (exit !== undefined && exit !== 0)
  const result: Writable<ToolResult> = { call: id, failed }
  if (exit !== undefined) result.exit = exit
  if (cancelled && isRefusal(answer.text)) result.refused = true
  else if (cancelled) result.interrupted = true
  const agentId = nonEmpty(call.agentId)
  if (agentId !== undefined) result.agentId = agentId
  const file = failed ? undefined : fileIn(call)
  if (file !== undefined) result.files = [file]
  payload.result = result
  return part
}

interface Answer {
  readonly text: string
  readonly pointer: string | null // null: it stands nowhere as one text
  readonly images: number
}

// `result` is a list of parts, the first a function response with an output or an error; in other hands' versions a text.
function answerIn(call: Json, pointer: string): Answer {
  const { result } = call
  if (typeof result === 'string') return { text: result, pointer: `${pointer}/result`, images: 0 }
  const parts: readonly unknown[] = Array.isArray(result) ? result : []
  const texts: { text: string; pointer: string }[] = []
  let images = 0
  for (const [i, part] of parts.entries()) {
    if (typeof part === 'string') texts.push({ text: part, pointer: `${pointer}/result/${i}` })
    if (!isJson(part)) continue
    if (isJson(part.inlineData) || isJson(part.fileData)) images++
    const own = nonEmpty(part.text)
    if (own !== undefined) texts.push({ text: own, pointer: `${pointer}/result/${i}/text` })
    const response = jsonIn(jsonIn(part.functionResponse).response)
    for (const key of ['output', 'error'] as const) {
      const said = nonEmpty(response[key])
      if (said !== undefined)
        texts.push({ text: said, pointer: `${pointer}/result/${i}/functionResponse/response/${key}` })
    }
  }
  if (texts.length === 0)
    return { text: nonEmpty(call.resultDisplay) ?? '', pointer: `${pointer}/resultDisplay`, images }
  if (texts.length === 1) return { ...texts[0]!, images }
  return { text: texts.map((each) => each.text).join('\n'), pointer: null, images }
}

const EXIT = 'Exit Code: '

// The shell tool writes the code of a command behind its output, on a line of its own.
function exitIn(text: string): number | undefined {
  const tail = text.slice(-2_000)
  const at = tail.lastIndexOf(EXIT)
  if (at < 0 || (at > 0 && !/[\nn]/.test(tail[at - 1]!))) return undefined
  const code = Number.parseInt(tail.slice(at + EXIT.length), 10)
  return Number.isInteger(code) ? code : undefined
}

// `[Operation Cancelled] Reason: User denied execution.`, `User did not allow tool call`: no interruption, but a no.
const isRefusal = (text: string): boolean => /\b(?:denied|did not allow|declined|rejected)\b/i.test(text.slice(0, 400))

// What an edit's result shows to its person holds the difference and how long it is.
function fileIn(call: Json): FileChange | undefined {
  const shown = jsonIn(call.resultDisplay)
  const path = nonEmpty(jsonIn(call.args).file_path) ?? nonEmpty(shown.filePath) ?? nonEmpty(shown.fileName)
  if (path === undefined || typeof shown.fileDiff !== 'string') return undefined
  const isNew = shown.isNewFile === true || shown.originalContent === null || shown.originalContent === ''
  const stat = jsonIn(shown.diffStat)
  const counted = isJson(shown.diffStat)
    ? {
        added: countIn(stat.model_added_lines) + countIn(stat.user_added_lines),
        removed: countIn(stat.model_removed_lines) + countIn(stat.user_removed_lines),
      }
    : linesIn(shown.fileDiff)
  return { path, change: isNew ? 'created' : 'modified', ...counted }
}

function linesIn(diff: string): { readonly added: number; readonly removed: number } {
  let added = 0
  let removed = 0
  for (const line of diff.split('\n')) {
    if (line.startsWith('+') && !line.startsWith('+++ ')) added++
    else if (line.startsWith('-') && !line.startsWith('--- ')) removed++
  }
  return { added, removed }
}
