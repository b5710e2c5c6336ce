// Every kind of line that Claude Code was seen to write (0.2 to 2.1), by its own name, and what becomes of it: read down the table.
// On real transcripts: every kind found there stands in the table, and what passes through as `other.*` is known line by line.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { jsonIn } from '../values.ts'
import { claudeCode } from './source.ts'

// [its own name, a line of it without its type, the events it becomes; in brackets which kind of injected text]
const said = (content: unknown, more: object = {}) => ({ message: { content }, ...more })
const INJECTED = 'message.user.injected'
const census: readonly (readonly [string, object, string])[] = [
  ['user', said('fix it'), 'message.user.prompt'],
  ['user', said([{ type: 'tool_result', content: 'ok' }]), 'message.user.tool_result'],
  ['user', said('x', { isMeta: true }), `${INJECTED} (meta)`],
  ['user', said('x', { isCompactSummary: true }), `${INJECTED} (compact_summary)`],
  ['user', said('x', { turnCompanion: true }), `${INJECTED} (turn_companion)`],
  ['assistant', said([{ type: 'text', text: 'so' }]), 'message.assistant.text'],
  ['assistant', said([{ type: 'thinking', thinking: 'hm' }]), 'message.assistant.thinking'],
  ['assistant', said([{ type: 'redacted_thinking', data: 'x' }]), 'message.assistant.thinking'],
  ['assistant', said([{ type: 'tool_use', name: 'Read' }]), 'message.assistant.tool_use'],
  ['assistant', said([{ type: 'server_tool_use', name: 'web_search' }]), 'message.assistant.tool_use'],
  ['assistant', said([{ type: 'web_search_tool_result', content: [] }]), 'message.user.tool_result'],
  ['assistant', said([{ type: 'fallback', to: { model: 'm' } }]), 'system.model_change'],
  ['assistant', said([{ type: 'text', text: 'API Error' }], { isApiErrorMessage: true }), 'system.error'],

  ['system', { content: 'Running \u001b[1mPostToolUse:Edit\u001b[22m...' }, 'system.hook'],
  ['system', { content: 'something else' }, 'system.notice'],
  ['system/api_error', {}, 'system.error'],
  ['system/api_refusal', {}, 'system.error'],
  ['system/error', {}, 'system.error'],
  ['system/away_summary', { content: 'x' }, 'system.notice'],
  ['system/bridge_status', { url: 'https://x.test' }, 'system.link'],
  ['system/compact_boundary', {}, 'system.compact'],
  ['system/microcompact_boundary', {}, 'system.notice'],
  ['system/informational', {}, 'system.notice'],
  ['system/local_command', { content: '<command-name>/mcp</command-name>' }, 'system.local_command'],
  ['system/model_refusal_fallback', { fallbackModel: 'm' }, 'system.model_change'],
  ['system/session_start', {}, 'system.session_start'],
  ['system/session_end', {}, 'system.session_end'],
  ['system/stop_hook_summary', {}, 'system.hook'],
  ['system/turn_duration', { durationMs: 5 }, 'system.turn_complete'],
  ['system/agents_killed', {}, 'system.notice'],
  ['system/file_snapshot', {}, 'file.snapshot'],
  ['system/task_notification', {}, 'progress.agent'],

  ['progress/bash_progress', { data: { output: 'x' } }, 'progress.command'],
  ['progress/powershell_progress', { data: {} }, 'progress.command'],
  ['progress/agent_progress', { data: { agentId: 'a1' } }, 'progress.agent'],
  ['progress/hook_progress', { data: {} }, 'progress.hook'],
  ['progress/mcp_progress', { data: {} }, 'progress.other'],
  ['progress/query_update', { data: {} }, 'progress.other'],
  ['progress/search_results_received', { data: {} }, 'progress.other'],
  ['progress/waiting_for_task', { data: {} }, 'progress.other'],

  ['queue-operation/enqueue', { content: 'x' }, 'queue.enqueue'],
  ['queue-operation/dequeue', {}, 'queue.dequeue'],
  ['queue-operation/remove', {}, 'queue.remove'],
  ['queue-operation/popAll', {}, 'queue.remove'],

  ['attachment/queued_command', { attachment: { prompt: 'and this' } }, 'message.user.prompt'],
  ['attachment/queued_command', { attachment: { prompt: 'npm test', commandMode: 'bash' } }, 'message.user.prompt'],
  [
    'attachment/queued_command',
    { attachment: { prompt: 'x', commandMode: 'task-notification' } },
    `${INJECTED} (task_notification)`,
  ],
  ['attachment/queued_command', { attachment: { prompt: 'x', origin: { kind: 'peer' } } }, `${INJECTED} (peer)`],
  ...'async_hook_response hook_additional_context hook_blocking_error hook_cancelled hook_non_blocking_error hook_success hook_system_message'
    .split(' ')
    .map((type) => [`attachment/${type}`, {}, 'system.hook'] as const),
  // Put before the model, seldom before the person.
  ...[
    'agent_listing_delta auto_mode batching_reminder_sent budget_usd command_permissions compact_file_reference date date_change',
    'deferred_tools_delta diagnostics directory dynamic_skill edited_text_file environment file goal_status instructions invoked_skills',
    'mcp_instructions_delta model nested_memory opened_file_in_ide plan_mode plan_mode_exit prompt_snapshot read_truncation_notice',
    'remote_session_change selected_lines_in_ide session_context silent_turn_reminder skill_listing structured_output task_reminder',
    'task_status todo_reminder total_tokens_reminder ultra_effort_enter ultra_effort_exit',
  ]
    .flatMap((names) => names.split(' '))
    .map((type) => [`attachment/${type}`, {}, `${INJECTED} (${type})`] as const),

  ['ai-title', { aiTitle: 'x' }, 'system.title (agent)'],
  ['custom-title', { customTitle: 'x' }, 'system.title'],
  ['summary', { summary: 'x', leafUuid: 'l' }, 'system.notice (summary)'],
  ['agent-name', { agentName: 'x' }, 'system.notice (agent_name)'],
  ['agent-color', { agentColor: 'x' }, 'system.notice (agent_color)'],
  ['agent-setting', { agentSetting: 'x' }, 'system.notice (agent_setting)'],
  ['tag', { tag: 'x' }, 'system.notice (tag)'],
  ['mode', { mode: 'normal' }, 'system.mode_change'],
  ['permission-mode', { permissionMode: 'plan' }, 'system.mode_change'],
  ['pr-link', { prUrl: 'https://x.test' }, 'system.link'],
  ['frame-link', { frameUrl: 'https://x.test' }, 'system.link'],
  ['relocated', { relocatedCwd: '/w' }, 'system.notice (relocated)'],
  ['worktree-state', {}, 'system.notice (worktree_state)'],
  ['bridge-session', { bridgeSessionId: 'x' }, 'system.notice (bridge_session)'],
  ['atis-latch', { atis: '' }, 'system.notice (atis_latch)'],
  ['isolation-latch', {}, 'system.notice (isolation_latch)'],
  ['artifact-comment-monitor', {}, 'system.notice (artifact_comment_monitor)'],
  ['artifact-autoreact-ledger', {}, 'system.notice (artifact_autoreact_ledger)'],
  ['last-prompt', { lastPrompt: 'x' }, 'system.repeat'],
  ['cost-state', { totalCostUSD: 1 }, 'system.repeat'],
  ['content-replacement', {}, 'system.repeat'],
  ['ended', {}, 'system.session_end'],
  ['file-history-snapshot', { snapshot: {} }, 'file.snapshot'],
  ['file-history-delta', { trackingPath: 'a' }, 'file.snapshot'],
  ['attribution-snapshot', {}, 'file.snapshot'],
  ['launched', {}, 'progress.agent'],
  ['started', { agentId: 'a1' }, 'progress.agent'],
  ['result', { agentId: 'a1', result: 'x' }, 'progress.agent'],
]

