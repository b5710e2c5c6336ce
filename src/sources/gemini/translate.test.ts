// What Gemini CLI's lines mean, as a table: what is written, and what is made of it; and that a growing message is told once.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Payload, WORDS_HEAD_MAX } from '../../event/payload.ts'
import type { LineMeaning } from '../source.ts'
import { gemini } from './source.ts'

const FILE = 'demo/chats/session-2026-01-01T10-00-0f0e0d0c.jsonl'
const AT = '2026-01-01T10:00:00.000Z'
const HEADER = { sessionId: 's-1', projectHash: 'h', startTime: AT, lastUpdated: AT, kind: 'main' }

type Line = Readonly<Record<string, unknown>>

function meanings(path: string, ...lines: readonly Line[]): readonly LineMeaning[] {
  const file = { root: '/root', path }
  let memory = gemini.owner(file)!.memory
  return lines.map((value) => {
    const line = { text: JSON.stringify(value), value, bytes: new Uint8Array(), damage: null }
    const meaning = gemini.translate(line, file, memory)
    memory = meaning.memory
    return meaning
  })
}

type Told = readonly [kind: string, payload: Omit<Payload, 'v'>]
const told = (all: readonly LineMeaning[]): readonly Told[] =>
  all.flatMap(({ parts }) => parts.map(({ kind, payload: { v: _, ...rest } }): Told => [kind, rest]))

const user = (id: string, content: unknown, more: Line = {}): Line => ({
  id,
  timestamp: AT,
  type: 'user',
  content,
  ...more,
})
const model = (more: Line): Line => ({ id: 'g', timestamp: AT, type: 'gemini', content: '', ...more })
const call = (id: string, status: string, response: object | null, more: Line = {}): Line => ({
  id,
  name: 'run_shell_command',
  args: { command: 'ls' },
  status,
  result: response === null ? null : [{ functionResponse: { id, name: 'run_shell_command', response } }],
  ...more,
})
const TOKENS = { input: 100, output: 20, cached: 60, thoughts: 5, tool: 3, total: 128 }
const USAGE = { input: 43, output: 25, cacheRead: 60, cacheWrite5m: 0, cacheWrite1h: 0 }
const LONG = 'word '.repeat(100)
const input = { value: { command: 'ls' } }
const use = (id: string, more: object = {}): Told => [
  'message.assistant.tool_use',
  { tool: { name: 'run_shell_command', kind: 'run', call: id, input, target: 'ls' }, nativeId: 'g', ...more },
]
const result = (id: string, text: string, more: object): Told => [
  'message.user.tool_result',
  { text, result: { call: id, failed: true, ...more }, nativeId: 'g' },
]

