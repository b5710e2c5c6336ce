// A person's own prices: what they may write, and what they are told when it cannot be right.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadPrices, ownPrices } from './prices.ts'

test('prices, bounds and other names are read; what is not said costs what it is a part of', () => {
  const { aliases, models } = ownPrices(
    `[aliases]
     "proxy/large" = "own"
     [models.own]
     input = 3
     output = 15.5
     cache_write_5m = 3.75
     [[models.own.over]]
     tokens = 200000
     input = 6`,
    'prices.toml',
  )
  const base = { input: 3, output: 15.5, cacheRead: 3, cacheWrite5m: 3.75, cacheWrite1h: 3.75, webSearches: 0 }
  assert.deepEqual([...aliases], [['proxy/large', 'own']])
  assert.deepEqual(models.get('own'), [
    { over: -1, ...base },
    { over: 200_000, ...base, input: 6, cacheRead: 6 },
  ])
})

const refused: readonly (readonly [string, RegExp])[] = [
  ['[models', /prices\.toml cannot be read as TOML at line 1/],
  ['[models.a]\ninput = 1', /the model a in prices\.toml needs output/],
  ['[models.a]\ninput = -1\noutput = 1', /needs input, a number.*not negative/],
  ['[models.a]\ninput = "3"\noutput = 1', /needs input, a number/],
  ['[models.a]\ninput = nan\noutput = 1', /needs input, a number/],
  ['[models.a]\ninput = 1\noutput = 1\nouput = 2', /has ouput, which nobody knows; there is input/],
  ['[models.a]\ninput = 1\noutput = 1\nover = 3', /over of the model a/],
  ['[aliases]\na = 3', /the alias a in prices\.toml is the name of a model/],
  ['models = 3', /models in prices\.toml is a table/],
  ['[price]', /prices\.toml has price, which nobody knows/],
]
for (const [text, why] of refused)
  test(`refused: ${JSON.stringify(text)}`, () => assert.throws(() => ownPrices(text, 'prices.toml'), why))

test('the edition changes with the file and with nothing else', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-prices-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const without = await loadPrices(dir)
  writeFileSync(join(dir, 'prices.toml'), '[aliases]\nmine = "gpt-5.5"\n')
  const first = await loadPrices(dir)
  assert.notEqual(first.edition, without.edition)
  assert.equal((await loadPrices(dir)).edition, first.edition)
  const spent = { input: 1_000_000, output: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, webSearches: 0 }
  const price = (prices: typeof first) => prices.of('mine', 0, { ...spent, recorded: null, partial: false })
  assert.deepEqual([price(without), price(first)], [null, 10_000_000_000])
})
