// Of an answer the part that answers, by named cases.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gistOf } from './gist.ts'

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
    'The oven has two doors: one',
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
  [
    'past an offer, however much of the prompt is in it',
    "I'd be happy to help with the oven!\nIt bakes.",
    'help with the oven?',
    'It bakes.',
  ],
  [
    'with what a colon announces',
    'The main parts are:\n- the oven\n- the dough\n- the crust',
    'what are the main parts?',
    'The main parts are: the oven; the dough; the crust',
  ],
  ['past an offer', "I'd be happy to help with your oven! An oven bakes.", 'what is an oven?', 'An oven bakes.'],
  [
    'in words, not only names of code',
    '**結論: 穴が残っています。**\n- `src/oven.ts:14` `src/dough.ts:9`',
    'src/oven.ts と src/dough.ts を確認',
    '結論: 穴が残っています。',
  ],
  ['out of code, when there is nothing else', '```\nTitle: Bake bread\n```', 'x', 'Title: Bake bread'],
  [
    'past a long beginning that only begins',
    'Sure — let me build it up from the flour, because the whole thing turns on it.\n\nThe dough rests twice.',
    'explain the dough',
    'The dough rests twice.',
  ],
  [
    'past an apology, by the word that answers',
    'Sorry — I read "done" as the dough. Direct answer:\n\n**Yes, baked.** All of it is on the rack.',
    'is it baked?',
    'Yes, baked. All of it is on the rack.',
  ],
  [
    'without what it was made of',
    'Based on my inspection of the kitchen, these are the ovens: rye and oat.',
    'which ovens?',
    'These are the ovens: rye and oat.',
  ],
  [
    'past an example, however much of the prompt is in it',
    'It keeps bread fresh.\n\nLike when the rye crust and the oat crust met the hot oven.',
    'the rye crust, the oat crust, the hot oven?',
    'It keeps bread fresh.',
  ],
  [
    'by what it says sums it up',
    'There is much to say of yeast. It lives.\n\n**The one-sentence version: the oven was never switched on.**',
    'explain the blocking problem',
    'the oven was never switched on.',
  ],
  [
    'by the cause it found, with what a colon announces',
    'I looked at both.\n\n**Root cause:**\nTwo ovens differ:\n1. the rye one\n2. the oat one',
    'debug it',
    'Two ovens differ: the rye one; the oat one',
  ],
  ['as nothing, when there is nothing', '   ', 'x', ''],
]
for (const [what, answer, prompt, gist] of gists)
  test(`the answer is told ${what}`, () => assert.equal(gistOf(answer, prompt, 60), gist))
