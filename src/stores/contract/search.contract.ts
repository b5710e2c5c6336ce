// Promises about full text: what is found by which plan, in which order, and that nothing typed is ever an error.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Made, made, madeTool, timeAt } from '../../testing/made-events.ts'
import type { SearchPlan } from '../store.ts'
import { begin, ids, keep, type Promised, plan, rowsOf, type StoreFixture, word } from './fixture.contract.ts'

async function found(
  store: StoreFixture,
  wanted: Partial<SearchPlan>,
  page: { ranked?: boolean; limit?: number; offset?: number } = {},
) {
  const rows = await store.reader.search(plan(wanted), { limit: 50, offset: 0, ranked: false, ...page })
  return rows.map(({ id }) => id)
}

const long = `${'nothing of note here '.repeat(60)}the zebra is at the end`
const EVENTS = {
  prompt: made(1, { text: 'Please fix the parseQuery function, it drops quotes' }),
  answer: made(2, { kind: 'message.assistant.text', text: 'I fixed parse errors; the quotes stay now' }),
  edit: madeTool(3, {
    name: 'Edit',
    kind: 'edit',
    target: '/home/dev/app/src/oven.ts',
    input: { new_string: 'giraffe()' },
  }),
  run: madeTool(4, { name: 'Bash', kind: 'run', target: 'npm test src/oven.ts' }),
  result: made(5, { kind: 'message.user.tool_result', text: long }),
  helper: made(6, { text: 'the helper saw quotes too', agentId: 'helper', kind: 'message.user.injected' }),
  other: made(7, { text: 'fix the cellar quotes', agent: 'other', native: 's10', project: 'home-dev-cellar' }),
} satisfies Record<string, Made>
type Name = keyof typeof EVENTS

