// What Claude Code's lines mean, as a table: what is written, and what is made of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Payload, TOLD_HEAD_MAX, WORDS_HEAD_MAX } from '../../event/payload.ts'
import type { LineIn, LineMeaning } from '../source.ts'
import { claudeCode } from './source.ts'

const SESSION = '0b0e7a4e-0000-4000-8000-000000000001'
const MAIN = `-home-dev-app/${SESSION}.jsonl`

const lineOf = (value: unknown): LineIn => ({
  text: JSON.stringify(value),
  value,
  bytes: new Uint8Array(),
  damage: null,
})

function meanings(path: string, ...lines: readonly unknown[]): readonly LineMeaning[] {
  const file = { root: '/root', path }
  let memory = claudeCode.owner(file)!.memory
  return lines.map((line) => {
    const meaning = claudeCode.translate(lineOf(line), file, memory)
    memory = meaning.memory
    return meaning
  })
}
const meaningOf = (line: unknown, path = MAIN): LineMeaning => meanings(path, line)[0]!

// A payload as one reads it: the version left out.
const told = (meaning: LineMeaning) =>
  meaning.parts.map(({ kind, payload: { v: _, ...rest } }): [string, Omit<Payload, 'v'>] => [kind, rest])

const LONG = 'word '.repeat(100)
const user = (content: unknown, more: object = {}) => ({ type: 'user', message: { role: 'user', content }, ...more })
const assistant = (content: unknown, message: object = {}, more: object = {}) => ({
  type: 'assistant',
  message: { content, ...message },
  ...more,
})
const result = (content: unknown, more: object = {}) => ({ type: 'tool_result', tool_use_id: 't1', content, ...more })
const attachment = (type: string, more: object = {}) => ({ type: 'attachment', attachment: { type, ...more } })

