// Money as the command line says it: never $0 for what was spent, never $0 for what nobody knows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amountIn, moneyIn } from './print.ts'

const said = [
  [null, false, 'cost unknown'],
  [null, true, 'cost unknown'],
  ['0', false, '$0.00'],
  ['0.000000001', false, '<$0.0001'],
  ['0.00004', true, '≥ <$0.0001'],
  ['0.00005', false, '$0.0001'],
  ['0.0325', false, '$0.0325'],
  ['0.9999', true, '≥ $0.9999'],
  ['1', false, '$1.00'],
  ['12.345', true, '≥ $12.35'],
] as const
for (const [usd, lower_bound, words] of said)
  test(`${usd}${lower_bound ? ', at least' : ''} is said as ${words}`, () =>
    assert.equal(moneyIn({ usd, lower_bound }), words))

test('in a column of dollars the sign is left out', () => {
  assert.equal(amountIn({ usd: '0.00001', lower_bound: false }, ''), '<0.0001')
  assert.equal(amountIn({ usd: '2.5', lower_bound: true }, ''), '≥ 2.50')
  assert.equal(amountIn({ usd: null, lower_bound: true }, ''), null)
})
