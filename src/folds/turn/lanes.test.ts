// Turns of a stream: whatever the events are, in whatever pieces they come, wherever a restart falls, the same turns come out.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Event } from '../../event/event.ts'
import { TOOL_KINDS } from '../../event/payload.ts'
import { EVENT_KINDS } from '../../event/types.ts'
import { anyText } from '../../testing/any-text.ts'
import { made } from '../../testing/made-events.ts'
import { Tale } from '../../testing/made-story.ts'
import { tell } from '../sentence/sentence.ts'
import { foldTurn } from './fold.ts'
import { Lanes, laneOf, turnsOf } from './lanes.ts'
import type { Turn } from './turn.ts'

const words = fc.oneof(
  anyText(60),
  fc.constantFrom(
    'yes',
    'npm test',
    'git commit -m x',
    '1 failed, 2 passed',
    'Shall I?',
    '[main abc1234] x',
    '/review',
    '',
  ),
)
const flag = fc.option(fc.constant(true as const), { nil: undefined })
const payload = fc.record(
  {
    injected: fc.constantFrom('interrupt', 'compact_summary', 'plan', 'delegated', 'sdk', 'shell_output', 'x'),
    command: fc.constantFrom('slash' as const, 'shell' as const),
    stop: fc.constantFrom('end_turn', 'tool_use', 'error', 'aborted'),
    queued: flag,
    copied: flag,
    hidden: flag,
    images: fc.nat(3),
    durationMs: fc.nat(),
    agentType: words,
    cwd: fc.constantFrom('/home/dev', '/'),
    tool: fc.record({
      name: words,
      kind: fc.constantFrom(...TOOL_KINDS),
      call: fc.option(fc.constantFrom('c1', 'c2', 'c3')),
      input: fc.record({
        value: fc.oneof(fc.jsonValue(), fc.record({ command: words }), fc.record({ file_path: words })),
      }),
      target: words,
    }),
    result: fc.record(
      {
        call: fc.option(fc.constantFrom('c1', 'c2', 'c3')),
        failed: fc.boolean(),
        refused: flag,
        feedback: words,
        interrupted: flag,
        background: flag,
        agentId: words,
        files: fc.array(
          fc.record({ path: words, change: fc.constantFrom('created', 'modified', 'deleted', 'renamed'), from: words }),
        ),
      },
      { requiredKeys: ['call', 'failed'] },
    ),
    usage: fc.record({
      input: fc.nat(),
      output: fc.nat(),
      cacheRead: fc.nat(),
      cacheWrite5m: fc.nat(),
      cacheWrite1h: fc.nat(),
    }),
    request: fc.constantFrom('r1', 'r2'),
  },
  { requiredKeys: [] },
)
const wild = fc.array(
  fc.record({
    kind: fc.constantFrom(...EVENT_KINDS.filter((kind) => /^message|^system/.test(kind))),
    text: words,
    payload,
    agentId: fc.constantFrom(null, null, 'a1'),
    time: fc.option(fc.constantFrom('2026-03-14T09:00:00.000Z', '2026-03-14T09:05:00.000Z')),
  }),
  { maxLength: 30 },
)
// What is undefined does not stand in an event.
const eventsOf = (list: readonly object[]): Event[] =>
  list.map((one, n) => made(n, JSON.parse(JSON.stringify(one))).event)

