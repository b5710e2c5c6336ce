// Words as they are quoted: without markup, cut only at the end of a sentence or a word.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyText } from '../../testing/any-text.ts'
import { plainWords, shortened } from './quote.ts'

const plain: readonly (readonly [string, string, string])[] = [
  ['markup', '<b>please</b> fix <br/> it', 'please fix it'],
  ['a placeholder', 'run `show <id>` for <id>', 'run `show <id>` for <id>'],
  ['a block of code', 'fix this:\n```ts\nlet a = 1\n```\nnow', 'fix this: now'],
  ['a heading and a list', '# Oven\n\n- hot\n- cold\n2. more', 'Oven hot cold more'],
  ['emphasis', 'it is **very** *hot* in __here__', 'it is very hot in here'],
  ['emphasis of a whole sentence', `*"${'bread '.repeat(20)}"*`, `"${'bread '.repeat(20)}"`],
  ['a link', 'see [the docs](https://example.org/a)', 'see the docs'],
  ['a picture', '[Image #1] like this', 'like this'],
  ['a path to a screenshot', "'/var/folders/x/y z.png' before", 'before'],
  ['a path to a screenshot in the middle', 'in /tmp/a.png it is red', 'in [picture] it is red'],
  ['pasted matter', 'look [Pasted text #1 +20 lines]', 'look [pasted text]'],
  ['a long path', 'read /home/dev/work/bakery/src/oven.ts', 'read oven.ts'],
  ['a short path', 'read src/oven.ts', 'read src/oven.ts'],
  ['a long address', `see https://example.org/${'x'.repeat(80)}`, 'see https://example.org/…'],
  ['a direction to a messenger', '[[reply_to: 17]] The oven is hot.', 'The oven is hot.'],
  ['a test of a shell', '[[ -f oven ]] says no', '[[ -f oven ]] says no'],
  ['a product', '2 * 3 * 4', '2 * 3 * 4'],
  ['the prompt of a terminal', '❯ bake --rye \\\n  --hot\n$ bake', 'bake --rye --hot bake'],
  ['a price', 'it costs $ 5', 'it costs $ 5'],
]
for (const [what, text, words] of plain)
  test(`quoted without what nobody would say: ${what}`, () => assert.equal(plainWords(text), words))

const cuts: readonly (readonly [string, string, number, string])[] = [
  ['what fits', 'bake the bread', 20, 'bake the bread'],
  ['at a word', 'bake the bread for tomorrow morning', 20, 'bake the bread for…'],
  ['at a sentence, where that leaves enough', 'Bake the bread. Then clean the oven.', 24, 'Bake the bread.'],
  ['not at an abbreviation', 'Use rye, e.g. from the mill over there', 20, 'Use rye, e.g. from…'],
  ['between characters, where words have no blanks', 'パンを焼いてくださいとても熱く', 8, 'パンを焼いてく…'],
]
for (const [what, line, max, short] of cuts) test(`cut ${what}`, () => assert.equal(shortened(line, max), short))

test('no cut is in the middle of a word, and none is longer than asked', () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'é'), minLength: 1, maxLength: 9 }), {
    minLength: 1,
    maxLength: 40,
  })
  fc.assert(
    fc.property(words, fc.integer({ min: 20, max: 120 }), (list, max) => {
      const line = list.join(' ')
      const short = shortened(line, max)
      assert.ok(short.length <= max + 1, short)
      const last = short.replace(/…$/, '').split(' ').at(-1)!
      assert.ok(list.includes(last), `${last} is no word of it`)
    }),
  )
  fc.assert(fc.property(anyText(200), (text) => assert.ok(shortened(plainWords(text), 60).length <= 61)))
})
