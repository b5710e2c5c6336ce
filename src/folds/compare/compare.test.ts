// Two sessions compared as a person would: what each is in numbers, files by their place in the project, turns by what was asked.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Tale } from '../../testing/made-story.ts'
import { foldSession, type SessionRow } from '../session.ts'
import { foldTurn } from '../turn/fold.ts'
import type { Turn } from '../turn/turn.ts'
import { type Comparison, compareSessions, type Side } from './compare.ts'

function sideOf(tale: Tale, tools: Side['tools'] = []): Side {
  let session: SessionRow | undefined
  let open: Turn | undefined
  const turns = new Map<string, Turn>()
  for (const event of tale.events) {
    session = foldSession(session, event)
    const { turn, closed } = foldTurn(open, event)
    for (const one of [closed, turn]) if (one) turns.set(one.id, one)
    open = turn ?? undefined
  }
  return { session: session!, turns: [...turns.values()], tools }
}

const cwd = (folder: string) => ({ cwd: folder })
const first = sideOf(
  new Tale({ native: 's1' })
    .ask('Make the oven hotter', cwd('/home/dev/bakery'))
    .read('/home/dev/bakery/README.md')
    .edit('/home/dev/bakery/oven.ts', 'a', 'b\nc')
    .edit('/home/dev/bakery/oven.ts')
    .say('It is hotter.')
    .ask('Now sell the bread at the market', cwd('/home/dev/bakery'))
    .write('/home/dev/bakery/shop.ts')
    .add({ kind: 'system.error', text: 'The market is closed' }),
  [
    { tool: 'Change', calls: 2 },
    { tool: 'Put', calls: 1 },
  ],
)
const second = sideOf(
  new Tale({ native: 's2' })
    .ask('Clean the floor', cwd('/home/dev/copy'))
    .say('Clean.')
    .ask('Make the oven hotter, please', cwd('/home/dev/copy'))
    .read('/home/dev/copy/oven.ts')
    .edit('/home/dev/copy/README.md')
    .say('Done.', 'end_turn'),
  [
    { tool: 'Change', calls: 1 },
    { tool: 'Shell', calls: 5 },
  ],
)
const fact = ({ facts }: Comparison, name: string) => {
  const found = facts.find((one) => one.name === name)
  return [found?.a, found?.b]
}

test('turns that were asked for alike stand beside each other, and the others alone', () => {
  const { turns, more } = compareSessions(first, second)
  assert.deepEqual(
    turns.map(({ a, b }) => [a?.prompt?.text ?? null, b?.prompt?.text ?? null]),
    [
      [null, 'Clean the floor'],
      ['Make the oven hotter', 'Make the oven hotter, please'],
      ['Now sell the bread at the market', null],
    ],
  )
  assert.equal(more, 0)
})

test('files are the same by their place in the project, wherever it is checked out', () => {
  const { files } = compareSessions(first, second)
  assert.deepEqual(
    files.both.map(({ path, a, b }) => [path, a?.did, b?.did]),
    [
      ['README.md', 'read', 'modified'],
      ['oven.ts', 'modified', 'read'],
    ],
  )
  assert.deepEqual(
    files.a.map(({ path, a }) => [path, a?.did]),
    [['shop.ts', 'created']],
  )
  assert.deepEqual(files.b, [])
})

test('what was changed twice has the lines of both times', () => {
  const oven = compareSessions(first, second).files.both.find(({ path }) => path === 'oven.ts')
  assert.deepEqual([oven?.a?.added, oven?.a?.removed], [3, 2])
})

test('facts of both, each where it belongs', () => {
  const compared = compareSessions(first, second)
  assert.deepEqual(fact(compared, 'Outcome'), ['failed', 'answered'])
  assert.deepEqual(fact(compared, 'Files changed'), [2, 1])
  assert.deepEqual(fact(compared, 'Commits'), [0, 0])
  assert.deepEqual(fact(compareSessions(second, first), 'Files changed'), [1, 2], 'and the other way round')
})

test('tools of both, the most used first', () => {
  assert.deepEqual(compareSessions(first, second).tools, [
    { tool: 'Shell', a: 0, b: 5 },
    { tool: 'Change', a: 2, b: 1 },
    { tool: 'Put', a: 1, b: 0 },
  ])
})

test('a price nobody knows is not nothing', () => {
  const unknown = { ...second, session: { ...second.session, cost: { usd: null, lowerBound: true } } }
  const { facts } = compareSessions(first, unknown)
  assert.deepEqual(
    facts.filter(({ name }) => name === 'Cost').map(({ a, b, isLeast }) => [a, b, isLeast]),
    [[0, null, [false, true]]],
  )
})
