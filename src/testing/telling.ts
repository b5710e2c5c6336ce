// Lines and records as each agent writes them, invented, to be bent out of shape: what is only random seldom looks as much like the real thing.
import fc from 'fast-check'

export const TELLING: Readonly<Record<string, readonly string[]>> = {
  'claude-code': [
    '{"type":"assistant","uuid":"a","parentUuid":"b","timestamp":"2026-01-01T10:00:00.000Z","sessionId":"s","cwd":"/w","message":{"id":"m","model":"x","stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2,"cache_creation":{"ephemeral_1h_input_tokens":3}},"content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"so"},{"type":"tool_use","id":"t","name":"Bash","input":{"command":"ls"}}]}}',
    '{"type":"user","uuid":"c","message":{"content":[{"type":"tool_result","tool_use_id":"t","is_error":true,"content":[{"type":"text","text":"Exit code 1"},{"type":"image"}]},{"type":"text","text":"no"}]},"toolUseResult":{"agentId":"z","task":{"exitCode":1}}}',
    '{"type":"queue-operation","operation":"enqueue","content":"and the docs"}',
    '{"type":"attachment","attachment":{"type":"queued_command","prompt":[{"type":"text","text":"and the docs"}],"commandMode":"prompt","origin":{"kind":"human"}}}',
    '{"type":"system","subtype":"api_error","error":{"error":{"error":{"message":"busy"}}}}',
  ],
  pi: [
    '{"type":"session","version":3,"id":"s","timestamp":"2026-01-01T10:00:00.000Z","cwd":"/w","parentSession":"/p"}',
    '{"type":"message","id":"e","parentId":"d","timestamp":"2026-01-01T09:00:00.000Z","message":{"role":"assistant","model":"x","stopReason":"error","errorMessage":"busy","usage":{"input":1,"cost":{"total":0.01}},"content":[{"type":"thinking","thinking":"hm"},{"type":"toolCall","id":"t","name":"bash","arguments":{"command":"ls"}}]}}',
    '{"type":"message","id":"f","message":{"role":"toolResult","toolCallId":"t","isError":true,"content":[{"type":"text","text":"Command exited with code 2"}],"details":{"exitCode":2}}}',
    '{"type":"message","message":{"role":"bashExecution","command":"ls","output":"a","exitCode":0}}',
  ],
  openclaw: [
    '{"type":"session","version":3,"id":"s","timestamp":"2026-01-01T10:00:00.000Z","cwd":"/w"}',
    '{"type":"message","id":"e","parentId":"d","timestamp":"2026-01-01T09:00:00.000Z","message":{"role":"user","content":"System: [2026-01-01 10:00 UTC] Chat DM: hi\\n\\nConversation info (untrusted metadata):\\n```json\\n{}\\n```\\n\\nhi","provenance":{"kind":"inter_session"}}}',
    '{"type":"message","message":{"role":"assistant","provider":"openclaw","model":"delivery-mirror","content":[{"type":"text","text":"a"}],"timestamp":1767261600000}}',
    '{"type":"message","id":"f","message":{"role":"toolResult","toolCallId":"t","toolName":"sessions_spawn","content":"{}","details":{"status":"running","childSessionKey":"k","results":[{"usage":{"input":1}}],"summary":{"added":["a"]}}}}',
    '{"type":"custom","customType":"openclaw:prompt-error","data":{"error":"aborted"},"id":"g","parentId":"f"}',
  ],
  codex: [
    '{"timestamp":"2026-01-01T10:00:00.000Z","ordinal":0,"type":"session_meta","payload":{"id":"019b0000-0000-7000-8000-000000000002","timestamp":"2026-01-01T10:00:00.000Z","cwd":"/w","cli_version":"0.1","source":{"subagent":{"thread_spawn":{"parent_thread_id":"p","agent_role":"r"}}},"forked_from_id":"p","history_mode":"paginated","subagent_history_start_ordinal":3,"git":{"branch":"main"}}}',
    '{"type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"<user_shell_command><command>ls</command><result>Exit code: 1\\nOutput:\\nno</result></user_shell_command>"},{"type":"input_image","image_url":"x"}]}}',
    '{"type":"response_item","payload":{"type":"function_call","name":"shell","arguments":"{\\"command\\":[\\"bash\\",\\"-lc\\",\\"apply_patch *** Begin Patch\\\\n*** Add File: a\\\\n+b\\"]}","call_id":"c"}}',
    '{"type":"response_item","payload":{"type":"function_call_output","call_id":"c","output":"{\\"output\\":\\"ok\\",\\"metadata\\":{\\"exit_code\\":1}}"}}',
    '{"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":3,"cached_input_tokens":1,"output_tokens":1},"last_token_usage":{"input_tokens":3,"cached_input_tokens":1,"output_tokens":1}}}}',
    '{"type":"event_msg","payload":{"type":"item_completed","item":{"type":"CommandExecution","id":"x","command":["bash","-lc","ls"],"status":"failed","exit_code":1,"aggregated_output":"no"}}}',
    '{"type":"event_msg","payload":{"type":"mcp_tool_call_end","call_id":"m","invocation":{"server":"s","tool":"t","arguments":{"q":"x"}},"result":{"Ok":{"content":[{"type":"text","text":"a"}],"isError":false}}}}',
  ],
  gemini: [
    '{"sessionId":"s","projectHash":"h","startTime":"2026-01-01T10:00:00.000Z","kind":"main","directories":["/w"],"summary":"S","messages":[{"id":"0","type":"user","content":"hi"}]}',
    '{"id":"g","timestamp":"2026-01-01T10:00:01.000Z","type":"gemini","content":"so","thoughts":[{"subject":"Plan","description":"hm"}],"tokens":{"input":5,"output":1,"cached":2,"thoughts":1,"tool":1},"model":"x","toolCalls":[{"id":"t","name":"run_shell_command","args":{"command":"ls"},"result":[{"functionResponse":{"response":{"output":"no\\nExit Code: 1"}}}],"status":"success","resultDisplay":{"fileDiff":"+a","filePath":"/a","diffStat":{"model_added_lines":1}}}]}',
    '{"$set":{"messages":[{"id":"u","type":"user","content":[{"text":"<state_snapshot>x</state_snapshot>"}]},{"id":"g","type":"gemini","content":"so"}],"lastUpdated":"2026-01-01T10:00:02.000Z"}}',
    '{"$rewindTo":"u"}',
  ],
  hermes: [
    '{"role":"session_meta","model":"m","platform":"telegram","timestamp":"2026-01-01T10:00:00.123456","tools":[]}',
    '{"role":"user","content":"look at this","timestamp":"2026-01-01T10:00:01.5"}',
    '{"role":"assistant","content":"so","reasoning":"hm","finish_reason":"tool_calls","timestamp":"2026-01-01T10:00:02.25","tool_calls":[{"id":"c","type":"function","function":{"name":"terminal","arguments":"{\\"command\\":\\"ls\\"}"}}]}',
    '{"role":"tool","name":"terminal","tool_call_id":"c","content":"{\\"output\\":\\"a\\",\\"exit_code\\":1,\\"error\\":null}","timestamp":"2026-01-01T10:00:03"}',
  ],
  example: [
    '{"example":1,"session":"s","cwd":"/w","at":"2026-01-01T10:00:00Z"}',
    '{"id":"1","at":"2026-01-01T10:00:00Z","kind":"call","call":"c","tool":"Shell","does":"run","input":{"command":"ls"},"tokens":{"input":1,"cacheWrite":{"hour1":2}}}',
  ],
}

