// Transcripts made with a known truth: streaming snapshots, resumed copies, asides and torn lines in them, and every token once in the
// books. Runs where the maker and Python are; OPENSTORY_SHARED says where.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { CUTS } from '../folds/cost.ts'
import { booked } from '../testing/booked.ts'
import { sumOf } from '../testing/books.ts'
import { loadPrices } from './prices.ts'

const MAKER = join(resolve(process.env.OPENSTORY_SHARED ?? '../shared'), 'bench/make_transcripts.py')
const isThere = existsSync(MAKER) && spawnSync('python3', ['--version']).status === 0
const skip = isThere ? false : `no ${MAKER}, or no python3 to run it`

interface Truth {
  readonly requests: number
  readonly sub_requests: number
  readonly input: number
  readonly output: number
  readonly cache_creation: number
  readonly cache_read: number
  readonly prompts: number
  readonly toolcalls: number
}

test('the books of transcripts with a known truth are that truth', { skip }, async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'openstory-truth-'))
  t.after(() => rmSync(home, { recursive: true }))
  const truth = JSON.parse(execFileSync('python3', [MAKER, join(home, '.claude'), '20', '12', '5']).toString()) as Truth
  const books = await booked(home, await loadPrices(home))
  t.after(() => books.close())

  const { total } = books.cost('day')
  assert.deepEqual(
    {
      requests: total.requests,
      sub_requests: total.subagent_requests,
      input: total.input,
      output: total.output,
      cache_creation: total.cache_write_5m + total.cache_write_1h,
      cache_read: total.cache_read,
    },
    Object.fromEntries(
      (['requests', 'sub_requests', 'input', 'output', 'cache_creation', 'cache_read'] as const).map((name) => [
        name,
        truth[name],
      ]),
    ),
  )
  assert.deepEqual([total.lower_bound, total.unpriced], [false, 0])
  for (const by of CUTS) assert.deepEqual(sumOf(books.cost(by).rows), sumOf([total]), by)
  const prompts = books.cost('prompt')
  assert.deepEqual([prompts.count, prompts.rows.filter(({ text }) => text === undefined)], [truth.prompts, []])
  const sessions = new Set(books.requests('day', null).requests.map(({ session }) => session))
  const counted = [...sessions].map((session) => books.store.get(session)!)
  assert.equal(
    counted.reduce((sum, row) => sum + row.prompts, 0),
    truth.prompts,
  )
  assert.equal(
    counted.reduce((sum, row) => sum + row.tools, 0),
    truth.toolcalls,
  )
})
