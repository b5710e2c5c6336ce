// Money as the page says it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { costOf, dollars } from './words.ts'

const said = [
  ['0', false, '$0.00'],
  ['0.00001', false, '<$0.0001'],
  ['0.0000123', true, '≥ $0.00001'],
  ['0.0123', false, '$0.0123'],
  ['12.345', false, '$12.35'],
  ['12.345', true, '≥ $12.35'],
  ['12345.6', false, '$12,346'],
  [null, true, 'unknown'],
] as const
for (const [usd, lower_bound, words] of said)
  test(`${usd}${lower_bound ? ', at least' : ''} is said as ${words}`, () =>
    assert.equal(dollars({ usd, lower_bound }), words))

const inShort = [
  ['0.0039', false, '<$0.01'],
  ['0.0039', true, '≥ $0.003'],
  ['0.002', true, '≥ $0.002'],
  ['0.0100', true, '≥ $0.01'],
  ['2.5', true, '≥ $2.50'],
] as const
for (const [usd, lowerBound, words] of inShort)
  test(`in a row, ${usd}${lowerBound ? ', at least' : ''} is said as ${words}`, () =>
    assert.equal(costOf({ cost: { usd, lowerBound } } as never), words))
