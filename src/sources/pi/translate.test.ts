// What pi's lines mean, as a table: what is written, and what is made of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PAYLOAD_VERSION, type Payload, TOLD_HEAD_MAX, WORDS_HEAD_MAX } from '../../event/payload.ts'
import type { LineMeaning } from '../source.ts'
import { pi } from './source.ts'

const FILE = '--home-dev-app--/2026-01-01T10-00-00-000Z_s-1.jsonl'
const HEADER = {
  type: 'session',
  version: 3,
  id: 's-1',
  timestamp: '2026-01-01T10:00:00.000Z',
  cwd: '/home/dev/my.app',
}
const V4 = {
  kind: 'header',
  version: 4,
  id: 's-4',
  createdAt: 1767261600000,
  cwd: '/home/dev/app',
  parentSessionId: 's-0',
}

function meanings(path: string, ...lines: readonly object[]): readonly LineMeaning[] {
  const file = { root: '/root', path }
  let memory = pi.owner(file)!.memory
  return lines.map((value) => {
    const line = { text: JSON.stringify(value), value, bytes: new Uint8Array(), damage: null }
    const meaning = pi.translate(line, file, memory)
    memory = meaning.memory
    return meaning
  })
}
const told = (meaning: LineMeaning) =>
  meaning.parts.map(({ kind, payload: { v: _, ...rest } }): [string, Omit<Payload, 'v'>] => [kind, rest])

const LONG = 'word '.repeat(100)
const at = (pointer: string, headMax = WORDS_HEAD_MAX) => ({ at: pointer, chars: 500, head: LONG.slice(0, headMax) })
const message = (role: string, more: object) => ({ type: 'message', message: { role, ...more } })

