// How bad it is and what to do: a table of what layers say.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Colour, type HealthLayer, judge, judgePage } from './health.ts'

const layer = (name: string, more: Partial<HealthLayer> = {}): HealthLayer => ({
  name,
  ok: true,
  says: 'up to date',
  facts: {},
  ...more,
})
const WELL = [
  'watcher',
  'bus',
  'persist',
  'patterns',
  'projections',
  'broadcast',
  'store',
  'log',
  'search',
  'live',
].map((name) => layer(name))

const cases: readonly (readonly [string, HealthLayer, Colour, RegExp | null])[] = [
  [
    'a consumer that is behind catches up',
    layer('persist', { says: '5000 messages behind', facts: { lag: 5_000 } }),
    'green',
    null,
  ],
  [
    'events were set aside',
    layer('patterns', { says: '2 events set aside; up to date', facts: { dead: 2 } }),
    'yellow',
    /^patterns: 2 events set aside; up to date — see: openstory doctor; .* openstory retry patterns$/,
  ],
  [
    'a full disk, just now',
    layer('persist', {
      ok: false,
      says: 'persist: the log a.jsonl cannot be written: ENOSPC: no space left',
      facts: { retries: 2 },
    }),
    'yellow',
    /^persist: the log .* — make room on the disk; it goes on by itself then, and nothing is lost$/,
  ],
  [
    'a full disk, for half a minute',
    layer('persist', { ok: false, says: 'persist: database or disk is full', facts: { retries: 9 } }),
    'red',
    /make room/,
  ],
  [
    'a locked file',
    layer('patterns', { ok: false, says: 'patterns: database is locked', facts: { retries: 9 } }),
    'red',
    /close the other program/,
  ],
  [
    'a disk that does not read',
    layer('search', { ok: false, says: 'full text: disk I/O error', facts: { retries: 7 } }),
    'red',
    /look after the disk/,
  ],
  [
    'a thread that ended',
    layer('patterns', { ok: false, says: 'patterns: its thread ended; it is started again', facts: { down: true } }),
    'red',
    /tried again/,
  ],
  [
    'a thread that gave up and says the way out',
    layer('persist', {
      ok: false,
      says: 'persist: turns.sqlite was made by a newer OpenStory; update OpenStory',
      facts: { gaveUp: true, down: true },
    }),
    'red',
    /update OpenStory — then start OpenStory again$/,
  ],
  [
    'a corrupt store that is being made anew',
    layer('store', { ok: false, says: 'the store is corrupt (turns)' }),
    'red',
    /nothing is to be done/,
  ],
  [
    'a corrupt store that was made anew',
    layer('store', { says: '7 events; was corrupt', facts: { setAside: ['turns.sqlite.corrupt-1'] } }),
    'yellow',
    /look after the disk/,
  ],
  [
    'a transcript that cannot be read',
    layer('watcher', { ok: false, says: 's1.jsonl cannot be read (EACCES)', facts: { down: false } }),
    'yellow',
    /right to read/,
  ],
  [
    'a watcher that ended',
    layer('watcher', { ok: false, says: 'the watcher ended', facts: { down: true } }),
    'red',
    /started again by itself/,
  ],
  [
    'a NATS server that is away',
    layer('bus', { ok: false, says: 'the connection to nats://h:4222 is down; trying again' }),
    'red',
    /^bus: the connection to nats:\/\/h:4222 is down; trying again — look after the NATS server/,
  ],
  [
    'a NATS server that hangs',
    layer('bus', { ok: false, says: 'NATS at nats://h:4222 does not answer: nothing came within 2 s' }),
    'red',
    /look after the NATS server/,
  ],
  [
    'a NATS server that does not let us in',
    layer('bus', {
      ok: false,
      says: 'the NATS server at nats://h:4222 refuses the user, password or token in its URL; trying again',
    }),
    'red',
    /have the server let this user in/,
  ],
  [
    'a full stream',
    layer('watcher', {
      ok: false,
      says: 'events wait to be taken by the bus: the stream OPENSTORY on nats://h:4222 is full (maximum bytes exceeded): persist still has 7 messages to take',
    }),
    'yellow',
    /raise its limits/,
  ],
  [
    'a NATS server that is too old',
    layer('bus', {
      ok: false,
      says: 'the NATS server at nats://h:4222 is version 2.8.4; OpenStory needs 2.9 or newer',
    }),
    'red',
    /update the NATS server/,
  ],
  ['a bus that cannot write', layer('bus', { ok: false, says: 'the bus cannot write: ENOSPC' }), 'red', /make room/],
  [
    'a message that waits for a minute',
    layer('bus', { facts: { oldestMs: 61_000 } }),
    'yellow',
    /catches up by itself/,
  ],
  [
    'a log that is not on the disk',
    layer('log', { facts: { unsyncedMs: 90_000 } }),
    'yellow',
    /loss of power costs a repeat/,
  ],
  ['little room', layer('disk', { says: '700 MB are free', facts: { freeBytes: 7e8 } }), 'yellow', /make room/],
  ['hardly any room', layer('disk', { says: '7 MB are free', facts: { freeBytes: 7e6 } }), 'red', /make room/],
  ['enough room', layer('disk', { facts: { freeBytes: 7e10 } }), 'green', null],
  ['no page', layer('page', { says: 'is not built', facts: { built: false } }), 'yellow', /npm run build/],
]
for (const [what, one, colour, says] of cases)
  test(`${what}: ${colour}`, () => {
    const verdict = judge([...WELL, one])
    assert.equal(verdict.colour, colour)
    assert.equal(verdict.layers.at(-1)!.colour, colour)
    if (says === null) assert.deepEqual(verdict.sentences, [])
    else assert.match(verdict.sentences.join('\n'), says)
  })

test('the worst is said first, and all that is off is said', () => {
  const verdict = judge([layer('page', { facts: { built: false } }), layer('bus', { ok: false, says: 'EIO' })])
  assert.equal(verdict.colour, 'red')
  assert.deepEqual(
    verdict.sentences.map((sentence) => sentence.slice(0, 4)),
    ['bus:', 'page'],
  )
})

test('the page knows better than the last answer: nobody answers, or it is older than the server', () => {
  const well = { colour: 'green' as const, sentences: [] }
  assert.deepEqual(judgePage(well, { answers: true, isNewest: true }), well)
  assert.equal(judgePage(well, { answers: false, isNewest: true }).colour, 'red')
  const old = judgePage(well, { answers: true, isNewest: false })
  assert.deepEqual([old.colour, old.sentences.length], ['yellow', 1])
})
