import assert from 'node:assert/strict'
import { test } from 'node:test'
import { barsOf } from './spark.ts'

const activity = { fromMs: 0, widthMs: 1_000, counts: [100, 0, 1] }

test('quiet work beside a busy moment is still seen, and silence is not', () => {
  assert.deepEqual(barsOf(activity, [0, 0, 0], null).heights, [1, 0, 0.12])
})

test('the line of a session that goes on reaches to now, up to its limit', () => {
  assert.equal(barsOf(activity, [], 40_000).slots, 40)
  assert.equal(barsOf(activity, [], 900_000).slots, 64)
  assert.equal(barsOf(activity, [], null).slots, 24)
})
