// Money two tell of: what the agent wrote down is the truth, the list of prices speaks where it wrote nothing, and both stand side by side.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Usage } from '../../event/payload.ts'
import { NO_PROMPT } from '../../folds/cost.ts'
import type { Prices } from '../../folds/ledger.ts'
import { Books } from '../../testing/books.ts'
import { made, type Wanted } from '../../testing/made-events.ts'

const long = (name: string): string => `${name}-`.padEnd(24, '0')
const PRICES: Prices = { edition: 'test', of: (model) => (model === 'unknown' ? null : 2_000_000_000) }
const said = (n: number, model: string, costUsd?: string, more: Wanted = {}) => {
  const usage: Usage = { input: 1, output: 1, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 }
  return made(n, {
    kind: 'message.assistant.text',
    ...more,
    payload: {
      model,
      request: long(`r${n}`),
      usage: costUsd === undefined ? usage : { ...usage, costUsd },
      ...more.payload,
    },
  })
}

const cases: readonly (readonly [string, string, string | undefined, string | null, object | null])[] = [
  ['both told', 'listed', '0.5', '0.5', { requests: 1, recorded_usd: '0.5', computed_usd: '2' }],
  ['only the list knows', 'listed', undefined, '2', null],
  ['only the agent knows', 'unknown', '0.5', '0.5', null],
  ['nobody knows', 'unknown', undefined, null, null],
  ['the agent wrote 0, as it does for a model it has no price of', 'listed', '0', '2', null],
]
for (const [what, model, recorded, usd, compared] of cases)
  test(`the price of a request: ${what}`, (t) => {
    const books = new Books(PRICES)
    t.after(() => books.close())
    books.fold([said(1, model, recorded)])
    const { total } = books.cost('day')
    assert.deepEqual([total.usd, total.unpriced, total.compared], [usd, usd === null ? 1 : 0, compared])
    const [request] = books.requests('day', null).requests
    assert.equal(request!.usd, usd)
  })

test('the comparison is over those alone of which both are known', (t) => {
  const books = new Books(PRICES)
  t.after(() => books.close())
  books.fold([said(1, 'listed', '0.5'), said(2, 'listed'), said(3, 'unknown', '0.25'), said(4, 'listed', '1')])
  const { total } = books.cost('model')
  assert.equal(total.usd, '3.75')
  assert.deepEqual(total.compared, { requests: 2, recorded_usd: '1.5', computed_usd: '4' })
})

test('a subagent sent before anybody asked stands with the work before anybody asked', (t) => {
  const tool = { name: 'Task', kind: 'delegate', call: long('c1'), input: { value: 1 } } as const
  const books = new Books(PRICES)
  t.after(() => books.close())
  books.fold([
    said(1, 'listed', undefined, { kind: 'message.assistant.tool_use', payload: { tool } }),
    said(2, 'listed', undefined, { agentId: 'a1', payload: { parentCall: long('c1') } }),
  ])
  for (const by of ['prompt', 'turn'] as const)
    assert.deepEqual(
      books.cost(by).rows.map(({ key, requests, subagent_requests }) => [key, requests, subagent_requests]),
      [[NO_PROMPT, 2, 1]],
      by,
    )
})
