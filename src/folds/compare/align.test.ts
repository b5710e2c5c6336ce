// Two lists side by side: likes beside likes, in the order of both, and nothing lost.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { aligned, LIKE_MIN, wordLikeness } from './align.ts'

const same = (a: string, b: string) => (a === b ? 1 : 0)
const shown = (a: string, b: string) =>
  aligned([...a], [...b], same)
    .map((pair) => `${pair.a ?? '·'}${pair.b ?? '·'}`)
    .join(' ')

const cases = [
  ['the same', 'abc', 'abc', 'aa bb cc'],
  ['one more in the middle', 'ac', 'abc', 'aa ·b cc'],
  ['one more at the beginning and one at the end', 'abc', 'b', 'a· bb c·'],
  ['nothing alike', 'ab', 'xy', 'a· b· ·x ·y'],
  ['in another order: what can stand beside each other does, once', 'abc', 'cab', '·c aa bb c·'],
  ['nothing on one side', '', 'ab', '·a ·b'],
  ['nothing', '', '', ''],
] as const
for (const [what, a, b, rows] of cases) test(`laid side by side: ${what}`, () => assert.equal(shown(a, b), rows))

test('of two that are alike the likelier is chosen', () => {
  const pairs = aligned(['fix'], ['fixes', 'fix'], (a, b) => (a === b ? 1 : 0.5))
  assert.deepEqual(
    pairs.map(({ a, b }) => [a, b]),
    [
      [null, 'fixes'],
      ['fix', 'fix'],
    ],
  )
})

test('every item is there once, in its order, and no two rows cross', () => {
  const items = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })
  fc.assert(
    fc.property(items, items, (a, b) => {
      const pairs = aligned(a, b, same)
      assert.deepEqual(
        pairs.flatMap((pair) => (pair.a === null ? [] : [pair.a])),
        a,
      )
      assert.deepEqual(
        pairs.flatMap((pair) => (pair.b === null ? [] : [pair.b])),
        b,
      )
      for (const pair of pairs) assert.equal(pair.likeness > 0, pair.a !== null && pair.a === pair.b)
    }),
  )
})

test('texts are alike by what is rare in them', () => {
  const texts = ['please fix the oven', 'please clean the shop', 'fix the oven please now', 'please fix the oven'].map(
    (text) => text.split(' '),
  )
  const like = wordLikeness(texts)
  assert.equal(like(texts[0]!, texts[3]!), 1)
  assert.ok(like(texts[0]!, texts[2]!) >= LIKE_MIN)
  assert.ok(like(texts[0]!, texts[1]!) < LIKE_MIN, 'please and the are in all of them')
  assert.equal(like([], []), 0)
})
