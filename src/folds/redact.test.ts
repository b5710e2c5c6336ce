// A sample shows what a format looks like; nothing a person or an agent said may be in it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nameOf, redacted, SAMPLE_CHARS_MAX } from './redact.ts'

const cases: [string, unknown, string][] = [
  ['a text', 'my secret word', '"<string 14>"'],
  ['an empty text', '', '"<string 0>"'],
  ['a number', 1234.5, '0'],
  ['what has no words', [true, null], '[true,null]'],
  ['nothing at all', undefined, '"<undefined>"'],
  ['fields', { model: 'm1', tokens: { input: 12 } }, '{"model":"<string 2>","tokens":{"input":0}}'],
  ['a list with more of the same', ['a', 'b', 'c', 'd', 'e'], '["<string 1>","<string 1>","<string 1>","<2 more>"]'],
  ['a path as a key', { '/home/dev/secret.ts': 1 }, '{"<19 characters>":0}'],
  ['an id as a key', { 'a1b2c3d4-0000': { n: 1 } }, '{"<13 characters>":{"n":0}}'],
  ['a sentence as a key', { 'what I said': 1 }, '{"<11 characters>":0}'],
  ['a key that is a trap', JSON.parse('{"__proto__":{"x":"y"}}'), '{"__proto__":{"x":"<string 1>"}}'],
  ['what lies too deep', { a: { b: { c: { d: { e: { f: 1 } } } } } }, '{"a":{"b":{"c":{"d":{"e":"<object 1>"}}}}}'],
]
for (const [what, value, shown] of cases)
  test(`of ${what} the kind is left`, () => assert.equal(redacted(value), shown))

test('a large record is cut where it says so, and is still JSON', () => {
  const record = Object.fromEntries(
    Array.from({ length: 500 }, (_, i) => [`field${i % 100}_${'x'.repeat(i % 7)}${i}`, i]),
  )
  const text = redacted(record)
  assert.ok(text.length <= SAMPLE_CHARS_MAX && text.length > SAMPLE_CHARS_MAX / 2, text)
  assert.match(JSON.parse(text)['…'], /^<\d+ more>$/)
})

// Every string begins with a letter that no word of ours has, in keys too: if it is in the sample, something was let through.
const said = fc.string({ maxLength: 80 }).map((text) => `ß${text}`)
const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
  anything: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    said,
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('anything'), { maxLength: 6 }),
    fc.dictionary(
      fc.oneof(said, fc.constantFrom('type', 'content', 'a_rather_long_name_of_a_field')),
      tie('anything'),
      {
        maxKeys: 12,
      },
    ),
  ),
}))

test('no string of any value survives, and a sample has a limit', () => {
  fc.assert(
    fc.property(anything, (value) => {
      const text = redacted(value)
      assert.ok(!text.includes('ß'), text)
      assert.ok(text.length <= SAMPLE_CHARS_MAX, `${text.length}`)
      assert.ok(!/[1-9]\d*(?![\d]*( more| characters)?>)(?=[,}\]])/.test(text), `a number that was counted: ${text}`)
      JSON.parse(text)
    }),
    { numRuns: 2_000 },
  )
})

test('words as long as they like, even names in a program, are values and are not shown', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z_]{5,30}$/), fc.constantFrom('key', 'list'), (word, where) => {
      const text = redacted(where === 'key' ? { key: word } : { key: [word, { key: word }] })
      assert.ok(!text.replaceAll('key', '').replaceAll('string', '').includes(word), text)
    }),
  )
})

const names: [string, string][] = [
  ['cache_read_input_tokens', 'cache_read_input_tokens'],
  ['mcp__oven__bake', 'mcp__oven__bake'],
  ['$set', '$set'],
  ['two words', '<9 characters>'],
  ['sk-live-8374652901', '<18 characters>'],
  ['x'.repeat(41), '<41 characters>'],
  ['', '<0 characters>'],
]
for (const [word, shown] of names) test(`a name is shown as ${shown}`, () => assert.equal(nameOf(word), shown))
