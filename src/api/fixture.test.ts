// What the tests of this folder ask: a small store in memory, made of events as the product writes them. Named as a test because only
// tests import it; its own promise is that the events are real ones.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../base/clock.ts'
import { silentLog } from '../base/log.ts'
import { foldTurns } from '../consumers/patterns/patterns.ts'
import { foldSessions } from '../consumers/projections/projections.ts'
import { encodeEvent, parseEvent } from '../event/event.ts'
import type { Payload } from '../event/payload.ts'
import { type KnownKind, typeOf } from '../event/types.ts'
import { momentsIn } from '../folds/moments.ts'
import { outlineOf } from '../folds/outline.ts'
import { searchableOf } from '../folds/searchable.ts'
import { turnsOf } from '../folds/turn/lanes.ts'
import { tokensOf } from '../folds/words.ts'
import { CostReader } from '../stores/sqlite/costs.ts'
import { attachReadOnly, openReadOnly } from '../stores/sqlite/database.ts'
import { FileReader } from '../stores/sqlite/files-reader.ts'
import { openSessionFolds, openTurnFolds } from '../stores/sqlite/folds.ts'
import type { CommitAnswer } from '../wire/commits.ts'
import { type LiveItem, storyOf } from '../wire/live.ts'
import type { AgentFormats } from '../wire/rest.ts'
import type { ApiParts } from './api.ts'
import type { LiveBatch, Replay } from './hub.ts'

export const SECRET_PROMPT = 'My secret word is <script>alert("rhubarb")</script>'

function text(
  n: number,
  session: string,
  kind: KnownKind,
  payload: Omit<Payload, 'v'>,
  agentId: string | null = null,
): string {
  const bytes = encodeEvent({
    id: String(n).padStart(32, '0'),
    source: 'openstory://here/invented',
    type: typeOf(kind),
    time: `2026-11-01T10:00:${String(n).padStart(2, '0')}.000Z`,
    agent: 'invented',
    session,
    project: 'home-dev-app',
    host: 'here',
    user: 'dev',
    agentId,
    sequence: `${String(n).padStart(14, '0')}.000`,
    origin: { file: `/t/${session}.jsonl`, inode: 1, offset: n, length: 1, line: n, sha256: '' },
    payload: { v: 1, ...payload },
    raw: { as: 'json', bytes: new TextEncoder().encode(`{ "line":  ${n} }`) },
  })
  return new TextDecoder().decode(bytes)
}

export const OVEN = '/home/dev/app/oven.ts'
const tool = {
  name: 'Bash',
  kind: 'run',
  call: 'c1',
  input: { value: { command: 'npm test' } },
  target: 'npm test',
} as const
const usage = { input: 1, output: 2, cacheRead: 3, cacheWrite5m: 4, cacheWrite1h: 5, costUsd: '0.25' }
const written = {
  name: 'Write',
  kind: 'write',
  call: 'c2',
  input: { value: { file_path: OVEN, content: 'warm()\n' } },
  target: OVEN,
} as const
export const A = 'invented:aaaa-1'
export const B = 'invented:aaaa-2'
export const texts: readonly string[] = [
  text(1, A, 'message.user.prompt', { text: SECRET_PROMPT, cwd: '/home/dev/app' }),
  text(2, A, 'message.assistant.tool_use', { tool, usage, request: 'r1', model: 'm1' }),
  text(3, A, 'message.user.tool_result', { text: 'all 12 tests pass', result: { call: 'c1', failed: false, exit: 0 } }),
  text(4, A, 'message.assistant.text', { text: 'Fixed parseQuery.', stop: 'end_turn' }),
  text(5, B, 'message.user.prompt', { text: 'Second session' }),
  text(6, B, 'message.assistant.text', { text: 'From the subagent', parentCall: 'c9' }, 'sub1'),
]
const events = texts.map(parseEvent)
const dir = mkdtempSync(join(tmpdir(), 'openstory-api-'))
const file = join(dir, 'sessions.sqlite')
const store = openSessionFolds(file)
const messages = texts.map((text, i) => ({ id: events[i]!.id, data: Buffer.from(text) }))
foldSessions(store, messages)
const rows = new Map([A, B].map((session) => [session, store.get(session)!]))
store.close()
const db = openReadOnly(file)
const costs = new CostReader(db)
const turnFile = join(dir, 'turns.sqlite')
const turnStore = openTurnFolds(turnFile)
// The files of the same day, in which the command was one that reads a file and writes another.
const writes = { ...tool, input: { value: { command: 'cat src/query.ts > notes/query.md' } } }
const second = text(2, A, 'message.assistant.tool_use', { tool: writes, usage, request: 'r1', model: 'm1' })
foldTurns(turnStore, messages.with(1, { id: events[1]!.id, data: Buffer.from(second) }))
turnStore.close()
const turnDb = openReadOnly(turnFile)
attachReadOnly(turnDb, file, 'ledger')
const files = new FileReader(turnDb, () => costs)
process.on('exit', () => {
  db.close()
  turnDb.close()
  rmSync(dir, { recursive: true, force: true })
})

