import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoryRecord } from '../../folds/record.ts'
import type { Clause } from '../../folds/sentence/clause.ts'
import type { TurnStory } from '../../wire/live.ts'
import { chipsOf, partsOf, recordsOfTurn, storyRows } from './model.ts'

const turn = (id: string, more: Partial<TurnStory> = {}): TurnStory =>
  ({
    id,
    agentId: null,
    prompt: { event: id, text: 'p' },
    started: '2026-03-01T10:00:00Z',
    ended: '2026-03-01T10:01:30Z',
    files: [],
    filesMore: 0,
    reads: [],
    readsMore: 0,
    tools: {},
    failures: 0,
    tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, requests: 0 },
    firstEvent: '1',
    lastEvent: '3',
    ...more,
  }) as TurnStory

test('a sentence falls into what was done, why, and how it ended', () => {
  const clause = (role: Clause['role'], text: string): Clause => ({ role, text, events: [] })
  const clauses = [
    clause('subject', 'Pi'),
    clause('did', 'edited a.ts'),
    clause('running', 'running the tests (passed)'),
  ]
  const why = [clause('because', 'because "say → do"'), clause('outcome', 'answered')]
  const did = 'Pi edited a.ts, running the tests (passed)'
  assert.deepEqual(partsOf({ clauses: [...clauses, ...why] }), { did, why: 'because "say → do"', end: 'answered' })
  assert.deepEqual(partsOf({ clauses }), { did, why: '', end: '' })
})

test('numbers count what a person asked, in the order of time, whichever way the list runs', () => {
  const turns = [turn('a'), turn('sub', { agentId: 'x' }), turn('b')]
  const numbers = (oldest: boolean) =>
    storyRows(turns, oldest).flatMap((row) => (row.kind === 'turn' ? [[row.key, row.number]] : []))
  assert.deepEqual(numbers(true), [
    ['a', 1],
    ['sub', null],
    ['b', 2],
  ])
  assert.deepEqual(numbers(false), [
    ['b', 2],
    ['sub', null],
    ['a', 1],
  ])
})

test('the facts of a turn are told, and only those there are', () => {
  const chips = chipsOf(turn('a', { reads: [{ path: 'x', event: '1' }], tools: { edit: 2, run: 1 }, failures: 1 }))
  assert.deepEqual(
    chips.map((chip) => chip.text),
    ['1 file read', '1 command', '1 min 30 s', '1 failure'],
  )
})

const record = (id: string, agentId: string | null = null) => ({ id, agentId }) as StoryRecord
test('a turn’s records are those of its lane, from its first to its last', () => {
  const all = [record('0'), record('1'), record('x', 'sub'), record('2'), record('3'), record('4')]
  assert.deepEqual(recordsOfTurn(turn('t'), all), { records: [record('1'), record('2'), record('3')], isWhole: true })
  assert.equal(recordsOfTurn(turn('t'), all.slice(0, 4)).isWhole, false)
  assert.deepEqual(recordsOfTurn(turn('t'), [record('9')]), { records: [], isWhole: false })
})
