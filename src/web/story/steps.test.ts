import assert from 'node:assert/strict'
import { test } from 'node:test'
import { neighbourOf, outOf, type Stop, stepTo } from './steps.ts'

const stop = (id: string, depth: number): Stop => ({ id, depth, isTurn: depth % 2 === 0 })
const stops = [stop('A', 0), stop('a1', 1), stop('a2', 1), stop('S', 2), stop('s1', 3), stop('a3', 1), stop('B', 0)]

test('steps go through everything that is unfolded, in its order, and end at its ends', () => {
  const walk = (at: string | null, by: 1 | -1) => stepTo(stops, at, by)?.id ?? null
  assert.deepEqual(
    ['A', 'a2', 'S', 'a3', 'B'].map((at) => walk(at, 1)),
    ['a1', 'S', 's1', 'B', null],
  )
  assert.deepEqual(
    [walk('B', -1), walk('A', -1), walk(null, 1), walk(null, -1), walk('gone', 1)],
    ['a3', null, 'A', 'B', 'A'],
  )
})

test('the way out leads to the card around, and ends at the row', () => {
  const out = (at: string) => outOf(stops, at)?.id ?? null
  assert.deepEqual([out('s1'), out('S'), out('a3'), out('A'), out('gone')], ['S', 'A', 'A', null, null])
})

test('turns of the row follow each other, from whichever end one comes', () => {
  const turns = [{ id: 'A' }, { id: 'B' }]
  const next = (at: string | null, by: 1 | -1) => neighbourOf(turns, at, by)?.id ?? null
  assert.deepEqual(
    [next('A', 1), next('B', 1), next(null, 1), next(null, -1), next('B', -1)],
    ['B', null, 'A', 'B', 'A'],
  )
})
