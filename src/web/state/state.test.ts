import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CUTS } from '../../folds/cost.ts'
import type { StoryRecord } from '../../folds/record.ts'
import type { LiveItem, SessionSummary, TurnStory } from '../../wire/live.ts'
import { ALL_CHECKOUTS, commitsOf } from './commits-route.ts'
import { FILE_ORDERS, FILE_WHATS, fileAt, filesMadeBy } from './files-route.ts'
import { retryDelayMs, startLink, stepLink } from './link.ts'
import { hrefOf, nowhere, parseRoute, type Route } from './route.ts'
import { look, meet, parseSeen, unreadOf } from './seen.ts'
import { noSessions, withHeard, withPage, withTurns } from './sessions.ts'
import { emptyTail, recordsAfter, withItems } from './tail.ts'
import { toldTurns } from './turns.ts'
import { beforeFirst, inLane, RECORDS_KEPT, windowOf, withLive, withOlder } from './window.ts'

const words = fc.string({ unit: 'grapheme', maxLength: 12 })
test('every state has an address that leads back to it', () => {
  const anyRoute: fc.Arbitrary<Route> = fc.record({
    view: fc.constantFrom('live', 'story', 'explore'),
    session: fc.option(words.filter((word) => word !== '' && word !== '.' && word !== '..')),
    event: fc.option(words),
    agent: fc.option(words),
    only: fc.subarray(['prompts', 'tools', 'errors']),
    q: words,
    best: fc.boolean(),
    last: fc.option(fc.constantFrom('15m', '6h', '7d')),
    list: fc.record(
      {
        by: fc.option(fc.string({ minLength: 1 })),
        project: fc.option(fc.string({ minLength: 1 })),
        active: fc.option(fc.constantFrom('1h', '30d')),
      },
      { noNullPrototype: true },
    ),
    turn: fc.option(words),
    day: fc.option(fc.constantFrom('2026-03-14', '1999-12-31')),
    place: fc.option(words.filter((word) => !['', '.', '..', 'file', 'files'].includes(word))),
    a: fc.option(words),
    b: fc.option(words),
    files: fc.option(
      fc.oneof(
        fc.record(
          {
            at: fc.constant('list' as const),
            words,
            order: fc.constantFrom(...FILE_ORDERS),
            read: fc.boolean(),
            aside: fc.boolean(),
          },
          { noNullPrototype: true },
        ),
        fc.tuple(fc.string({ minLength: 1 }), fc.constantFrom(...FILE_WHATS)).map((at) => fileAt(...at)),
        fc.string({ minLength: 1 }).map(filesMadeBy),
      ),
    ),
    replay: fc.constant(null),
    cost: fc.constant(null),
    commits: fc.constant(null),
  })
  fc.assert(
    fc.property(anyRoute, (route) => {
      const isExplore = route.view === 'explore'
      const asked: Route = {
        ...route,
        session: isExplore ? null : route.session,
        place: isExplore && route.files === null ? route.place : null,
        files: isExplore ? route.files : null,
      }
      const { pathname, search } = new URL(hrefOf(asked), 'http://localhost')
      assert.deepEqual(parseRoute(pathname, search), asked)
    }),
  )
})

test('a replay, what was spent and commits have addresses that lead back to them', () => {
  const some = fc.string({ minLength: 1 })
  const replay = fc.record(
    {
      session: some,
      at: fc.option(fc.nat({ max: 500_000 })),
      event: fc.option(words),
      speed: fc.option(fc.constantFrom(1, 100)),
    },
    { noNullPrototype: true },
  )
  const cost = fc.record(
    {
      cut: fc.constantFrom(...CUTS),
      since: fc.option(some),
      until: fc.option(some),
      zone: fc.option(some),
      project: fc.option(some),
      agent: fc.option(some),
      session: fc.option(some),
      row: fc.option(words),
    },
    { noNullPrototype: true },
  )
  const list = { by: 'pi', project: 'p', active: '1h' }
  const back = (wish: Partial<Route>) => {
    const { pathname, search } = new URL(hrefOf({ view: 'explore', list, ...wish }), 'http://localhost')
    return parseRoute(pathname, search)
  }
  fc.assert(
    fc.property(replay, (place) =>
      assert.deepEqual(back({ replay: place }), { ...nowhere, view: 'explore', list, replay: place }),
    ),
  )
  fc.assert(
    fc.property(cost, (place) =>
      assert.deepEqual(back({ cost: place }), { ...nowhere, view: 'explore', list, cost: place }),
    ),
  )
  const commits = fc.oneof(
    fc.constant(ALL_CHECKOUTS),
    fc.tuple(some, fc.option(some)).map(([repo, commit]) => commitsOf(repo, commit)),
  )
  fc.assert(
    fc.property(commits, (place) =>
      assert.deepEqual(back({ commits: place }), { ...nowhere, view: 'explore', list, commits: place }),
    ),
  )
  assert.deepEqual(
    parseRoute('/explore/commits', '?commit=abc').commits,
    ALL_CHECKOUTS,
    'a commit is one of a checkout',
  )
  assert.deepEqual(
    [parseRoute('/explore/replay', '').replay, parseRoute('/explore/replay', '').place],
    [null, 'replay'],
  )
  assert.equal(parseRoute('/explore/cost', '?cut=moods').cost?.cut, 'day')
})

test('a broken address is taken as it stands', () => {
  assert.equal(parseRoute('/live/%E0%A4%A', '').session, '%E0%A4%A')
  assert.equal(parseRoute('/live/%E0%A4', '').session, '%E0%A4')
  assert.deepEqual(parseRoute('/', ''), nowhere)
  assert.deepEqual(parseRoute('/', '?last=often&active=-1h'), nowhere)
})

