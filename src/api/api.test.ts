// The API over real HTTP on a free port of this machine.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { type ApiParts, createApi, type Listening } from './api.ts'
import { A, apiParts, askAt, B, fakeReader, SECRET_PROMPT, texts } from './fixture.test.ts'

let server: Listening
let root: string
const logged: string[] = []

before(async () => {
  root = mkdtempSync(join(tmpdir(), 'openstory-page-'))
  mkdirSync(join(root, 'page', 'assets'), { recursive: true })
  writeFileSync(join(root, 'page', 'index.html'), '<!doctype html><title>page</title>')
  writeFileSync(join(root, 'page', 'assets', 'index-B7dE_x1a.js'), 'let a')
  writeFileSync(join(root, 'page', 'logo.svg'), '<svg/>')
  writeFileSync(join(root, 'secret.txt'), 'secret')
  symlinkSync(join(root, 'secret.txt'), join(root, 'page', 'link.txt'))
  const broken = { ...fakeReader(), turns: () => Promise.reject(new Error(`cannot read ${SECRET_PROMPT}`)) }
  const reader: ApiParts['reader'] = { ...broken, session: async (id) => (id === B ? null : fakeReader().session(id)) }
  const log = {
    ...silentLog,
    error: (fields: object, message: string) => logged.push(JSON.stringify(fields) + message),
  }
  server = await createApi(apiParts({ pageDir: join(root, 'page'), reader, log })).listen(0, '127.0.0.1')
})
after(async () => {
  await server.close()
  rmSync(root, { recursive: true })
})

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  askAt(server.port, path, headers, method)
const json = async (path: string) => JSON.parse((await ask(path)).text)

test('the list of sessions says what people call the agents and where live goes on', async () => {
  const { sessions, ...rest } = await json('/api/sessions')
  assert.deepEqual(rest, { next: null, total: 2, seq: 6, labels: { invented: 'Invented Agent' } })
  assert.equal(sessions[0].id, A)
  assert.ok(!('spent' in sessions[0]), 'what only the fold needs stays inside')
})

test('a session is found by its id and by its native id', async () => {
  assert.equal((await json(`/api/sessions/${encodeURIComponent(A)}`)).id, A)
  assert.equal((await json('/api/sessions/aaaa-1')).id, A)
})

test('a session says how its own agent goes on with it, where it can', async () => {
  assert.match((await json('/api/sessions/aaaa-1')).resume, /^cd \S+ && invented aaaa-1$/)
  const other = await createApi(apiParts()).fetch(new Request(`http://x/api/sessions/${encodeURIComponent(B)}`))
  assert.equal(JSON.parse(await other.text()).resume, null)
})

