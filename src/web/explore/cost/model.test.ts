// What was spent, as it is shown: nothing unknown is $0, rows add up to the whole, every day has its bar, every row opens something narrower.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CostRow, CUTS, NO_PROMPT, NO_TIME } from '../../../folds/cost.ts'
import { usdOf } from '../../../folds/money.ts'
import { ALL_COST, type CostPlace } from '../../state/cost-route.ts'
import { addedUp, barsOf, CUT_ORDER, lineName, opened, timeSaid, tokensOut } from './model.ts'

const row = (key: string, nano: number | null, more: Partial<CostRow> = {}): CostRow => ({
  key,
  requests: 1,
  input: 1,
  output: 1,
  cache_write_5m: 0,
  cache_write_1h: 0,
  cache_read: 0,
  usd: nano === null ? null : usdOf(nano),
  lower_bound: nano === null,
  web_searches: 0,
  unpriced: nano === null ? 1 : 0,
  partial: 0,
  subagent_requests: 0,
  subagent_usd: '0',
  compared: null,
  ...more,
})

test('every cut can be chosen, and there is no other', () => assert.deepEqual([...CUT_ORDER].sort(), [...CUTS].sort()))

const opens = [
  ['day', '2026-11-20', { cut: 'session', since: '2026-11-20', until: '2026-11-20' }],
  ['project', 'home-dev', { cut: 'session', project: 'home-dev' }],
  ['agent', 'pi', { cut: 'session', agent: 'pi' }],
  ['session', 's1', { cut: 'prompt', session: 's1' }],
  ['prompt', 'e1', { cut: 'prompt', row: 'e1' }],
  ['model', 'm1', { cut: 'model', row: 'm1' }],
  ['prompt', NO_PROMPT, { cut: 'prompt', row: NO_PROMPT }],
  ['day', NO_TIME, { cut: 'day', row: NO_TIME }],
] as const
for (const [cut, key, into] of opens)
  test(`a row of ${cut} ${key} opens ${JSON.stringify(into)}`, () => {
    const place: CostPlace = { ...ALL_COST, cut, zone: 'UTC' }
    assert.deepEqual(opened(place, key), { ...place, ...into })
  })

test('tokens of which only a beginning was written down are at least that many', () => {
  assert.deepEqual([tokensOut(1_234, true), tokensOut(1_234, false), tokensOut(0, true)], ['≥ 1.2k', '1.2k', '≥ 0'])
})

test('a line of its own is said in words', () => {
  assert.match(lineName(NO_PROMPT), /^Not attributable to a prompt/)
  assert.equal(lineName('(no tool)'), 'No tool')
  assert.equal(lineName('Bash'), 'Bash')
})

test('rows that are all there add up to the whole, to the nano-dollar; what is missing or twice is told', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat({ max: 1e12 })), { minLength: 1, maxLength: 30 }), (nanos) => {
      const rows = nanos.map((nano, i) => row(`k${i}`, nano))
      const whole = nanos.reduce<number>((sum, nano) => sum + (nano ?? 0), 0)
      const total = row('total', nanos.every((nano) => nano === null) ? null : whole, { requests: rows.length })
      const all = addedUp(rows, rows.length, total)
      assert.deepEqual([all.isWhole, all.rest], [true, null])
      assert.equal(all.rows.usd, total.usd)
      const some = addedUp(rows.slice(1), rows.length, total)
      assert.equal(some.rest, usdOf(nanos[0] ?? 0), 'the rest is what the page does not show')
      if ((nanos[0] ?? 0) > 0) assert.equal(addedUp([...rows, rows[0]!], rows.length, total).isWhole, false)
    }),
  )
})

test('every day between the first and the last has a bar, and all bars together are all days', () => {
  const { of, bars, most } = barsOf([
    row('2026-03-02', 5),
    row('2026-02-27', 7),
    row(NO_TIME, 9),
    row('2026-03-01', null),
  ])
  assert.equal(of, 'day')
  assert.deepEqual(
    bars.map(({ key, nano, row: { usd } }) => [key, nano, usd]),
    [
      ['2026-02-27', 7, '0.000000007'],
      ['2026-02-28', 0, '0'],
      ['2026-03-01', 0, null],
      ['2026-03-02', 5, '0.000000005'],
    ],
  )
  assert.equal(most, 7)
})

test('more days than can be told apart are months', () => {
  const { of, bars } = barsOf([row('2025-11-30', 1), row('2026-02-01', 2), row('2026-02-28', 4), row('2026-08-05', 8)])
  assert.equal(of, 'month')
  assert.deepEqual([bars.length, bars[0]!.key, bars.at(-1)!.key], [10, '2025-11-01', '2026-08-01'])
  assert.deepEqual([bars[3]!.nano, bars[3]!.last], [6, '2026-02-28'])
})

test('the time is said as one reads it', () => {
  assert.deepEqual(
    [
      [null, null],
      ['7d', null],
      ['2026-03-14', '2026-03-14'],
      ['2026-03-14', null],
      ['2026-03-14', '2026-03-20'],
      [null, '2026-03-20'],
    ].map(([since = null, until = null]) => timeSaid({ since, until })),
    [null, 'the last 7 days', 'Sat, 14 Mar 2026', 'since 14 Mar', '14 Mar to 20 Mar', 'up to 20 Mar'],
  )
})
