// Words as they are quoted: without markup, cut only at the end of a sentence or a word; and of an answer the part that answers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyText } from '../../testing/any-text.ts'
import { gistOf, plainWords, shortened } from './quote.ts'

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
  test(`quoted without what nobody would say: ${what}`, () =>
    assert.equal(plainWords(text).replace('[picture] ', ''), words))

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

const gists: readonly (readonly [string, string, string, string])[] = [
  ['past praise', 'Great question! The oven is hot.', 'how hot is it?', 'The oven is hot.'],
  [
    'past an announcement',
    'Good catch - let me clarify.\n\nThe oven has two doors.',
    'how many doors?',
    'The oven has two doors.',
  ],
  [
    'to what was asked',
    'I looked around.\nThe kitchen is clean.\nThe oven door is open.',
    'is the oven door open?',
    'The oven door is open.',
  ],
  ['as points of a list', '- rye bread; wheat\n- oat bread', 'which bread?', 'rye bread; wheat; oat bread'],
  ['past a heading', '## Result\n\nThe bread is done.', 'x', 'The bread is done.'],
  [
    'past a heading in bold letters',
    '**Current Oven Versions:**\n- Rye: 15 loaves\n- Wheat: none',
    'which oven versions?',
    'Rye: 15 loaves; Wheat: none',
  ],
  [
    'by a sentence that is in bold letters and has a colon',
    '**The oven has two doors:**\n- one',
    'x',
    'The oven has two doors',
  ],
  [
    'as a command, when it was asked how',
    'Run it with:\n\n```sh\nbake --rye\n```\n\nThe whole oven and the bread must be warm before.',
    'how do I bake the whole oven bread?',
    'Run it with: `bake --rye`',
  ],
  [
    'and not by a command that repeats the prompt',
    'The flour is missing.\n\nTry:\n```\nbake --rye --hot --oven\n```',
    'bake --rye --hot --oven does nothing',
    'The flour is missing. Try: `bake --rye --hot --oven`',
  ],
  [
    'by its conclusion, however many words of a long prompt come later',
    'Yes, related — but half of it is wrong. The oven door, dough and rye crust are hot.',
    'a baker said: the oven door is hot, the dough is rye and the crust is hot',
    'Yes, related — but half of it is wrong.',
  ],
  [
    'past a word that is no answer yet',
    'No, not strictly. Only when the oven is cold.',
    'is it needed?',
    'No, not strictly. Only when the oven is cold.',
  ],
  ['past praise and a sign', 'Perfect! ✅ The oven is hot again.', 'x', 'The oven is hot again.'],
  [
    'by the conclusion in another language',
    '結論: オーブンは冷たいです。\n`npm test` と `npm run build` は失敗します。',
    'npm test と npm run build は失敗しました',
    '結論: オーブンは冷たいです。 `npm test` と `npm run build` は失敗します。',
  ],
  ['past an offer', "I'd be happy to help with your oven! An oven bakes.", 'what is an oven?', 'An oven bakes.'],
  [
    'in words, not only names of code',
    '**結論: 穴が残っています。**\n- `src/oven.ts:14` `src/dough.ts:9`',
    'src/oven.ts と src/dough.ts を確認',
    '結論: 穴が残っています。',
  ],
  ['out of code, when there is nothing else', '```\nTitle: Bake bread\n```', 'x', 'Title: Bake bread'],
  ['as nothing, when there is nothing', '   ', 'x', ''],
]
for (const [what, answer, prompt, gist] of gists)
  test(`the answer is told ${what}`, () => assert.equal(gistOf(answer, prompt, 60), gist))
