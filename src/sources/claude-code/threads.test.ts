// How lines hang together: subagents inside their session's file, going back and going on elsewhere, copies, titles, helpers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LineMeaning } from '../source.ts'
import { claudeCode } from './source.ts'

const SESSION = '0b0e7a4e-0000-4000-8000-000000000001'
const MAIN = `-home-dev-app/${SESSION}.jsonl`

function read(path: string, ...lines: readonly object[]): readonly LineMeaning[] {
  const file = { root: '/root', path }
  let memory = claudeCode.owner(file)!.memory
  return lines.map((value) => {
    const line = { text: JSON.stringify(value), value, bytes: new Uint8Array(), damage: null }
    const meaning = claudeCode.translate(line, file, memory)
    memory = JSON.parse(JSON.stringify(meaning.memory)) // as it comes back from the disk
    return meaning
  })
}

const at = (uuid: string, parentUuid: string | null, more: object) => ({
  uuid,
  parentUuid,
  sessionId: SESSION,
  ...more,
})
const prompt = (uuid: string, parent: string | null, content = uuid, more: object = {}) =>
  at(uuid, parent, { type: 'user', message: { content }, ...more })
const answer = (uuid: string, parent: string, content: unknown = 'ok', more: object = {}) =>
  at(uuid, parent, { type: 'assistant', message: { content }, ...more })
const task = (id: string, task: string, subagent_type?: string) => ({
  type: 'tool_use',
  id,
  name: 'Task',
  input: { prompt: task, ...(subagent_type !== undefined && { subagent_type }) },
})
const result = (id: string) => [{ type: 'tool_result', tool_use_id: id, content: 'done' }]
const side = { isSidechain: true }

test('two subagents at work at once inside the session’s file are two lanes, each joined to the call with its prompt', () => {
  const meanings = read(
    MAIN,
    prompt('u1', null),
    answer('m1', 'u1', [task('c1', 'look left', 'Explore')]),
    answer('m2', 'm1', [task('c2', 'look right')]),
    prompt('r1', null, 'look right', side),
    prompt('l1', null, ' look left', side),
    answer('l2', 'l1', [{ type: 'tool_use', id: 'x', name: 'LS', input: {} }], side),
    answer('r2', 'r1', [{ type: 'tool_use', id: 'y', name: 'LS', input: {} }], side),
    at('l3', 'l2', { type: 'user', message: { content: result('x') }, ...side }),
    at('r3', 'r2', { type: 'user', message: { content: result('y') }, ...side }),
    answer('r4', 'r3', 'right', side),
    answer('l4', 'l3', 'left', side),
    at('u2', 'm2', { type: 'user', message: { content: result('c1') } }),
    at('u3', 'u2', { type: 'user', message: { content: result('c2') } }),
  )
  const [left, right] = ['sidechain-l1', 'sidechain-r1']
  assert.deepEqual(
    meanings.map(({ agentId }) => agentId),
    [null, null, null, right, left, left, right, left, right, right, left, null, null],
  )
  const kin = (i: number) => [meanings[i]!.parts[0]!.payload.parentCall, meanings[i]!.parts[0]!.payload.agentType]
  assert.deepEqual(
    [kin(3), kin(4), kin(5)],
    [
      ['c2', undefined],
      ['c1', 'Explore'],
      [undefined, undefined],
    ],
  )
  assert.equal(meanings.at(-1)!.memory.calls, null, 'an answered call begins nothing any more')
})

test('parallel calls inside a subagent stay in its lane: their results hang on lines further back', () => {
  const meanings = read(
    MAIN,
    answer('m1', 'u1', [task('c1', 'a'), task('c2', 'b')]),
    prompt('a1', null, 'a', side),
    prompt('b1', null, 'b', side),
    answer('a2', 'a1', [{ type: 'tool_use', id: 'x', name: 'LS', input: {} }], side),
    answer('a3', 'a2', [{ type: 'tool_use', id: 'y', name: 'LS', input: {} }], side),
    answer('b2', 'b1', 'thinking', side),
    at('a4', 'a2', { type: 'user', message: { content: result('x') }, ...side }),
    at('a5', 'a3', { type: 'user', message: { content: result('y') }, ...side }),
  )
  assert.deepEqual(
    meanings.slice(1).map(({ agentId }) => agentId?.slice(-2)),
    ['a1', 'b1', 'a1', 'a1', 'b1', 'a1', 'a1'],
  )
})

test('the only call at work is the parent of a subagent whose words are not the prompt’s', () => {
  const [, begun] = read(MAIN, answer('m1', 'u1', [task('c1', 'a')]), prompt('a1', null, 'a, rewritten', side))
  assert.equal(begun!.parts[0]!.payload.parentCall, 'c1')
})

test('news of a subagent stands in its lane and names the call that began it', () => {
  const [news] = read(MAIN, {
    type: 'progress',
    parentToolUseID: 'c1',
    data: { type: 'agent_progress', agentId: 'a7', prompt: 'look' },
  })
  assert.deepEqual([news!.agentId, news!.parts[0]!.payload.parentCall], ['a7', 'c1'])
})

