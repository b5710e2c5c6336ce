// What an answer costs, counted: a list of sessions parses no event, a page of records its page, a search its hits; and none of them passes
// over a table that grows with events. On any machine a slow design fails here.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { foldTurns } from '../consumers/patterns/patterns.ts'
import { foldSessions } from '../consumers/projections/projections.ts'
import { openEventLog } from '../stores/log/log.ts'
import { attachReadOnly, openReadOnly } from '../stores/sqlite/database.ts'
import { openEventIndex } from '../stores/sqlite/events.ts'
import { openSessionFolds, openTurnFolds } from '../stores/sqlite/folds.ts'
import { promised } from '../stores/sqlite/promised.ts'
import { SqliteReader, storePaths } from '../stores/sqlite/reader.ts'
import { openSearchIndex } from '../stores/sqlite/search.ts'
import type { StoreReader } from '../stores/store.ts'
import { delivered, type Made, made, madeTool } from '../testing/made-events.ts'
import { eventsParsed, statementsOf } from '../testing/work-counts.ts'
import { type RouteParts, routes } from './routes.ts'

const SESSIONS = 30
const EVENTS_EACH = 40
const NOW_MS = Date.UTC(2026, 5, 1)

function session(n: number): Made[] {
  const native = `s${n}`
  return Array.from({ length: EVENTS_EACH }, (_, i) => {
    const at = n * 100 + i
    if (i % 10 === 0)
      return made(at, { native, text: `please bake the sourdough of day ${i}`, payload: { nativeId: `p${at}` } })
    if (i % 2 === 0) return madeTool(at, { name: 'Bash', kind: 'run', target: `npm run bake-${i}` }, { native })
    return made(at, { native, kind: 'message.assistant.text', text: `The sourdough of day ${i} rests.` })
  })
}

class Kept {
  readonly dir = mkdtempSync(join(tmpdir(), 'openstory-answers-'))
  readonly paths = storePaths(join(this.dir, 'store'))
  readonly log = openEventLog(join(this.dir, 'log'))
  readonly reader: SqliteReader

  constructor() {
    const { paths, log } = this
    const index = openEventIndex(paths.events)
    const following = openReadOnly(paths.events)
    const search = openSearchIndex(paths.search, following, log)
    const [sessions, turns] = [openSessionFolds(paths.sessions), openTurnFolds(paths.turns)]
    for (let n = 0; n < SESSIONS; n++) {
      const events = session(n)
      const places = log.append(
        events[0]!.event.session,
        events.map(({ data }) => data),
      )
      index.insert(
        events.map(({ event }, i) => ({ event, place: places[i]!, seq: 1 + i, publishedMs: 1 })),
        1,
      )
      const messages = delivered(events, n * EVENTS_EACH + 1)
      foldSessions(sessions, messages)
      foldTurns(turns, messages)
    }
    while (search.follow(1_000) > 0);
    for (const part of [search, following, sessions, turns, index]) part.close()
    this.reader = new SqliteReader(paths, log)
  }

  remove(): void {
    this.reader.close()
    this.log.close()
    rmSync(this.dir, { recursive: true, force: true })
  }
}

async function answer(reader: StoreReader, address: string): Promise<unknown> {
  const { pathname, searchParams } = new URL(address, 'http://here')
  const [, id = ''] = /^\/api\/sessions\/([^/]+)/.exec(pathname) ?? []
  const path = pathname.replace(/^(\/api\/sessions\/)[^/]+/, '$1{id}')
  const route = routes.find((each) => each.path === path)!
  const parts = { reader, labels: {}, resume: () => null, nowMs: () => NOW_MS } as unknown as RouteParts
  return route.handle(parts, decodeURIComponent(id), searchParams)
}

const A_SESSION = `/api/sessions/${encodeURIComponent('invented:s7')}`

describe('what an answer costs', () => {
  let kept: Kept
  before(() => {
    kept = new Kept()
  })
  after(() => kept.remove())

  const parsed: readonly (readonly [what: string, address: string, most: number])[] = [
    ['a list of sessions parses no event', '/api/sessions?limit=20', 0],
    ['a list narrowed by words parses no event', '/api/sessions?limit=20&words=bakery', 0],
    ['a session parses no event', A_SESSION, 0],
    ['a page of records parses its page', `${A_SESSION}/records?limit=10`, 10],
    ['turns parse no event', `${A_SESSION}/turns`, 0],
    ['what was spent parses no event', '/api/cost?by=day&tz=UTC', 0],
    ['counts beside a search parse no event', '/api/search/facets?q=sourdough', 0],
    ['a search parses its hits', '/api/search?limit=5&q=sourdough', 5],
    ['a search by a filter alone parses its hits', '/api/search?limit=5&q=tool:bash', 5],
    ['a search that finds nothing parses none', '/api/search?limit=5&q=rhubarb', 0],
  ]
  for (const [what, address, most] of parsed)
    test(what, async () => {
      const count = await eventsParsed(() => answer(promised(kept.reader), address))
      assert.equal(count, most)
    })

  test('a beginning that everything has is looked for in the newest, and not in all', async () => {
    const parsed = await eventsParsed(() => answer(promised(kept.reader), '/api/search?limit=5&q=s*'))
    assert.ok(parsed <= 5 + 5 * 4, `${parsed} events parsed for 5 hits`)
  })

  // Tables with a row for each event, request, prompt or turn. Sessions are counted in thousands, and may be looked through.
  const LARGE =
    /^SCAN (events|e|marks|m|requests|r|prompts|p|calls|seen|turns|t|touches|x|sums|tool_sums|arrivals|a)\b(?!.*VIRTUAL)/
  const pages: readonly (readonly [string, (reader: SqliteReader) => unknown])[] = [
    ['a list of sessions', (reader) => reader.sessions({ limit: 20 })],
    ['a session', (reader) => reader.session('invented:s7')],
    ['a session by the beginning of its id', (reader) => reader.resolveSession('inven')],
    ['the last page of records', (reader) => reader.records('invented:s7', { limit: 10 })],
    ['a page of records of one lane', (reader) => reader.records('invented:s7', { limit: 10, agentId: 'main' })],
    ['turns', (reader) => reader.turns('invented:s7')],
    ['the newest sentences', (reader) => reader.sentences({ limit: 10 })],
  ]
  for (const [what, ask] of pages)
    test(`${what}: no pass over what grows with events`, () => {
      const { prepared } = statementsOf(() => ask(kept.reader))
      assert.deepEqual(
        // With a limit it ends where there is enough, in the order of an index.
        prepared
          .filter((sql) => !/\bLIMIT\b/.test(sql))
          .flatMap((sql) => scansIn(kept, sql))
          .filter((step) => LARGE.test(step)),
        [],
      )
    })
})

// The steps of a statement that SQLite plans, whichever of the files it is for.
function scansIn({ paths }: Kept, sql: string): string[] {
  const files: readonly (readonly [string, string, string])[] = [
    [paths.events, paths.search, 'full_text'],
    [paths.sessions, paths.turns, 'ledger_of_none'],
    [paths.turns, paths.sessions, 'ledger'],
  ]
  for (const [path, beside, name] of files) {
    const db = openReadOnly(path)
    attachReadOnly(db, beside, name)
    try {
      return (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]).map(({ detail }) => detail)
    } catch {
      // it is for another file
    } finally {
      db.close()
    }
  }
  throw new Error(`no file of the store knows: ${sql}`)
}
