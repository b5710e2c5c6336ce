// How busy a session was: nothing is lost, the spans stay few, and the order of events makes no difference.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Activity, activityAfter, BUCKETS_MAX } from './activity.ts'

const START = Date.parse('2026-11-23T10:00:00Z')
const of = (seconds: readonly number[]): Activity | null =>
  seconds.reduce(
    (activity: Activity | null, s) => activityAfter(activity, new Date(START + s * 1_000).toISOString()),
    null,
  )

test('events of one moment stand in one span, and a pause leaves empty ones', () => {
  assert.deepEqual(of([0, 1, 14]), { fromMs: START, widthMs: 15_000, counts: [3] })
  assert.deepEqual(of([0, 45])?.counts, [1, 0, 0, 1])
})

test('an event without a time counts nowhere', () => {
  assert.equal(activityAfter(null, null), null)
  assert.deepEqual(activityAfter(of([0]), 'no time'), of([0]))
})

test('a session of days keeps few spans and every event, in whatever order they came', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -900_000, max: 900_000 }), { minLength: 1, maxLength: 60 }), (seconds) => {
      const told = of(seconds)!
      assert.ok(told.counts.length <= BUCKETS_MAX)
      assert.equal(
        told.counts.reduce((a, b) => a + b, 0),
        seconds.length,
      )
      assert.deepEqual(of(seconds.toReversed()), told)
      assert.deepEqual(of(seconds.toSorted((a, b) => a - b)), told)
      const last = told.fromMs + told.counts.length * told.widthMs
      assert.ok(told.fromMs <= START + Math.min(...seconds) * 1_000 && last > START + Math.max(...seconds) * 1_000)
    }),
  )
})
