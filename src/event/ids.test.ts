// The same bytes give the same ids; whatever makes two lines different makes their ids different.
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { eventId, ID_HEX_LENGTH, type LineIdentity, sequenceOf } from './ids.ts'

const sha256Hex = (text: string) => hash('sha256', text, 'hex')
const TIME = '2026-03-14T09:00:00.000Z'
const line: LineIdentity = { session: 'pi:s1', agentId: null, nativeId: 'u1', offset: 10, sha256: sha256Hex('{}') }
const idOf = (change: Partial<LineIdentity> = {}, time: string | null = TIME, part = 0) =>
  eventId(sha256Hex, { ...line, ...change }, time, part)

const different: readonly (readonly [string, string])[] = [
  ['another session', idOf({ session: 'pi:s2' })],
  ['a subagent of the session', idOf({ agentId: 'a1' })],
  ['another id of the line’s own', idOf({ nativeId: 'u2' })],
  ['no id of the line’s own', idOf({ nativeId: null })],
  ['other bytes under the same id', idOf({ sha256: sha256Hex('{ }') })],
  ['another part of the line', idOf({}, TIME, 1)],
]
for (const [what, id] of different) test(`${what} is another event`, () => assert.notEqual(id, idOf()))

test('a line with an id of its own is the same event wherever it is copied to in its file', () =>
  assert.equal(idOf({ offset: 99 }), idOf()))

test('a line without one is told from its twin by its place', () =>
  assert.notEqual(idOf({ nativeId: null, offset: 99 }), idOf({ nativeId: null })))

test('an id that looks like a place is not one', () =>
  assert.notEqual(idOf({ nativeId: '@10' }), idOf({ nativeId: null })))

test('ids are hex of one length, and their order is that of their times', () => {
  const moment = fc.date({ min: new Date(1), max: new Date('3000-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(moment, moment, fc.string(), fc.nat(9), (a, b, session, part) => {
      const [first, second] = [idOf({ session }, a.toISOString(), part), idOf({ session }, b.toISOString(), part)]
      assert.match(first, new RegExp(`^[0-9a-f]{${ID_HEX_LENGTH}}$`))
      if (a < b) assert.ok(first < second)
    }),
  )
})

for (const time of [null, 'yesterday', '-000001-01-01T00:00:00Z', '1969-12-31T23:59:59Z'])
  test(`an event with the time ${time} has an id as well`, () => assert.match(idOf({}, time), /^0{12}[0-9a-f]{20}$/))

test('sequences order the lines of a file, and the parts of a line, as text', () => {
  const places = [
    [0, 0],
    [0, 1],
    [0, 12],
    [9, 0],
    [10, 0],
    [1_000_000, 2],
    [99_999_999_999_999, 0],
  ] as const
  const sequences = places.map(([offset, part]) => sequenceOf(offset, part))
  assert.deepEqual([...sequences].sort(), sequences)
})
