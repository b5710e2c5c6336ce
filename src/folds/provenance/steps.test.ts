// What calls did to files, from the events of a session: each kind of tool, what failed, what was copied, and what results show.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../../event/event.ts'
import type { ToolKind, ToolResult } from '../../event/payload.ts'
import { made } from '../../testing/made-events.ts'
import type { Doing } from './doing.ts'
import { inOrder, stepsOf } from './steps.ts'

interface Did {
  readonly kind: ToolKind
  readonly input: unknown
  readonly result?: Partial<ToolResult>
  readonly answer?: string
  readonly shown?: object // what stands beside the answer in the line
  readonly cwd?: string
  readonly native?: string
  readonly agentId?: string
  readonly copied?: true
  readonly call?: string
}

function events(...all: readonly Did[]): Event[] {
  return all.flatMap(({ kind, input, result, answer = 'done', shown = {}, cwd = '/w', copied, call, ...lane }, i) => {
    const id = call ?? `call-of-the-whole-world-${i}`
    const copy = copied === undefined ? {} : { copied }
    const asked = made(i * 2, {
      ...lane,
      kind: 'message.assistant.tool_use',
      text: '',
      line: { input },
      payload: { cwd, ...copy, model: 'm1', tool: { name: 'T', kind, call: id, input: { at: '/more/input' } } },
    })
    const payload = { ...copy, result: { call: id, failed: false, ...result } }
    const came = made(i * 2 + 1, { ...lane, kind: 'message.user.tool_result', text: answer, line: shown, payload })
    return [asked.event, came.event]
  })
}

const doings = (...all: readonly Did[]): Doing[] => stepsOf(events(...all)).map(({ doing }) => doing)
const edits = (before: string, after: string, all = false) => [{ before, after, all }]

const cases: readonly (readonly [string, Did, readonly object[]])[] = [
  [
    'a file written whole',
    { kind: 'write', input: { file_path: '/w/a.ts', content: 'a\n' } },
    [{ is: 'write', path: '/w/a.ts', text: 'a\n' }],
  ],
  [
    'a path from where the agent is',
    { kind: 'write', input: { path: './src/../a.ts', content: 'a' }, cwd: '/w/b' },
    [{ is: 'write', path: '/w/b/a.ts', text: 'a' }],
  ],
  [
    'an edit, everywhere',
    { kind: 'edit', input: { file_path: '/w/a.ts', old_string: 'a', new_string: 'b', replace_all: true } },
    [{ is: 'edit', path: '/w/a.ts', edits: edits('a', 'b', true) }],
  ],
  [
    'an edit in the words of another agent',
    { kind: 'edit', input: { path: 'a.ts', oldText: 'a', newText: 'b' } },
    [{ is: 'edit', path: '/w/a.ts', edits: edits('a', 'b') }],
  ],
  [
    'an edit that puts nothing there',
    { kind: 'edit', input: { path: 'a.ts', oldText: 'a' } },
    [{ is: 'edit', path: '/w/a.ts', edits: edits('a', '') }],
  ],
  [
    'several edits of one call',
    {
      kind: 'edit',
      input: {
        file_path: '/w/a.ts',
        edits: [
          { old_string: 'a', new_string: 'b' },
          { old_string: 'c', new_string: 'd' },
        ],
      },
    },
    [{ is: 'edit', path: '/w/a.ts', edits: [...edits('a', 'b'), ...edits('c', 'd')] }],
  ],
  [
    'a patch over several files',
    {
      kind: 'edit',
      input:
        '*** Begin Patch\n*** Update File: a.ts\n*** Move to: b.ts\n@@\n-x\n+y\n*** Add File: c.ts\n+c\n*** Delete File: d.ts\n*** End Patch',
    },
    [
      { is: 'patch', path: '/w/a.ts', hunks: [{ at: null, to: null, after: null, before: ['x'], now: ['y'] }] },
      { is: 'move', from: '/w/a.ts', to: '/w/b.ts' },
      { is: 'write', path: '/w/c.ts', text: 'c\n' },
      { is: 'remove', path: '/w/d.ts' },
    ],
  ],
  [
    'a cell of a notebook',
    { kind: 'edit', input: { notebook_path: '/w/n.ipynb', cell_id: 'c1', new_source: 'x = 1' } },
    [{ is: 'cell', path: '/w/n.ipynb', cell: { id: 'c1', source: 'x = 1', type: null, mode: 'replace' } }],
  ],
  [
    'a change that only the result names',
    { kind: 'other', input: {}, result: { files: [{ path: 'a.ts', change: 'renamed', from: 'b.ts' }] } },
    [{ is: 'move', from: '/w/b.ts', to: '/w/a.ts' }],
  ],
  [
    'an edit that failed',
    { kind: 'edit', input: { file_path: '/w/a.ts', old_string: 'a', new_string: 'b' }, result: { failed: true } },
    [],
  ],
  [
    'a write that somebody refused',
    { kind: 'write', input: { file_path: '/w/a.ts', content: 'a' }, result: { refused: true } },
    [],
  ],
  [
    'a write that was interrupted',
    { kind: 'write', input: { file_path: '/w/a.ts', content: 'a' }, result: { interrupted: true } },
    [],
  ],
  [
    'the file before an edit, the places it changed',
    {
      kind: 'edit',
      input: { file_path: '/w/a.ts', old_string: 'a', new_string: 'b' },
      shown: { was: 'a\nc', patch: [{ oldStart: 1, lines: ['-a', '+b', ' c'] }] },
      result: { shows: { path: '/w/a.ts', before: '/more/was', hunks: '/more/patch' } },
    },
    [
      { is: 'show', path: '/w/a.ts', when: 'before', text: 'a\nc' },
      { is: 'edit', path: '/w/a.ts', edits: edits('a', 'b') },
      { is: 'places', path: '/w/a.ts', hunks: [{ at: 1, to: null, after: null, before: ['a', 'c'], now: ['b', 'c'] }] },
    ],
  ],
  [
    'all lines of a file, read',
    {
      kind: 'read',
      input: { file_path: '/w/a.ts' },
      shown: { text: 'a\nb\n' },
      result: { shows: { path: '/w/a.ts', lines: { at: '/more/text', from: 1, total: 3 } } },
    },
    [{ is: 'show', path: '/w/a.ts', when: 'after', text: 'a\nb\n' }],
  ],
  [
    'some lines of a file, read',
    {
      kind: 'read',
      input: { file_path: '/w/a.ts' },
      shown: { text: 'b' },
      result: { shows: { path: '/w/a.ts', lines: { at: '/more/text', from: 2, total: 9 } } },
    },
    [{ is: 'glimpse', path: '/w/a.ts', from: 2, texts: ['b'], total: 9 }],
  ],
  [
    'numbered lines in the words of the answer',
    {
      kind: 'read',
      input: { file_path: '/w/a.ts' },
      answer: '    7→b\n    8→\n<system-reminder>\nbe good\n</system-reminder>',
    },
    [{ is: 'glimpse', path: '/w/a.ts', from: 7, texts: ['b', ''], total: null }],
  ],
  ['a command that only looks', { kind: 'run', input: { command: 'cat a.ts && grep b a.ts' } }, []],
]
for (const [what, did, expected] of cases) test(what, () => assert.deepEqual(doings(did), expected))

