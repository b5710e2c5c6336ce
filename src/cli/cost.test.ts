// openstory cost as a person or a script runs it.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { CostRequest, CostRow } from '../folds/cost.ts'
import { writeLines } from '../testing/booked.ts'
import { type Ran, runCli } from '../testing/cli.ts'
import { header, type Scenario, scenario, turnRecords } from '../testing/scenario.ts'
import { besides } from './cost.ts'

let machine: Scenario
const run = (...args: string[]): Promise<Ran> =>
  runCli(['cost', '--data-dir', machine.config.dataDir, '--tz', 'UTC', ...args], { HOME: machine.dir })
async function json<T>(...args: string[]): Promise<T> {
  const ran = await run('--json', ...args)
  assert.equal(ran.code, 0, ran.stderr)
  return JSON.parse(ran.stdout) as T
}

before(async () => {
  machine = scenario()
  machine.write('s1', [header('s1'), ...turnRecords(1, 'bake a bread'), ...turnRecords(2, 'clean the oven')])
  const args = ['import', '--data-dir', machine.config.dataDir, '--watch', `example=${machine.sessions}`]
  const ran = await runCli(args, { HOME: machine.dir })
  assert.equal(ran.code, 0, ran.stderr)
})
after(() => machine.remove())

test('a cut is rows of the shape scripts rely on; a model nobody knows costs null', async () => {
  const [day, ...more] = await json<CostRow[]>('--by', 'day')
  assert.deepEqual(more, [])
  assert.deepEqual(Object.keys(day!).slice(0, 9), [
    ...['key', 'requests', 'input', 'output', 'cache_write_5m', 'cache_write_1h', 'cache_read', 'usd', 'lower_bound'],
  ])
  assert.deepEqual([day!.key, day!.usd, day!.lower_bound], ['2026-03-14', null, true])
  assert.ok(day!.requests > 0)
})

test('one’s own prices hold from when they are written, and no longer than they stand', async () => {
  const file = join(machine.config.dataDir, 'prices.toml')
  const [model] = await json<CostRow[]>('--by', 'model')
  writeFileSync(file, `[models."${model!.key}"]\ninput = 1000000\noutput = 0\n`)
  const [priced] = await json<CostRow[]>('--by', 'model')
  assert.equal(
    priced!.usd,
    String(priced!.input + priced!.cache_read + priced!.cache_write_5m + priced!.cache_write_1h),
  )
  writeFileSync(file, '[models.x]\ninput = "much"\n')
  const refused = await run()
  assert.deepEqual([refused.code, refused.stdout], [1, ''])
  assert.match(refused.stderr, /prices\.toml needs input/)
  const served = await runCli(['serve', '--no-open', '--data-dir', machine.config.dataDir], { HOME: machine.dir })
  assert.deepEqual([served.code, /prices\.toml needs input/.test(served.stderr)], [1, true])
  rmSync(file)
  assert.equal((await json<CostRow[]>('--by', 'model'))[0]!.usd, null)
})

test('a prompt opens the requests it is made of', async () => {
  const prompts = await json<CostRow[]>('--by', 'prompt')
  assert.deepEqual(prompts.map(({ text }) => text).sort(), ['bake a bread', 'clean the oven'])
  const requests = await json<CostRequest[]>('--by', 'prompt', '--requests', prompts[0]!.key)
  assert.equal(requests.length, prompts[0]!.requests)
  assert.ok(requests.every(({ prompt }) => prompt === prompts[0]!.key))
})

test('for people: a table with its total, and what is not known said beside it', async () => {
  const ran = await run('--by', 'project')
  assert.match(ran.stdout, /^project +requests +input .*\nhome-dev-bakery .* unknown +\ntotal .* unknown/)
  assert.match(ran.stderr, /the price of .* is not known \(\d+ requests\); prices\.toml in/)
  assert.match(ran.stderr, /prices: @pydantic\/genai-prices [\d.]+ of \d{4}-\d{2}-\d{2}/)
})

test('what was put out is at least so much where only a beginning of an answer was written down', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'openstory-least-'))
  t.after(() => rmSync(home, { recursive: true }))
  const session = '0b0e7a4e-0000-4000-8000-000000000001'
  const line = (n: number, version: string) => ({
    ...{ type: 'assistant', sessionId: session, uuid: `a${n}`, version, timestamp: `2026-06-06T09:00:0${n}.000Z` },
    message: {
      ...{ id: `msg_01AbCdEfGhIjKlMnOpQ${n}`, role: 'assistant', model: 'claude-opus-4-5', stop_reason: 'end_turn' },
      content: [{ type: 'text', text: 'Done.' }],
      usage: { input_tokens: 1000, output_tokens: 3000 },
    },
  })
  writeLines(join(home, `.claude/projects/-home-dev-bakery/${session}.jsonl`), [line(1, '2.1.29'), line(2, '2.1.200')])
  const flags = ['--data-dir', join(home, 'data')]
  const imported = await runCli(['import', ...flags], { HOME: home })
  assert.equal(imported.code, 0, imported.stderr)
  const rows = await runCli(['cost', '--tz', 'UTC', ...flags], { HOME: home })
  assert.match(rows.stdout, /^2026-06-06 +2 +2,000 +≥ 6,000 +0 +0 +0 +≥ 0\.1600 +$/m)
  assert.match(rows.stderr, /^of 1 answer only a beginning was written down/m)
  const requests = await runCli(['cost', '--tz', 'UTC', '--requests', ...flags], { HOME: home })
  assert.deepEqual(requests.stdout.match(/(?:≥ )?3,000 out|(?:≥ )?0\.0800/g), [
    '3,000 out',
    '0.0800',
    '≥ 3,000 out',
    '≥ 0.0800',
  ])
})

test('what subagents did, and what agents wrote down beside what the list says, are told apart', async () => {
  const [row] = await json<CostRow[]>('--by', 'day')
  assert.deepEqual(besides({ ...row!, subagent_requests: 0, compared: null }), [])
  const compared = { requests: 2, recorded_usd: '1.5', computed_usd: '0.25' }
  assert.deepEqual(besides({ ...row!, lower_bound: false, subagent_requests: 1, subagent_usd: '0.5', compared }), [
    '1 request by subagents, $0.5000, in the total',
    '2 requests came with the agent’s own price: $1.50 as written, $0.2500 by the list',
  ])
  const less = { ...row!, lower_bound: true, subagent_requests: 1, subagent_usd: '0.5', compared: null, partial: 2 }
  assert.deepEqual(besides(less), [
    '1 request by subagents, ≥ $0.5000, in the total',
    'of 2 answers only a beginning was written down: what has one in it is “≥”, at least that',
  ])
})

test('what is no cut and no time zone is refused in one sentence', async () => {
  const cut = await run('--by', 'mood')
  assert.deepEqual([cut.code, cut.stderr.trim().split('\n').length], [1, 1])
  assert.match(cut.stderr, /by is one of day, session/)
  assert.match((await run('--since', 'soon')).stderr, /since is a day/)
})