export function fakeReader(): ApiParts['reader'] {
  return {
    async sessions({ limit }) {
      return { rows: [...rows.values()].slice(0, limit), next: null, total: rows.size, seq: 6 }
    },
    session: async (id) => rows.get(id) ?? null,
    resolveSession: async (id) => [...rows.keys()].filter((full) => full === id || full.includes(id)),
    async records(session, { limit, agentId }) {
      const found = events.flatMap((event, i) =>
        event.session === session && (agentId === undefined || (event.agentId ?? 'main') === agentId) ? [i] : [],
      )
      const page = found.slice(-limit)
      return {
        texts: page.map((i) => texts[i]!),
        cursors: page,
        more: { before: page.length < found.length, after: false },
        seq: 6,
      }
    },
    async turns(session) {
      return turnsOf(events.filter((event) => event.session === session))
    },
    async sentences({ verb, since = '', until = '~', limit }) {
      const turns = turnsOf(events).filter(
        (turn) =>
          (verb === undefined || storyOf(turn, '').verb === verb) && turn.started! >= since && turn.started! < until,
      )
      return { turns: turns.slice(0, limit), next: null }
    },
    tools: async () => [{ tool: 'Bash', calls: 1 }],
    facets: async ({ all }) => ({
      looked: events.length,
      isCut: false,
      total: all.length,
      sessions: 1,
      bySession: [[A, 1]],
      by: {
        agent: [{ value: 'invented', count: 1, sample: A }],
        project: [{ value: 'home-dev-app', count: 1, sample: A }],
        model: [],
        kind: [{ value: 'message.user.prompt', count: 1, sample: A }],
        tool: [],
        file: [],
      },
      failed: 0,
      since: [0, 0, 1, 1],
      costs: [1, 0, 0],
      turnCosts: [1, 0, 0],
      times: { fromMs: 0, widthMs: 1, counts: [1] },
    }),
    cost: async (query) => costs.cost(query),
    costRequests: async (query, key) => costs.requests(query, key),
    files: async (query) => files.files(query),
    fileHistory: async (query) => files.fileHistory(query),
    turnFiles: async (turn) => files.turnFiles(turn),
    work: async (session) =>
      session !== A
        ? []
        : [
            text(7, A, 'message.assistant.tool_use', { tool: written, model: 'm1' }),
            text(8, A, 'message.user.tool_result', { text: 'made', result: { call: 'c2', failed: false } }),
          ],
    async timeline(session, _max, part = 'all') {
      const own = events.flatMap((event, i) => (event.session === session ? [{ event, cursor: 2_048 * i }] : []))
      return {
        count: own.length,
        cursors: own.map(({ cursor }) => cursor),
        kinds: own.map(({ event }) => event.kind),
        isSubagent: own.map(({ event }) => event.agentId !== null),
        perMs: 2_048,
        spent:
          part === 'all' && session === A ? [[Date.parse('2026-11-01T10:00:02.000Z'), 1, 2, 12, 250_000_000, 0]] : [],
        todos: own.flatMap(({ event, cursor }) =>
          part === 'all' && event.payload.tool ? [{ cursor, text: texts[events.indexOf(event)]! }] : [],
        ),
      }
    },
    outline: async (session) => outlineOf(turnsOf(events.filter((event) => event.session === session))),
    async moments(session) {
      const own = turnsOf(events.filter((event) => event.session === session))
      const touches = session === A ? ([[Date.parse('2026-11-01T10:00:02.000Z'), 0, 'created']] as const) : []
      return { ...momentsIn(own), paths: [OVEN], touches, isCut: false, spent: [], todos: [] }
    },
    eventText: async (id) => texts[events.findIndex((event) => event.id === id)] ?? null,
    async search({ all }, { limit, offset }) {
      const found = events.flatMap((event, i) => {
        const tokens = tokensOf(searchableOf(event))
        const isHit = all.every((term) => term.words.every((word) => tokens.includes(word)))
        return isHit
          ? [{ id: event.id, session: event.session, timeMs: 0, kind: event.kind, score: 0, text: texts[i]! }]
          : []
      })
      return found.slice(offset, offset + limit)
    },
  }
}

export const item = (seq: number, size = 0): LiveItem => ({
  seq,
  kind: 'session',
  session: { id: `s${seq}`, last: 'x'.repeat(size) } as unknown as Extract<LiveItem, { kind: 'session' }>['session'],
})

