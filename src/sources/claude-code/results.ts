// Tool results: what the tool answered, and what `toolUseResult` beside it records that the answer does not say.
import type { FileChange, Payload } from '../../event/payload.ts'
import type { Part } from '../source.ts'
import { isJson, type Json, jsonIn, NOTHING, nonEmpty, saying, type Writable } from '../values.ts'
import { type Block, blocksIn, imagesIn, textOfBlocks } from './blocks.ts'
import { shownIn } from './shown.ts'

type Result = Writable<NonNullable<Payload['result']>>

// `record` is the line, when its `toolUseResult` speaks of this result alone; a server's own tools leave results without one
// among the assistant's blocks.
export function resultPart({ value, pointer }: Block, record: Json | null, carries: boolean): Part {
  const blocks = blocksIn(value.content, `${pointer}/content`) ?? []
  const whole = textOfBlocks(blocks)
  const part = saying('message.user.tool_result', whole.text, whole.pointer, carries)
  const payload: Writable<Payload> = part.payload
  const failed = value.is_error === true
  const result: Result = { call: nonEmpty(value.tool_use_id) ?? null, failed }
  const line = record ?? NOTHING
  const recorded = isJson(line.toolUseResult) ? line.toolUseResult : NOTHING
  const exit = exitOf(whole.text, failed, recorded)
  if (exit !== undefined) result.exit = exit
  if (failed || line.toolDenialKind !== undefined) ending(result, whole.text, line)
  if (recorded === NOTHING) saidOfAgent(result, blocks, Array.isArray(value.content))
  else recordedIn(result, payload, recorded)
  const shows = carries ? shownIn(recorded) : undefined
  if (shows !== undefined) result.shows = shows
  payload.result = result
  const images = imagesIn(blocks)
  if (images > 0) payload.images = images
  return part
}

const EXIT = /^(?:Error: )?Exit code (\d{1,3})\b/

// Only where it was written down: a success leaves no code, and a search that finds nothing is a success with one.
function exitOf(text: string, failed: boolean, recorded: Json): number | undefined {
  if (failed) {
    const code = EXIT.exec(text)?.[1]
    if (code !== undefined) return Number(code)
  }
  const code = recorded.exitCode ?? jsonIn(recorded.task).exitCode
  return typeof code === 'number' && Number.isInteger(code) ? code : undefined
}

const REFUSALS = [
  "The user doesn't want to proceed with this tool use.",
  "The user doesn't want to take this action right now.",
  'Permission for this tool use was denied. The tool use was rejected',
  'The agent proposed a plan that was rejected by the user.',
]
const SAID = ['he user said:\n', 'provided the following reason for the rejection:']
const AFTERWORD = '\n\nNote: The user'
const INTERRUPTED = '[Request interrupted by user'

// A refusal by rule or by a classifier is a failure like any other; `refused` is a person's no.
function ending(result: Result, text: string, line: Json): void {
  const denial = line.toolDenialKind
  if (denial === 'interrupted' || denial === 'cancelled' || text.startsWith(INTERRUPTED)) result.interrupted = true
  const refused =
    denial === 'user-rejected' ||
    line.toolUseResult === 'User rejected tool use' ||
    REFUSALS.some((opening) => text.startsWith(opening))
  if (!refused) return
  result.refused = true
  const feedback = nonEmpty(line.userFeedback) ?? saidIn(text)
  if (feedback !== undefined) result.feedback = feedback
}

// What the person typed with their no stands at the end of the tool's answer.
function saidIn(text: string): string | undefined {
  for (const mark of SAID) {
    const at = text.indexOf(mark)
    if (at < 0) continue
    const words = text.slice(at + mark.length)
    const end = words.indexOf(AFTERWORD)
    return nonEmpty((end < 0 ? words : words.slice(0, end)).trim())
  }
  return undefined
}

