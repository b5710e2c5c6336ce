// What Hermes' messages mean, as tables: who speaks under the user's name, and what came of a tool.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageParts } from './messages.ts'
import { whoSpeaks } from './prompts.ts'
import { outcomeOf } from './results.ts'

const PROMPT = 'message.user.prompt'
const INJECTED = 'message.user.injected'
const person = { source: 'cli', subagent: false }
const skill =
  '[IMPORTANT: The user has invoked the "review" skill, indicating they want you to follow its instructions.]\n\n# Review\nsteps'

const speakers: readonly (readonly [string, string, unknown, typeof person, object])[] = [
  ['a person', 'mend it', null, person, { kind: PROMPT }],
  [
    'a cut answer',
    '[System: Your previous response was truncated by …',
    null,
    person,
    { kind: INJECTED, injected: 'truncated' },
  ],
  [
    'the same, hidden',
    '[System: Your previous response was truncated',
    'hidden',
    person,
    { kind: INJECTED, injected: 'truncated' },
  ],
  ['scaffolding', 'go on', 'hidden', person, { kind: INJECTED, injected: 'hidden' }],
  ['a note', '[System note: it is late]', null, person, { kind: INJECTED, injected: 'system_note' }],
  [
    'a review of what was said',
    'Review the conversation above and consider saving',
    null,
    person,
    { kind: INJECTED, injected: 'review' },
  ],
  [
    'work that was handed on came back',
    'done',
    'async_delegation_complete',
    person,
    { kind: INJECTED, injected: 'async_delegation_complete' },
  ],
  ['another model', 'switched', 'model_switch', person, { kind: 'system.model_change' }],
  ['a compaction', '[CONTEXT COMPACTION — REFERENCE ONLY] so far', null, person, { kind: 'system.compact' }],
  [
    'a compaction, as it was written before',
    '[CONTEXT COMPACTION - REFERENCE ONLY] so far',
    null,
    person,
    { kind: 'system.compact' },
  ],
  [
    'a clock',
    '[IMPORTANT: You are running as a scheduled cron job. …',
    null,
    { ...person, source: 'cron' },
    { kind: INJECTED, injected: 'sdk' },
  ],
  [
    'a parent agent',
    'mend a.ts',
    null,
    { source: 'subagent', subagent: true },
    { kind: INJECTED, injected: 'delegated' },
  ],
  ['a skill', skill, null, person, { kind: PROMPT, command: 'slash', text: '/review' }],
  [
    'a skill with words of the person’s own',
    `${skill}\n\nThe user has provided the following instruction alongside the skill invocation: only a.ts\nand b.ts`,
    null,
    person,
    { kind: PROMPT, command: 'slash', text: '/review only a.ts\nand b.ts' },
  ],
  [
    'words behind a note',
    '[Note: model was just switched from a to b.]\n\nand now?',
    null,
    person,
    { kind: PROMPT, text: 'and now?' },
  ],
  ['a note alone', '[Note: model was just switched from a to b.]', null, person, { kind: 'system.model_change' }],
]
for (const [what, text, displayKind, asked, expected] of speakers)
  test(`who speaks: ${what}`, () => assert.deepEqual(whoSpeaks(text, displayKind, asked), expected))

const DIFF = '--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1,2 +1,2 @@\n-old\n+new\n+more\n same\n'
const results: readonly (readonly [string, unknown, object])[] = [
  ['text', 'fine', { failed: false }],
  ['text that begins as an error', 'Error: no such thing', { failed: true }],
  ['a traceback', 'Traceback (most recent call last):', { failed: true }],
  ['an exit code', '{"output":"","exit_code":2,"error":null}', { failed: true, exit: 2 }],
  ['a good end', '{"output":"a","exit_code":0,"error":null}', { failed: false, exit: 0 }],
  ['an error', '{"content":"","error":"File not found"}', { failed: true }],
  ['a state', '{"status":"timeout","output":""}', { failed: true }],
  [
    'a refusal',
    '{"exit_code":-1,"error":"BLOCKED: User denied it","status":"blocked"}',
    { failed: true, exit: -1, refused: true },
  ],
  ['work in the background', '{"status":"dispatched","delegation_id":"d"}', { failed: false, background: true }],
  [
    'a patch',
    JSON.stringify({ success: true, diff: DIFF, files_modified: ['src/a.ts'] }),
    { failed: false, files: [{ path: 'src/a.ts', change: 'modified', added: 2, removed: 1 }] },
  ],
  ['torn JSON', '{"output":', { failed: false }],
  ['nothing', null, { failed: false }],
]
for (const [what, content, expected] of results)
  test(`what came of a tool: ${what}`, () =>
    assert.deepEqual(outcomeOf(content, 'c').result, { call: 'c', ...expected }))

const around = { subagent: false, callPrefix: '7:' }
const kinds = (message: object) =>
  messageParts({ role: 'assistant', ...message }, around).map(({ kind, payload }) => [
    kind.split('.').at(-1),
    payload.stop,
  ])
const answers: readonly (readonly [string, object, readonly unknown[]])[] = [
  ['words', { content: 'so', finish_reason: 'stop' }, [['text', 'stop']]],
  [
    'nothing but thoughts',
    { content: '', reasoning: 'hm', finish_reason: 'stop' },
    [
      ['thinking', undefined],
      ['turn_complete', 'stop'],
    ],
  ],
  [
    'calls',
    { content: null, tool_calls: [{ name: 'a', arguments: '{}' }], finish_reason: 'tool_calls' },
    [['tool_use', 'tool_use']],
  ],
  ['cut off', { content: 'so', finish_reason: null }, [['text', undefined]]],
  ['blank thoughts', { content: 'so', reasoning: ' ', finish_reason: 'length' }, [['text', 'length']]],
]
for (const [what, message, expected] of answers)
  test(`an answer: ${what}`, () => assert.deepEqual(kinds(message), expected))

test('calls without an id get one of their place', () => {
  const [, second] = messageParts(
    { role: 'assistant', tool_calls: '[{"name":"a"},{"name":"b","arguments":"not JSON"}]' },
    around,
  )
  assert.deepEqual(second?.payload.tool, { name: 'b', kind: 'other', call: '7:1', input: { value: 'not JSON' } })
})
