// The reel of a replay: records by pages, without a hole, and rows that only ever grow while it plays.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { StoryRecord } from '../../../folds/record.ts'
import { clockOf, GAP_MS } from './clock.ts'
import { advanced, playerAt, toggled } from './player.ts'
import { pageIn, pageOf, RECORDS_A_PAGE, reelOf, type Span, spanAfter } from './reel.ts'
import { type ReplayRows, replayRows } from './rows.ts'

const record = (n: number): StoryRecord =>
  ({
    id: `r${n}`,
    session: 's',
    agent: 'invented',
    agentId: null,
    kind: n % 9 === 0 ? 'message.user.prompt' : 'message.assistant.text',
    time: '2026-03-14T09:00:00.000Z',
    text: `words ${n}`,
    more: false,
  }) as unknown as StoryRecord

test('the reel goes on with a place that moves, begins anew around one that was jumped to, and lets go of what is long past', () => {
  const start = spanAfter(null, 10)
  assert.deepEqual(start, { first: 8, last: 10 })
  assert.equal(spanAfter(start, 10), start)
  assert.deepEqual(spanAfter(start, 11), { first: 8, last: 11 })
  assert.deepEqual(spanAfter(start, 9), { first: 8, last: 9 })
  assert.deepEqual(spanAfter(start, 40), { first: 38, last: 40 })
  assert.deepEqual(spanAfter(start, 3), { first: 1, last: 3 })
  let span: Span = start
  for (let last = 10; last < 200; last++) span = spanAfter(span, last)
  assert.ok(span.last === 199 && span.last - span.first <= 24)
})

test('what is shown has no hole: it begins behind a page that has not come, and ends before one', () => {
  const page = (n: number) => [record(n * RECORDS_A_PAGE)]
  const pages = new Map([0, 2, 3, 5].map((n) => [n, page(n)]))
  const ids = (span: Span) => reelOf(span, pages).records.map(({ id }) => id)
  assert.deepEqual(ids({ first: 0, last: 3 }), ['r400', 'r600'])
  assert.equal(reelOf({ first: 0, last: 3 }, pages).from, 400)
  assert.deepEqual(ids({ first: 4, last: 4 }), [])
})

test('a page is what stands between its cursors, whatever came between them since', () => {
  const cursors = Float64Array.from([10, 20, 30])
  const answer = {
    records: [record(1), record(99), record(2), record(3), record(4)],
    cursors: [10, 15, 20, 30, 40],
    more: { before: false, after: true },
    seq: 1,
  }
  assert.deepEqual(
    pageIn({ cursors }, 0, answer).map(({ id }) => id),
    ['r1', 'r2', 'r3'],
  )
})

test('played to the end, every record stands in exactly one row, in its order, whatever the frames were', () => {
  const steps = fc.array(fc.oneof(fc.nat({ max: 4_000 }), fc.nat({ max: 1e8 })), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(steps, fc.array(fc.nat({ max: 20_000 }), { maxLength: 30 }), (gaps, frames) => {
      let at = 0
      const times = gaps.map((gap) => {
        at += gap
        return at
      })
      const clock = clockOf(times)
      const reel = { from: 0, records: times.map((_, n) => record(n)) }
      let player = toggled(playerAt(clock, 1, 5), clock)
      let rows: ReplayRows | undefined
      for (const ms of [...frames, Number.MAX_SAFE_INTEGER]) {
        player = advanced(player, clock, ms)
        rows = replayRows(reel, player.shown, times, rows)
      }
      const list = rows!.list
      const told = list.flatMap((row) => (row.kind === 'record' ? [row.record.id] : []))
      assert.deepEqual(
        told,
        reel.records.map(({ id }) => id),
      )
      const longGaps = times.filter((ms, i) => i > 0 && ms - times[i - 1]! > GAP_MS).length
      assert.equal(list.filter(({ kind }) => kind === 'gap').length, longGaps, 'every gap is said once')
      assert.equal(pageOf(player.shown), 0)
    }),
  )
})