// A bus of items in memory, kept from `first` on. Replays in batches of `step`; ends at what was there when it was asked, or goes on live.
export function fakeStream(step = 3, size = 0, goesOn = false) {
  const stream = {
    first: 1,
    last: 0,
    reads: 0,
    replay: async function* (fromSeq: number, signal: AbortSignal): AsyncIterable<LiveBatch> {
      stream.reads++
      if (fromSeq + 1 < stream.first) throw Object.assign(new Error('gone'), { firstSeq: stream.first })
      const end = stream.last
      for (let at = fromSeq; goesOn || at < end; ) {
        await new Promise((resolve) => setImmediate(resolve))
        if (signal.aborted) return
        const to = Math.min(at + step, goesOn ? stream.last : end)
        if (to === at) continue
        yield { to, items: Array.from({ length: to - at }, (_, i) => item(at + 1 + i, size)) }
        at = to
      }
    } satisfies Replay,
    // The next `count` items, as the broadcast consumer hands them over.
    next(count: number): LiveBatch {
      const from = stream.last
      stream.last += count
      return { to: stream.last, items: Array.from({ length: count }, (_, i) => item(from + 1 + i, size)) }
    },
  }
  return stream
}

const seen = { count: 2, firstSeen: '2026-11-01T10:00:00.000Z', lastSeen: null }
const INVENTED_FORMATS: AgentFormats = {
  agent: 'invented',
  label: 'Invented Agent',
  unknown: [
    {
      what: 'field',
      name: 'line.mood',
      ...seen,
      versions: [{ version: null, ...seen }],
      event: '1',
      sample: '"<string 4>"',
    },
  ],
  servers: [{ name: 'oven', calls: 3 }],
}

export const REPO = '/home/dev/app'
const SHARE = { added: 2, agent: 1, exact: 1, moved: 0, inferred: 0, unknown: 1 }
const BY = { session: A, agent: 'invented' }
const COMMIT: CommitAnswer = {
  ...{ commit: '', parents: [], subject: 'Bread', author: 'dev', authored: '2026-11-01T10:00:00Z' },
  ...{ committed: '2026-11-01T10:00:00Z', lines: SHARE, share: 0.5, usd: '0.25', lower_bound: false },
  prompts: [
    {
      ...{ ...BY, turn: '1', event: null, text: 'bake', started: null, lines: 1 },
      ...{ usd: '0.25', lower_bound: false, output_tokens: 2 },
    },
  ],
  sessions: [{ ...BY, lines: 1 }],
  models: [{ agent: 'invented', model: 'm1', lines: 1 }],
  made_by: [],
  files: [{ path: 'oven.ts', from: null, skipped: null, ...SHARE, ranges: [] }],
  notes: [],
}

export function apiParts(change: Partial<ApiParts> = {}): ApiParts {
  const stream = fakeStream()
  return {
    reader: fakeReader(),
    labels: { invented: 'Invented Agent' },
    resume: ({ native, cwd }) => (native === 'aaaa-1' ? `cd ${cwd} && invented ${native}` : null),
    health: () => ({
      ok: true,
      version: '1.2.3',
      uptimeS: 1,
      dataDir: '/d',
      colour: 'green',
      sentences: [],
      layers: [{ name: 'bus', ok: true, says: 'well', facts: { lag: 0 }, colour: 'green', todo: null }],
    }),
    formats: () => ({ agents: [INVENTED_FORMATS], waiting: 0 }),
    lines: async function* (session) {
      for (const [i, event] of events.entries()) if (event.session === session) yield Buffer.from(texts[i]!)
    },
    commits: async ({ repo, revs }) =>
      repo === REPO ? { repo, commits: [{ ...COMMIT, commit: revs }] } : `no session worked in ${repo}`,
    madeBy: async ({ repo, id }) =>
      repo === REPO
        ? {
            repo,
            count: 1,
            commits: [{ turn: id, event: '2', sha: 'abc', subject: 'Bread', now: 'as it was', commit: COMMIT }],
            holding: {
              commits: [
                { commit: 'abc', subject: 'Bread', author: 'dev', committed: COMMIT.committed, lines: 1, made: true },
              ],
              looked: 1,
              more: 0,
            },
          }
        : `no session worked in ${repo}`,
    checkouts: async () => ({ checkouts: [{ repo: REPO, sessions: 1, ended: null }], folders: 2, more: 0 }),
    trace: (id) => (id.endsWith('1') ? { stops: [{ stop: 1 }] } : null),
    nowMs: systemClock.nowMs,
    version: '1.2.3',
    pageDir: null,
    log: silentLog,
    live: { seq: 0, replay: stream.replay, lastSeq: () => stream.last },
    ...change,
  }
}

export interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly text: string
}
// As any program may ask, with whatever name and headers it likes.
export function askAt(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (piece: string) => {
        text += piece
      })
      answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, text }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

test('the events of the fixture are events of the product', () => {
  assert.equal(events.length, 6)
  assert.equal(rows.get(A)?.turns, 1)
})
