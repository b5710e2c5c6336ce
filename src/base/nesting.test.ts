// JSON as deep as it may be is read, deeper is not, and brackets inside texts are no depth.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTooDeep, NESTING_MAX, parseJson, whyNotJson } from './nesting.ts'

const lists = (depth: number, inside = '0') => '['.repeat(depth) + inside + ']'.repeat(depth)
const objects = (depth: number) => `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`
const cases: readonly (readonly [string, string, boolean])[] = [
  ['as deep as it may be', lists(NESTING_MAX), false],
  ['one deeper', lists(NESTING_MAX + 1), true],
  ['objects as deep as they may be', objects(NESTING_MAX), false],
  ['objects one deeper', objects(NESTING_MAX + 1), true],
  ['many side by side', `[${'{"a":[]},'.repeat(5_000)}0]`, false],
  ['brackets in a text', `["${'[{'.repeat(5_000)}","\\"${']}'.repeat(5_000)}"]`, false],
  ['deep behind a text that ends in a backslash', `["\\\\",${lists(NESTING_MAX)}]`, true],
  ['no JSON, and deep', `${lists(NESTING_MAX + 1)}x`, true],
]
for (const [what, text, tooDeep] of cases)
  test(`${what}: ${tooDeep ? 'too deep' : 'read'}`, () => {
    assert.equal(isTooDeep(text), tooDeep)
    assert.equal(parseJson(text) === undefined, tooDeep)
  })

test('why a text is not read is said: no JSON, or too deep', () => {
  assert.equal(whyNotJson('{'), 'not JSON')
  assert.equal(whyNotJson(lists(50_000)), 'nested deeper than 1000 levels')
})
