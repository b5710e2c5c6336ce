import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { AgentRow } from '../../folds/session.ts'
import { depthsOf, treeOf } from './tree.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 10, minute)).toISOString()
const agent = (
  id: string,
  parentCall: string | null,
  minutes: readonly [number, number],
  more: Partial<AgentRow> = {},
) =>
  ({
    id,
    type: null,
    task: null,
    parentCall,
    calls: [],
    events: 1,
    started: at(minutes[0]),
    ended: at(minutes[1]),
    ...more,
  }) as AgentRow
const walk = (agents: readonly AgentRow[]) =>
  treeOf(agents).work.map(({ agent, depth }) => `${'>'.repeat(depth)}${agent.id}`)

test('a child stands under the agent whose call began it, at any depth, in the order of their beginning', () => {
  const agents = [
    agent('a', 'main-2', [5, 9]),
    agent('b', 'main-1', [1, 4], { calls: ['b-1', 'b-2'] }),
    agent('c', 'b-2', [3, 4]),
    agent('d', 'b-1', [2, 3], { calls: ['d-1'] }),
    agent('e', 'd-1', [2, 2]),
  ]
  assert.deepEqual(walk(agents), ['>b', '>>d', '>>>e', '>>c', '>a'])
})

test('helpers are named apart', () => {
  const { work, helpers } = treeOf([agent('a', null, [1, 2]), agent('h', null, [1, 2], { hidden: true })])
  assert.deepEqual([work.map((node) => node.agent.id), helpers.map(({ id }) => id)], [['a'], ['h']])
})

test('a subagent without a transcript is counted, not shown as a place to go', () => {
  const { work, untold } = treeOf([agent('a', null, [1, 2]), agent('b', 'c1', [1, 2], { events: 0 })])
  assert.deepEqual([work.length, untold], [1, 1])
})

test('whatever calls whom, every agent stands in the tree once', () => {
  const ids = ['a', 'b', 'c', 'd', 'e']
  const calls = ids.map((id) => `of-${id}`)
  const wild = fc.array(fc.record({ from: fc.constantFrom(null, ...calls), own: fc.subarray(calls) }), {
    minLength: 5,
    maxLength: 5,
  })
  fc.assert(
    fc.property(wild, (agents) => {
      const rows = agents.map(({ from, own }, i) => agent(ids[i]!, from, [i, i], { calls: own }))
      assert.deepEqual(
        treeOf(rows)
          .work.map((node) => node.agent.id)
          .sort(),
        ids,
      )
    }),
  )
})

test('depth is that of the deepest agent at work in a span', () => {
  const tree = treeOf([agent('a', null, [1, 4], { calls: ['x'] }), agent('b', 'x', [2, 3])])
  const activity = { fromMs: Date.parse(at(0)), widthMs: 60_000, counts: [1, 1, 1, 1, 1, 1] }
  assert.deepEqual(depthsOf(tree, activity), [0, 1, 2, 2, 1, 0])
})
