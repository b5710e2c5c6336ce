// The small things everything else stands on.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { assert as sure, unreachable } from './assert.ts'
import { systemClock } from './clock.ts'
import { reasonOf } from './log.ts'
import { RETRY_MS_MAX, RETRY_MS_MIN, retryDelayMs } from './retry.ts'

test('a programmer’s mistake stops with what was assumed', () => {
  sure(true, 'never seen')
  assert.throws(() => sure(0, 'one event is one line'), /assertion failed: one event is one line/)
  assert.throws(() => unreachable('blue' as never), /unreachable: "blue"/)
})

test('waits double from try to try and stay between their limits, however long it goes on', () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((attempt) => retryDelayMs(attempt)),
    [200, 400, 800, 1600],
  )
  fc.assert(
    fc.property(fc.nat(100_000), (attempt) => {
      const ms = retryDelayMs(attempt)
      assert.ok(ms >= RETRY_MS_MIN && ms <= RETRY_MS_MAX)
      assert.ok(retryDelayMs(attempt + 1) >= ms)
    }),
  )
})

test('a sleep ends early when it is called off, and at once when it was called off before', async () => {
  const hour = 3_600_000
  const off = new AbortController()
  const sleeping = systemClock.sleep(hour, off.signal)
  off.abort()
  await sleeping
  await systemClock.sleep(hour, off.signal)
  await systemClock.sleep(0)
})

const reasons = [
  ['an error', new Error('no room'), 'no room'],
  ['an error and its causes', new Error('a', { cause: new Error('b', { cause: 'c' }) }), 'a: b: c'],
  ['something thrown that is no error', 'plain', 'plain'],
] as const
for (const [what, error, line] of reasons)
  test(`the reason of ${what} is one line`, () => assert.equal(reasonOf(error), line))
