import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { render } from '../../folds/sentence/clause.ts'
import { diagramOf, inkOf } from './parts.ts'
import { clause } from './told.test.ts'

test('a sentence falls into its line and its branches, each with its events', () => {
  const clauses = [
    clause('subject', 'Pi'),
    clause('did', 'edited a.ts and b.ts', 'e1'),
    clause('also', 'committed "Say → do"', 'e2'),
    clause('after', 'after reading c.ts', 'e3'),
    clause('running', 'running the tests (2 failed, then all passed)', 'e4', 'e5'),
    clause('because', 'because of "yes" (to "shall I?")', 'e0'),
    clause('outcome', 'answered', 'e6'),
  ]
  const { subject, verb, object, events, branches, end } = diagramOf({ clauses, verb: 'edited' })
  assert.deepEqual([subject, verb, object, events], ['Pi', 'edited', 'a.ts and b.ts', ['e1']])
  assert.deepEqual(
    branches.map(({ word, text }) => [word, text]),
    [
      ['and', 'committed "Say → do"'],
      ['after', 'reading c.ts'],
      ['running', 'the tests (2 failed, then all passed)'],
      ['because of', '"yes" (to "shall I?")'],
    ],
  )
  assert.deepEqual(end, { text: 'answered', events: ['e6'] })
  const aloud = [subject, verb, object, ...branches.map(({ word, text }) => `${word} ${text}`), end?.text].join(' ')
  const words = (text: string) => text.replace(/[,→]/g, ' ').split(/\s+/).filter(Boolean)
  assert.deepEqual(words(aloud), words(render(clauses)), 'the diagram, read aloud, is the sentence')
})

const verbs = [
  ['edited', 'edited a.ts', 'edited', 'a.ts'],
  ['answered', 'answered', 'answered', ''],
  ['cherry-picked', 'cherry-picked 3 commits', 'cherry-picked', '3 commits'],
  ['did not answer', 'could not answer "Hello"', 'could not answer', '"Hello"'],
  ['planned', 'wrote a plan', 'wrote', 'a plan'],
  ['tried', 'tried to run `rm x`', 'tried to run', '`rm x`'],
  ['was stopped', 'was stopped before it answered', 'was stopped', 'before it answered'],
] as const
for (const [verb, text, said, object] of verbs)
  test(`“${text}” is divided behind its verb`, () => {
    const drawn = diagramOf({ clauses: [clause('did', text)], verb })
    assert.deepEqual([drawn.verb, drawn.object], [said, object])
  })

test('names and quotes are set as such, and no letter is lost', () => {
  assert.deepEqual(inkOf('ran `npm test` because "it\'s late"'), [
    { as: 'text', text: 'ran ' },
    { as: 'code', text: 'npm test' },
    { as: 'text', text: ' because ' },
    { as: 'quote', text: "it's late" },
  ])
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '`', '"', '<') }), (text) => {
      const marks = { text: '', code: '`', quote: '"' }
      assert.equal(
        inkOf(text)
          .map((ink) => marks[ink.as] + ink.text + marks[ink.as])
          .join(''),
        text,
      )
    }),
  )
})
