// From an agent's lines to its costs, over homes written here: which lines are one request, and whose word on money counts.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { CostRequest } from '../folds/cost.ts'
import type { Prices } from '../folds/ledger.ts'
import { booked, writeLines } from '../testing/booked.ts'
import type { Books } from '../testing/books.ts'

// Two dollars a request, of every model but one.
const PRICES: Prices = { edition: 'test', of: (model) => (model === 'unlisted' ? null : 2_000_000_000) }

async function opened(t: TestContext, files: Readonly<Record<string, readonly object[]>>): Promise<Books> {
  const home = mkdtempSync(join(tmpdir(), 'openstory-lines-'))
  t.after(() => rmSync(home, { recursive: true }))
  for (const [path, lines] of Object.entries(files)) writeLines(join(home, path), lines)
  const books = await booked(home, PRICES)
  t.after(() => books.close())
  return books
}

const SESSIONS = ['0b0e7a4e-0000-4000-8000-000000000001', '0b0e7a4e-0000-4000-8000-000000000002'] as const
const WORLD_ID = 'msg_01AbCdEfGhIjKlMnOpQr'
let written = 0
const answer = (session: string, id: string, requestId: string | undefined, more: object = {}, version = '2.1.200') => {
  const n = ++written
  return {
    ...{ type: 'assistant', sessionId: session, uuid: `a${n}-0000-4000-8000-00000000`, version, requestId },
    timestamp: new Date(Date.UTC(2026, 5, 6, 9, 0, n)).toISOString(),
    message: {
      ...{ id, role: 'assistant', model: 'claude-opus-5', stop_reason: 'end_turn' },
      content: [{ type: 'text', text: `Answer ${n}.` }],
      usage: { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 },
      ...more,
    },
  }
}
const inFile = (session: string) => `.claude/projects/-home-dev-bakery/${session}.jsonl`
const spentIn = ({ requests }: { requests: readonly CostRequest[] }) =>
  requests.map(({ session, output, lower_bound }) => [session.slice(-1), output, lower_bound]).sort()

test('two messages that a gateway called alike are two requests when their request ids say so', async (t) => {
  const [one, two] = SESSIONS
  const books = await opened(t, {
    [inFile(one)]: [answer(one, 'msg_1', 'req_1'), answer(one, 'msg_1', 'req_1'), answer(one, 'msg_2', 'req_2')],
    [inFile(two)]: [answer(two, 'msg_1', 'req_3')],
  })
  assert.deepEqual(spentIn(books.requests('day', null)), [
    ['1', 5, false],
    ['1', 5, false],
    ['2', 5, false],
  ])
})

test('one message is one request, whatever request id its copy in another session has, and stands where it was first', async (t) => {
  const [one, two] = SESSIONS
  const first = answer(one, WORLD_ID, 'req_1')
  const books = await opened(t, {
    [inFile(one)]: [first],
    [inFile(two)]: [answer(two, WORLD_ID, 'req_2', { usage: { input_tokens: 10, output_tokens: 7 } })],
  })
  assert.deepEqual(spentIn(books.requests('day', null)), [['1', 7, false]])
})

test('what a version is known not to have written down is a lower bound in every cut, until another line has it whole', async (t) => {
  const [one, two] = SESSIONS
  const books = await opened(t, {
    [inFile(one)]: [answer(one, WORLD_ID, 'req_1', {}, '2.1.29')],
    [inFile(two)]: [answer(two, `${WORLD_ID}2`, 'req_2'), answer(two, `${WORLD_ID}3`, 'req_3', {}, '2.1.7')],
  })
  for (const by of ['day', 'model', 'project', 'agent'] as const)
    assert.deepEqual(
      books.cost(by).rows.map((row) => [row.requests, row.partial, row.lower_bound]),
      [[3, 1, true]],
    )
  assert.deepEqual(
    books.cost('session').rows.map((row) => [row.requests, row.partial, row.lower_bound]),
    [
      [2, 0, false],
      [1, 1, true],
    ],
  )
  assert.deepEqual(spentIn(books.requests('day', null)), [
    ['1', 5, true],
    ['2', 5, false],
    ['2', 5, false],
  ])
})