const cases: readonly (readonly [string, object, readonly (readonly [string, object])[]])[] = [
  ['a prompt', message('user', { content: 'count them' }), [['message.user.prompt', { text: 'count them' }]]],
  [
    'a prompt with a picture',
    message('user', {
      content: [
        { type: 'text', text: LONG },
        { type: 'image', data: '' },
      ],
    }),
    [['message.user.prompt', { text: at('/message/content/0/text', TOLD_HEAD_MAX), images: 1 }]],
  ],
  [
    'a whole message: what it cost first, why it stopped last',
    message('assistant', {
      model: 'claude-opus-5',
      stopReason: 'toolUse',
      responseId: 'r1',
      usage: { input: 3, output: 5, cacheRead: 7, cacheWrite: 30, cacheWrite1h: 20, cost: { total: 0.000125 } },
      content: [
        { type: 'thinking', thinking: LONG },
        { type: 'text', text: 'Looking.' },
        { type: 'toolCall', id: 'c1|f1', name: 'bash', arguments: { command: 'ls -l' } },
      ],
    }),
    [
      [
        'message.assistant.thinking',
        {
          text: at('/message/content/0/thinking'),
          model: 'claude-opus-5',
          usage: { input: 3, output: 5, cacheRead: 7, cacheWrite5m: 10, cacheWrite1h: 20, costUsd: '0.000125' },
          request: 'r1',
        },
      ],
      ['message.assistant.text', { text: 'Looking.' }],
      [
        'message.assistant.tool_use',
        {
          tool: { name: 'bash', kind: 'run', call: 'c1|f1', input: { value: { command: 'ls -l' } }, target: 'ls -l' },
          stop: 'toolUse',
        },
      ],
    ],
  ],
  [
    'a call alone points at its input',
    message('assistant', { content: [{ type: 'toolCall', id: 'c1', name: 'edit', arguments: { path: 'a.ts' } }] }),
    [
      [
        'message.assistant.tool_use',
        {
          tool: {
            name: 'edit',
            kind: 'edit',
            call: 'c1',
            input: { at: '/message/content/0/arguments' },
            target: 'a.ts',
          },
        },
      ],
    ],
  ],
  [
    'a request that failed',
    message('assistant', { content: [], stopReason: 'error', errorMessage: 'overloaded' }),
    [['system.error', { text: 'overloaded', stop: 'error' }]],
  ],
  [
    'an answer that was stopped',
    message('assistant', { content: [], stopReason: 'aborted' }),
    [['message.assistant.text', { stop: 'aborted' }]],
  ],
  [
    'a command that failed ends with its code',
    message('toolResult', {
      toolCallId: 'c1',
      isError: true,
      content: [{ type: 'text', text: 'no\n\nCommand exited with code 3' }],
    }),
    [
      [
        'message.user.tool_result',
        { text: 'no\n\nCommand exited with code 3', result: { call: 'c1', failed: true, exit: 3 } },
      ],
    ],
  ],
  [
    'a shell command of the person’s, and what came of it',
    message('bashExecution', { command: 'git status', output: 'clean', exitCode: 1, cancelled: false }),
    [
      ['message.user.prompt', { text: '! git status', command: 'shell' }],
      ['message.user.tool_result', { text: 'clean', result: { call: null, failed: true, exit: 1 } }],
    ],
  ],
  [
    'the system prompt',
    message('system', { content: 'You are pi.' }),
    [['system.notice', { text: 'You are pi.', injected: 'system_prompt' }]],
  ],
  ['another model', { type: 'model_change', provider: 'x', modelId: 'm2' }, [['system.model_change', { model: 'm2' }]]],
  [
    'another effort',
    { type: 'thinking_level_change', thinkingLevel: 'high' },
    [['system.mode_change', { text: 'high' }]],
  ],
  [
    'a compaction costs a request too',
    { type: 'compaction', summary: LONG, usage: { input: 1, output: 2 } },
    [
      [
        'system.compact',
        { text: at('/summary'), usage: { input: 1, output: 2, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 } },
      ],
    ],
  ],
  [
    'a branch left',
    { type: 'branch_summary', summary: 'tried' },
    [['message.user.injected', { text: 'tried', injected: 'branch_summary' }]],
  ],
  [
    'an extension’s words',
    { type: 'custom_message', customType: 'todos', content: 'do it' },
    [['message.user.injected', { text: 'do it', injected: 'todos' }]],
  ],
  ['an extension’s state', { type: 'custom', customType: 'x', data: {} }, [['system.notice', { injected: 'x' }]]],
  ['a name', { type: 'session_info', name: 'demo' }, [['system.title', { title: 'demo' }]]],
  [
    'a request beside the conversation',
    {
      type: 'usage',
      kind: 'cache_warm',
      model: 'm',
      note: 'keep warm',
      usage: { input: 5, output: 1, cost: { total: 0 } },
    },
    [
      [
        'system.usage',
        {
          text: 'keep warm',
          model: 'm',
          usage: { input: 5, output: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, costUsd: '0' },
        },
      ],
    ],
  ],
  [
    'a context edit hides and deletes nothing',
    { type: 'context_edit', targetId: 'a' },
    [['system.notice', { injected: 'context_edit' }]],
  ],
  [
    'a command kept from the model, and stopped',
    message('bashExecution', { command: 'sleep 9', output: '', cancelled: true, excludeFromContext: true }),
    [
      ['message.user.prompt', { text: '!! sleep 9', command: 'shell' }],
      ['message.user.tool_result', { result: { call: null, failed: true, interrupted: true } }],
    ],
  ],
  [
    'thinking that is not shown',
    message('assistant', { content: [{ type: 'thinking', thinking: '', thinkingSignature: 's', redacted: true }] }),
    [['message.assistant.thinking', {}]],
  ],
  [
    'an answer cut short',
    message('assistant', { content: [{ type: 'text', text: 'so' }], stopReason: 'length' }),
    [['message.assistant.text', { text: 'so', stop: 'length' }]],
  ],
  [
    'a compaction keeps a tail: what it holds was said before',
    {
      type: 'compaction',
      summary: 'done',
      systemMessage: 'You are pi.',
      retainedTail: [{ role: 'user', content: 'count them' }],
    },
    [['system.compact', { text: 'done' }]],
  ],
  [
    'a title in its slot',
    { type: 'title', v: 1, title: 'T', source: 'auto', pad: '   ' },
    [['system.title', { title: 'T', injected: 'agent' }]],
  ],
  ['a title given', { type: 'title_change', title: 'T', source: 'user' }, [['system.title', { title: 'T' }]]],
  [
    'another tier',
    { type: 'service_tier_change', family: 'x', tier: 'fast' },
    [['system.mode_change', { text: 'fast' }]],
  ],
  [
    'which version began it',
    { type: 'session_init', cliVersion: '1.0.0' },
    [['system.notice', { injected: 'session_init', version: '1.0.0' }]],
  ],
  ['a new type passes through', { type: 'brand_new' }, [['other.brand_new', {}]]],
  ['a new role too', message('oracle', {}), [['other.message.oracle', {}]]],
]
for (const [what, line, parts] of cases)
  test(what, () => assert.deepEqual(told(meanings(FILE, HEADER, line)[1]!), parts))

test('the header says whose the file is: its session, and its project from where it ran', () => {
  const [before, header, after] = meanings(
    '--home-dev-my-app--/2026-01-01T10-00-00-000Z_named.jsonl',
    { type: 'title', title: 'T' },
    HEADER,
    { type: 'label' },
  )
  assert.deepEqual([before!.session, before!.project, before!.time], ['named', 'home-dev-my-app', null])
  assert.deepEqual(
    [header!.session, header!.project, header!.parts[0]!.payload.nativeId],
    ['s-1', 'home-dev-my-app', undefined],
  )
  assert.deepEqual(told(header!), [['system.session_start', { cwd: '/home/dev/my.app' }]])
  assert.deepEqual([after!.session, after!.time], ['s-1', HEADER.timestamp])
})

