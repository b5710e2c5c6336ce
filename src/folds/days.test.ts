// Days as time zones have them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { dayOf, daySpan, dayTeller, isZone } from './days.ts'

const HOUR_MS = 3_600_000
const spans: readonly (readonly [string, string, string | null, number])[] = [
  ['UTC', '2026-11-25', '2026-11-25T00:00:00.000Z', 24],
  ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', 23],
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', 25],
  ['America/New_York', '2026-11-01', '2026-11-01T04:00:00.000Z', 25],
  ['Asia/Kathmandu', '2026-08-01', '2026-07-31T18:15:00.000Z', 24],
  ['Pacific/Apia', '2011-12-30', null, 0], // the day that never was
  ['UTC', '2026-02-30', null, 0],
  ['UTC', 'soon', null, 0],
]
for (const [zone, day, first, hours] of spans)
  test(`${day} in ${zone} ${first === null ? 'is no day' : `begins ${first} and has ${hours} hours`}`, () => {
    const span = daySpan(day, zone)
    assert.equal(span && new Date(span.firstMs).toISOString(), first)
    if (span) assert.equal((span.lastMs + 1 - span.firstMs) / HOUR_MS, hours)
  })

test('many moments are told the days that one by one they are', () => {
  const zones = fc.constantFrom('UTC', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Apia')
  const moments = fc.array(fc.integer({ min: Date.UTC(2011, 11, 20), max: Date.UTC(2012, 3, 20) }), { maxLength: 60 })
  fc.assert(
    fc.property(zones, moments, (zone, some) => {
      const tell = dayTeller(zone)
      for (const ms of some.sort((a, b) => a - b)) assert.equal(tell(ms), dayOf(ms, zone))
    }),
    { numRuns: 50 },
  )
})

test('a zone that is not there is told from one that is', () => {
  assert.deepEqual([isZone('Europe/Berlin'), isZone('Mars/Olympus'), isZone('')], [true, false, false])
})
