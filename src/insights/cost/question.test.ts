// Questions about cost in people's words, as cases.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CostWords, costQuestion } from './question.ts'

const NOW = Date.UTC(2026, 10, 25, 22, 30)
const PAGE = { limit: 5, offset: 0 }
const utc = (day: number, hour = 0, minute = 0) => Date.UTC(2026, 10, day, hour, minute)

const spans: readonly (readonly [string, CostWords, readonly [number | null, number | null]])[] = [
  ['everything', {}, [null, null]],
  ['a day, with all its hours', { since: '2026-11-20', until: '2026-11-20' }, [utc(20), utc(21) - 1]],
  [
    'a day in Berlin',
    { since: '2026-11-20', until: '2026-11-20', tz: 'Europe/Berlin' },
    [utc(19, 23), utc(20, 23) - 1],
  ],
  ['today in Tokyo, where it is tomorrow', { since: 'today', tz: 'Asia/Tokyo' }, [utc(25, 15), null]],
  ['yesterday', { until: 'yesterday' }, [null, utc(25) - 1]],
  ['three hours', { since: '3h' }, [NOW - 3 * 3_600_000, null]],
  ['a moment', { since: '2026-11-20T10:15:00Z' }, [utc(20, 10, 15), null]],
]
for (const [what, words, [sinceMs, untilMs]] of spans)
  test(`a span of time: ${what}`, () => {
    const question = costQuestion({ tz: 'UTC', ...words }, PAGE, NOW)
    assert.ok(question.ok)
    assert.deepEqual([question.query.sinceMs, question.query.untilMs], [sinceMs, untilMs])
  })

const refused: readonly (readonly [CostWords, RegExp])[] = [
  [{ by: 'mood' }, /by is one of day, session.*"mood"/],
  [{ tz: 'Mars/Olympus' }, /tz is a time zone.*"Mars\/Olympus"/],
  [{ since: 'soon' }, /since is a day/],
  [{ until: '2026-02-31' }, /until is a day/],
]
for (const [words, why] of refused)
  test(`not understood: ${JSON.stringify(words)}`, () => {
    const question = costQuestion(words, PAGE, NOW)
    assert.ok(!question.ok)
    assert.match(question.why, why)
  })
