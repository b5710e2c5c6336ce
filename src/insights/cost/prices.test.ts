// What requests cost, worked out by hand from the published prices, and held against the list's own arithmetic.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { calcPrice } from '@pydantic/genai-prices'
import fc from 'fast-check'
import { NEVER, type Spent } from '../../folds/ledger.ts'
import { usdOf } from '../../folds/money.ts'
import { PRICE_LIST } from './edition.ts'
import { NO_OWN_PRICES, type OwnPrices, priceList } from './prices.ts'

const AT = Date.UTC(2026, 7, 1, 13, 7)
const spent = (change: Partial<Spent>): Spent => ({
  ...{ input: 0, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 },
  ...{ recorded: null, partial: false },
  ...change,
})
const rates = { input: 2, output: 10, cacheRead: 1, cacheWrite5m: 3, cacheWrite1h: 4, webSearches: 10 }
const own: OwnPrices = {
  aliases: new Map([
    ['our/model', 'claude-opus-4-5'],
    ['their-name', 'mine'],
    ['ring', 'gnir'],
    ['gnir', 'ring'],
  ]),
  models: new Map([
    [
      'mine',
      [
        { over: -1, ...rates },
        { over: 1_000, ...rates, input: 20 },
      ],
    ],
    ['claude-haiku-4-5', [{ over: -1, ...rates }]],
  ]),
}
const MILLION = 1_000_000

const cases: readonly (readonly [string, string, Partial<Spent>, string | null])[] = [
  ['what goes in', 'claude-opus-4-5-20251101', { input: MILLION }, '5'],
  ['what comes out', 'claude-opus-4-5-20251101', { output: MILLION }, '25'],
  ['what was read from the cache', 'claude-opus-4-5-20251101', { cacheRead: MILLION }, '0.5'],
  ['written to the cache for five minutes', 'claude-opus-4-5-20251101', { cacheWrite5m: MILLION }, '6.25'],
  ['and for an hour: more', 'claude-opus-4-5-20251101', { cacheWrite1h: MILLION }, '10'],
  ['searches of the web, one by one', 'claude-opus-4-5-20251101', { webSearches: 3 }, '0.03'],
  ['one token', 'claude-opus-4-5-20251101', { cacheRead: 1 }, '0.0000005'],
  [
    'just within the long context’s bound',
    'claude-sonnet-4-5',
    { input: 1, cacheRead: 199_999, output: 1_000 },
    '0.0750027',
  ],
  [
    'just over it: the whole request',
    'claude-sonnet-4-5',
    { input: 2, cacheRead: 199_999, output: 1_000 },
    '0.1425114',
  ],
  ['a model whose list has no price for writing', 'gpt-5.3-codex', { cacheWrite5m: MILLION }, '1.75'],
  ['a reseller’s name', 'anthropic/claude-sonnet-4.5', { input: MILLION / 10 }, '0.3'],
  ['another reseller’s', 'us.anthropic.claude-sonnet-4-20250514-v1:0', { input: MILLION }, '3'],
  ['a model nobody knows', 'invented-9', { input: MILLION }, null],
  ['a model without a name', '', { input: MILLION }, null],
  ['no model at all', '<synthetic>', { input: MILLION }, null],
  ['one’s own price', 'mine', { input: 100, output: 100 }, '0.0012'],
  ['one’s own price over its bound', 'mine', { input: 1_001 }, '0.02002'],
  ['one’s own price over the list’s', 'claude-haiku-4-5', { input: MILLION }, '2'],
  ['by another name', 'our/model', { input: MILLION }, '5'],
  ['by another name for one’s own', 'their-name', { cacheWrite1h: MILLION }, '4'],
  ['by names in a ring', 'ring', { input: MILLION }, null],
]
for (const [what, model, change, usd] of cases)
  test(`a request costs ${usd ?? 'nobody knows what'}: ${what}`, () => {
    const nano = priceList(own, 'x').of(model, AT, spent(change))
    assert.equal(nano === null ? null : usdOf(nano), usd)
  })

test('a price that changed is the one of its time; without a time it is the latest', () => {
  const prices = priceList(NO_OWN_PRICES, 'x')
  const at = (ms: number) => prices.of('claude-sonnet-4-6', ms, spent({ input: 300_000 }))
  const theirs = (ms: number) =>
    calcPrice({ input_tokens: 300_000 }, 'claude-sonnet-4-6', { timestamp: new Date(ms) })!.total_price
  for (const ms of [Date.UTC(2026, 1, 20), Date.UTC(2026, 2, 20), AT, NEVER]) assert.equal(at(ms), theirs(ms) * 1e9)
  assert.notEqual(at(Date.UTC(2026, 1, 20)), at(AT))
})

const MODELS = [
  'claude-opus-4-5',
  'claude-sonnet-4-5',
  'claude-sonnet-4-6',
  'gpt-5.5',
  'gemini-3.1-pro-preview',
  'deepseek-chat',
]

test('the price is the list’s own, to the nano-dollar, for any request at any time', () => {
  const prices = priceList(NO_OWN_PRICES, 'x')
  const some = fc.nat(300_000)
  const request = fc.record({ input: some, output: some, cacheRead: some, cacheWrite5m: some, cacheWrite1h: some })
  const when = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2026, 11) })
  fc.assert(
    fc.property(request, fc.nat(9), when, fc.constantFrom(...MODELS), (tokens, webSearches, at, model) => {
      const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = tokens
      const theirs = calcPrice(
        {
          input_tokens: input + cacheRead + cacheWrite5m + cacheWrite1h,
          output_tokens: output,
          cache_read_tokens: cacheRead,
          cache_write_tokens: cacheWrite5m + cacheWrite1h,
          cache_write_1h_tokens: cacheWrite1h,
          web_searches: webSearches,
        },
        model,
        { timestamp: new Date(at) },
      )!
      const ours = prices.of(model, at, spent({ ...tokens, webSearches }))!
      assert.ok(Math.abs(ours - theirs.total_price * 1e9) < 1, `${ours} and ${theirs.total_price}`)
    }),
    { numRuns: 300 },
  )
})

test('no number a transcript can hold makes the sum inexact', () => {
  const nano = priceList(NO_OWN_PRICES, 'x').of('claude-opus-4-5', AT, spent({ output: 999_999_999, input: 1 }))
  assert.equal(nano, 999_999_999 * 25_000 + 5_000)
})

test('the list that is shipped is the one whose date is shown', () => {
  const path = new URL('../../../node_modules/@pydantic/genai-prices/package.json', import.meta.url)
  const { version, scripts } = JSON.parse(readFileSync(path, 'utf8')) as { version: string; scripts: object }
  assert.equal(version, PRICE_LIST.version, 'change edition.ts with the package: npm view @pydantic/genai-prices time')
  for (const script of ['preinstall', 'install', 'postinstall'])
    assert.ok(!(script in scripts), `the package runs ${script}`)
})
