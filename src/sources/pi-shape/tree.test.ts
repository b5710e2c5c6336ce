// Which entries go on from an earlier point, as a table of small trees.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pi } from '../pi/source.ts'

type Entry = Readonly<Record<string, unknown>>

// What is said about branches: the entry that goes on, and from where ('' the very beginning).
function branchesIn(entries: readonly Entry[]): readonly string[] {
  const file = { root: '/root', path: '--w--/s.jsonl' }
  let memory = pi.owner(file)!.memory
  return entries.flatMap((value) => {
    const meaning = pi.translate({ text: '', value, bytes: new Uint8Array(), damage: null }, file, memory)
    memory = meaning.memory
    return meaning.parts
      .filter(({ kind }) => kind === 'system.branch')
      .map(({ payload }) => `${payload.nativeId ?? 'lane'} from ${payload.nativeParent ?? ''}`)
  })
}

const HEADER = { type: 'session', version: 3, id: 's', timestamp: '2026-01-01T10:00:00.000Z' }
const V4 = { kind: 'header', version: 4, id: 's', createdAt: 1767261600000 }
const says = (id: string, parentId: string | null) => ({
  type: 'message',
  id,
  parentId,
  message: { role: 'user', content: id },
})
const notes = (id: string, parentId: string | null) => ({ type: 'custom', id, parentId, customType: 'x' })
const entry = (lane: string, id: string, parentId: string | null) => ({ kind: 'entry', lane, ...says(id, parentId) })

const cases: readonly (readonly [string, readonly Entry[], readonly string[]])[] = [
  ['a straight line', [HEADER, says('a', null), says('b', 'a'), says('c', 'b')], []],
  ['going on from before', [HEADER, says('a', null), says('b', 'a'), says('c', 'a')], ['c from a']],
  ['starting over', [HEADER, says('a', null), says('b', 'a'), says('c', null)], ['c from ']],
  [
    'the branch goes on as a line',
    [HEADER, says('a', null), says('b', 'a'), says('c', 'a'), says('d', 'c')],
    ['c from a'],
  ],
  [
    'notes beside the conversation are passed over',
    [HEADER, says('a', null), notes('n', 'a'), notes('m', 'n'), says('b', 'a')],
    [],
  ],
  ['and may be hung on', [HEADER, says('a', null), notes('n', 'a'), says('b', 'n')], []],
  ['a first entry that hangs on the header', [HEADER, notes('n', 's'), says('a', 's')], []],
  ['an entry that names no parent', [HEADER, says('a', null), { type: 'message', id: 'b' }, says('c', 'a')], []],
  [
    'a leaf that is set',
    [HEADER, says('a', null), says('b', 'a'), { type: 'leaf', id: 'l', parentId: 'b', targetId: 'a' }, says('c', 'l')],
    ['l from a'],
  ],
  [
    'a leaf that stays',
    [HEADER, says('a', null), { type: 'leaf', id: 'l', parentId: 'a', targetId: 'a' }, says('b', 'a')],
    [],
  ],
  [
    'lanes side by side',
    [V4, entry('x', 'a', null), entry('y', 'b', 'a'), entry('x', 'c', 'a'), entry('y', 'd', 'b')],
    [],
  ],
  [
    'a lane that is moved',
    [V4, entry('x', 'a', null), entry('x', 'b', 'a'), { kind: 'lane', lane: 'x', leafId: 'a' }, entry('x', 'c', 'a')],
    ['lane from a'],
  ],
]
for (const [what, entries, branches] of cases) test(what, () => assert.deepEqual(branchesIn(entries), branches))

test('a branch stands behind what the entry says, which stays as it is', () => {
  const file = { root: '/root', path: '--w--/s.jsonl' }
  const line = (value: Entry) => ({ text: '', value, bytes: new Uint8Array(), damage: null })
  const meant = (before: readonly Entry[]) => {
    let memory = pi.owner(file)!.memory
    for (const value of before) memory = pi.translate(line(value), file, memory).memory
    return pi.translate(line(says('c', 'a')), file, memory).parts
  }
  const straight = meant([HEADER, says('a', null)])
  const branch = meant([HEADER, says('a', null), says('b', 'a')])
  assert.deepEqual(branch.slice(0, -1), straight)
  assert.equal(branch.at(-1)!.kind, 'system.branch')
})