test('a fork says where it came from, and which of its lines were copied', () => {
  const entry = (timestamp: string) => ({
    type: 'message',
    id: 'e1',
    parentId: 'e0',
    timestamp,
    message: { role: 'user', content: 'a' },
  })
  const [header, copied, own] = meanings(
    FILE,
    { ...HEADER, parentSession: '/home/dev/.pi/agent/sessions/--app--/2026-01-01T09-00-00-000Z_s-0.jsonl' },
    entry('2026-01-01T09:59:00.000Z'),
    entry('2026-01-01T10:01:00.000Z'),
  )
  assert.equal(header!.parts[0]!.payload.parentSession, 's-0')
  assert.deepEqual(copied!.parts[0]!.payload, {
    v: PAYLOAD_VERSION,
    text: 'a',
    nativeId: 'e1',
    copied: true,
    nativeParent: 'e0',
  })
  assert.equal(own!.parts[0]!.payload.copied, undefined)
})

test('the oldest forks give copied entries a new time: their messages tell', () => {
  const old = { role: 'user', content: 'a', timestamp: Date.parse('2026-01-01T09:00:00.000Z') }
  const [, copied, own] = meanings(
    FILE,
    { ...HEADER, branchedFrom: '/p.jsonl' },
    { type: 'message', timestamp: '2026-01-01T10:00:00.100Z', message: old },
    { type: 'message', timestamp: '2026-01-01T10:01:00.000Z', message: { ...old, timestamp: 1767261660000 } },
  )
  assert.deepEqual([copied!.parts[0]!.payload.copied, own!.parts[0]!.payload.copied], [true, undefined])
})

test('a subagent was told what to do by its parent, and is no fork', () => {
  const path = '--home-dev-app--/2026-01-01T10-00-00-000Z_s-1/scout/mate.jsonl'
  const [header, task] = meanings(
    path,
    { ...HEADER, id: 'its-own', parentSession: '/p.jsonl' },
    message('user', { content: 'find it', timestamp: 1 }),
  )
  assert.deepEqual([header!.session, header!.agentId], ['s-1', 'scout/mate'])
  assert.deepEqual(told(header!), [['system.agent', { cwd: HEADER.cwd, agentType: 'scout/mate' }]])
  assert.deepEqual(told(task!), [['message.user.injected', { text: 'find it', injected: 'delegated' }]])
})

test('an entry without a time of its own has its message’s', () => {
  const [, entry] = meanings(FILE, HEADER, message('user', { content: 'a', timestamp: 1767261660000 }))
  assert.equal(entry!.time, '2026-01-01T10:01:00.000Z')
})

test('a subagent’s file lies in its session’s folder', () => {
  const path = '--home-dev-app--/2026-01-01T10-00-00-000Z_s-1/scout.jsonl'
  const [header] = meanings(path, { ...HEADER, id: 'its-own' })
  assert.deepEqual([header!.session, header!.agentId], ['s-1', 'scout'])
})

test('version 4 is told from version 3 by its header, wherever the file lies', () => {
  const [header, entry, end, other, name, fresh] = meanings(
    FILE,
    V4,
    {
      kind: 'entry',
      type: 'message',
      id: 'e',
      timestamp: 1767261601000,
      counted: false,
      message: { role: 'user', content: 'hi' },
    },
    { kind: 'record', type: 'operation_finished', intent: 'run', outcome: 'completed' },
    { kind: 'record', type: 'operation_finished', intent: 'compaction', outcome: 'completed' },
    { kind: 'fact', fact: 'name', name: 'N' },
    { kind: 'record', type: 'dreamt' },
  )
  assert.deepEqual(
    [header!.session, header!.time, header!.parts[0]!.payload.parentSession],
    ['s-4', '2026-01-01T10:00:00.000Z', 's-0'],
  )
  assert.deepEqual(
    [entry!.time, told(entry!)],
    ['2026-01-01T10:00:01.000Z', [['message.user.prompt', { text: 'hi', nativeId: 'e', copied: true }]]],
  )
  assert.deepEqual(
    [end!, other!, name!, fresh!].map(({ parts }) => parts[0]!.kind),
    ['system.turn_complete', 'system.notice', 'system.title', 'other.record.dreamt'],
  )
})

test('where pi and its kin are looked for', () => {
  const env = { PI_CODING_AGENT_SESSION_DIR: '~/s/', PI_CODING_AGENT_DIR: '/a' }
  assert.deepEqual(
    pi.roots({ home: '/h', env, platform: 'linux' }).map(({ path }) => path),
    ['/h/s', '/a/sessions', '/h/.pi/agent/sessions', '/h/.omp/agent/sessions'],
  )
})