test('a subagent’s own lines say what it is called, once', () => {
  const spoke = (attributionAgent: string) => answer('m', 'u', 'x', { attributionAgent, agentId: 'a1', ...side })
  const types = read(`p/${SESSION}/subagents/agent-a1.jsonl`, spoke('Explore'), spoke('Explore')).map(
    ({ parts }) => parts[0]!.payload.agentType,
  )
  assert.deepEqual(types, ['Explore', undefined])
})

test('a workflow’s journal is no subagent: its lines stand in the lanes they name', () => {
  const meanings = read(
    `p/${SESSION}/subagents/workflows/w/journal.jsonl`,
    { type: 'launched' },
    { type: 'started', key: 'k', agentId: 'a1', label: 'review' },
    { type: 'result', key: 'k', agentId: 'a1', result: 'fine' },
  )
  assert.deepEqual(
    meanings.map(({ agentId, session, parts }) => [agentId, session, parts[0]!.kind, parts[0]!.payload.text]),
    [
      [null, SESSION, 'progress.agent', 'launched'],
      ['a1', SESSION, 'progress.agent', 'review'],
      ['a1', SESSION, 'progress.agent', 'fine'],
    ],
  )
})

const hiddenFiles: readonly (readonly [string, boolean])[] = [
  ['agent-acompact-0123456789abcdef', true],
  ['agent-aprompt_suggestion-a12dbf', true],
  ['agent-a0123456789abcdef', false],
  ['agent-aside_question-0123456789abcdef', true],
  ['agent-acompactor', false],
]
for (const [name, hidden] of hiddenFiles)
  test(`${name} is ${hidden ? 'a helper nobody asked for' : 'a subagent at work'}`, () => {
    for (const path of [`p/${SESSION}/subagents/${name}.jsonl`, `p/${name}.jsonl`]) {
      const [line] = read(path, answer('m', 'u'))
      assert.equal(line!.parts[0]!.payload.hidden, hidden ? true : undefined)
    }
  })

test('an agent sent out to warm the cache is hidden, all its lines', () => {
  const lines = read('p/agent-b2.jsonl', prompt('w', null, 'Warmup', side), answer('m', 'w', 'ready', side))
  assert.ok(lines.every(({ parts }) => parts[0]!.payload.hidden === true))
})

// [what happens, the lines, the parent of each branch as "line:parent"]
const noted = (uuid: string, parent: string) => at(uuid, parent, { type: 'system', subtype: 'turn_duration' })
const branches: readonly (readonly [string, readonly object[], string])[] = [
  ['one after the other', [prompt('u1', null), answer('m1', 'u1'), prompt('u2', 'm1')], ''],
  [
    'hanging on what was noted after the answer',
    [prompt('u1', null), answer('m1', 'u1'), noted('n1', 'm1'), prompt('u2', 'n1')],
    '',
  ],
  [
    'hanging on the answer, before what was noted',
    [prompt('u1', null), answer('m1', 'u1'), noted('n1', 'm1'), prompt('u2', 'm1')],
    '',
  ],
  [
    'back to an earlier answer',
    [prompt('u1', null), answer('m1', 'u1'), prompt('u2', 'm1'), answer('m2', 'u2'), prompt('u3', 'm1')],
    '5:m1',
  ],
  [
    'typed again before there was an answer',
    [prompt('u1', null), answer('m1', 'u1'), noted('n1', 'm1'), prompt('u2', 'n1'), prompt('u3', 'n1')],
    '5:n1',
  ],
  ['back to the very beginning', [prompt('u1', null), answer('m1', 'u1'), prompt('u2', null)], '3:'],
  [
    'lines that never name the one before them',
    [prompt('u1', null), at('m1', null, { type: 'assistant', message: { content: 'x' } }), prompt('u2', null)],
    '',
  ],
  [
    'a `!` command of older versions, which hangs on the first line',
    [prompt('u1', null), answer('m1', 'u1'), prompt('u2', 'u1', '<bash-input>ls</bash-input>')],
    '',
  ],
  [
    'a result that hangs further back',
    [
      prompt('u1', null),
      answer('m1', 'u1'),
      answer('m2', 'm1'),
      at('r1', 'm1', { type: 'user', message: { content: result('x') } }),
    ],
    '',
  ],
  [
    'more was noted than is remembered: nothing is claimed',
    [
      prompt('u1', null),
      answer('m1', 'u1'),
      ...Array.from({ length: 2_000 }, (_, i) => noted(`n${i}`, 'm1')),
      prompt('u2', 'n1999'),
    ],
    '',
  ],
]
for (const [what, lines, expected] of branches)
  test(`branches: ${what}`, () => {
    const found = read(MAIN, ...lines).flatMap(({ parts }, i) =>
      parts
        .filter(({ kind }) => kind === 'system.branch')
        .map(({ payload }) => `${i + 1}:${payload.nativeParent ?? ''}`),
    )
    assert.equal(found.join(' '), expected)
  })

