// The cost of real sessions of every agent, walked by the questions of the API: every cut in several time zones, down to the requests.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cost, costRequests } from '../api/cost.ts'
import { NO_PROMPT, UNLINKED } from '../folds/cost.ts'
import { booked } from '../testing/booked.ts'
import { corpusHome, noCorpus } from '../testing/corpus.ts'
import { walkCosts } from '../testing/cost-walk.ts'
import { loadPrices } from './prices.ts'

test('real sessions: any cut adds up to the whole, and each row opens what it is made of', {
  skip: noCorpus,
}, async (t) => {
  const home = corpusHome()
  t.after(() => home.remove())
  const books = await booked(home.machine.home, await loadPrices(home.machine.home))
  t.after(() => books.close())
  const parts = { reader: books.reader, nowMs: Date.now, oneSession: async (id: string) => id }
  const doors = {
    cost: (query: Record<string, string>) => cost(parts, new URLSearchParams(query)),
    requests: (query: Record<string, string>) => costRequests(parts, new URLSearchParams(query)),
  }
  const { wrong, requests, rows } = await walkCosts(doors)
  assert.deepEqual(wrong, [])
  assert.ok(requests > 3_000 && rows > 1_000, `${requests} requests in ${rows} rows`)
  // What belongs to no prompt has lines of its own.
  const prompts = await doors.cost({ by: 'prompt', limit: '1000' })
  const own = prompts.rows.filter(({ key }) => key.startsWith('('))
  assert.deepEqual(
    own.map(({ key, text }) => [[NO_PROMPT, UNLINKED].includes(key) || key.startsWith('(helper: '), text]),
    own.map(() => [true, undefined]),
  )
  assert.ok(own.length >= 3, own.map(({ key }) => key).join())
  // And so does every part of it that can be asked for.
  const agents = (await doors.cost({ by: 'agent' })).rows.map(({ key }) => ({ agent: key, tz: 'UTC' }))
  const [project] = (await doors.cost({ by: 'project' })).rows
  const span = { since: '2026-01-20', until: '2026-08-10', tz: 'Asia/Kathmandu' }
  let ofAgents = 0
  for (const only of [...agents, { project: project!.key }, span]) {
    const walked = await walkCosts(doors, only)
    assert.deepEqual(walked.wrong, [], JSON.stringify(only))
    if ('agent' in only) ofAgents += walked.requests
  }
  assert.equal(ofAgents, requests, 'the agents together are the whole')
})
