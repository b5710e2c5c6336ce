// A table of shapes finds what is news in a record, wherever it stands, and leaves alone what it was not told to look into.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { shapesOf } from './shape.ts'
import { SOURCES } from './sources.ts'
import { isJson } from './values.ts'

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

// Real transcripts, kept beside the checkout where they are collected. Some were bent by their collectors, to see what readers make of it.
const SHARED = process.env.OPENSTORY_SHARED ?? '../shared'
const CORPORA: Readonly<Record<string, string>> = {
  'claude-code': 'claude',
  pi: 'pi',
  openclaw: 'openclaw',
  codex: 'codex',
  gemini: 'gemini',
}
for (const [agent, name] of Object.entries(CORPORA)) {
  const root = join(SHARED, 'corpus', name)
  const skip = existsSync(root) ? false : `SKIPPED: no real transcripts of ${agent} at ${root} (set OPENSTORY_SHARED)`
  test(`${agent}: real transcripts hold next to nothing that its table does not know`, { skip }, () => {
    const { strangeIn } = SOURCES.find((source) => source.agent === agent && source.shapes)!.shapes!
    const found = new Map<string, number>()
    let lines = 0
    for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.jsonl'),
    ))
      for (const text of readFileSync(join(root, path), 'utf8').split('\n')) {
        const record = recordIn(text)
        if (isJson(record) && 'step_index' in record) continue // of an agent that came after this one
        lines += record === null ? 0 : 1
        for (const { of, name } of strangeIn(record)) found.set(`${of}.${name}`, (found.get(`${of}.${name}`) ?? 0) + 1)
      }
    const told = [...found].map(([name, n]) => `${name} ${n}`).join(', ')
    const sum = [...found.values()].reduce((sum, n) => sum + n, 0)
    assert.ok(lines > 50 && sum < lines / 100, `${sum} in ${lines} lines: ${told}`)
  })
}

function recordIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // torn or damaged
  }
}