export function searchContract(promise: Promised): void {
  const cases: [string, Partial<SearchPlan>, Name[]][] = [
    ['a word', { all: [word('fix')] }, ['other', 'prompt']],
    ['all of several words', { all: [word('fix'), word('function')] }, ['prompt']],
    ['a phrase', { all: [word('the', 'quotes')] }, ['answer']],
    ['a phrase in another order is not there', { all: [word('quotes', 'the')] }, []],
    ['a beginning', { all: [begin('fix')] }, ['other', 'answer', 'prompt']],
    ['a phrase with a beginning at its end', { all: [begin('the', 'quo')] }, ['answer']],
    ['a part of an identifier', { all: [word('query')] }, ['prompt']],
    ['a word without another', { all: [word('quotes')], none: [word('fixed')] }, ['other', 'helper', 'prompt']],
    [
      'a word without any of two',
      { all: [word('quotes')], none: [word('fixed'), word('helper')] },
      ['other', 'prompt'],
    ],
    ['only what has not a word', { none: [word('quotes')] }, ['result', 'run', 'edit']],
    ['the end of a long text', { all: [word('zebra')] }, ['result']],
    ['what a tool was given', { all: [word('giraffe')] }, ['edit']],
    ['an agent', { agent: ['other'] }, ['other']],
    ['the beginning of an agent', { agent: ['inv'], all: [word('fix')] }, ['prompt']],
    ['a project by a part of its path', { project: ['dev/cellar'] }, ['other']],
    ['either of two projects', { project: ['bakery', 'cellar'], all: [word('fix')] }, ['other', 'prompt']],
    ['a session', { session: ['invented:s1'], all: [word('fix')] }, ['prompt']],
    ['a session whose id begins that of another', { session: ['other:s1'] }, []],
    ['a kind', { kind: ['message.user.prompt'] }, ['other', 'prompt']],
    ['a family of kinds', { kind: ['message.user'] }, ['other', 'helper', 'result', 'prompt']],
    ['the middle of a kind is not a kind', { kind: ['user'] }, []],
    ['a tool', { tool: ['Bash'] }, ['run']],
    ['either of two tools', { tool: ['edit', 'bash'] }, ['run', 'edit']],
    ['a file by its name', { file: ['oven.ts'] }, ['edit']],
    ['a file by its path', { file: ['src/oven.ts'] }, ['edit']],
    ['a tool and a word', { tool: ['Edit'], all: [word('giraffe')] }, ['edit']],
    ['a tool whose name has no letter in it', { tool: ['--'] }, []],
    ['a file whose name has no letter in it', { file: ['/'], all: [word('fix')] }, []],
    ['since a moment, that moment included', { sinceMs: at(6) }, ['other', 'helper']],
    ['until a moment, that moment included', { untilMs: at(2) }, ['answer', 'prompt']],
    ['a span of time and a word', { sinceMs: at(2), untilMs: at(6), all: [word('quotes')] }, ['helper', 'answer']],
    ['everything, newest first', {}, ['other', 'helper', 'result', 'run', 'edit', 'answer', 'prompt']],
    ['%, which is only itself', { session: ['%'] }, []],
  ]
  promise('each way of asking finds what it says, newest first', async (store) => {
    keep(store, Object.values(EVENTS).toReversed())
    for (const [what, wanted, names] of cases)
      assert.deepEqual(
        await found(store, wanted),
        names.map((name) => EVENTS[name].id),
        what,
      )
  })

  promise('ranked, the best hit comes first and says so', async (store) => {
    const some = (n: number) => made(n, { text: `sourdough ${'and a lot of other words '.repeat(n * 9)}` })
    const [good, best, poor] = [some(1), made(2, { text: 'sourdough sourdough' }), some(3)]
    keep(store, [poor, good, best, ...Array.from({ length: 5 }, (_, i) => made(10 + i, { text: 'rye' }))])
    const all = [word('sourdough')]
    assert.deepEqual(await found(store, { all }), ids([poor, best, good]), 'newest first')
    assert.deepEqual(await found(store, { all }, { ranked: true }), ids([best, good, poor]), 'best first')
    const hits = await store.reader.search(plan({ all }), { limit: 3, offset: 0, ranked: true })
    const [first, second, third] = hits.map(({ score }) => score)
    assert.ok(first! > second! && second! > third! && third! > 0)
  })

  // Short beginnings are looked for in the newest events, where it pays; ranked, full text itself is asked.
  promise('a short beginning finds what full text would, whatever else is asked for', async (store) => {
    const pieces = [
      'rye',
      'readOven',
      'HTTPServer',
      'Ölteig',
      'b2b',
      '検索結果',
      'a_b',
      'the end',
      're: rye',
      '\x1b[31mred',
      '😀',
    ]
    const texts = Array.from({ length: 150 }, (_, i) =>
      [7, 11, 13].map((step) => pieces[(i * step) % (i % 50 === 0 ? pieces.length : 6)]).join(' '),
    )
    keep(
      store,
      texts.map((text, i) => made(i, { text, agent: i % 3 === 0 ? 'other' : 'invented' })),
    )
    const beginnings = ['r', 're', 'rea', 'o', 'ov', 'h', 'ser', '検', '索', 'b', '2', 'a', 'e', 'z', '']
    const plans = beginnings.flatMap((beginning): Partial<SearchPlan>[] => [
      { all: [begin(beginning)] },
      { all: [begin(beginning), word('rye')] },
      { all: [begin('the', beginning)], agent: ['other'] },
      { all: [begin(beginning)], none: [word('b2b')] },
    ])
    for (const wanted of plans) {
      const near = await found(store, wanted, { limit: 500 })
      const asked = await found(store, wanted, { limit: 500, ranked: true })
      assert.deepEqual([...near].sort(), asked.sort(), JSON.stringify(wanted))
      const pages = [0, 20, 40].map((offset) => found(store, wanted, { limit: 20, offset }))
      assert.deepEqual((await Promise.all(pages)).flat(), near.slice(0, 60), JSON.stringify(wanted))
    }
  })

  promise('pages of hits follow each other', async (store) => {
    const events = Array.from({ length: 7 }, (_, i) => made(i, { text: 'rye' }))
    keep(store, events)
    const pages = [0, 3, 6, 9].map((offset) => found(store, { all: [word('rye')] }, { limit: 3, offset }))
    assert.deepEqual((await Promise.all(pages)).flat(), ids(events.toReversed()))
  })

  promise('a hit brings its line, its session, its kind and its time', async (store) => {
    const event = made(3, { text: 'pumpernickel', kind: 'message.assistant.text' })
    keep(store, [event])
    const wanted = plan({ all: [word('pumpernickel')] })
    const { score: _, ...hit } = (await store.reader.search(wanted, { limit: 1, offset: 0, ranked: false }))[0]!
    assert.deepEqual(hit, {
      id: event.id,
      session: 'invented:s1',
      timeMs: at(3),
      kind: 'message.assistant.text',
      text: event.text,
    })
  })

  promise('full text follows at its own pace and says how much it took', async (store) => {
    const events = Array.from({ length: 5 }, (_, i) => made(i, { text: 'rye' }))
    store.index.insert(rowsOf(store, events.slice(0, 3)), 3)
    store.index.insert(rowsOf(store, events.slice(3)), 5)
    assert.equal((await store.reader.facts()).searchLag, 5)
    assert.equal(store.search.follow(2), 3, 'what was indexed together stays together')
    assert.equal((await found(store, { all: [word('rye')] })).length, 3)
    assert.equal((await store.reader.facts()).searchLag, 2)
    assert.equal(store.search.follow(3), 2)
    assert.equal(store.search.follow(3), 0)
    assert.deepEqual(await found(store, { all: [word('rye')] }), ids(events.toReversed()))
  })

  promise('nothing in a plan is ever syntax or an error', async (store) => {
    keep(store, Object.values(EVENTS))
    const NASTY = [
      '"',
      '""',
      "'",
      '*',
      '^',
      '(',
      ')',
      'NEAR(',
      'AND',
      'OR',
      'NOT',
      '{words}',
      'words :',
      '-',
      '+',
      '\u0000',
      '%',
      '_',
      '\\',
      '',
    ]
    const text = fc.oneof(
      fc.constantFrom(...NASTY),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...NASTY) }),
    )
    const term = fc.record({ words: fc.array(text, { minLength: 1, maxLength: 3 }), prefix: fc.boolean() })
    const texts = fc.array(text, { maxLength: 2 })
    const anyPlan = fc.record({
      all: fc.array(term, { maxLength: 3 }),
      none: fc.array(term, { maxLength: 2 }),
      agent: texts,
      project: texts,
      session: texts,
      kind: texts,
      tool: texts,
      file: texts,
      model: texts,
      failed: fc.boolean(),
      minNano: fc.option(fc.constant(0)),
      maxTurnNano: fc.option(fc.constantFrom(0, 1_000_000_000)),
      sinceMs: fc.option(fc.constant(0)),
      untilMs: fc.option(fc.constant(at(100))),
    })
    const known = new Set(ids(Object.values(EVENTS)))
    await fc.assert(
      fc.asyncProperty(anyPlan, fc.boolean(), async (wanted, ranked) => {
        const hits = await found(store, wanted, { ranked })
        for (const id of hits) assert.ok(known.has(id))
        assert.equal((await store.reader.facets(plan(wanted), 0)).total, hits.length)
      }),
      { numRuns: 500 },
    )
  })
}

function at(n: number): number {
  return Date.parse(timeAt(n * 1_000))
}