const cases: readonly (readonly [string, readonly Line[], readonly Told[]])[] = [
  ['a prompt', [user('u', [{ text: 'hi' }])], [['message.user.prompt', { text: 'hi', nativeId: 'u' }]]],
  [
    'a prompt that names a file, without the file',
    [user('u', [{ text: 'read @a.ts' }, { text: '\n--- Content from referenced files ---' }, { text: 'const a = 1' }])],
    [['message.user.prompt', { text: 'read @a.ts', nativeId: 'u' }]],
  ],
  [
    'the context of a session, and where it runs',
    [
      user(
        'u',
        '<session_context>\nThis is the Gemini CLI.\n- **Workspace Directories:**\n  - /home/dev/app\n- **Directory Structure:**\n</session_context>',
      ),
    ],
    [
      [
        'message.user.injected',
        {
          text: '<session_context>\nThis is the Gemini CLI.\n- **Workspace Directories:**\n  - /home/dev/app\n- **Directory Structure:**\n</session_context>',
          injected: 'session_context',
          cwd: '/home/dev/app',
          nativeId: 'u',
        },
      ],
    ],
  ],
  [
    'a thought, an answer and its cost, which holds what the cache gave and what was thought',
    [model({ content: LONG, thoughts: [{ subject: 'Plan', description: 'use ls' }], tokens: TOKENS, model: 'm' })],
    [
      ['message.assistant.thinking', { text: 'Plan\nuse ls', usage: USAGE, request: 'g', model: 'm', nativeId: 'g' }],
      ['message.assistant.text', { text: LONG, nativeId: 'g' }],
    ],
  ],
  [
    'a message that grows: tokens, then a call, then its answer',
    [
      model({ content: 'Looking.' }),
      model({ content: 'Looking.', tokens: TOKENS }),
      model({ content: 'Looking.', tokens: TOKENS, toolCalls: [call('c', 'executing', null)] }),
      model({ content: 'Looking.', tokens: TOKENS, toolCalls: [call('c', 'success', { output: 'a.txt' })] }),
      model({ content: 'Looking.', tokens: TOKENS, toolCalls: [call('c', 'success', { output: 'a.txt' })] }),
    ],
    [
      ['message.assistant.text', { text: 'Looking.', nativeId: 'g' }],
      ['system.usage', { usage: USAGE, request: 'g', nativeId: 'g' }],
      [
        'message.assistant.tool_use',
        {
          tool: { name: 'run_shell_command', kind: 'run', call: 'c', input: { at: '/toolCalls/0/args' }, target: 'ls' },
          nativeId: 'g',
        },
      ],
      ['message.user.tool_result', { text: 'a.txt', result: { call: 'c', failed: false }, nativeId: 'g' }],
      ['system.repeat', {}],
    ],
  ],
  [
    'a text that grows is said again, whole',
    [model({ content: 'so' }), model({ content: LONG })],
    [
      ['message.assistant.text', { text: 'so', nativeId: 'g' }],
      ['system.repeat', { text: { at: '/content', chars: 500, head: LONG.slice(0, WORDS_HEAD_MAX) }, nativeId: 'g' }],
    ],
  ],
  [
    'how calls end',
    [
      model({
        content: 'so',
        toolCalls: [
          call('a', 'success', { output: 'no\nExit Code: 2\nProcess Group PGID: 1' }),
          call('b', 'error', { error: 'not found' }),
          call('c', 'cancelled', { error: '[Operation Cancelled] Reason: User denied execution.' }),
          call('d', 'cancelled', { error: '[Operation Cancelled] Reason: Request cancelled' }),
        ],
      }),
    ],
    [
      ['message.assistant.text', { text: 'so', nativeId: 'g' }],
      use('a'),
      result('a', 'no\nExit Code: 2\nProcess Group PGID: 1', { exit: 2 }),
      use('b'),
      result('b', 'not found', {}),
      use('c'),
      result('c', '[Operation Cancelled] Reason: User denied execution.', { refused: true }),
      use('d'),
      result('d', '[Operation Cancelled] Reason: Request cancelled', { interrupted: true }),
    ],
  ],
  [
    'an edit says what it did to the file',
    [
      model({
        toolCalls: [
          call(
            'e',
            'success',
            { output: 'ok' },
            {
              name: 'replace',
              args: { file_path: '/w/a.ts', old_string: 'a' },
              resultDisplay: {
                fileDiff: '',
                filePath: '/w/a.ts',
                originalContent: 'a',
                diffStat: { model_added_lines: 2, model_removed_lines: 1 },
              },
            },
          ),
        ],
      }),
    ],
    [
      [
        'message.assistant.tool_use',
        {
          tool: { name: 'replace', kind: 'edit', call: 'e', input: { at: '/toolCalls/0/args' }, target: '/w/a.ts' },
          nativeId: 'g',
        },
      ],
      [
        'message.user.tool_result',
        {
          text: 'ok',
          result: { call: 'e', failed: false, files: [{ path: '/w/a.ts', change: 'modified', added: 2, removed: 1 }] },
          nativeId: 'g',
        },
      ],
    ],
  ],
  [
    'a subagent’s work is the result of its call',
    [
      model({
        toolCalls: [
          call('d', 'success', { output: 'done' }, { name: 'generalist', args: { request: 'look' }, agentId: 'x' }),
        ],
      }),
    ],
    [
      [
        'message.assistant.tool_use',
        {
          tool: { name: 'generalist', kind: 'delegate', call: 'd', input: { at: '/toolCalls/0/args' }, target: 'look' },
          agentType: 'generalist',
          nativeId: 'g',
        },
      ],
      ['message.user.tool_result', { text: 'done', result: { call: 'd', failed: false, agentId: 'x' }, nativeId: 'g' }],
    ],
  ],
  [
    'a notice',
    [{ id: 'i', type: 'info', content: 'Model switched' }],
    [['system.notice', { text: 'Model switched', injected: 'info', nativeId: 'i' }]],
  ],
  [
    'an interruption',
    [{ id: 'i', type: 'info', content: 'Request cancelled.' }],
    [['message.user.injected', { text: 'Request cancelled.', injected: 'interrupt', nativeId: 'i' }]],
  ],
  ['an error', [{ id: 'e', type: 'error', content: 'quota' }], [['system.error', { text: 'quota', nativeId: 'e' }]]],
  ['a rewind', [{ $rewindTo: 'u' }], [['system.branch', { text: 'u' }]]],
  [
    'a summary',
    [{ $set: { summary: 'Files', lastUpdated: AT } }],
    [['system.title', { title: 'Files', injected: 'agent' }]],
  ],
  ['that something was updated', [{ $set: { lastUpdated: AT } }], [['system.notice', { injected: 'last_updated' }]]],
  [
    'all messages written anew after a compaction: only what is new is told',
    [
      user('u', 'hi'),
      {
        $set: {
          messages: [user('n', '<state_snapshot>so far</state_snapshot>'), user('u', 'hi'), user('v', 'and now?')],
        },
      },
    ],
    [
      ['message.user.prompt', { text: 'hi', nativeId: 'u' }],
      ['system.compact', { text: '<state_snapshot>so far</state_snapshot>' }],
      ['message.user.prompt', { text: 'and now?', nativeId: 'v' }],
    ],
  ],
  [
    'messages that come only all together',
    [
      { $set: { messages: [user('u', 'hi'), model({ content: [{ text: 'yes' }] })] } },
      { $set: { messages: [user('u', 'hi')] } },
    ],
    [
      ['message.user.prompt', { text: 'hi', nativeId: 'u' }],
      ['message.assistant.text', { text: 'yes', nativeId: 'g' }],
      ['system.repeat', {}],
    ],
  ],
  ['a new control line passes through', [{ $future: 1 }], [['other.control._future', {}]]],
  [
    'a new kind of message too',
    [{ id: 'x', type: 'oracle', content: 'hm' }],
    [['other.message.oracle', { text: 'hm', nativeId: 'x' }]],
  ],
]
for (const [what, lines, parts] of cases)
  test(what, () => assert.deepEqual(told(meanings(FILE, HEADER, ...lines)).slice(1), parts))

