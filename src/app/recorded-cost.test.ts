// What an agent wrote down of its cost is the truth where it stands, the list of prices speaks where it does not, and both are compared:
// of every agent that writes down a price, in each of the forms it keeps sessions in.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CostRow } from '../folds/cost.ts'
import type { Prices } from '../folds/ledger.ts'
import { usdOf } from '../folds/money.ts'
import { booked, writeLines } from '../testing/booked.ts'

const LISTED_NANO = 2_000_000_000
const PRICES: Prices = { edition: 'test', of: (model) => (model === 'unlisted' ? null : LISTED_NANO) }

interface Spent {
  readonly model: 'listed' | 'unlisted'
  readonly cents: number | null // as the agent wrote it down; null: nothing of it
}

const START = Date.UTC(2026, 5, 6, 9)
const at = (n: number): string => new Date(START + n * 1_000).toISOString()
const usdIn = ({ cents }: Spent): object => (cents === null ? {} : { cost: { input: 0, total: cents / 100 } })

// Lines as pi and OpenClaw write them.
const talk = (session: string, spent: readonly Spent[]): readonly object[] => [
  { type: 'session', version: 3, id: session, timestamp: at(0), cwd: '/home/dev/bakery' },
  ...spent.map((each, i) => ({
    ...{ type: 'message', id: `m${i}`, parentId: i === 0 ? null : `m${i - 1}`, timestamp: at(i + 1) },
    message: {
      ...{ role: 'assistant', provider: 'somebody', model: each.model, stopReason: 'stop', timestamp: START + i },
      content: [{ type: 'text', text: `Answer ${i}.` }],
      usage: { input: 10, output: 5, cacheRead: 0, cacheWrite: 0, totalTokens: 15, ...usdIn(each) },
    },
  })),
]

function database(path: string, tables: string): DatabaseSync {
  mkdirSync(join(path, '..'), { recursive: true })
  const db = new DatabaseSync(path)
  db.exec(tables)
  return db
}

const OPENCLAW =
  'CREATE TABLE transcript_events (session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT, created_at INTEGER NOT NULL, PRIMARY KEY (session_id, seq))'
const HERMES =
  'CREATE TABLE sessions (id TEXT PRIMARY KEY, source TEXT, model TEXT, started_at REAL, last_activity_at REAL, input_tokens INTEGER, output_tokens INTEGER, actual_cost_usd REAL, estimated_cost_usd REAL)'

const SESSION = '0b0e7a4e-0000-4000-8000-000000000001'
const WRITERS: Readonly<Record<string, (home: string, spent: readonly Spent[]) => void>> = {
  'Claude Code, whose first versions wrote a price on each line': (home, spent) =>
    writeLines(
      join(home, `.claude/projects/-home-dev-bakery/${SESSION}.jsonl`),
      spent.map(({ model, cents }, i) => ({
        ...{ type: 'assistant', sessionId: SESSION, uuid: `a${i}`, version: '0.2.120', timestamp: at(i) },
        ...(cents !== null && { costUSD: cents / 100 }),
        message: {
          ...{ id: `msg_01AbCdEfGhIjKlMnOp_${i}`, role: 'assistant', model, stop_reason: 'end_turn' },
          content: [{ type: 'text', text: `Answer ${i}.` }],
          usage: { input_tokens: 10, output_tokens: 5 },
        },
      })),
    ),
  'pi’s files': (home, spent) =>
    writeLines(
      join(home, `.pi/agent/sessions/--home-dev-bakery--/2026-06-06T09-00-00-000Z_${SESSION}.jsonl`),
      talk(SESSION, spent),
    ),
  'OpenClaw’s files': (home, spent) =>
    writeLines(join(home, `.openclaw/agents/main/sessions/${SESSION}.jsonl`), talk(SESSION, spent)),
  'OpenClaw’s database': (home, spent) => {
    const db = database(join(home, '.openclaw/agents/main/agent/openclaw-agent.sqlite'), OPENCLAW)
    const put = db.prepare('INSERT INTO transcript_events VALUES (?, ?, ?, 0)')
    for (const [seq, line] of talk(SESSION, spent).entries()) put.run(SESSION, seq, JSON.stringify(line))
    db.close()
  },
  'Hermes’ database, a session for each': (home, spent) => {
    const db = database(join(home, '.hermes/state.db'), HERMES)
    const put = db.prepare('INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
    for (const [i, { model, cents }] of spent.entries()) {
      const usd = cents === null ? null : cents / 100
      // One half of them is an estimate, the other was billed.
      put.run(
        `s${i}`,
        'cli',
        model,
        START / 1_000 + i,
        START / 1_000 + i,
        10,
        5,
        i % 2 ? usd : null,
        i % 2 ? null : usd,
      )
    }
    db.close()
  },
}

// What the books must say. A price of nothing is what agents write for a model whose price they do not know.
function truthOf(spent: readonly Spent[]): Pick<CostRow, 'requests' | 'usd' | 'unpriced' | 'compared'> {
  const recorded = ({ cents }: Spent): number => (cents ?? 0) * 10_000_000
  const isListed = ({ model }: Spent): boolean => model === 'listed'
  const priced = spent.filter((each) => recorded(each) > 0 || isListed(each))
  const both = spent.filter((each) => recorded(each) > 0 && isListed(each))
  const sum = (some: readonly Spent[], of: (each: Spent) => number) => usdOf(some.reduce((n, each) => n + of(each), 0))
  return {
    requests: spent.length,
    usd: priced.length === 0 ? null : sum(priced, (each) => recorded(each) || LISTED_NANO),
    unpriced: spent.length - priced.length,
    compared:
      both.length === 0
        ? null
        : { requests: both.length, recorded_usd: sum(both, recorded), computed_usd: sum(both, () => LISTED_NANO) },
  }
}

const spentOnce: fc.Arbitrary<Spent> = fc.record({
  model: fc.constantFrom('listed' as const, 'unlisted' as const),
  cents: fc.option(fc.nat(500)),
})
const EACH_CASE: readonly Spent[] = [
  { model: 'listed', cents: 50 },
  { model: 'listed', cents: null },
  { model: 'listed', cents: 0 },
  { model: 'unlisted', cents: 25 },
  { model: 'unlisted', cents: null },
]

for (const [who, write] of Object.entries(WRITERS))
  test(`what the agent wrote down is the truth, the list speaks where it did not, both are compared: ${who}`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(spentOnce, { minLength: 1, maxLength: 8 }), async (spent) => {
        const home = mkdtempSync(join(tmpdir(), 'openstory-recorded-'))
        try {
          write(home, spent)
          const books = await booked(home, PRICES)
          const { requests, usd, unpriced, compared } = books.cost('day').total
          const opened = books.requests('day', null).requests.map((each) => [each.usd, each.recorded_usd] as const)
          books.close()
          assert.deepEqual({ requests, usd, unpriced, compared }, truthOf(spent))
          for (const [said, recorded] of opened) if (recorded !== null) assert.equal(said, recorded)
        } finally {
          rmSync(home, { recursive: true })
        }
      }),
      { numRuns: 3, examples: [[[...EACH_CASE]]] },
    )
  })
