// Tools of Codex: calls, what they answered, and the events beside them, as a table.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Payload } from '../../event/payload.ts'
import type { LineMeaning } from '../source.ts'
import { codex } from './source.ts'

const FILE = 'sessions/2026/01/01/rollout-2026-01-01T10-00-00-t-1.jsonl'
const META = { id: 't-1', cwd: '/home/dev/app', cli_version: '0.150.0', git: { branch: 'main' } }

type Line = readonly [type: string, payload: object]

function meanings(meta: object, ...lines: readonly Line[]): readonly LineMeaning[] {
  const file = { root: '/root', path: FILE }
  let memory = codex.owner(file)!.memory
  return [['session_meta', meta] as const, ...lines].map(([type, payload]) => {
    const value = { timestamp: '2026-01-01T10:00:00.000Z', type, payload }
    const meaning = codex.translate(
      { text: JSON.stringify(value), value, bytes: new Uint8Array(), damage: null },
      file,
      memory,
    )
    memory = meaning.memory
    return meaning
  })
}

type Told = readonly [kind: string, payload: Omit<Payload, 'v'>]
const told = (all: readonly LineMeaning[]): readonly Told[] =>
  all.flatMap(({ parts }) => parts.map(({ kind, payload: { v: _, ...rest } }): Told => [kind, rest]))

const item = (payload: object): Line => ['response_item', payload]
const event = (type: string, more: object = {}): Line => ['event_msg', { type, ...more }]
const done = (type: string, more: object): Line => event('item_completed', { item: { type, ...more } })
const call = (name: string, args: unknown, call_id = 'c1', more: object = {}): Line =>
  item({ type: 'function_call', name, arguments: JSON.stringify(args), call_id, ...more })
const output = (value: unknown, call_id = 'c1'): Line => item({ type: 'function_call_output', call_id, output: value })
const use = (name: string, kind: string, target: string, value: unknown, id = 'c1'): Told =>
  ['message.assistant.tool_use', { tool: { name, kind, call: id, input: { value }, target } }] as Told
const REPEAT: Told = ['system.repeat', {}]
const PATCH = `*** Begin Patch
*** Add File: a.ts
+one
+two
*** Update File: b.ts
*** Move to: c.ts
@@
-old
+new
+more
*** Delete File: d.ts
*** End Patch`
const FILES = [
  { path: 'a.ts', change: 'created', added: 2, removed: 0 },
  { path: 'c.ts', change: 'renamed', added: 2, removed: 1, from: 'b.ts' },
  { path: 'd.ts', change: 'deleted' },
] as const