test('the first line says which session it is; the project is what the agent calls it, or its first folder', () => {
  const [first, again] = meanings(FILE, HEADER, HEADER)
  assert.deepEqual([first!.session, first!.project, first!.agentId, first!.time], ['s-1', 'demo', null, AT])
  assert.deepEqual([first!.parts[0]!.kind, again!.parts[0]!.kind], ['system.session_start', 'system.notice'])
  const [placed] = meanings(FILE, { ...HEADER, directories: ['/home/dev/app'] })
  assert.deepEqual([placed!.project, placed!.parts[0]!.payload.cwd], ['home-dev-app', '/home/dev/app'])
  const [hashed] = meanings(`${'ab'.repeat(32)}/chats/session-x.jsonl`, HEADER)
  assert.equal(hashed!.project, 'abababababab')
})

test('a subagent’s file lies in its session’s folder, and its task is no person’s prompt', () => {
  const [own, task] = meanings(
    'demo/chats/s-1/sub-2.jsonl',
    { ...HEADER, sessionId: 'sub-2', kind: 'subagent' },
    user('u', 'look'),
  )
  assert.deepEqual([own!.session, own!.agentId, own!.parts[0]!.kind], ['s-1', 'sub-2', 'system.agent'])
  assert.equal(task!.parts[0]!.payload.injected, 'delegated')
})

