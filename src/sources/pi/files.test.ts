// What pi's tools did to files, and what its helpers cost: told by a result, its call and what stood before.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FileChange, ToolResult } from '../../event/payload.ts'
import type { Part } from '../source.ts'
import { pi } from './source.ts'

type Entry = Readonly<Record<string, unknown>>

function partsOf(path: string, ...entries: readonly Entry[]): readonly Part[] {
  const file = { root: '/root', path }
  let memory = pi.owner(file)!.memory
  return entries.flatMap((value) => {
    const meaning = pi.translate({ text: '', value, bytes: new Uint8Array(), damage: null }, file, memory)
    memory = JSON.parse(JSON.stringify(meaning.memory))
    return meaning.parts
  })
}
const PATH = '--w--/2026-01-01T10-00-00-000Z_s.jsonl'
const message = (role: string, more: object): Entry => ({ type: 'message', message: { role, ...more } })
const call = (id: string, name: string, input: object): Entry =>
  message('assistant', { content: [{ type: 'toolCall', id, name, arguments: input }] })
const result = (id: string, more: object = {}): Entry => message('toolResult', { toolCallId: id, content: [], ...more })

const filesIn = (...entries: readonly Entry[]): readonly FileChange[] =>
  partsOf(PATH, ...entries).flatMap(({ payload }) => payload.result?.files ?? [])
const resultOf = (entry: Entry): ToolResult => partsOf(PATH, entry)[0]!.payload.result!

const DIFF = '   1 a\n-  2 b\n+  2 c\n+  3 +d\n     ...\n   9 -e'

test('an edit says which file, and counts the lines its diff shows', () => {
  assert.deepEqual(
    filesIn(
      call('1', 'edit', { path: 'a.ts' }),
      result('1', { details: { diff: DIFF } }),
      call('2', 'edit', { path: 'a.ts' }),
      result('2'),
    ),
    [
      { path: 'a.ts', change: 'modified', added: 2, removed: 1 },
      { path: 'a.ts', change: 'modified' },
    ],
  )
})

test('a write makes a file, unless this session read or changed it before', () => {
  const write = (id: string, path: string) => call(id, 'write', { path, content: 'one\ntwo\n' })
  assert.deepEqual(
    filesIn(
      write('1', 'new.ts'),
      result('1'),
      write('2', 'new.ts'),
      result('2'),
      call('3', 'read', { path: 'old.ts' }),
      result('3'),
      write('4', 'old.ts'),
      result('4'),
    ),
    [
      { path: 'new.ts', change: 'created' },
      { path: 'new.ts', change: 'modified' },
      { path: 'old.ts', change: 'modified' },
    ],
  )
})

test('what failed changed nothing, and what it was to write is still to be made', () => {
  const write = (id: string) => call(id, 'write', { path: 'a.ts', content: 'x' })
  assert.deepEqual(filesIn(write('1'), result('1', { isError: true }), write('2'), result('2')), [
    { path: 'a.ts', change: 'created' },
  ])
})

test('calls at the same time find their own results', () => {
  const both = message('assistant', {
    content: ['1', '2'].map((id) => ({ type: 'toolCall', id, name: 'edit', arguments: { path: `${id}.ts` } })),
  })
  assert.deepEqual(
    filesIn(both, result('2'), result('1')).map(({ path }) => path),
    ['2.ts', '1.ts'],
  )
})

test('a patch names every file it touched', () => {
  const details = { summary: { added: ['n.ts'], modified: ['m.ts', 7], deleted: ['d.ts'] } }
  assert.deepEqual(filesIn(call('1', 'apply_patch', { input: '…' }), result('1', { details })), [
    { path: 'n.ts', change: 'created' },
    { path: 'm.ts', change: 'modified' },
    { path: 'd.ts', change: 'deleted' },
  ])
})

test('thousands of files are remembered in no more than a little', () => {
  const file = { root: '/root', path: PATH }
  let memory = pi.owner(file)!.memory
  const read = (value: Entry) => {
    memory = pi.translate({ text: '', value, bytes: new Uint8Array(), damage: null }, file, memory).memory
  }
  for (let i = 0; i < 3_000; i++) {
    read(call(`c${i}`, 'read', { path: `/a/long/way/down/to/file-${i}.ts` }))
    if (i % 2 === 0) read(result(`c${i}`))
  }
  assert.ok(JSON.stringify(memory).length < 20_000)
})

const endings: readonly (readonly [string, object, object])[] = [
  [
    'a command that failed',
    { isError: true, content: [{ type: 'text', text: 'no\n\nCommand exited with code 3' }] },
    { failed: true, exit: 3 },
  ],
  [
    'a command that was stopped',
    { isError: true, content: [{ type: 'text', text: 'half\n\n\nCommand aborted' }] },
    { failed: true, interrupted: true },
  ],
  ['an exit code beside the text', { details: { status: 'completed', exitCode: 1 } }, { failed: true, exit: 1 }],
  [
    'a failure told in the details only',
    { details: { status: 'error', error: 'no' }, isError: false },
    { failed: true },
  ],
  ['work that goes on', { details: { status: 'running', sessionId: 'p' } }, { failed: false, background: true }],
  [
    'a session of its own',
    { toolName: 'sessions_spawn', details: { status: 'accepted', childSessionKey: 'agent:x:subagent:1' } },
    { failed: false, agentId: 'agent:x:subagent:1' },
  ],
  [
    'a session told of in the text',
    { toolName: 'sessions_spawn', content: '{"childSessionKey":"agent:x:subagent:2"}' },
    { failed: false, agentId: 'agent:x:subagent:2' },
  ],
]
for (const [what, more, expected] of endings)
  test(`the result of ${what}`, () => assert.deepEqual(resultOf(result('1', more)), { call: '1', ...expected }))

test('subagents without a file of their own cost what the result says', () => {
  const usage = { input: 3, output: 4, cacheRead: 0, cacheWrite: 0, cost: 0.25, turns: 2 }
  const results = [
    { agent: 'scout', model: 'm', usage },
    { agent: 'filed', usage, sessionFile: '/s.jsonl' },
  ]
  const parts = partsOf(PATH, result('1', { details: { results } }))
  assert.deepEqual(
    parts.map(({ kind, payload }) => [kind, payload.agentType, payload.parentCall, payload.usage?.costUsd]),
    [
      ['message.user.tool_result', undefined, undefined, undefined],
      ['system.usage', 'scout', '1', '0.25'],
    ],
  )
  const told = partsOf(PATH, result('1', { usage, details: { results } }))
  assert.equal(told.length, 1, 'a result that has the sum is not counted twice')
})
