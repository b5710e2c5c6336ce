// Lines of type `system` and `progress`: what happened around the conversation.
import type { Payload } from '../../event/payload.ts'
import { type KnownKind, otherKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { countIn, type Json, jsonIn, lineOf, nonEmpty, saying, type Writable } from '../values.ts'
import { accountFor } from './accounts.ts'
import { modelChange } from './assistant-lines.ts'
import { slashCommand } from './prompts.ts'

const KINDS: ReadonlyMap<string, KnownKind> = new Map<string, KnownKind>([
  ['turn_duration', 'system.turn_complete'],
  ['compact_boundary', 'system.compact'],
  ['microcompact_boundary', 'system.notice'], // old tool results left the context; the conversation goes on as it was
  ['stop_hook_summary', 'system.hook'],
  ['local_command', 'system.local_command'],
  ['session_start', 'system.session_start'],
  ['session_end', 'system.session_end'],
  ['api_error', 'system.error'],
  ['api_refusal', 'system.error'],
  ['error', 'system.error'],
  ['model_refusal_fallback', 'system.model_change'],
  ['model_change', 'system.model_change'],
  ['bridge_status', 'system.link'],
  ['informational', 'system.notice'],
  ['away_summary', 'system.notice'],
  ['agents_killed', 'system.notice'],
  ['post_turn_summary', 'system.notice'],
  ['file_snapshot', 'file.snapshot'],
  ['vcs_state_changed', 'system.notice'],
  ['code_change_published', 'system.notice'],
  ['task_started', 'progress.agent'],
  ['task_progress', 'progress.agent'],
  ['task_updated', 'progress.agent'],
  ['task_notification', 'progress.agent'],
  ['hook_started', 'system.hook'],
  ['hook_progress', 'progress.hook'],
  ['hook_response', 'system.hook'],
  ['scheduled_task_fire', 'system.notice'],
  ['permission_retry', 'system.notice'],
])

export function systemPart(record: Json): Part {
  const subtype = nonEmpty(record.subtype)
  if (subtype === undefined) return plainSystem(record)
  const kind = KINDS.get(subtype) ?? otherKind(`system.${subtype}`)
  switch (subtype) {
    case 'turn_duration':
      return withDuration(saying(kind, undefined, null), record)
    case 'api_error':
    case 'api_refusal':
    case 'error':
      return errorPart(record)
    case 'stop_hook_summary':
      return saying(kind, hookSummary(record), null)
    case 'local_command':
      return localCommand(record)
    case 'compact_boundary':
      return compaction(record)
    case 'model_refusal_fallback':
    case 'model_change':
      return modelChange(nonEmpty(record.fallbackModel) ?? nonEmpty(record.model))
  }
  const part = saying(kind, nonEmpty(record.content), '/content')
  const url = nonEmpty(record.url)
  if (url !== undefined) (part.payload as Writable<Payload>).url = url
  return part
}

// Before they had subtypes these lines told of hooks, and now and then of something else.
function plainSystem(record: Json): Part {
  const text = nonEmpty(record.content)
  const isHook = text !== undefined && HOOK_EVENT.test(text.slice(0, 120))
  return saying(isHook ? 'system.hook' : 'system.notice', text, '/content')
}
const HOOK_EVENT = // perhaps in bold, as a terminal has it
  /(?:\b|\[1m)(?:PreToolUse|PostToolUse|UserPromptSubmit|SessionStart|SessionEnd|SubagentStop|Stop|Notification|PreCompact)\b/

function withDuration(part: Part, record: Json): Part {
  const durationMs = countIn(record.durationMs)
  if (durationMs > 0) (part.payload as Writable<Payload>).durationMs = durationMs
  return part
}

// The chain of lines begins anew behind it; where it went on from has a field of its own.
function compaction(record: Json): Part {
  const part = withDuration(
    saying('system.compact', nonEmpty(record.content), '/content'),
    jsonIn(record.compactMetadata),
  )
  const parent = nonEmpty(record.logicalParentUuid)
  if (parent !== undefined) (part.payload as Writable<Payload>).nativeParent = parent
  return part
}

function errorPart(record: Json): Part {
  const error = jsonIn(record.error)
  const inner = jsonIn(jsonIn(error.error).error)
  const cause = jsonIn(error.cause)
  const said =
    nonEmpty(record.apiRefusalExplanation) ??
    nonEmpty(inner.message) ??
    nonEmpty(error.message) ??
    nonEmpty(error.formatted) ??
    nonEmpty(record.error) ??
    nonEmpty(record.content) ??
    nonEmpty(cause.code) ??
    nonEmpty(jsonIn(record.cause).code)
  const status = typeof error.status === 'number' ? `HTTP ${error.status}` : undefined
  return saying('system.error', said ?? status, null)
}

function hookSummary(record: Json): string | undefined {
  const errors = Array.isArray(record.hookErrors) ? record.hookErrors.filter((each) => typeof each === 'string') : []
  const infos: readonly unknown[] = Array.isArray(record.hookInfos) ? record.hookInfos : []
  const commands = infos.slice(0, 8).flatMap((info) => nonEmpty(jsonIn(info).command) ?? [])
  const said = [nonEmpty(record.stopReason), ...errors.slice(0, 4), ...commands].filter((each) => each !== undefined)
  return said.length === 0 ? undefined : lineOf(said.join(' · '))
}

function localCommand(record: Json): Part {
  const text = nonEmpty(record.content)
  const typed = text === undefined ? null : slashCommand(text)
  return typed === null ? saying('system.local_command', text, '/content') : saying('system.local_command', typed, null)
}

const PROGRESS: ReadonlyMap<string, KnownKind> = new Map<string, KnownKind>([
  ['bash_progress', 'progress.command'],
  ['powershell_progress', 'progress.command'],
  ['agent_progress', 'progress.agent'],
  ['hook_progress', 'progress.hook'],
])

export function progressPart(record: Json): Part {
  const data = jsonIn(record.data)
  const kind = PROGRESS.get(nonEmpty(data.type) ?? '') ?? 'progress.other'
  if (kind === 'progress.command') return saying(kind, nonEmpty(data.output), '/data/output')
  if (kind === 'progress.agent') {
    const part = saying(kind, nonEmpty(data.prompt), '/data/prompt')
    const call = nonEmpty(record.parentToolUseID)
    if (call !== undefined) (part.payload as Writable<Payload>).parentCall = call
    // What the subagent said stands in it whole. Where its own file is gone this is all there is of what it cost.
    const said = jsonIn(data.message)
    if (nonEmpty(data.agentId) !== undefined)
      accountFor(part.payload, said, jsonIn(said.message), said.version ?? record.version)
    return part
  }
  const said = [
    data.hookName,
    data.command,
    data.serverName,
    data.toolName,
    data.status,
    data.query,
    data.taskDescription,
  ]
  const words = said.filter((each) => typeof each === 'string' && each !== '').join(' ')
  return saying(kind, lineOf(words), null)
}