const cases: readonly (readonly [string, unknown, readonly (readonly [string, object])[]])[] = [
  ['a typed prompt', user('fix the test'), [['message.user.prompt', { text: 'fix the test' }]]],
  [
    'a long prompt is pointed at, not repeated',
    user(LONG),
    [['message.user.prompt', { text: { at: '/message/content', chars: 500, head: LONG.slice(0, TOLD_HEAD_MAX) } }]],
  ],
  [
    'a prompt with a picture',
    user([
      { type: 'text', text: 'what is this?' },
      { type: 'image', source: {} },
    ]),
    [['message.user.prompt', { text: 'what is this?', images: 1 }]],
  ],
  ['a picture without words', user([{ type: 'image', source: {} }]), [['message.user.prompt', { images: 1 }]]],
  [
    'what the editor added is not the person’s',
    user([
      { type: 'text', text: '<ide_opened_file>a.ts</ide_opened_file>' },
      { type: 'text', text: LONG },
    ]),
    [
      [
        'message.user.prompt',
        { text: { at: '/message/content/1/text', chars: 500, head: LONG.slice(0, TOLD_HEAD_MAX) } },
      ],
    ],
  ],
  [
    'nor are reminders before and after',
    user(
      '<system-reminder>a</system-reminder>\n<ide_selection>b</ide_selection>go on\n<system-reminder>c</system-reminder>',
    ),
    [['message.user.prompt', { text: 'go on' }]],
  ],
  [
    'a slash command reads as it was typed',
    user(
      '<command-message>review</command-message>\n<command-name>/review</command-name>\n<command-args>42</command-args>',
    ),
    [['message.user.prompt', { text: '/review 42', command: 'slash' }]],
  ],
  [
    'an old slash command had no slash',
    user([{ type: 'text', text: '<command-name>init</command-name><command-args></command-args>' }]),
    [['message.user.prompt', { text: '/init', command: 'slash' }]],
  ],
  [
    'a shell command',
    user('<bash-input>npm test</bash-input>'),
    [['message.user.prompt', { text: '! npm test', command: 'shell' }]],
  ],
  [
    'HTML that a person pasted is a prompt',
    user('<div class="a">why is this blue?</div>'),
    [['message.user.prompt', { text: '<div class="a">why is this blue?</div>' }]],
  ],
  ['a message that is a bare string', { type: 'user', message: 'hello' }, [['message.user.prompt', { text: 'hello' }]]],
  [
    'a tool’s answer',
    user([result('3 files')], { toolUseResult: { stdout: '3 files' } }),
    [['message.user.tool_result', { text: '3 files', result: { call: 't1', failed: false } }]],
  ],
  [
    'a failing command’s exit code',
    user([result('Exit code 2\nno such file', { is_error: true })], { toolUseResult: 'Error: Exit code 2' }),
    [
      [
        'message.user.tool_result',
        { text: 'Exit code 2\nno such file', result: { call: 't1', failed: true, exit: 2 } },
      ],
    ],
  ],
  [
    'a success that speaks of exit codes has none',
    user([result('Exit code 2 means misuse')]),
    [['message.user.tool_result', { text: 'Exit code 2 means misuse', result: { call: 't1', failed: false } }]],
  ],
  [
    'a subagent’s answer names the subagent',
    user([result([{ type: 'text', text: LONG }])], { toolUseResult: { agentId: 'a9', agentType: 'Explore' } }),
    [
      [
        'message.user.tool_result',
        {
          text: { at: '/message/content/0/content/0/text', chars: 500, head: LONG.slice(0, WORDS_HEAD_MAX) },
          agentType: 'Explore',
          result: { call: 't1', failed: false, agentId: 'a9' },
        },
      ],
    ],
  ],
  [
    'an answer in several texts stands for itself: no one place holds it',
    user([result([{ type: 'text', text: LONG }, { type: 'text', text: 'end' }, { type: 'image' }])]),
    [['message.user.tool_result', { text: `${LONG}\nend`, images: 1, result: { call: 't1', failed: false } }]],
  ],
  [
    'words beside an answer begin nothing',
    user([result('ok'), { type: 'text', text: 'but keep the tests' }]),
    [
      ['message.user.tool_result', { text: 'ok', result: { call: 't1', failed: false } }],
      ['message.user.injected', { text: 'but keep the tests', injected: 'feedback' }],
    ],
  ],
  [
    'the blocks of an answer, in order; usage first, why it stopped last',
    assistant(
      [
        { type: 'thinking', thinking: LONG },
        { type: 'text', text: 'Looking.' },
        { type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'npm\n test', description: 'Test' } },
      ],
      {
        id: 'msg_1',
        model: 'claude-opus-5',
        stop_reason: 'tool_use',
        usage: {
          input_tokens: 3,
          output_tokens: 5,
          cache_read_input_tokens: 7,
          cache_creation_input_tokens: 30,
          cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
        },
      },
    ),
    [
      [
        'message.assistant.thinking',
        {
          text: { at: '/message/content/0/thinking', chars: 500, head: LONG.slice(0, WORDS_HEAD_MAX) },
          model: 'claude-opus-5',
          usage: { input: 3, output: 5, cacheRead: 7, cacheWrite5m: 10, cacheWrite1h: 20 },
          request: 'msg_1',
        },
      ],
      ['message.assistant.text', { text: 'Looking.' }],
      [
        'message.assistant.tool_use',
        {
          tool: {
            name: 'Bash',
            kind: 'run',
            call: 't1',
            input: { value: { command: 'npm\n test', description: 'Test' } },
            target: 'npm test',
          },
          stop: 'tool_use',
        },
      ],
    ],
  ],
  [
    'a call on a line of its own points at its input',
    assistant([{ type: 'tool_use', id: 't1', name: 'Edit', input: { file_path: '/w/a.ts', new_string: LONG } }]),
    [
      [
        'message.assistant.tool_use',
        {
          tool: {
            name: 'Edit',
            kind: 'edit',
            call: 't1',
            input: { at: '/message/content/0/input' },
            target: '/w/a.ts',
          },
        },
      ],
    ],
  ],
  [
    'a call that starts a subagent says which',
    assistant([{ type: 'tool_use', id: 't1', name: 'Task', input: { description: 'Look', subagent_type: 'Explore' } }]),
    [
      [
        'message.assistant.tool_use',
        {
          tool: {
            name: 'Task',
            kind: 'delegate',
            call: 't1',
            input: { at: '/message/content/0/input' },
            target: 'Look',
          },
          agentType: 'Explore',
        },
      ],
    ],
  ],
  [
    'searches of the web are paid for one by one',
    assistant('found', {
      model: 'm',
      usage: { input_tokens: 1, output_tokens: 2, server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 } },
    }),
    [
      [
        'message.assistant.text',
        {
          text: 'found',
          model: 'm',
          usage: { input: 1, output: 2, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 2 },
        },
      ],
    ],
  ],
  [
    'an answer that was cut off',
    assistant('I was about', { stop_reason: null }, { isAbortedMidStream: true }),
    [['message.assistant.text', { text: 'I was about', stop: 'aborted' }]],
  ],
  [
    'a `!` command that waited in the queue',
    attachment('queued_command', { prompt: 'npm test', commandMode: 'bash' }),
    [['message.user.prompt', { text: '! npm test', command: 'shell', queued: true }]],
  ],
  [
    'an attachment that newer versions write out for the model',
    { ...attachment('date'), rendered: [{ content: 'Today is a day.' }] },
    [['message.user.injected', { text: 'Today is a day.', injected: 'date' }]],
  ],
  [
    'before writes were split by how long they last, they lasted five minutes',
    assistant('hi', { model: 'm', usage: { input_tokens: 1, cache_creation_input_tokens: 9 } }, { costUSD: 0.0000012 }),
    [
      [
        'message.assistant.text',
        {
          text: 'hi',
          model: 'm',
          usage: { input: 1, output: 0, cacheRead: 0, cacheWrite5m: 9, cacheWrite1h: 0, costUsd: '0.0000012' },
        },
      ],
    ],
  ],
  [
    'an answer whose message has no id: the request has one',
    assistant('hi', { model: 'm', usage: { input_tokens: 1, output_tokens: 2 } }, { requestId: 'req_1' }),
    [
      [
        'message.assistant.text',
        {
          text: 'hi',
          model: 'm',
          request: 'req_1',
          usage: { input: 1, output: 2, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 },
        },
      ],
    ],
  ],
  [
    'an account taken while the answer was being written',
    assistant('hi', { model: 'm', id: 'msg_1', stop_reason: null, usage: { input_tokens: 1, output_tokens: 2 } }),
    [
      [
        'message.assistant.text',
        {
          text: 'hi',
          model: 'm',
          request: 'msg_1',
          usage: { input: 1, output: 2, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, partial: true },
        },
      ],
    ],
  ],
  [
    'another model that was asked for advice is paid for by itself',
    assistant('hi', {
      model: 'm',
      id: 'msg_1',
      stop_reason: 'end_turn',
      usage: {
        input_tokens: 1,
        output_tokens: 2,
        iterations: [
          { type: 'message', input_tokens: 1, output_tokens: 2 },
          { type: 'advisor_message', model: 'wise', input_tokens: 70, output_tokens: 30, cache_read_input_tokens: 5 },
        ],
      },
    }),
    [
      [
        'message.assistant.text',
        {
          text: 'hi',
          model: 'm',
          request: 'msg_1',
          stop: 'end_turn',
          usage: { input: 1, output: 2, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 },
        },
      ],
      [
        'system.usage',
        {
          model: 'wise',
          request: 'msg_1:advisor:0',
          usage: { input: 70, output: 30, cacheRead: 5, cacheWrite5m: 0, cacheWrite1h: 0 },
        },
      ],
    ],
  ],
  [
    'what a subagent said, told by the session: all there is where its own file is gone',
    {
      type: 'progress',
      parentToolUseID: 'toolu_1',
      data: {
        type: 'agent_progress',
        agentId: 'a7',
        prompt: 'look',
        message: {
          type: 'assistant',
          message: {
            id: 'msg_2',
            model: 'small',
            stop_reason: 'tool_use',
            usage: { input_tokens: 3, output_tokens: 4 },
          },
        },
      },
    },
    [
      [
        'progress.agent',
        {
          text: 'look',
          parentCall: 'toolu_1',
          model: 'small',
          request: 'msg_2',
          usage: { input: 3, output: 4, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 },
        },
      ],
    ],
  ],
  [
    'an API error, told by no model',
    assistant(
      [{ type: 'text', text: 'API Error: 529' }],
      { model: '<synthetic>', usage: {} },
      { isApiErrorMessage: true },
    ),
    [['system.error', { text: 'API Error: 529' }]],
  ],
  [
    'a retry',
    { type: 'system', subtype: 'api_error', error: { status: 529, error: { error: { message: 'Overloaded' } } } },
    [['system.error', { text: 'Overloaded' }]],
  ],
  [
    'a turn’s end',
    { type: 'system', subtype: 'turn_duration', durationMs: 1200 },
    [['system.turn_complete', { durationMs: 1200 }]],
  ],
  [
    'a compaction',
    {
      type: 'system',
      subtype: 'compact_boundary',
      content: 'Conversation compacted',
      parentUuid: null,
      logicalParentUuid: 'u9',
      compactMetadata: { trigger: 'auto', durationMs: 900 },
    },
    [['system.compact', { text: 'Conversation compacted', durationMs: 900, nativeParent: 'u9' }]],
  ],
  [
    'a local command',
    { type: 'system', subtype: 'local_command', content: '<command-name>/mcp</command-name>' },
    [['system.local_command', { text: '/mcp' }]],
  ],
  [
    'hooks at the end of a turn',
    { type: 'system', subtype: 'stop_hook_summary', hookInfos: [{ command: 'lint' }], hookErrors: [] },
    [['system.hook', { text: 'lint' }]],
  ],
  [
    'a hook, before subtypes',
    { type: 'system', content: 'Running PostToolUse:Edit...' },
    [['system.hook', { text: 'Running PostToolUse:Edit...' }]],
  ],
  [
    'a title by the agent',
    { type: 'ai-title', aiTitle: 'Fix' },
    [['system.title', { title: 'Fix', injected: 'agent' }]],
  ],
  ['a title by the person', { type: 'custom-title', customTitle: 'Mine' }, [['system.title', { title: 'Mine' }]]],
  ['a pull request', { type: 'pr-link', prUrl: 'https://x.test/1' }, [['system.link', { url: 'https://x.test/1' }]]],
  ['a mode', { type: 'permission-mode', permissionMode: 'plan' }, [['system.mode_change', { text: 'plan' }]]],
  ['a snapshot', { type: 'file-history-snapshot', snapshot: {} }, [['file.snapshot', {}]]],
  [
    'command output',
    { type: 'progress', data: { type: 'bash_progress', output: 'ok' } },
    [['progress.command', { text: 'ok' }]],
  ],
  ['a new kind of progress', { type: 'progress', data: { type: 'dream' } }, [['progress.other', {}]]],
  ['a hook’s words', attachment('hook_success', { content: '', stdout: 'ok' }), [['system.hook', { text: 'ok' }]]],
  [
    'an attachment is the agent’s',
    attachment('todo_reminder', { content: 'your list is empty' }),
    [['message.user.injected', { text: 'your list is empty', injected: 'todo_reminder' }]],
  ],
  ['a new type passes through', { type: 'Time Travel' }, [['other.time_travel', {}]]],
  [
    'a new subtype too',
    { type: 'system', subtype: 'levitation', content: 'up' },
    [['other.system.levitation', { text: 'up' }]],
  ],
  ['a new block too', assistant([{ type: 'hologram' }]), [['other.assistant.hologram', {}]]],
  ['a user line without a message', { type: 'user' }, [['other.user', {}]]],
]
for (const [what, line, parts] of cases) test(what, () => assert.deepEqual(told(meaningOf(line)), parts))
