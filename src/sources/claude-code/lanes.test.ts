// Whose a line is: its session, its lane, its time, and what is remembered from the lines before it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LineMeaning } from '../source.ts'
import { claudeCode } from './source.ts'
import { toolKind } from './tools.ts'

const SESSION = '0b0e7a4e-0000-4000-8000-000000000001'
const MAIN = `-home-dev-app/${SESSION}.jsonl`

function meanings(path: string, ...lines: readonly object[]): readonly LineMeaning[] {
  const file = { root: '/root', path }
  let memory = claudeCode.owner(file)!.memory
  return lines.map((value) => {
    const line = { text: JSON.stringify(value), value, bytes: new Uint8Array(), damage: null }
    const meaning = claudeCode.translate(line, file, memory)
    memory = meaning.memory
    return meaning
  })
}

const owners: readonly (readonly [string, string, string | null, string | null])[] = [
  ['a session', MAIN, SESSION, null],
  ['a subagent', `-home-dev-app/${SESSION}/subagents/agent-a1.jsonl`, SESSION, 'a1'],
  ['a subagent of a workflow', `-home-dev-app/${SESSION}/subagents/workflows/w/agent-a2.jsonl`, SESSION, 'a2'],
  ['a workflow’s journal', `-home-dev-app/${SESSION}/subagents/workflows/w/journal.jsonl`, SESSION, null],
  ['a subagent of an older version: its lines name the session', '-home-dev-app/agent-a3.jsonl', null, 'a3'],
  ['another name', '-home-dev-app/notes.jsonl', 'notes', null],
]
for (const [what, path, session, agentId] of owners)
  test(`the file of ${what}`, () => {
    const owner = claudeCode.owner({ root: '/root', path })!
    assert.deepEqual([owner.memory.session, owner.agentId, owner.memory.project], [session, agentId, 'home-dev-app'])
  })

test('files that hold no lines are nobody’s', () => {
  assert.equal(claudeCode.owner({ root: '/r', path: `p/${SESSION}/subagents/agent-a1.meta.json` }), null)
  assert.equal(claudeCode.owner({ root: '/r', path: 'p/.jsonl' }), null)
  assert.equal(claudeCode.owner({ root: '/r', path: `p/${SESSION}/tool-results/b1.jsonl` }), null)
})

const machine = { home: '/home/dev', platform: 'linux' }
const roots = (env: Record<string, string>, platform = 'linux') =>
  claudeCode.roots({ ...machine, env, platform }).map(({ path }) => path)

test('CLAUDE_CONFIG_DIR is a list, and the usual places are watched besides', () => {
  const usual = ['/home/dev/.claude/projects', '/home/dev/.config/claude/projects']
  assert.deepEqual(roots({}), usual)
  assert.deepEqual(roots({ CLAUDE_CONFIG_DIR: '/a:~/b/, /c' }), [
    '/a/projects',
    '/home/dev/b/projects',
    '/c/projects',
    ...usual,
  ])
  assert.deepEqual(roots({ CLAUDE_CONFIG_DIR: 'C:\\a;D:\\b' }, 'win32').slice(0, 2), [
    'C:\\a/projects',
    'D:\\b/projects',
  ])
})

test('an older subagent’s session is the first one its lines name', () => {
  const [first, second, third] = meanings(
    'p/agent-a3.jsonl',
    { type: 'x' },
    { type: 'x', sessionId: 's1' },
    { type: 'x', sessionId: 's2' },
  )
  assert.deepEqual([first!.session, second!.session, third!.session], ['agent-a3', 's1', 's1'])
  assert.deepEqual([second!.parts[0]!.payload.copied, third!.parts[0]!.payload.copied], [undefined, true])
})

test('a line copied from another session stays in the file’s session and says so', () => {
  const [line] = meanings(MAIN, { type: 'user', sessionId: 'other', message: { content: 'hi' } })
  assert.equal(line!.session, SESSION)
  assert.equal(line!.parts[0]!.payload.copied, true)
})

test('a subagent’s lines inside a session’s file are its own lane, and its task is no person’s prompt', () => {
  const [named, unnamed] = meanings(
    MAIN,
    { type: 'user', isSidechain: true, agentId: 'a7', message: { content: 'look around' } },
    { type: 'assistant', isSidechain: true, message: { content: 'yes' } },
  )
  assert.deepEqual([named!.agentId, unnamed!.agentId], ['a7', 'sidechain'])
  assert.equal(named!.parts[0]!.kind, 'message.user.injected')
  assert.equal(named!.parts[0]!.payload.injected, 'delegated')
})

test('time is carried forward, brought to UTC, and never made up', () => {
  const times = meanings(
    MAIN,
    { type: 'mode' },
    { type: 'x', timestamp: '2026-01-01T12:00:00.5+02:00' },
    { type: 'x' },
    { type: 'x', timestamp: 'yesterday' },
    { type: 'x', timestamp: '2026-01-01T12:00:00' }, // local time of nobody knows where
    { type: 'x', timestamp: '2026-02-30T12:00:00.000Z' },
  ).map(({ time }) => time)
  const first = '2026-01-01T10:00:00.500Z'
  assert.deepEqual(times, [null, first, first, first, first, '2026-03-02T12:00:00.000Z'])
})

test('a file that begins with a snapshot has the snapshot’s time, until a line has its own', () => {
  const snapshot = (timestamp: string) => ({ type: 'file-history-snapshot', snapshot: { timestamp } })
  const lines = [
    snapshot('2026-01-01T10:00:00.000Z'),
    { type: 'x', timestamp: '2026-01-01T11:00:00.000Z' },
    snapshot('2026-01-01T09:00:00.000Z'),
  ]
  assert.deepEqual(
    meanings(MAIN, ...lines).map(({ time }) => time?.slice(11, 13)),
    ['10', '11', '11'],
  )
})

test('place, branch and version are said when they change', () => {
  const at = { type: 'x', cwd: '/home/dev/app', gitBranch: 'main', version: '2.1.0' }
  const payloads = meanings(MAIN, at, at, { ...at, gitBranch: 'fix' }, at).map(({ parts }) => {
    const { cwd, branch, version } = parts[0]!.payload
    return [cwd, branch, version]
  })
  assert.deepEqual(payloads, [
    ['/home/dev/app', 'main', '2.1.0'],
    [undefined, undefined, undefined],
    [undefined, 'fix', undefined],
    [undefined, 'main', undefined],
  ])
})

test('ids of the line and the line before it', () => {
  const [line] = meanings(MAIN, {
    type: 'assistant',
    uuid: 'u2',
    parentUuid: 'u1',
    message: {
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    },
  })
  assert.equal(line!.nativeId, 'u2')
  assert.deepEqual(
    line!.parts.map(({ payload }) => [payload.nativeId, payload.nativeParent]),
    [
      ['u2', 'u1'],
      ['u2', undefined],
    ],
  )
})

test('tools in the common words', () => {
  const kinds = [
    'Read',
    'MultiEdit',
    'Write',
    'Grep',
    'Bash',
    'WebFetch',
    'Agent',
    'ExitPlanMode',
    'AskUserQuestion',
    'TodoWrite',
    'mcp__x__read',
  ]
  assert.deepEqual(kinds.map(toolKind), [
    'read',
    'edit',
    'write',
    'search',
    'run',
    'web',
    'delegate',
    'plan',
    'ask',
    'todo',
    'other',
  ])
})