function recordedIn(result: Result, payload: Writable<Payload>, recorded: Json): void {
  if (recorded.interrupted === true || recorded.wasInterrupted === true) result.interrupted = true
  if (
    recorded.isAsync === true ||
    recorded.status === 'async_launched' ||
    nonEmpty(recorded.backgroundTaskId) !== undefined
  )
    result.background = true
  const agentId = nonEmpty(recorded.agentId)
  if (agentId !== undefined) result.agentId = agentId
  const run = nonEmpty(recorded.runId)
  if (run !== undefined) result.run = run
  const agentType = nonEmpty(recorded.agentType)
  if (agentType !== undefined) payload.agentType = agentType
  const change = changeIn(recorded)
  if (change !== undefined) result.files = [change]
}

const LAUNCHED = 'Async agent launched successfully.'
const IN_BACKGROUND = 'Command running in background with ID:'
const AGENT_ID = /(?:^|\n)agentId: ([\w-]{4,80}) \(/

// Subagents' own files have no toolUseResult: what it would say of a subagent stands in a text of its own, in a list of texts. A command
// puts out one text, in which anything may stand.
function saidOfAgent(result: Result, blocks: readonly Block[], isList: boolean): void {
  for (const { text } of blocks) {
    if (text === undefined) continue
    const isLaunched = text.startsWith(LAUNCHED)
    if (isLaunched || text.startsWith(IN_BACKGROUND)) result.background = true
    if (!isList || (!isLaunched && !text.startsWith('agentId: '))) continue
    const agentId = AGENT_ID.exec(text.slice(0, 400))?.[1]
    if (agentId !== undefined) result.agentId = agentId
  }
}

// What Edit, MultiEdit, Write and NotebookEdit did to their file.
function changeIn(recorded: Json): FileChange | undefined {
  const notebook = nonEmpty(recorded.notebook_path)
  if (notebook !== undefined) return notebookChange(notebook, recorded)
  const path = nonEmpty(recorded.filePath)
  if (path === undefined || !Array.isArray(recorded.structuredPatch)) return undefined
  const created = textOfNew(recorded)
  if (created !== undefined) return { path, change: 'created', added: linesIn(created), removed: 0 }
  if (recorded.structuredPatch.length === 0) return { path, change: 'modified' }
  return { path, change: 'modified', ...countPatch(recorded.structuredPatch) }
}

// The text of a file that was not there before.
function textOfNew(recorded: Json): string | undefined {
  if (recorded.type === 'create') return typeof recorded.content === 'string' ? recorded.content : ''
  const was = recorded.originalFile ?? recorded.originalFileContents
  if (nonEmpty(was) !== undefined) return undefined
  // An edit of nothing into something, where there was nothing. MultiEdit names the same in a list.
  const edit = Array.isArray(recorded.edits) ? jsonIn(recorded.edits[0]) : recorded
  if ((edit.oldString ?? edit.old_string) !== '') return undefined
  const text = edit.newString ?? edit.new_string
  return typeof text === 'string' ? text : undefined
}

function notebookChange(path: string, recorded: Json): FileChange | undefined {
  if (nonEmpty(recorded.error) !== undefined) return undefined
  const isNew = recorded.edit_mode === 'insert' && typeof recorded.new_source === 'string'
  return isNew
    ? { path, change: 'modified', added: linesIn(recorded.new_source as string), removed: 0 }
    : { path, change: 'modified' }
}

const PLUS = 43
const MINUS = 45

function countPatch(hunks: readonly unknown[]): { readonly added: number; readonly removed: number } {
  let added = 0
  let removed = 0
  for (const hunk of hunks) {
    const lines = jsonIn(hunk).lines
    if (!Array.isArray(lines)) continue
    for (const line of lines) {
      if (typeof line !== 'string') continue
      const first = line.charCodeAt(0)
      if (first === PLUS) added++
      else if (first === MINUS) removed++
    }
  }
  return { added, removed }
}

// As an editor counts them: an end of line at the end begins no other.
function linesIn(text: string): number {
  if (text === '') return 0
  let lines = text.endsWith('\n') ? 0 : 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  return lines
}
