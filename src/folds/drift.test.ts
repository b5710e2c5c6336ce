// What one event adds to the drift radar.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { made, madeTool } from '../testing/made-events.ts'
import { type Known, sightingOf } from './drift.ts'

const known: Known = {
  strangeIn: (_, record) => {
    const { more } = record as { more: Readonly<Record<string, unknown>> }
    return Object.entries(more).flatMap(([name, value]) =>
      name === 'input' ? [] : [{ what: 'field', of: 'line', name, value } as const],
    )
  },
  knowsTool: (_, name) => name === 'Knead',
}
const tool = (name: string, payload = {}) =>
  madeTool(1, { name, kind: 'other', input: { dough: 'sour', minutes: 20 } }, { payload }).event

const cases = [
  ['nothing of what is known', made(1).event, null],
  [
    'a type passed through',
    made(1, { kind: 'other.oven_light' }).event,
    [['type', 'oven_light', '{"n":0,"text":"<string 14>","more":{}}']],
  ],
  ['a tool that is in no table', tool('Proof'), [['tool', 'Proof', '{"dough":"<string 4>","minutes":0}']]],
  ['no tool that is known to be of no kind', tool('Knead'), null],
  ['no tool of a kind', madeTool(1, { name: 'Proof', kind: 'run' }).event, null],
  ['the server of a plugged-in tool', tool('mcp__oven-2__bake_bread'), [['server', 'oven-2', null]]],
  ['the same, written otherwise', tool('mcp_oven_bake'), [['server', 'oven', null]]],
  [
    'a tool called by a sentence',
    tool('bake me a bread'),
    [['tool', '<15 characters>', '{"dough":"<string 4>","minutes":0}']],
  ],
  ['a new field', made(1, { line: { mood: 'good' } }).event, [['field', 'line.mood', '"<string 4>"']]],
  [
    'a new field that is called by a path',
    made(1, { line: { '/etc/x y': 1 } }).event,
    [['field', 'line.<8 characters>', '0']],
  ],
  ['nothing of a line that was copied', made(1, { line: { mood: 'good' }, payload: { copied: true } }).event, null],
  [
    'no fields of a type passed through',
    made(1, { kind: 'other.x', line: { mood: 1 } }).event,
    [['type', 'x', '{"n":0,"text":"<string 14>","more":{"mood":0}}']],
  ],
] as const
for (const [what, event, found] of cases)
  test(`an event shows ${what}`, () => {
    const sighting = sightingOf(event, known)
    assert.deepEqual(sighting?.found.map(({ what, name, sample }) => [what, name, sample]) ?? null, found)
  })

test('a line that says its agent’s version is heard, with news and without', () => {
  const event = made(1, { payload: { version: '2.1.0', copied: true } }).event
  assert.deepEqual(sightingOf(event, known), {
    event: { id: event.id, agent: 'invented', session: 'invented:s1', agentId: null, time: event.time },
    version: '2.1.0',
    found: [],
  })
})
