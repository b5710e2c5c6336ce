import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoryRecord } from '../../folds/record.ts'
import type { RecordsAnswer } from '../../wire/rest.ts'
import { isDue, isWhole, nothingHeld, withPage } from './pages.ts'

const record = (n: number) =>
  ({ id: `e${n}`, kind: 'message.assistant.text', text: 'x', agentId: null, time: null }) as StoryRecord
const page = (from: number, to: number, last: number): RecordsAnswer => {
  const numbers = Array.from({ length: to - from }, (_, i) => from + i)
  return { records: numbers.map(record), cursors: numbers, more: { before: from > 0, after: to <= last }, seq: 1 }
}
const turn = (first: number, last: number) => ({ firstEvent: `e${first}`, lastEvent: `e${last}` })
const ids = (held: typeof nothingHeld) => held.rows.records.map(({ id }) => id)

test('a turn’s records are those from its first to its last, over as many pages as it takes', () => {
  const first = withPage(nothingHeld, turn(2, 6), page(0, 4, 9))
  assert.deepEqual([ids(first), first.cursor, isWhole(first, turn(2, 6))], [['e2', 'e3'], 3, false])
  assert.ok(isDue(first, turn(2, 6), null))
  const second = withPage(first, turn(2, 6), page(4, 9, 9))
  assert.deepEqual([ids(second), isWhole(second, turn(2, 6))], [['e2', 'e3', 'e4', 'e5', 'e6'], true])
  assert.ok(!isDue(second, turn(2, 6), null))
})

test('a turn that grows is followed from where it was whole, and nothing is there twice', () => {
  const whole = withPage(nothingHeld, turn(0, 2), page(0, 3, 2))
  assert.ok(isDue(whole, turn(0, 4), null))
  const grown = withPage(whole, turn(0, 4), page(2, 5, 4))
  assert.deepEqual(ids(grown), ['e0', 'e1', 'e2', 'e3', 'e4'])
})

test('a page that has not come yet is asked for again, a few times, and anew when the turn goes on', () => {
  let held = withPage(nothingHeld, turn(0, 3), page(0, 3, 2))
  for (let i = 0; i < 20 && isDue(held, turn(0, 3), null); i++) held = withPage(held, turn(0, 3), page(3, 3, 2))
  assert.equal(held.tries, 8)
  assert.ok(isDue(held, turn(0, 4), null))
})

test('a long turn stops at a page’s worth, unless an event further on was asked for', () => {
  const held = withPage(nothingHeld, turn(0, 900), page(0, 250, 900))
  assert.ok(!isDue(held, turn(0, 900), null))
  assert.ok(isDue(held, turn(0, 900), 'e700'))
  assert.ok(!isDue({ ...held, error: new Error('no') }, turn(0, 900), 'e700'))
})
