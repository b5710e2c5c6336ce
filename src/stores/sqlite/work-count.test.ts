// What keeping costs, counted in statements: bounded for each event, the same when much is kept already as when little is, and nothing is
// prepared anew. On any machine a slow design fails here.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { foldTurns } from '../../consumers/patterns/patterns.ts'
import { persistConsumer } from '../../consumers/persist/persist.ts'
import { foldSessions } from '../../consumers/projections/projections.ts'
import { delivered, made, madeTool } from '../../testing/made-events.ts'
import { statementsOf } from '../../testing/work-counts.ts'
import { openEventLog } from '../log/log.ts'
import { openReadOnly } from './database.ts'
import { openEventIndex } from './events.ts'
import { openSessionFolds, openTurnFolds } from './folds.ts'
import { storePaths } from './reader.ts'
import { openSearchIndex } from './search.ts'

const BATCH = 400
const EARLIER = 8 // batches before the one that is counted

function opened(t: TestContext) {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-count-'))
  const paths = storePaths(join(dir, 'store'))
  const log = openEventLog(join(dir, 'log'))
  const index = openEventIndex(paths.events)
  const following = openReadOnly(paths.events)
  const search = openSearchIndex(paths.search, following, log)
  const [sessions, turns] = [openSessionFolds(paths.sessions), openTurnFolds(paths.turns)]
  t.after(() => {
    for (const part of [search, following, sessions, turns, index, log]) part.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const persist = persistConsumer({ log, index, onInserted: () => undefined })
  const consumers = {
    persist: (messages: ReturnType<typeof batch>) => void persist.handle(messages),
    search: () => {
      while (search.follow(1_000) > 0);
    },
    projections: (messages: ReturnType<typeof batch>) => void foldSessions(sessions, messages),
    patterns: (messages: ReturnType<typeof batch>) => void foldTurns(turns, messages),
  }
  return consumers
}

// Work as an agent writes it: a prompt, then calls with their results and answers, each answer an account.
function batch(n: number, events = BATCH) {
  const from = n * BATCH
  const some = Array.from({ length: events }, (_, i) => {
    const at = from + i
    const usage = { input: 1, output: 2, cacheRead: 3, cacheWrite5m: 4, cacheWrite1h: 0 }
    if (i % 40 === 0) return made(at, { payload: { nativeId: `p${at}` } })
    if (i % 3 === 0) return madeTool(at, { name: 'Read', kind: 'read', target: `/home/dev/app/src/part-${i % 7}.ts` })
    if (i % 3 === 1)
      return made(at, { kind: 'message.user.tool_result', payload: { result: { call: `c${at - 1}`, failed: false } } })
    return made(at, { kind: 'message.assistant.text', payload: { model: 'm', request: `r${at}`, usage } })
  })
  return delivered(some, from + 1)
}

// Statements for each event of a batch, at most; and what a whole batch may take beside.
const PER_EVENT = { persist: 2, search: 3, projections: 3, patterns: 2 } as const
const PER_BATCH = 60

for (const [name, each] of Object.entries(PER_EVENT) as [keyof typeof PER_EVENT, number][])
  test(`${name}: at most ${each} statements for each event of a batch, however much is there already`, (t) => {
    const consumers = opened(t)
    const take = (n: number) => {
      const messages = batch(n)
      // Full text follows what persist has indexed.
      if (name === 'search') consumers.persist(messages)
      return statementsOf(() => consumers[name](messages))
    }
    const second = [take(0), take(1)][1]!
    assert.ok(second.run <= each * BATCH + PER_BATCH, `${second.run} statements for ${BATCH} events`)
    assert.deepEqual(second.prepared, [], 'nothing is prepared again')
    for (let n = 2; n < EARLIER; n++) take(n)
    const late = take(EARLIER)
    assert.ok(
      late.run <= second.run + PER_BATCH,
      `${late.run} statements after ${EARLIER} batches, ${second.run} before`,
    )
  })

test('what was kept already costs one look at each event and changes nothing', (t) => {
  const consumers = opened(t)
  const messages = batch(0)
  for (const name of ['persist', 'projections', 'patterns'] as const) {
    consumers[name](messages)
    const again = statementsOf(() => consumers[name](messages))
    assert.ok(again.run <= BATCH + PER_BATCH, `${name}: ${again.run} statements for ${BATCH} events that are there`)
  }
})