test('a call nobody answered did nothing; two that run side by side do it in the order of their answers', () => {
  const [one, oneCame, two, twoCame] = events(
    { kind: 'write', input: { path: 'a', content: '1' } },
    { kind: 'write', input: { path: 'a', content: '2' } },
  )
  assert.deepEqual(stepsOf([one!]), [])
  const steps = stepsOf([one!, two!, twoCame!, oneCame!])
  assert.deepEqual(
    steps.map(({ call }) => call.event),
    [two!.id, one!.id],
  )
})

test('the copy of a call in a resumed session counts once, and for the session that made it', () => {
  const input = { path: 'a', content: '1' }
  const call = 'call-of-the-whole-world'
  const all = events(
    { kind: 'write', input, call, native: 's2', copied: true },
    { kind: 'write', input, call, native: 's1' },
  )
  const steps = stepsOf(all)
  assert.deepEqual(
    steps.map((step) => step.call.session),
    ['invented:s1'],
  )
  assert.equal(stepsOf(all.slice(0, 2)).length, 1, 'a copy whose original nobody saw stands for it')
})

test('a short id of a call is one in its session only', () => {
  const input = { path: 'a', content: '1' }
  const all = events(
    { kind: 'write', input, call: 'c1', native: 's1' },
    { kind: 'write', input, call: 'c1', native: 's2' },
  )
  assert.equal(stepsOf(all).length, 2)
})

test('a subagent’s work is its own, and says so', () => {
  const [step] = stepsOf(events({ kind: 'write', input: { path: 'a', content: '1' }, agentId: 'helper' }))
  assert.deepEqual([step!.call.agentId, step!.call.model], ['helper', 'm1'])
})

test('a folder that only the session knows is enough for a relative path', () => {
  const [asked, came] = events({ kind: 'write', input: { path: 'a', content: '1' }, cwd: '/x' })
  const bare = { ...asked!, payload: { ...asked!.payload } }
  delete (bare.payload as { cwd?: string }).cwd
  assert.deepEqual(
    stepsOf([bare, came!], new Map([['invented:s1', '/home/dev/bakery']])).map(
      ({ doing }) => 'path' in doing && doing.path,
    ),
    ['/home/dev/bakery/a'],
  )
})

test('what the agent saw changed by somebody else puts the file in doubt, and shows lines of it', () => {
  const noticed = made(0, { kind: 'message.user.injected', text: '3→c\n4→d', payload: { noticed: '/w/a.ts' } }).event
  assert.deepEqual(
    stepsOf([noticed]).map(({ doing }) => doing),
    [
      { is: 'touch', paths: ['/w/a.ts'], under: null, named: null },
      { is: 'glimpse', path: '/w/a.ts', from: 3, texts: ['c', 'd'], total: null },
    ],
  )
})

test('events come in the order of their time, whichever file they are read from', () => {
  const all = events({ kind: 'read', input: {} }, { kind: 'read', input: {}, agentId: 'helper' })
  assert.deepEqual(inOrder(all.toReversed()), all)
})
