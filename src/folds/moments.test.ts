// What is told of turns by the moment: the questions of the main agent, and what a person would look for on the line.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentsIn } from './moments.ts'

const turn = (id: string, more: object = {}) =>
  ({
    id,
    agentId: null,
    prompt: { event: `p${id}`, text: `asked ${id}` },
    firstEvent: `f${id}`,
    done: [],
    errors: [],
    runs: [],
    ...more,
  }) as never

test('turns are those somebody asked the main agent for', () => {
  const { turns } = momentsIn([turn('1'), turn('2', { agentId: 'x' }), turn('3', { prompt: null })])
  assert.deepEqual(turns, [{ id: '1', event: 'p1', first: 'f1', prompt: 'asked 1' }])
})

test('commits, errors and tests that failed are marked, subagents’ too; a push or a test that passed is not', () => {
  const done = [
    { deed: 'commit', of: 'Keep time', event: 'c1' },
    { deed: 'commit', event: 'c2' },
    { deed: 'push', event: 'c3' },
  ]
  const results = [
    { state: 'failed', event: 'r1' },
    { state: 'passed', event: 'r2' },
  ]
  const more = { done, errors: [{ event: 'e1', text: 'No.' }], runs: [{ words: 'npm test', results }] }
  assert.deepEqual(
    momentsIn([turn('1', { ...more, agentId: 'x' })]).marks.map(({ kind, event, text }) => [kind, event, text]),
    [
      ['commit', 'c1', 'Keep time'],
      ['commit', 'c2', 'A commit'],
      ['error', 'e1', 'No.'],
      ['error', 'r1', 'npm test'],
    ],
  )
})

test('a long prompt is told by its beginning, never by half of a character', () => {
  const [told] = momentsIn([
    turn('1', { prompt: { event: 'p', text: `${'a'.repeat(239)}😀${'b'.repeat(500)}` } }),
  ]).turns
  assert.equal(told!.prompt, 'a'.repeat(239))
})
