// A table of shapes finds what is news in a record, wherever it stands, and leaves alone what it was not told to look into.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { shapesOf } from './shape.ts'
import { SOURCES } from './sources.ts'

const shapes = shapesOf(
  {
    line: 'type id',
    say: '&line text parts>part.{kind} cost>cost',
    call: '&line input blocks>block.{kind}?',
    cost: 'usd',
    'part.words': 'kind words',
    'block.words': 'kind words',
  },
  (record) => String(record.type),
  'Bake',
)
const news = (record: unknown) => shapes.strangeIn(record).map(({ what, of, name }) => `${what} ${of}.${name}`)

const cases: [string, unknown, string[]][] = [
  ['nothing where all is known', { type: 'say', id: '1', text: 'x', cost: { usd: 1 } }, []],
  ['a new field', { type: 'say', mood: 'good' }, ['field say.mood']],
  ['a new field further in', { type: 'say', cost: { usd: 1, eur: 1 } }, ['field cost.eur']],
  [
    'one in the second of a list',
    { type: 'say', parts: [{ kind: 'words' }, { kind: 'words', tone: 1 }] },
    ['field part.words.tone'],
  ],
  ['a new kind of part', { type: 'say', parts: [{ kind: 'song', notes: [] }] }, ['type part.song']],
  ['no new kind where the source passes it through by itself', { type: 'call', blocks: [{ kind: 'song' }] }, []],
  ['nothing in what is not looked into', { type: 'call', input: { anything: { goes: 1 } } }, []],
  ['nothing in a type without a shape', { type: 'dance', steps: 3 }, []],
  ['nothing in other kinds of values', { type: 'say', cost: 'much', parts: 'all' }, []],
  ['nothing in what is no record', ['say'], []],
  [
    'a name that objects have anyway',
    JSON.parse('{"type":"say","constructor":1,"__proto__":2}'),
    ['field say.constructor', 'field say.__proto__'],
  ],
]
for (const [what, record, found] of cases) test(`a record shows ${what}`, () => assert.deepEqual(news(record), found))

test('a field that is known by now is known by its path, a tool by its name', () => {
  assert.deepEqual(['say.id', 'part.words.words', 'say.mood', 'nowhere.id'].map(shapes.knows), [
    true,
    true,
    false,
    false,
  ])
  assert.deepEqual(['Bake', 'Fry', ''].map(shapes.knowsTool), [true, false, false])
})

test('every shape a source’s table names is in it, and its own examples are known', () => {
  // Making the tables would not fail: looking along a missing shape would.
  for (const { agent, shapes } of SOURCES)
    if (shapes !== undefined)
      fc.assert(
        fc.property(
          fc.dictionary(
            fc.constantFrom('type', 'message', 'payload', 'role', 'usage', 'content', 'kind'),
            fc.jsonValue(),
          ),
          (record) => {
            for (const { of, name } of shapes.strangeIn(record))
              assert.ok(!shapes.knows(`${of}.${name}`), `${agent} ${of}.${name}`)
          },
        ),
      )
})

test('a record with hundreds of new fields is told of, and not all of it', () => {
  const record = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, i]))
  assert.equal(news({ type: 'say', ...record }).length, 16)
})
