// The question a text ends with, and what sums a text up, by named cases.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { conclusionOf, endsInChoices, keptOf, questionAtEnd } from './speech.ts'

const questions: readonly (readonly [what: string, text: string, question: string])[] = [
  ['at the very end', 'The bread is done. Shall I cut it?', 'Shall I cut it?'],
  ['in bold letters', 'Done.\n\n**Next step:** Shall I cut it?', 'Shall I cut it?'],
  [
    'before the choices it gives',
    'I see a bakery.\n\n**What shall we bake?**\n\nA) Rye\nB) Oat\nC) Something else (say what)',
    'What shall we bake?',
  ],
  ['and not before one more line', 'Shall I cut it?\n\n1. I would.', ''],
  ['and not when steps follow a statement', 'Do this:\n1. Mix.\n2. Bake.', ''],
]
for (const [what, text, question] of questions)
  test(`the question is found ${what}`, () => assert.equal(questionAtEnd(text), question))

test('choices at the end wait for the person', () => {
  assert.equal(endsInChoices('Which?\n1. Rye\n2. Oat'), true)
  assert.equal(endsInChoices('Which one? That one.'), false)
})

test('what sums a text up is known by its label, and long blanks cost nothing', () => {
  assert.equal(conclusionOf('Much.\n\n**Bottom line:** the oven is cold.'), 'the oven is cold.')
  assert.equal(conclusionOf('The root cause is unknown to me.'), '')
  assert.equal(conclusionOf(`${' \n'.repeat(100_000)}Verdict`), '')
})

test('of a long answer its words are kept, and what sums it up, within the limit', () => {
  const code = `\`\`\`ts\n${'bake()\n'.repeat(100)}\`\`\``
  assert.equal(keptOf('short', 60), 'short')
  assert.equal(keptOf(`The oven:\n${code}\nIt bakes now.`, 60), 'The oven:\n\n\nIt bakes now.')
  const kept = keptOf(`It bakes. ${'On it goes. '.repeat(40)}\nIn short: rye.${' '}And it is done.`, 80)
  assert.match(kept, /^It bakes\. .*…\nIn short: rye\. And it is done\.$/s)
  assert.ok(kept.length <= 80, `${kept.length}`)
  assert.equal(keptOf(code, 10), code.slice(0, 10))
})
