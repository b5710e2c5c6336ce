// The example agent's whole format in one short session: copy this beside your own source.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { example } from './source.ts'

const SESSION = [
  { example: 1, session: 's1', cwd: '/home/dev/app', at: '2026-01-01T10:00:00Z' },
  { id: '1', at: '2026-01-01T10:00:01Z', kind: 'ask', text: 'fix the test' },
  { id: '2', kind: 'call', call: 'c1', tool: 'Shell', does: 'run', target: 'npm test', input: { command: 'npm test' } },
  { id: '3', at: '2026-01-01T10:00:03Z', kind: 'result', call: 'c1', failed: true, exit: 1, text: 'one failed' },
  { id: '4', kind: 'say', text: 'Done.', model: 'm1', request: 'r1', tokens: { input: 9, output: 3 }, stop: 'stop' },
  { id: '5', kind: 'sing', text: 'la', agent: 'a1' },
]

test('a session of the example agent', () => {
  const file = { root: '/demo/sessions', path: 's1.jsonl' }
  let memory = example.owner(file)!.memory
  const told = SESSION.map((value) => {
    const line = { text: JSON.stringify(value), value, bytes: new Uint8Array(), damage: null }
    const meaning = example.translate(line, file, memory)
    memory = meaning.memory
    const { kind, payload } = meaning.parts[0]!
    const { v: _, ...rest } = payload
    return [`${meaning.project}/${meaning.session}/${meaning.agentId ?? ''}`, meaning.time?.slice(17, 19), kind, rest]
  })
  assert.deepEqual(told, [
    ['home-dev-app/s1/', '00', 'system.session_start', { cwd: '/home/dev/app' }],
    ['home-dev-app/s1/', '01', 'message.user.prompt', { text: 'fix the test', nativeId: '1' }],
    [
      'home-dev-app/s1/',
      '01',
      'message.assistant.tool_use',
      { nativeId: '2', tool: { name: 'Shell', kind: 'run', call: 'c1', input: { at: '/input' }, target: 'npm test' } },
    ],
    [
      'home-dev-app/s1/',
      '03',
      'message.user.tool_result',
      { text: 'one failed', nativeId: '3', result: { call: 'c1', failed: true, exit: 1 } },
    ],
    [
      'home-dev-app/s1/',
      '03',
      'message.assistant.text',
      {
        text: 'Done.',
        nativeId: '4',
        request: 'r1',
        model: 'm1',
        stop: 'stop',
        usage: { input: 9, output: 3, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 },
      },
    ],
    ['home-dev-app/s1/a1', '03', 'other.sing', { text: 'la', nativeId: '5' }],
  ])
})

test('it is watched only where it was asked for', () => {
  const machine = { home: '/home/dev', platform: 'linux' }
  assert.deepEqual(example.roots({ ...machine, env: {} }), [])
  assert.deepEqual(example.roots({ ...machine, env: { OPENSTORY_EXAMPLE_DIR: '/demo/' } }), [
    { path: '/demo/sessions' },
  ])
})
