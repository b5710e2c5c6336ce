// Names of what happens: a closed list, and a safe name for everything else.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyText } from '../testing/any-text.ts'
import { cut, WORDS_HEAD_MAX, WORDS_INLINE_MAX, wordsAt } from './payload.ts'
import { EVENT_KINDS, isOther, kindOf, otherKind, typeOf } from './types.ts'

test('a type is its kind with the house’s name in front, and back', () => {
  for (const kind of EVENT_KINDS) assert.equal(kindOf(typeOf(kind)), kind)
  assert.equal(typeOf('queue.enqueue'), 'live.openstory.queue.enqueue')
  assert.equal(kindOf('com.example.thing'), 'com.example.thing')
})

test('no known kind passes for an unknown one, and none stands twice in the list', () => {
  assert.deepEqual(EVENT_KINDS.filter(isOther), [])
  assert.equal(new Set(EVENT_KINDS).size, EVENT_KINDS.length)
})

const names = [
  ['a plain name', 'agent-color', 'other.agent-color'],
  ['capitals and blanks', 'Last Prompt', 'other.last_prompt'],
  ['nothing', '', 'other.unnamed'],
  ['signs only', '☃ ☃', 'other._'],
] as const
for (const [what, name, kind] of names)
  test(`an unknown record called by ${what} is named`, () => assert.equal(otherKind(name), kind))

test('whatever an agent calls a record, its kind is short and safe', () => {
  fc.assert(fc.property(anyText(300), (name) => assert.match(otherKind(name), /^other\.[a-z0-9._-]{1,80}$/)))
})

test('a cut never leaves half a character', () => {
  fc.assert(
    fc.property(
      anyText().map((text) => text.toWellFormed()),
      fc.integer({ min: 1, max: 12 }),
      (text, max) => {
        const kept = cut(text, max)
        assert.ok(text.startsWith(kept) && kept.isWellFormed() && kept.length <= max)
        assert.ok(kept.length >= Math.min(text.length, max) - 1, 'no more is cut than must be')
      },
    ),
  )
})

test('a long text is pointed at with its beginning, a short one stands there', () => {
  const long = 'x'.repeat(WORDS_INLINE_MAX + 1)
  assert.equal(wordsAt('short', '/text', true), 'short')
  assert.equal(wordsAt(long.slice(1), '/text', true), long.slice(1))
  assert.deepEqual(wordsAt(long, '/text', true), {
    at: '/text',
    chars: long.length,
    head: long.slice(0, WORDS_HEAD_MAX),
  })
})

test('a text in an event without the line behind it stands there whole', () => {
  const long = 'x'.repeat(10_000)
  assert.equal(wordsAt(long, '/text', false), long)
})
