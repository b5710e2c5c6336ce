import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoryRecord } from '../../folds/record.ts'
import type { TurnStory } from '../../wire/live.ts'
import type { Row } from '../ui/rows.ts'
import { heldBack, lastRows, stepFrom, turnFrom } from './walk.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 10, minute)).toISOString()
const record = (id: string, minute = 0) => ({ id, time: at(minute) }) as StoryRecord
const row = (id: string, minute: number) => ({ kind: 'record', key: id, record: record(id, minute) }) as Row
const day = { kind: 'day', key: 'day', time: at(0) } as Row

test('a held page shows what it showed, counts what waits, and misses nothing when it is let go', () => {
  const records = ['a', 'b', 'c', 'd'].map((id) => record(id))
  const held = heldBack(records, 'b')
  assert.deepEqual([held.shown.map(({ id }) => id), held.waiting], [['a', 'b'], 2])
  assert.deepEqual(heldBack(records, null), { shown: records, waiting: 0 })
  assert.deepEqual(heldBack(records, 'gone'), { shown: records, waiting: 0 })
  assert.equal(heldBack(records, 'd').shown, records)
})

test('the last while of a session is counted from its end', () => {
  const rows = [day, row('a', 1), row('b', 20), row('c', 30)]
  assert.deepEqual(
    lastRows(rows, at(30), 15 * 60_000).map(({ key }) => key),
    ['b', 'c'],
  )
  assert.equal(lastRows(rows, at(30), null), rows)
  assert.deepEqual(lastRows(rows, at(59), 60_000), [])
})

test('a step goes over headings and stays at the ends', () => {
  const rows = [day, row('a', 1), day, row('b', 2), { kind: 'end' }]
  assert.deepEqual(
    [stepFrom(rows, 1, 1), stepFrom(rows, 3, 1), stepFrom(rows, 3, -1), stepFrom(rows, 1, -1)],
    [3, 3, 1, 1],
  )
})

const turn = (id: string, minute: number, agentId: string | null = null) =>
  ({ id, agentId, started: at(minute), prompt: { event: id, text: '' } }) as TurnStory

test('from anywhere in a turn back to its prompt, then to the one before, and on to the next', () => {
  const turns = [turn('one', 1), turn('sub', 5, 'x'), turn('two', 10), turn('three', 20)]
  const cases = [
    [12, -1, 'two'],
    [10, -1, 'one'],
    [1, -1, undefined],
    [12, 1, 'three'],
    [10, 1, 'three'],
    [20, 1, undefined],
  ] as const
  for (const [minute, step, id] of cases) assert.equal(turnFrom(turns, at(minute), step)?.id, id)
})