test('records and turns of a session', async () => {
  const { records, cursors } = await json('/api/sessions/aaaa-1/records?limit=2')
  assert.deepEqual(
    [records.map((record: { kind: string }) => record.kind), cursors],
    [
      ['message.user.tool_result', 'message.assistant.text'],
      [2, 3],
    ],
  )
  const sub = await json('/api/sessions/aaaa-2/records?agent=sub1')
  assert.deepEqual(
    sub.records.map((record: { agentId: string }) => record.agentId),
    ['sub1'],
  )
  const api = createApi(apiParts())
  const turns = JSON.parse(await (await api.fetch(new Request('http://x/api/sessions/aaaa-1/turns'))).text())
  assert.match(turns.turns[0].sentence, /^Invented ran the tests \(passed\), because "My secret word/)
})

test('beside each sentence stands what the turn cost, the same as the cost report says', async () => {
  const api = createApi(apiParts())
  const answer = async (path: string) => JSON.parse(await (await api.fetch(new Request(`http://x${path}`))).text())
  const { turns } = await answer('/api/sessions/aaaa-1/story')
  const { rows } = await answer('/api/cost?by=turn&session=aaaa-1')
  const told = turns.filter((turn: { usd: string | null }) => turn.usd !== null)
  assert.ok(told.length > 0)
  for (const { turn, usd, lower_bound } of told) {
    const row = rows.find(({ key }: { key: string }) => key === turn)
    assert.deepEqual([usd, lower_bound], [row.usd, row.lower_bound])
  }
  const shown = await answer('/api/sessions/aaaa-1/turns')
  assert.equal(shown.turns[0].cost.usd, turns[0].usd)
})

test('a session is told in a paragraph and in sentences, and sentences are found over all sessions', async () => {
  const api = createApi(apiParts())
  const answer = async (path: string) => JSON.parse(await (await api.fetch(new Request(`http://x${path}`))).text())
  const { story, turns } = await answer('/api/sessions/aaaa-1/story')
  assert.match(story.text, /^You asked Invented "My secret word/)
  assert.deepEqual([turns[0].verb, turns[0].tests, turns[0].outcome], ['ran', 'passed', 'answered'])
  const { sentences, next } = await answer('/api/sentences?verb=ran')
  assert.deepEqual(
    sentences.map((told: { session: string }) => told.session),
    [A],
  )
  assert.equal(next, null)
  assert.match((await answer('/api/sentences?since=soon')).error, /^the parameter since is a time/)
})

test('a day is told by project, and says where the day before and the day after are', async () => {
  const api = createApi(apiParts())
  const answer = async (path: string) => JSON.parse(await (await api.fetch(new Request(`http://x${path}`))).text())
  const day = await answer('/api/day?since=2026-11-01&until=2026-11-02')
  assert.equal(day.projects.length, 1)
  assert.match(day.projects[0].story.text, /^2 sessions, 2 turns\. Invented \(".*ran the tests/)
  assert.deepEqual(
    day.projects[0].sessions.map(({ id, turns }: { id: string; turns: object[] }) => [id, turns.length]).sort(),
    [
      [A, 1],
      [B, 2],
    ],
  )
  const empty = await answer('/api/day?since=2026-11-02&until=2026-11-03')
  assert.deepEqual([empty.projects, empty.previous, empty.next], [[], '2026-11-01T10:00:01.000Z', null])
  assert.match((await answer('/api/day?since=2026-11-02')).error, /^the parameter until is a time/)
})

test('search marks what it found, and never fails for what was typed', async () => {
  const { hits, understood } = await json('/api/search?q=parseQuery')
  assert.equal(understood, '“parseQuery”')
  assert.deepEqual(hits[0].snippet, [
    { text: 'Fixed ', hit: false },
    { text: 'parseQuery', hit: true },
    { text: '.', hit: false },
  ])
  for (const typed of ['', '"', '(((', 'a:b', 'NEAR/3', '\u0000', '*', "'; DROP TABLE", '-'])
    assert.equal((await ask(`/api/search?q=${encodeURIComponent(typed)}`)).status, 200, typed)
})

test('an event comes as it stands in the log, byte for byte', async () => {
  const answer = await ask(`/api/events/${'1'.padStart(32, '0')}`)
  assert.equal(answer.headers['content-type'], 'application/cloudevents+json; charset=utf-8')
  assert.equal(answer.text, texts[0])
})

test('trace and health say what they are given', async () => {
  assert.deepEqual(await json(`/api/events/${'1'.padStart(32, '0')}/trace`), { stops: [{ stop: 1 }] })
  assert.equal((await json('/api/health')).layers[0].says, 'well')
})

const failures = [
  ['/api/sessions?limit=0', 400, 'the parameter limit is a whole number from 1 to 500, not "0"'],
  ['/api/sessions?limit=501', 400, 'the parameter limit is a whole number from 1 to 500, not "501"'],
  ['/api/sessions?limit=ten', 400, 'the parameter limit is a whole number from 1 to 500, not "ten"'],
  ['/api/sessions?limit=1&limit=2', 400, 'the parameter limit may be given once only'],
  ['/api/sessions?agent=', 400, 'the parameter agent must not be empty'],
  [
    '/api/sessions?colour=red',
    400,
    'there is no parameter "colour" here; there is limit, before, agent, project, words',
  ],
  ['/api/sessions/aaaa-1?limit=1', 400, 'there is no parameter "limit" here; there is none'],
  [
    '/api/sessions/aaaa-1/records?after=1&before=2',
    400,
    'only one of the parameters after, before and around can be given',
  ],
  ['/api/sessions/aaaa-1/records?limit=1001', 400, 'the parameter limit is a whole number from 1 to 1000, not "1001"'],
  ['/api/search?q=x&rank=best', 400, 'the parameter rank is a whole number from 0 to 1, not "best"'],
  ['/api/sessions/nobody', 404, 'there is no session "nobody"; /api/sessions lists them'],
  [`/api/sessions/${B}`, 404, `there is no session "${B}"; /api/sessions lists them`],
  ['/api/sessions/aaaa', 409, `"aaaa" may be any of ${A}, ${B}; ask for one of them by its whole id`],
  ['/api/events/zzz', 404, 'there is no event "zzz"'],
  ['/api/events/zzz/trace', 404, 'there is no event "zzz"'],
  ['/api/nothing', 404, 'there is nothing at "/api/nothing"; /api/openapi.json lists what there is'],
  ['/api/live', 400, '/api/live is a WebSocket; connect to it with one'],
] as const
for (const [path, status, error] of failures)
  test(`${status} for ${path}`, async () => {
    const answer = await ask(path)
    assert.deepEqual([answer.status, JSON.parse(answer.text)], [status, { error }])
    assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
  })

test('trouble inside is told without what people typed, in the answer and in the log', async () => {
  const answer = await ask('/api/sessions/aaaa-1/turns')
  assert.deepEqual(
    [answer.status, JSON.parse(answer.text)],
    [500, { error: 'the server could not answer this; its log has a line about it' }],
  )
  assert.equal(logged.length, 1)
  assert.match(logged[0]!, /turns.*fixture|turns.*api\.test/)
  assert.doesNotMatch(logged[0]!, /rhubarb|secret word/)
})

test('every answer carries the headers that keep a page from doing harm', async () => {
  for (const path of ['/api/sessions', '/api/nothing', '/api/sessions/aaaa-1/turns', '/', '/logo.svg']) {
    const { headers } = await ask(path)
    assert.equal(headers['x-content-type-options'], 'nosniff', path)
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    const policy = String(headers['content-security-policy'])
    for (const rule of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ])
      assert.ok(policy.split('; ').includes(rule), `${rule} in ${policy}`)
    assert.ok(policy.includes(`connect-src 'self' ws://127.0.0.1:${server.port};`))
    assert.doesNotMatch(policy, /unsafe|\*/)
  }
})

test('a transcript never leaves as a page', async () => {
  const answer = await ask('/api/sessions/aaaa-1/records')
  assert.ok(answer.text.includes('<script>'))
  assert.equal(answer.headers['content-type'], 'application/json; charset=utf-8')
})

test('the page is served, and every address without an extension is the page', async () => {
  for (const path of ['/', '/session/invented%3Aaaaa-1', '/search?q=a.b', '/live/invented%3Anotes.jsonl']) {
    const answer = await ask(path)
    assert.deepEqual(
      [answer.status, answer.headers['content-type'], answer.headers['cache-control']],
      [200, 'text/html; charset=utf-8', 'no-cache'],
    )
    assert.match(answer.text, /<title>page/)
  }
  const asset = await ask('/assets/index-B7dE_x1a.js')
  assert.deepEqual(
    [asset.text, asset.headers['content-type'], asset.headers['cache-control']],
    ['let a', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
  )
  assert.equal((await ask('/logo.svg')).headers['cache-control'], 'no-cache')
  assert.equal((await ask('/assets/gone-B7dE_x1a.js')).status, 404)
})

const traversals = [
  '/../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/..%5csecret.txt',
  '/.%2e/secret.txt',
  '/link.txt',
  '//secret.txt',
  '/%00secret.txt',
  '/assets/%c0%ae%c0%ae/secret.txt',
  '/./%2e%2e//secret.txt',
  '/page/%252e%252e/secret.txt',
]
for (const path of traversals)
  test(`nothing outside the page's folder at ${path}`, async () => {
    const answer = await ask(path)
    assert.notEqual(answer.text, 'secret')
    assert.ok(answer.status === 400 || answer.status === 404, String(answer.status))
  })

test('without a built page the person is told what to do, and the API answers', async () => {
  const api = createApi(apiParts({ pageDir: join(root, 'nowhere') }))
  const page = await api.fetch(new Request('http://x/'))
  assert.equal(page.status, 503)
  assert.match(await page.text(), /npm run build/)
  assert.equal((await api.fetch(new Request('http://x/api/sessions'))).status, 200)
})