test('where Gemini CLI is looked for', () => {
  const roots = gemini.roots({ home: '/h', env: { GEMINI_CLI_HOME: '/g/' }, platform: 'linux' }).map(({ path }) => path)
  assert.deepEqual(roots, ['/g/.gemini/tmp', '/h/.gemini/tmp'])
})

// A message as it grows: each copy has all of the one before and perhaps more.
const growth = fc.array(
  fc.record({
    thoughts: fc.nat(2),
    input: fc.nat(50),
    output: fc.nat(50),
    calls: fc.nat(2),
    ends: fc.nat(3),
    all: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
)

test('however a message grows, its parts are told once and its tokens add up to the last copy’s', () => {
  fc.assert(
    fc.property(growth, (steps) => {
      const now = { thoughts: 0, input: 0, output: 0, calls: 0, ended: 0 }
      const copies = steps.map((step) => {
        now.thoughts += step.thoughts
        now.input += step.input
        now.output += step.output
        now.calls += step.calls
        now.ended = Math.min(now.calls, now.ended + step.ends)
        const copy = model({
          content: 'so',
          thoughts: Array.from({ length: now.thoughts }, (_, i) => ({ subject: `t${i}`, description: '' })),
          tokens: { input: now.input, output: now.output, cached: Math.floor(now.input / 2), thoughts: 1, tool: 0 },
          toolCalls: Array.from({ length: now.calls }, (_, i) =>
            i < now.ended ? call(`c${i}`, 'success', { output: 'a' }) : call(`c${i}`, 'executing', null),
          ),
        })
        return step.all ? { $set: { messages: [copy] } } : copy
      })
      const all = told(meanings(FILE, HEADER, ...copies)).slice(1)
      const of = (kind: string) => all.filter(([each]) => each === kind)
      assert.deepEqual(
        of('message.assistant.tool_use').map(([, { tool }]) => tool!.call),
        Array.from({ length: now.calls }, (_, i) => `c${i}`),
      )
      assert.equal(new Set(of('message.user.tool_result').map(([, { result: r }]) => r!.call)).size, now.ended)
      assert.equal(of('message.user.tool_result').length, now.ended)
      assert.equal(of('message.assistant.thinking').length, now.thoughts)
      assert.equal(of('message.assistant.text').length, 1)
      const sum = { input: 0, output: 0, cacheRead: 0 }
      for (const [, { usage }] of all)
        for (const key of ['input', 'output', 'cacheRead'] as const) sum[key] += usage?.[key] ?? 0
      const cached = Math.floor(now.input / 2)
      assert.deepEqual(sum, { input: now.input - cached, output: now.output + 1, cacheRead: cached })
      // One request, however often it was written: only the first telling may be taken for it.
      assert.equal(all.filter(([, { request }]) => request !== undefined).length, 1)
    }),
  )
})

test('messages told long ago are known by their time when all of them are written anew', () => {
  const at = (i: number) => new Date(Date.UTC(2026, 0, 1) + i * 1_000).toISOString()
  const many = Array.from({ length: 2_500 }, (_, i) => ({ ...user(`u${i}`, `prompt ${i}`), timestamp: at(i) }))
  const fresh = { ...user('new', 'and now?'), timestamp: at(2_600) }
  const last = meanings(FILE, HEADER, ...many, { $set: { messages: [...many, fresh] } }).at(-1)!
  assert.deepEqual(told([last]), [['message.user.prompt', { text: 'and now?', nativeId: 'new' }]])
})