test('retries wait longer each time, and not for ever', () => {
  const delays = Array.from({ length: 30 }, (_, attempt) => retryDelayMs(attempt))
  assert.ok(delays.every((ms, i) => i === 0 || ms >= delays[i - 1]!))
  assert.ok(delays.at(-1)! <= 10_000)
})

test('a server that begins again is noticed by its numbers', () => {
  let { link } = startLink()
  link = stepLink(link, { what: 'snapshot', seq: 90 }).link
  link = stepLink(link, { what: 'opened' }).link
  const { link: after, commands } = stepLink(link, { what: 'message', message: { type: 'welcome', seq: 3, from: 3 } })
  assert.equal(after.at, 'loading')
  assert.deepEqual(
    commands.map((command) => command.do),
    ['close', 'forget', 'load'],
  )
})

test('a message of a kind we do not know changes nothing', () => {
  const link = { at: 'live', seq: 4, lag: 0 } as const
  assert.equal(stepLink(link, { what: 'message', message: { type: 'tomorrow' } as never }).link, link)
})

const record = (id: string, more: Partial<StoryRecord> = {}): StoryRecord =>
  ({ id, session: 's', agentId: null, kind: 'message.assistant.text', time: null, text: '', ...more }) as StoryRecord
const lane = { session: 's', agent: null }
const page = (ids: readonly string[], before = false, after = false) => ({
  records: ids.map((id) => record(id)),
  cursors: ids.map((_, i) => i),
  more: { before, after },
  seq: 1,
})

test('a lane takes its own records only', () => {
  assert.ok(inLane({ session: 's', agent: 'main' }, record('1')))
  assert.ok(!inLane({ session: 's', agent: 'main' }, record('1', { agentId: 'a' })))
  assert.ok(inLane({ session: 's', agent: 'a' }, record('1', { agentId: 'a' })))
  assert.ok(!inLane({ session: 'other', agent: null }, record('1')))
})

test('a window in the middle of a session does not jump to what happens at its end', () => {
  const window = windowOf(lane, page(['1', '2'], true, true))
  assert.equal(withLive(window, [record('9')]), window)
})

test('a window that has grown too long lets go of its beginning, and can ask for it again', () => {
  let window = windowOf(lane, page(['first']))
  window = withLive(
    window,
    Array.from({ length: RECORDS_KEPT + 5_000 }, (_, i) => record(`r${i}`)),
  )
  assert.equal(window.records.length, RECORDS_KEPT)
  assert.deepEqual([window.first, window.more.before], [null, true])
  const first = window.records[0]!.id
  const grown = withOlder(window, beforeFirst(window, page(['r4998', 'r4999', first, 'later'])))
  assert.deepEqual(
    grown.records.slice(0, 3).map(({ id }) => id),
    ['r4998', 'r4999', first],
  )
})

test('a tail that was cut says so instead of leaving a gap', () => {
  const items: LiveItem[] = Array.from({ length: 30 }, (_, i) => ({
    seq: i + 1,
    kind: 'record',
    project: 'p',
    record: record(`${i + 1}`),
  }))
  const tail = withItems(emptyTail(0), items, 30, 10)
  assert.equal(recordsAfter(tail, 3), null)
  assert.deepEqual(
    recordsAfter(tail, 26)?.map(({ id }) => id),
    ['27', '28', '29', '30'],
  )
})

const row = (id: string, events: number) => ({ id, events }) as SessionSummary
test('of a page and the stream, the newer word on a session counts', () => {
  const answer = (events: number, seq: number) => ({
    sessions: [row('s', events)],
    next: null,
    total: 1,
    seq,
    labels: {},
  })
  let sessions = withPage(noSessions, answer(1, 10), true)
  sessions = withHeard(sessions, [{ seq: 20, kind: 'session', session: row('s', 5) }])
  assert.equal(withPage(sessions, answer(3, 15), false).rows.get('s')?.events, 5)
  assert.equal(withPage(sessions, answer(6, 25), false).rows.get('s')?.events, 6)
})

test('a turn does not shrink when an older telling arrives late', () => {
  const turn = (events: number, outcome: string) => ({ id: 't', events, outcome }) as TurnStory
  const turns = withTurns(new Map([['t', turn(4, 'answered')]]), [turn(2, 'running')])
  assert.equal(turns.get('t')?.events, 4)
})

test('a turn that is heard is told at once when it is new, and not when the list left it out as a repeat', () => {
  const turn = (id: string, at: string, events = 1) =>
    ({ id, events, outcome: 'answered', started: `2026-03-14T${at}.000Z` }) as TurnStory
  const listedMs = Date.parse('2026-03-14T12:00:00Z')
  const told = toldTurns([turn('own', '11:00:00')], listedMs, [
    turn('own', '11:00:00', 5),
    turn('repeat', '09:00:00'),
    turn('just before', '11:59:30'),
    turn('new', '12:03:00'),
  ])
  assert.deepEqual(
    told.map(({ id, events }) => [id, events]),
    [
      ['own', 5],
      ['just before', 1],
      ['new', 1],
    ],
  )
})

test('what was there before is not news; what came since is', () => {
  let seen = meet({}, [row('a', 10)])
  assert.equal(unreadOf(seen, row('a', 10)), 0)
  assert.equal(unreadOf(seen, row('a', 14)), 4)
  assert.equal(unreadOf(seen, row('new', 3)), 3)
  seen = look(seen, row('a', 14))
  assert.equal(unreadOf(seen, row('a', 14)), 0)
  assert.equal(look(seen, row('a', 14)), seen)
})

test('what others left in storage is not believed', () => {
  assert.deepEqual(parseSeen('{"a":3,"b":"x"}'), { a: 3 })
  assert.deepEqual(parseSeen('null'), {})
})
