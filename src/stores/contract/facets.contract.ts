// Promises about what stands beside a search: how many hits are of which agent, project, tool, file, model and kind, and that a number is
// what one gets when one chooses it.
import assert from 'node:assert/strict'
import { type Made, made, madeTool, timeAt } from '../../testing/made-events.ts'
import { COUNTED, type Counted } from '../facets.ts'
import type { SearchPlan } from '../store.ts'
import { keep, type Promised, plan, type StoreFixture, word } from './fixture.contract.ts'

const said = (model: string, request: string) => ({
  model,
  request,
  usage: { input: 1_000, output: 500, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, costUsd: '2.5' },
})
const result = (n: number, call: string, text: string, failed = false): Made =>
  made(n, { kind: 'message.user.tool_result', text, payload: { result: { call, failed } } })

const EVENTS = [
  made(1, { text: 'rye for the oven', payload: { cwd: '/home/dev/bakery' } }),
  madeTool(2, { name: 'Task', kind: 'delegate', target: 'rye' }, { payload: said('mill-5', 'r2') }),
  madeTool(3, { name: 'TaskStop', kind: 'other', target: 'rye' }, { payload: said('mill-5-mini', 'r3') }),
  madeTool(4, { name: 'Read', kind: 'read', target: '/home/dev/bakery/oven.ts', input: { of: 'rye' } }),
  result(5, 'c4', 'rye = 1'),
  madeTool(6, { name: 'Bash', kind: 'run', target: 'bake rye' }),
  result(7, 'c6', 'rye burnt', true),
  made(8, { kind: 'system.error', text: 'no rye left' }),
  made(9, { text: 'rye elsewhere', agent: 'other', native: 's10', project: 'home-dev-cellar' }),
  made(10, { text: 'wheat' }),
]

const counts = async (store: StoreFixture, wanted: Partial<SearchPlan>) =>
  store.reader.facets(plan(wanted), Date.parse(timeAt(20_000)))
async function of(store: StoreFixture, wanted: Partial<SearchPlan>, what: Counted): Promise<[string, number][]> {
  return (await counts(store, wanted)).by[what].map(({ value, count }) => [value, count])
}
const rye = { all: [word('rye')] }