const cases: readonly (readonly [string, readonly Line[], readonly Told[]])[] = [
  [
    'a command and its exit code',
    [
      call('exec_command', { cmd: 'npm test' }),
      output('Chunk ID: 1\nWall time: 1 seconds\nProcess exited with code 2\nOutput:\nExit code: 0'),
    ],
    [
      use('exec_command', 'run', 'npm test', { cmd: 'npm test' }),
      [
        'message.user.tool_result',
        {
          text: 'Chunk ID: 1\nWall time: 1 seconds\nProcess exited with code 2\nOutput:\nExit code: 0',
          result: { call: 'c1', failed: true, exit: 2 },
        },
      ],
    ],
  ],
  [
    'the exit code of older versions, inside JSON inside a string',
    [
      call('shell', { command: ['bash', '-lc', 'ls'] }),
      output('{"output":"a\\n","metadata":{"exit_code":0,"duration_seconds":0.1}}'),
    ],
    [
      use('shell', 'run', 'ls', { command: ['bash', '-lc', 'ls'] }),
      ['message.user.tool_result', { text: 'a\n', result: { call: 'c1', failed: false, exit: 0 } }],
    ],
  ],
  [
    'a command that runs on, and is looked at by its session',
    [
      call('exec_command', { cmd: 'npm start' }),
      output('Wall time: 30 seconds\nProcess running with session ID 7\nOutput:\nExit code: 9'),
      call('write_stdin', { session_id: 7, chars: '' }, 'c2'),
      output('Wall time: 1 seconds\nProcess exited with code 0\nOutput:\nok', 'c2'),
      call('write_stdin', { session_id: 7, chars: '' }, 'c3'),
    ],
    [
      use('exec_command', 'run', 'npm start', { cmd: 'npm start' }),
      [
        'message.user.tool_result',
        {
          text: 'Wall time: 30 seconds\nProcess running with session ID 7\nOutput:\nExit code: 9',
          result: { call: 'c1', failed: false, background: true },
        },
      ],
      use('write_stdin', 'run', 'npm start', { session_id: 7, chars: '' }, 'c2'),
      [
        'message.user.tool_result',
        {
          text: 'Wall time: 1 seconds\nProcess exited with code 0\nOutput:\nok',
          result: { call: 'c2', failed: false, exit: 0 },
        },
      ],
      use('write_stdin', 'run', 'session 7', { session_id: 7, chars: '' }, 'c3'),
    ],
  ],
  [
    'a command that was stopped',
    [call('exec_command', { cmd: 'x' }), output('aborted by user after 7.4s')],
    [
      use('exec_command', 'run', 'x', { cmd: 'x' }),
      [
        'message.user.tool_result',
        { text: 'aborted by user after 7.4s', result: { call: 'c1', failed: true, interrupted: true } },
      ],
    ],
  ],
  [
    'a command its person did not want',
    [call('shell', { command: 'rm x' }), output('exec command rejected by user')],
    [
      use('shell', 'run', 'rm x', { command: 'rm x' }),
      [
        'message.user.tool_result',
        { text: 'exec command rejected by user', result: { call: 'c1', failed: true, refused: true } },
      ],
    ],
  ],
  [
    'a patch says which files it changed and how, once it is applied',
    [
      item({ type: 'custom_tool_call', name: 'apply_patch', call_id: 'c1', input: PATCH }),
      event('patch_apply_end', { call_id: 'c1', success: true, changes: { '/home/dev/app/a.ts': { type: 'add' } } }),
      item({ type: 'custom_tool_call_output', call_id: 'c1', output: 'Success.' }),
    ],
    [
      [
        'message.assistant.tool_use',
        { tool: { name: 'apply_patch', kind: 'edit', call: 'c1', input: { at: '/payload/input' }, target: 'a.ts' } },
      ],
      REPEAT,
      ['message.user.tool_result', { text: 'Success.', result: { call: 'c1', failed: false, files: FILES } }],
    ],
  ],
  [
    'a patch that failed changed nothing',
    [
      item({
        type: 'custom_tool_call',
        name: 'apply_patch',
        call_id: 'c1',
        input: '*** Begin Patch\n*** Add File: n.ts\n+x\n*** End Patch',
      }),
      item({ type: 'custom_tool_call_output', call_id: 'c1', output: 'apply_patch verification failed: no' }),
    ],
    [
      [
        'message.assistant.tool_use',
        { tool: { name: 'apply_patch', kind: 'write', call: 'c1', input: { at: '/payload/input' }, target: 'n.ts' } },
      ],
      [
        'message.user.tool_result',
        { text: 'apply_patch verification failed: no', result: { call: 'c1', failed: true } },
      ],
    ],
  ],
  [
    'a server’s tool fails in an event; the output that follows does not say so',
    [
      call('query', { q: 'x' }, 'c1', { namespace: 'mcp__docs' }),
      done('McpToolCall', { id: 'c1', server: 'docs', tool: 'query', status: 'failed', error: { message: 'gone' } }),
      output('gone'),
    ],
    [
      use('mcp__docs__query', 'other', 'x', { q: 'x' }),
      ['system.repeat', { nativeId: 'c1' }],
      ['message.user.tool_result', { text: 'gone', result: { call: 'c1', failed: true } }],
    ],
  ],
  [
    'a call made inside a script has no item: its end tells it whole',
    [
      done('CommandExecution', {
        id: 'in-1',
        command: ['bash', '-lc', 'ls'],
        status: 'completed',
        exit_code: 0,
        aggregated_output: 'a',
      }),
    ],
    [
      [
        'message.assistant.tool_use',
        {
          tool: {
            name: 'exec_command',
            kind: 'run',
            call: 'in-1',
            input: { at: '/payload/item/command' },
            target: 'ls',
          },
          nativeId: 'in-1',
        },
      ],
      ['message.user.tool_result', { text: 'a', result: { call: 'in-1', failed: false, exit: 0 }, nativeId: 'in-1' }],
    ],
  ],
  [
    'a search is call and end in one',
    [item({ type: 'web_search_call', id: 'ws', status: 'completed', action: { type: 'search', query: 'node' } })],
    [
      [
        'message.assistant.tool_use',
        {
          tool: { name: 'web_search', kind: 'web', call: 'ws', input: { at: '/payload/action' }, target: 'node' },
          nativeId: 'ws',
        },
      ],
      ['message.user.tool_result', { result: { call: 'ws', failed: false }, nativeId: 'ws' }],
    ],
  ],
  [
    'a picture looked at',
    [call('view_image', { path: 'x.png' }), output([{ type: 'input_image', image_url: 'data:' }])],
    [
      use('view_image', 'read', 'x.png', { path: 'x.png' }),
      ['message.user.tool_result', { result: { call: 'c1', failed: false }, images: 1 }],
    ],
  ],
  [
    'a plan',
    [
      call('update_plan', {
        plan: [
          { step: 'a', status: 'completed' },
          { step: 'b', status: 'in_progress' },
        ],
      }),
    ],
    [
      use('update_plan', 'todo', 'b', {
        plan: [
          { step: 'a', status: 'completed' },
          { step: 'b', status: 'in_progress' },
        ],
      }),
    ],
  ],
]
for (const [what, lines, parts] of cases)
  test(what, () => assert.deepEqual(told(meanings({ ...META }, ...lines)).slice(1), parts))
