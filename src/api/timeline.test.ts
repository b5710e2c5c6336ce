// What a replay is laid out by: a letter a record, the way from each to the next, what was spent by when, the to-dos.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LETTERS, type TimelineAnswer } from '../wire/timeline.ts'
import { createApi } from './api.ts'
import { A, apiParts, B } from './fixture.test.ts'

const ask = async (id: string, query = '') =>
  createApi(apiParts()).fetch(new Request(`http://x/api/sessions/${encodeURIComponent(id)}/timeline${query}`))
const told = async (id: string, query = '') => (await (await ask(id, query)).json()) as TimelineAnswer

test('a session’s timeline has a letter for each record and the steps between their cursors', async () => {
  const answer = await told(A)
  assert.equal(answer.letters, 'pcra')
  assert.deepEqual([answer.count, answer.first, answer.steps], [4, 0, [2_048, 2_048, 2_048]])
})

test('a capital is a subagent’s, and every letter is one that is told of', async () => {
  const { letters } = await told(B)
  assert.equal(letters, 'pA')
  for (const letter of letters) assert.ok(LETTERS.includes(letter.toLowerCase()))
})

test('what was spent is told request by request', async () => {
  assert.deepEqual((await told(A)).spent, [[Date.parse('2026-11-01T10:00:02.000Z'), 1, 2, 12, 250_000_000, 0]])
})

test('calls that keep the to-dos come with their input', async () => {
  const { todos } = await told(A)
  assert.deepEqual(todos, [{ cursor: 2_048, agent_id: null, call: 'c1', input: { command: 'npm test' } }])
})

test('the course alone comes without what takes longest', async () => {
  assert.deepEqual(await told(A, '?more=0'), { ...(await told(A)), spent: [], todos: [] })
})

test('a session that is not there is said', async () => {
  const answer = await ask('nobody')
  assert.equal(answer.status, 404)
  assert.match(((await answer.json()) as { error: string }).error, /there is no session "nobody"/)
})
