// Lines laid over lines: in order, equal, and as many as there are, for any two texts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { align } from './align.ts'

const cases = [
  ['nothing changed', 'a b c', 'a b c', [0, 1, 2]],
  ['a line came', 'a c', 'a b c', [0, -1, 1]],
  ['a line went', 'a b c', 'a c', [0, 2]],
  ['a line changed', 'a b c', 'a x c', [0, -1, 2]],
  ['out of nothing', '', 'a', [-1]],
  ['into nothing', 'a', '', []],
  ['a block came between lines that repeat', '{ a } { c }', '{ a } { b } { c }', [0, 1, 2, 3, -1, -1, 4, 5]],
  ['lines that stand once hold the others', 'x f1 } x f2 }', 'x f2 }', [3, 4, 5]],
] as const
const lines = (words: string) => (words === '' ? [] : words.split(' '))
for (const [what, before, after, expected] of cases)
  test(what, () => {
    const found = [...align(lines(before), lines(after))]
    // Among lines that repeat there is more than one right answer; how many are found is one.
    assert.equal(found.filter((i) => i >= 0).length, expected.filter((i) => i >= 0).length)
    if (new Set(lines(before)).size === lines(before).length) assert.deepEqual(found, expected)
  })

const text = fc.array(fc.constantFrom('a', 'b', 'c', '}', ''), { maxLength: 40 })

test('every pair is of equal lines, and no two cross', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      let last = -1
      for (const [j, i] of align(before, after).entries()) {
        if (i < 0) continue
        assert.equal(before[i], after[j])
        assert.ok(i > last)
        last = i
      }
    }),
  )
})

test('without repeats no line that can stay is lost', () => {
  const kept = fc.subarray(Array.from({ length: 30 }, (_, n) => `line ${n}`))
  fc.assert(
    fc.property(kept, kept, (before, after) => {
      const both = after.filter((line) => before.includes(line)).length
      assert.equal(align(before, after).filter((i) => i >= 0).length, both)
    }),
  )
})

test('texts too far apart are answered, not waited for', () => {
  const half = (from: number) => Array.from({ length: 20_000 }, (_, n) => `${(n * 7 + from) % 97}`)
  assert.equal(align(half(0), half(3)).length, 20_000)
})