test('whatever the events, turns come out, each with a sentence of a bounded length', () => {
  fc.assert(
    fc.property(wild, (list) => {
      for (const turn of turnsOf(eventsOf(list))) {
        const { text, verb, clauses } = tell(turn, 'The agent')
        assert.ok(text.length <= 420 && !/undefined|null|NaN|\[object/.test(text.replace(/"[^"]*"|`[^`]*`/g, '')), text)
        assert.ok(verb !== '' && clauses.length >= 2)
      }
    }),
    { numRuns: 500 },
  )
})

// As a consumer does it: what is open is kept as JSON between the pieces.
function inPieces(events: readonly Event[], cuts: readonly number[]): Turn[] {
  const kept = new Map<string, string>()
  const open = new Map<string, string>()
  const places = new Map<string, string>()
  const rows = new Map<string, Turn>()
  const ends = [...cuts.map((cut) => cut % (events.length + 1)), events.length].toSorted((a, b) => a - b)
  let from = 0
  for (const end of ends) {
    const lanes = new Lanes({
      openTurn: (lane) => (open.has(lane) ? (JSON.parse(kept.get(open.get(lane)!)!) as Turn) : undefined),
      placeOf: (lane) => places.get(lane) ?? null,
    })
    for (const event of events.slice(from, end)) lanes.add(event)
    for (const [id, turn] of lanes.turns) {
      kept.set(id, JSON.stringify(turn))
      rows.set(id, turn)
    }
    for (const [lane, id] of lanes.open) open.set(lane, id)
    for (const [lane, cwd] of lanes.places) places.set(lane, cwd)
    from = end
  }
  return [...rows.keys()].map((id) => JSON.parse(kept.get(id)!) as Turn)
}

test('in pieces, with a restart between them, the same turns come out as all at once', () => {
  fc.assert(
    fc.property(wild, fc.array(fc.nat(), { maxLength: 5 }), (list, cuts) => {
      const events = eventsOf(list)
      assert.deepEqual(inPieces(events, cuts), JSON.parse(JSON.stringify(turnsOf(events))))
    }),
    { numRuns: 300 },
  )
})

test('one by one and pure, the same turns come out, and what was given is left as it was', () => {
  fc.assert(
    fc.property(wild, (list) => {
      const events = eventsOf(list)
      const open = new Map<string, Turn>()
      const turns = new Map<string, Turn>()
      for (const event of events) {
        const before = open.get(laneOf(event))
        const text = JSON.stringify(before)
        const { turn, closed } = foldTurn(before, event)
        assert.equal(JSON.stringify(before), text)
        for (const one of [closed, turn]) if (one) turns.set(one.id, one)
        if (turn) open.set(laneOf(event), turn)
      }
      // Where a lane is that does not say it itself only those know who see its parent.
      const here = (turn: Turn) => ({ ...turn, cwd: null })
      assert.deepEqual([...turns.values()].map(here), turnsOf(events).map(here))
    }),
    { numRuns: 200 },
  )
})

test('a batch leaves the turn that was kept as it was', () => {
  const [kept] = turnsOf([made(1).event]) as [Turn]
  const text = JSON.stringify(kept)
  const lanes = new Lanes({ openTurn: () => kept, placeOf: () => null })
  lanes.add(made(2, { kind: 'message.assistant.text', text: 'Done.', payload: { stop: 'end_turn' } }).event)
  assert.equal(JSON.stringify(kept), text)
  assert.equal(lanes.turns.get(kept.id)?.outcome, 'answered')
})

// Work is counted, not timed: how often a turn is copied, and how often the line behind an event is looked into.
test('an event costs the same in a long turn as in a short one', (t) => {
  const copies = t.mock.method(globalThis, 'structuredClone')
  const linesRead = (files: number): number => {
    const tale = new Tale().ask('bake')
    for (let n = 0; n < files; n++)
      tale
        .edit(`src/oven-${n % 7}.ts`)
        .run('npm test', 'Tests: 1 passed, 1 total')
        .read('a.md')
    let reads = 0
    for (const event of tale.events) {
      const raw = event.raw
      const read = () => {
        reads++
        return raw
      }
      Object.defineProperty(event, 'raw', { get: read })
    }
    const [turn] = turnsOf(tale.events)
    assert.equal(turn?.events, tale.events.length)
    return reads / files
  }
  const short = linesRead(10)
  assert.equal(linesRead(400), short)
  assert.equal(copies.mock.callCount(), 0, 'what was begun in this batch is copied never')

  const kept = turnsOf(new Tale().ask('bake').edit('a.ts').events)[0]!
  const lanes = new Lanes({ openTurn: () => kept, placeOf: () => null })
  for (const event of new Tale({}, 100).edit('b.ts').edit('c.ts').run('ls').events) lanes.add(event)
  assert.equal(copies.mock.callCount(), 1, 'what was kept is copied once a batch')
})