// A line of this name, as Claude Code would write it.
function lineOf(name: string, more: object): object {
  const [type, sub] = name.split('/')
  if (type === 'attachment')
    return { ...more, type, attachment: { type: sub, ...(more as { attachment?: object }).attachment } }
  if (type === 'progress') return { ...more, type, data: { type: sub, ...(more as { data?: object }).data } }
  if (type === 'queue-operation') return { ...more, type, operation: sub }
  return sub === undefined ? { ...more, type } : { ...more, type, subtype: sub }
}

function nameOf(value: unknown): string {
  const { type, subtype, attachment, data, operation } = jsonIn(value)
  const inner = new Map([
    ['system', subtype],
    ['attachment', jsonIn(attachment).type],
    ['progress', jsonIn(data).type],
    ['queue-operation', operation],
  ]).get(String(type))
  return inner === undefined ? String(type) : `${type}/${inner}`
}

for (const [name, more, expected] of census)
  test(`${name} → ${expected}`, () => {
    const value = lineOf(name, more)
    const file = { root: '/root', path: 'p/s.jsonl' }
    const line = { text: JSON.stringify(value), value, bytes: new Uint8Array(), damage: null }
    const { parts } = claudeCode.translate(line, file, claudeCode.owner(file)!.memory)
    const told = parts.map(({ kind, payload }) =>
      payload.injected === undefined ? kind : `${kind} (${payload.injected})`,
    )
    assert.deepEqual(told, [expected])
  })

const ROOT = join(process.env.OPENSTORY_SHARED ?? '../shared', 'corpus/claude')
const skip = existsSync(ROOT) ? false : `SKIPPED: no real transcripts at ${ROOT} (set OPENSTORY_SHARED)`

// Written by people who test their readers, not by Claude Code.
const NOT_CLAUDE_CODES = new Set([
  'completely_unknown',
  'io.arc.event',
  'progress/new_future_type',
  'queue-operation',
  'tool_result',
  'tool_use',
  'undefined',
])

test('real transcripts hold no kind of line that is not in the table, and none of the table’s passes through unknown', {
  skip,
}, () => {
  const known = new Set(census.map(([name]) => name))
  const unknown = new Map<string, number>()
  for (const path of readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((each) =>
    each.endsWith('.jsonl'),
  )) {
    const file = { root: ROOT, path }
    let memory = claudeCode.owner(file)!.memory
    for (const text of readFileSync(join(ROOT, path), 'utf8').split('\n')) {
      let value: unknown
      try {
        value = JSON.parse(text)
      } catch {
        continue // blank, torn or damaged: told elsewhere
      }
      const meaning = claudeCode.translate({ text, value, bytes: new Uint8Array(), damage: null }, file, memory)
      memory = meaning.memory
      const name = nameOf(value)
      assert.ok(known.has(name) || NOT_CLAUDE_CODES.has(name), `${path}: ${name}`)
      for (const { kind } of meaning.parts)
        if (kind.startsWith('other.')) unknown.set(kind, (unknown.get(kind) ?? 0) + 1)
    }
  }
  assert.deepEqual(Object.fromEntries([...unknown].sort()), {
    'other.assistant': 2, // without a message, as the next
    'other.completely_unknown': 1,
    'other.io.arc.event': 8,
    'other.queue-operation.unnamed': 1,
    'other.tool_result': 1,
    'other.tool_use': 1,
    'other.untyped': 2,
    'other.user': 4,
  })
})
