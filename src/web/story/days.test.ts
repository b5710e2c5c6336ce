import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DayAnswer } from '../../wire/story.ts'
import { localDay, spanOfDay } from './calendar.ts'
import { daySessions, headOf, isOutdated } from './days.ts'
import { lanesOf } from './lanes.ts'
import { paragraphOf, storyRows } from './rows.ts'
import { clause, turn } from './told.test.ts'

const told = (id: string, agent: string | null, outcome = 'answered') =>
  ({ turn: id, sentence: `Did ${id}.`, outcome, started: '2026-03-14T09:00:00Z', agent_id: agent }) as never
const answer = (...turns: never[]): DayAnswer => ({
  projects: [
    { project: 'p', cwd: '/p', story: { text: '', parts: [] }, sessions: [{ id: 's', title: 't', agent: 'a', turns }] },
  ],
  more: false,
  previous: null,
  next: null,
})
const span = { since: '2026-03-14T00:00:00.000Z', until: '2026-03-15T00:00:00.000Z' }
const heard = (...turns: ReturnType<typeof turn>[]) => new Map([['s', new Map(turns.map((one) => [one.id, one]))]])

test('a session of a day is told by what was asked of it; what is heard of a turn since is newer', () => {
  const day = answer(told('a', null, 'running'), told('b', 'sub'))
  const [session] = daySessions(day.projects[0]!, heard(turn('a', { sentence: 'Does a.', outcome: 'asked' })))
  assert.deepEqual(
    session!.turns.map(({ sentence, outcome }) => [sentence, outcome]),
    [['Does a.', 'asked']],
  )
  assert.equal(session!.sent, 1)
  assert.equal(headOf(day), '1 session in 1 project, 1 turn.')
  assert.equal(daySessions(answer(told('b', 'sub')).projects[0]!, new Map())[0]!.turns.length, 1)
})

test('the day is asked for again when a turn of it began or ended, and for nothing else', () => {
  const day = answer(told('a', null, 'running'))
  const of = (id: string, outcome: string, started = '2026-03-14T10:00:00Z') =>
    heard(turn(id, { outcome, started } as never))
  assert.ok(!isOutdated(day, of('a', 'running'), span))
  assert.ok(isOutdated(day, of('a', 'answered'), span))
  assert.ok(isOutdated(day, of('new', 'running'), span))
  assert.ok(!isOutdated(day, of('new', 'running', '2026-03-15T10:00:00Z'), span))
})

test('a day is its reader’s, from midnight to midnight', () => {
  for (const day of ['2026-03-14', '2024-02-29', '2025-12-31']) {
    const { since, until } = spanOfDay(day)
    assert.equal(localDay(new Date(since)), day)
    assert.notEqual(localDay(new Date(until)), day)
    assert.equal(localDay(new Date(Date.parse(until) - 1)), day)
  }
})

test('a story is its paragraph, then each day with its turns in their order', () => {
  const turns = [turn('01'), turn('02', { agentId: 'x' }), turn('03', { started: '2026-03-09T10:00:00Z' })]
  const rows = storyRows(lanesOf(turns))
  assert.deepEqual(
    rows.map((row) => (row.kind === 'turn' ? `${row.number} ${row.key}` : row.kind)),
    ['whole', 'day', '1 01', 'day', '2 03', 'end'],
  )
})

test('the paragraph is the server’s, without what a turn still waits for', () => {
  const done = turn('01', { answer: 'Yes.', clauses: [clause('did', 'answered')] })
  assert.match(
    paragraphOf([done], 'Pi').text,
    /^You asked Pi "do it"; it took one minute\. It answered and changed nothing\./,
  )
})