export const TELLING_RECORDS: readonly object[] = [
  {
    id: 1,
    session_id: 's',
    role: 'user',
    content: '\u0000json:[{"type":"text","text":"hi"}]',
    timestamp: 1_780_000_000.5,
  },
  {
    id: 2,
    session_id: 's',
    role: 'assistant',
    content: 'so',
    tool_calls: '[{"name":"patch","arguments":"{}"}]',
    active: 0,
  },
  { id: 3, session_id: 's', role: 'tool', content: '{"error":"no","exit_code":2,"diff":"--- a/x\\n+++ b/x\\n+y"}' },
  { id: 's', source: 'cli', model: 'm', started_at: 1_780_000_000, cwd: '/w', title: 't' },
]

// Words that decide what a line is, so that random records are not all unknown ones.
const WORDS = [
  'user assistant system attachment progress queue-operation summary file-history-snapshot message session header entry record',
  'compaction custom_message usage ask say call result text thinking tool_use tool_result toolCall toolResult bashExecution',
  'enqueue dequeue remove queued_command hook_success turn_duration api_error local_command image error stop true',
  'session_meta turn_context response_item event_msg function_call function_call_output token_count item_completed gemini cancelled',
]
  .join(' ')
  .split(' ')
const KEYS = [
  'type subtype kind role content text thinking message attachment operation prompt timestamp at uuid id parentUuid sessionId session cwd',
  'agentId isSidechain isMeta isCompactSummary isApiErrorMessage toolUseResult usage input arguments name model origin data snapshot',
  'stop_reason stopReason errorMessage command output exitCode example tokens tool title summary tool_use_id cost total note error',
  'payload call_id turn_id item changes info last_token_usage thoughts toolCalls args result status messages $set $rewindTo',
]
  .join(' ')
  .split(' ')

const leaf = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.string(),
  fc.constantFrom(
    '2026-01-01T10:00:00.000Z',
    '2026-02-31T10:00:00Z',
    '2026-01-01T10:00:00+02:00',
    '2026-01-01T10:00:00',
    'x'.repeat(400),
  ),
  fc.constantFrom(
    '<command-name>/a</command-name>',
    '<system-reminder>x</system-reminder>',
    '[Request interrupted by user]',
  ),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
)
export const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
  anything: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('anything'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('anything'), { maxKeys: 7 }),
  ),
}))
export const record = fc.dictionary(fc.constantFrom(...KEYS), anything, { minKeys: 1, maxKeys: 9 })

// The same value with one thing in it replaced: the one the number leads to.
export function bent(value: unknown, at: number, by: unknown): unknown {
  if (typeof value !== 'object' || value === null) return by ?? null
  const keys = Object.keys(value)
  if (keys.length === 0) return by ?? null
  const key = keys[at % keys.length]!
  const inner = bent((value as Record<string, unknown>)[key], Math.floor(at / 3), by)
  return Array.isArray(value) ? value.map((item, i) => (String(i) === key ? inner : item)) : { ...value, [key]: inner }
}
