// What a tool gave back. pi keeps what the text does not say in `details`, each tool in its own way.
import type { Payload, ToolResult } from '../../event/payload.ts'
import { countIn, isJson, type Json, jsonIn, nonEmpty, type Writable } from '../values.ts'
import { afterResult } from './files.ts'
import type { Memory } from './memory.ts'
import { type Meant, spoken } from './messages.ts'
import { account, helperUsage } from './usage.ts'

export function resultParts(message: Json, at: string, memory: Memory): Meant {
  const part = spoken('message.user.tool_result', message, at)
  const payload: Writable<Payload> = part.payload
  const details = jsonIn(message.details)
  const ending = endingOf(message)
  const exit = exitOf(details, ending)
  // Some tools tell of their failure in the details only.
  const failed = message.isError === true || FAILED.has(String(details.status)) || (exit !== undefined && exit !== 0)
  const { files, memory: learnt } = afterResult(memory, message, failed)
  const result: Writable<ToolResult> = { call: nonEmpty(message.toolCallId) ?? null, failed }
  if (exit !== undefined) result.exit = exit
  if (failed && ending.endsWith('aborted')) result.interrupted = true
  if (details.status === 'running') result.background = true
  const child = childOf(message, details)
  if (child !== undefined) result.agentId = child
  if (files.length > 0) result.files = files
  // The diff names no file; the call did, and there is one.
  if (files.length === 1 && nonEmpty(details.diff) !== undefined)
    result.shows = { path: files[0]!.path, hunks: `${at}/details/diff` }
  payload.result = result
  const ms = countIn(details.durationMs)
  if (ms > 0) payload.durationMs = ms
  account(payload, message.usage, result.call)
  return { parts: [part, ...helperUsage(message)], learnt }
}

const FAILED: ReadonlySet<string> = new Set(['error', 'failed', 'forbidden'])

const ENDING_CHARS = 80

// The last words of what came back.
function endingOf(message: Json): string {
  const blocks: readonly unknown[] = Array.isArray(message.content) ? message.content : []
  const text = typeof message.content === 'string' ? message.content : nonEmpty(jsonIn(blocks.at(-1)).text)
  return text === undefined ? '' : text.slice(-ENDING_CHARS).trimEnd()
}

const EXITED = 'Command exited with code '

// pi ends the output of a failing command with its code.
function exitOf(details: Json, ending: string): number | undefined {
  const { exitCode } = details
  if (typeof exitCode === 'number' && Number.isInteger(exitCode)) return exitCode
  const at = ending.lastIndexOf(EXITED)
  const code = at < 0 ? Number.NaN : Number(ending.slice(at + EXITED.length))
  return Number.isInteger(code) && code > 0 && code < 256 ? code : undefined
}

// A session of its own that this call began, by its key. The child's own lines do not know the key, nor who began it: of transcripts in
// lines the link is the parent's word alone; where the database has windows, the child's key is told with it.
function childOf(message: Json, details: Json): string | undefined {
  const key = nonEmpty(details.childSessionKey)
  if (key !== undefined || message.toolName !== 'sessions_spawn') return key
  const blocks: readonly unknown[] = Array.isArray(message.content) ? message.content : []
  const text = typeof message.content === 'string' ? message.content : nonEmpty(jsonIn(blocks[0]).text)
  if (text === undefined) return undefined
  try {
    const told: unknown = JSON.parse(text)
    return isJson(told) ? nonEmpty(told.childSessionKey) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined // told in words
    throw error
  }
}