test('lines copied from another session say so, and the first of them says which', () => {
  const from = (sessionId: string) => ({ sessionId })
  const meanings = read(
    MAIN,
    prompt('u1', null, 'a', from('old')),
    answer('m1', 'u1', 'b', from('old')),
    prompt('u2', 'm1', 'c'),
    prompt('u3', 'u2', 'd', { forkedFrom: { sessionId: 'older', messageUuid: 'x' } }),
    { type: 'ai-title', aiTitle: 'Theirs', sessionId: 'old' },
  )
  assert.deepEqual(
    meanings.map(({ session, parts }) => [
      session,
      parts[0]!.payload.copied ?? false,
      parts.find(({ kind }) => kind === 'system.branch')?.payload.parentSession,
    ]),
    [
      [SESSION, true, 'old'],
      [SESSION, true, undefined],
      [SESSION, false, undefined],
      [SESSION, true, 'older'],
      [SESSION, true, undefined],
    ],
  )
  assert.deepEqual([meanings[4]!.parts[0]!.kind, meanings[4]!.parts[0]!.payload.title], ['system.notice', undefined])
})

// [what stands in the file: whose line and when (minutes), which lines are copies]
const copies: readonly (readonly [string, readonly (readonly [string, number | null])[], string])[] = [
  [
    'before what the session says itself',
    [
      ['old', 1],
      ['old', 2],
      [SESSION, 9],
    ],
    '1 2',
  ],
  [
    'after copies that were given the new name and time',
    [
      [SESSION, 9],
      ['old', 1],
      [SESSION, 9],
      ['old', 2],
      ['old', 3],
    ],
    '2 4 5',
  ],
  [
    'without a time',
    [
      [SESSION, 1],
      ['old', null],
    ],
    '2',
  ],
  [
    'no copies: the session goes on under another name',
    [
      [SESSION, 1],
      ['new', 2],
      ['new', 3],
    ],
    '',
  ],
]
for (const [what, lines, expected] of copies)
  test(`lines of another session, ${what}`, () => {
    const records = lines.map(([sessionId, minute], i) =>
      prompt(`u${i}`, null, 'hi', {
        sessionId,
        ...(minute !== null && { timestamp: `2026-01-01T10:0${minute}:00.000Z` }),
      }),
    )
    const found = read(MAIN, ...records).flatMap(({ parts }, i) => (parts[0]!.payload.copied ? [i + 1] : []))
    assert.equal(found.join(' '), expected)
  })

const summary = (leafUuid: string) => ({ type: 'summary', summary: 'Fix', leafUuid })
const titles: readonly (readonly [string, readonly object[], string])[] = [
  ['of another session, at the top of the file', [summary('x'), prompt('u1', null)], ''],
  ['of another session, in the middle', [prompt('u1', null), answer('m1', 'u1'), summary('x'), prompt('u2', 'm1')], ''],
  ['of what was just said', [prompt('u1', null), answer('m1', 'u1'), noted('n1', 'm1'), summary('m1')], '4:Fix'],
  ['written a moment before the line it names', [prompt('u1', null), summary('m1'), answer('m1', 'u1')], '3:Fix'],
]
for (const [what, lines, expected] of titles)
  test(`a summary ${what}`, () => {
    const found = read(MAIN, ...lines).flatMap(({ parts }, i) =>
      parts.filter(({ payload }) => payload.title !== undefined).map(({ payload }) => `${i + 1}:${payload.title}`),
    )
    assert.equal(found.join(' '), expected)
  })

test('what is written again and again is news once', () => {
  const kinds = read(
    MAIN,
    { type: 'permission-mode', permissionMode: 'plan' },
    { type: 'mode', mode: 'normal' },
    { type: 'ai-title', aiTitle: 'A' },
    { type: 'permission-mode', permissionMode: 'plan' },
    { type: 'mode', mode: 'normal' },
    { type: 'ai-title', aiTitle: 'A' },
    { type: 'ai-title', aiTitle: 'B' },
    { type: 'permission-mode', permissionMode: 'auto' },
    { type: 'permission-mode', permissionMode: 'plan' },
    { type: 'pr-link', prUrl: 'https://x.test/1' },
    { type: 'pr-link', prUrl: 'https://x.test/1' },
  ).map(({ parts }) => parts[0]!.kind.replace('system.', ''))
  assert.equal(
    kinds.join(' '),
    'mode_change mode_change title repeat repeat repeat title mode_change mode_change link repeat',
  )
})

test('the mode a prompt was given in is told when it is another one', () => {
  const given = (permissionMode: string) => ({ type: 'user', message: { content: 'hi' }, permissionMode })
  const modes = read(MAIN, given('default'), given('plan'), given('plan'), given('default')).map(({ parts }) =>
    parts
      .filter(({ kind }) => kind === 'system.mode_change')
      .map(({ payload }) => payload.text)
      .join(),
  )
  assert.deepEqual(modes, ['', 'plan', '', 'default'])
})