export function facetsContract(promise: Promised): void {
  promise('hits are counted by what they are of, the most first', async (store) => {
    keep(store, EVENTS)
    const found = await counts(store, rye)
    assert.deepEqual([found.looked, found.isCut, found.total, found.sessions], [9, false, 9, 2])
    assert.deepEqual(found.bySession, [
      ['invented:s1', 8],
      ['other:s10', 1],
    ])
    assert.deepEqual(await of(store, rye, 'agent'), [
      ['invented', 8],
      ['other', 1],
    ])
    assert.deepEqual(await of(store, rye, 'project'), [
      ['home-dev-bakery', 8],
      ['home-dev-cellar', 1],
    ])
    assert.deepEqual((await of(store, rye, 'kind'))[0], ['message.assistant.tool_use', 4])
    assert.equal(found.failed, 2)
  })

  promise('what came back from a call is of its tool, its file and its model', async (store) => {
    // In one batch each: the call of a result is looked up where it was not seen by the same process.
    for (const [i, event] of EVENTS.entries()) keep(store, [event], i + 1)
    assert.deepEqual(await of(store, rye, 'tool'), [
      ['Bash', 2],
      ['Read', 2],
      ['Task', 1],
      ['TaskStop', 1],
    ])
    assert.deepEqual(await of(store, rye, 'file'), [['/home/dev/bakery/oven.ts', 2]])
    const burnt = await store.reader.search(plan({ tool: ['bash'], failed: true }), {
      limit: 9,
      offset: 0,
      ranked: false,
    })
    assert.deepEqual(
      burnt.map(({ id }) => id),
      [EVENTS[6]!.id],
    )
  })

  promise('a facet is counted as if its own filter were not there, and every other as chosen', async (store) => {
    keep(store, EVENTS)
    const chosen = { ...rye, tool: ['=Bash'] }
    assert.equal((await counts(store, chosen)).total, 2)
    assert.equal((await of(store, chosen, 'tool')).length, 4)
    assert.deepEqual(await of(store, chosen, 'file'), [])
    assert.deepEqual(await of(store, chosen, 'agent'), [['invented', 2]])
    const bare = { tool: ['=Bash'] }
    assert.equal((await counts(store, bare)).total, 2)
    assert.equal((await of(store, bare, 'tool')).length, 4, 'without words too')
    const since = await counts(store, { ...rye, sinceMs: Date.parse(timeAt(9_000)) })
    assert.equal(since.total, 1)
    assert.deepEqual(since.since, [9, 9, 9, 9], 'spans of time as if none were chosen')
  })

  promise('a number is what one gets when one chooses it', async (store) => {
    keep(store, EVENTS)
    for (const words of [rye, {}])
      for (const what of COUNTED)
        for (const [value, count] of await of(store, words, what)) {
          const wanted = { ...words, [what]: [`=${value}`] }
          const hits = await store.reader.search(plan(wanted), { limit: 50, offset: 0, ranked: false })
          assert.equal(hits.length, count, `${what} ${value}`)
          assert.equal((await counts(store, wanted)).total, count, `${what} ${value}`)
        }
  })

  promise('models are found by their words, sessions by what they cost', async (store) => {
    keep(store, EVENTS)
    const found = async (wanted: Partial<SearchPlan>) =>
      (await store.reader.search(plan(wanted), { limit: 50, offset: 0, ranked: false })).length
    assert.equal(await found({ model: ['mill'] }), 2)
    assert.equal(await found({ model: ['mini'] }), 1)
    assert.equal(await found({ model: ['=mill-5'] }), 1)
    assert.equal(await found({ model: ['ill'] }), 0)
    assert.deepEqual(
      (await counts(store, rye)).costs,
      [8, 8, 0],
      'five dollars, and a session of which nothing is spent',
    )
    assert.equal(await found({ minNano: 4_000_000_000 }), 9)
    assert.equal(await found({ minNano: 6_000_000_000 }), 0)
    assert.equal((await counts(store, { ...rye, minNano: 6_000_000_000 })).total, 0)
  })

  promise(
    'what lies in a turn is found by what the turn cost, a subagent’s work with the turn that sent it',
    async (store) => {
      const spent = (request: string, costUsd: string) => ({
        ...said('mill-5', request),
        usage: { ...said('', '').usage, costUsd },
      })
      const helper = { agentId: 'helper', native: 's1' }
      const sends = madeTool(2, { name: 'Task', kind: 'delegate', target: 'rye' }, { payload: spent('r2', '0.5') })
      const dear = [
        made(1, { text: 'a dear rye' }),
        sends,
        made(3, { ...helper, text: 'find rye', payload: { parentCall: 'c2' } }),
        // When the next turn is on its way.
        made(8, {
          ...helper,
          kind: 'message.assistant.text',
          text: 'rye found',
          payload: { ...spent('h1', '3'), parentCall: 'c2' },
        }),
      ]
      const cheap = [
        made(6, { text: 'a cheap rye' }),
        made(7, { kind: 'message.assistant.text', text: 'rye it is', payload: spent('r7', '0.25') }),
      ]
      const before = made(0, { kind: 'system.notice', text: 'rye before any turn' })
      keep(store, [before, ...dear, ...cheap])
      const found = async (wanted: Partial<SearchPlan>) =>
        (await store.reader.search(plan(wanted), { limit: 50, offset: 0, ranked: false }))
          .map(({ id }) => id)
          .toSorted()
      const sorted = (some: readonly Made[]) => some.map(({ id }) => id).toSorted()
      for (const words of [{}, { all: [word('rye')] }]) {
        assert.deepEqual(await found({ ...words, minTurnNano: 1_000_000_000 }), sorted(dear))
        assert.deepEqual(
          await found({ ...words, maxTurnNano: 1_000_000_000 }),
          sorted(cheap),
          'what lies in no turn cost nothing that is known',
        )
        assert.deepEqual(await found({ ...words, minTurnNano: 4_000_000_000 }), [])
      }
      assert.deepEqual((await counts(store, rye)).turnCosts, [6, 4, 0], 'over ten cents, a dollar, five')
      const chosen = await counts(store, { ...rye, minTurnNano: 1_000_000_001 })
      assert.deepEqual([chosen.total, ...chosen.turnCosts], [4, 6, 4, 0], 'counted as if it were not chosen')
      // What comes later is in the count of the next question.
      keep(store, [made(9, { kind: 'message.assistant.text', text: 'more rye', payload: spent('r9', '4') })], 20)
      assert.deepEqual((await counts(store, rye)).turnCosts, [7, 7, 0])
    },
  )

  promise('nothing found is nothing counted', async (store) => {
    keep(store, EVENTS)
    const none = await counts(store, { all: [word('spelt')] })
    assert.deepEqual([none.total, none.looked, none.times, none.by.agent], [0, 0, null, []])
  })
}
