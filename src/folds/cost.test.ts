// Rows of a cut: what they say of money that is not known, and how tools share what a request cost.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { helperName, SUM_LENGTH, SUMS, Totals } from './cost.ts'
import { usdOf } from './money.ts'

const sumWith = (change: Partial<Record<(typeof SUMS)[number], number>>): number[] => [
  ...SUMS.map((name) => change[name] ?? 0),
  0,
  0,
]

const money: readonly (readonly [string, Parameters<typeof sumWith>[0], string | null, boolean])[] = [
  ['known', { requests: 2, nano: 1_500_000_000 }, '1.5', false],
  ['unknown, which is not nothing', { requests: 2, unpriced: 2 }, null, true],
  ['known of some', { requests: 2, unpriced: 1, nano: 1_000_000_000 }, '1', true],
  ['known, of an answer without its end', { requests: 1, partial: 1, nano: 1 }, '0.000000001', true],
]
for (const [what, sum, usd, lowerBound] of money)
  test(`money is ${what}`, () => {
    const totals = new Totals()
    totals.add('x', sumWith(sum))
    const row = totals.row('x')
    assert.deepEqual([row.usd, row.lower_bound], [usd, lowerBound])
  })

test('a request’s cost is shared by its calls in whole numbers, and nothing is lost between them', () => {
  const sum = fc.array(fc.nat(1_000_000), { minLength: SUM_LENGTH, maxLength: SUM_LENGTH })
  const tools = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 7 })
  fc.assert(
    fc.property(sum, tools, (numbers, called) => {
      const totals = new Totals()
      totals.addShared(called.sort().join('\n'), numbers)
      const rows = totals.keys('tool').map((key) => totals.row(key))
      for (const name of ['requests', 'output', 'cache_read'] as const)
        assert.equal(
          rows.reduce((all, row) => all + row[name], 0),
          numbers[SUMS.indexOf(name)],
        )
      const most = Math.ceil(numbers[SUMS.indexOf('output')]! / Math.max(1, called.length))
      for (const row of rows)
        assert.ok(row.output <= most * Math.max(1, called.filter((tool) => tool === row.key).length))
    }),
  )
})

test('of a request nobody knows the price of, no tool costs nothing', () => {
  const totals = new Totals()
  totals.addShared('Bash\nRead', sumWith({ requests: 1, unpriced: 1 }))
  assert.deepEqual(
    totals.keys('tool').map((key) => totals.row(key).usd),
    [null, null],
  )
})

const printed: readonly (readonly [number, string])[] = [
  [0, '0'],
  [1, '0.000000001'],
  [1_000_000_000, '1'],
  [12_340_000_000, '12.34'],
]
for (const [nano, usd] of printed) test(`${nano} nano-dollars are ${usd}`, () => assert.equal(usdOf(nano), usd))

test('helpers are called by what they are for', () => {
  assert.deepEqual(['acompact-1f', 'aprompt_suggestion-22', '41b9470d'].map(helperName), [
    'acompact',
    'aprompt_suggestion',
    'unnamed',
  ])
})
