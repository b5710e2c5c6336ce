// Turns, by named cases: where one begins, what belongs to it, and how it ended.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../event/event.ts'
import type { ToolKind, Usage } from '../event/payload.ts'
import { made, type Wanted } from '../testing/made-events.ts'
import { foldTurn, type Turn } from './turn.ts'

// All turns of one lane, the open one last.
function turnsOf(events: readonly Event[]): Turn[] {
  const closed: Turn[] = []
  let open: Turn | undefined
  for (const event of events) {
    const next = foldTurn(open, event)
    if (next.closed) closed.push(next.closed)
    open = next.turn
  }
  return open ? [...closed, open] : closed
}
const turns = (...wanted: Wanted[]): Turn[] => turnsOf(wanted.map((one, n) => made(n, one).event))

const ask = (text = 'fix it', payload: Wanted['payload'] = {}): Wanted => ({ text, payload })
const say = (stop?: string, text = 'Done.'): Wanted => ({
  kind: 'message.assistant.text',
  text,
  payload: stop === undefined ? {} : { stop },
})
const use = (kind: ToolKind, target?: string): Wanted => ({
  kind: 'message.assistant.tool_use',
  text: '',
  payload: { tool: { name: kind, kind, call: 'c', input: { value: null }, ...(target !== undefined && { target }) } },
})
const result = (failed = false): Wanted => ({
  kind: 'message.user.tool_result',
  payload: { result: { call: 'c', failed } },
})
const complete: Wanted = { kind: 'system.turn_complete', text: '' }
const error: Wanted = { kind: 'system.error', text: 'overloaded' }
const injected = (what: string): Wanted => ({ kind: 'message.user.injected', payload: { injected: what } })

const begins: readonly (readonly [string, readonly Wanted[], readonly number[]])[] = [
  ['a prompt begins one', [ask(), say()], [2]],
  ['each prompt begins its own', [ask(), say(), ask(), say(), result()], [2, 3]],
  ['a queued prompt stays inside', [ask(), use('run'), ask('and this', { queued: true }), say()], [4]],
  ['a delegated task begins one', [injected('delegated'), use('read'), say()], [3]],
  ['what a program asks begins one', [say(), injected('sdk'), say()], [1, 2]],
  ['a reminder does not', [ask(), injected('reminder'), say()], [3]],
  ['work before any prompt is one', [say(), use('read')], [2]],
  ['bookkeeping is in none', [{ kind: 'system.session_start' }, { kind: 'file.snapshot' }], []],
  ['bookkeeping between is not counted', [ask(), { kind: 'file.snapshot' }, { kind: 'other.x' }, say()], [2]],
]
for (const [what, wanted, sizes] of begins)
  test(`turns: ${what}`, () =>
    assert.deepEqual(
      turns(...wanted).map(({ events }) => events),
      sizes,
    ))

const ends: readonly (readonly [string, readonly Wanted[], Turn['outcome']])[] = [
  ['is running after a prompt', [ask()], 'running'],
  ['is running while tools run', [ask(), say('tool_use'), use('run')], 'running'],
  ['is answered by last words', [ask(), say('end_turn')], 'answered'],
  ['is answered when it is complete', [ask(), say(), complete], 'answered'],
  ['was interrupted by the person', [ask(), use('run'), injected('interrupt')], 'interrupted'],
  ['was interrupted in the middle of words', [ask(), say('aborted')], 'interrupted'],
  ['stays interrupted when it is complete', [ask(), injected('interrupt'), complete], 'interrupted'],
  ['failed with an error', [ask(), use('run'), error], 'failed'],
  ['failed when the words ended in one', [ask(), say('error')], 'failed'],
  ['goes on after an error that was overcome', [ask(), error, use('run')], 'running'],
  ['is answered after an error that was overcome', [ask(), error, say('end_turn')], 'answered'],
  ['is not over because a tool failed', [ask(), use('run'), result(true)], 'running'],
  ['goes on when work follows last words', [ask(), say('stop'), use('run')], 'running'],
]
for (const [what, wanted, outcome] of ends)
  test(`a turn ${what}`, () =>
    assert.deepEqual(
      turns(...wanted).map((turn) => turn.outcome),
      [outcome],
    ))

test('the turn before the next prompt is closed, with its outcome', () => {
  const [interrupted, next] = turns(ask(), injected('interrupt'), ask('go on'))
  assert.deepEqual([interrupted?.outcome, next?.outcome], ['interrupted', 'running'])
})

test('a turn carries its prompt, its tools, its files once each, its failures and its last words', () => {
  const [turn] = turns(
    ask('make it\ngreen'),
    use('read', 'a.ts'),
    use('edit', 'a.ts'),
    use('edit', 'b.ts'),
    use('run', 'npm test'),
    result(true),
    say(undefined, 'Almost.'),
    say('end_turn', 'Green.'),
  )
  assert.equal(turn?.prompt?.text, 'make it\ngreen')
  assert.equal(turn.prompt?.event, turn.id)
  assert.deepEqual(turn.tools, { read: 1, edit: 2, run: 1 })
  assert.deepEqual(turn.targets, ['a.ts', 'b.ts'])
  assert.deepEqual([turn.failures, turn.answer, turn.events], [1, 'Green.', 8])
})

test('a turn remembers a bounded number of files and says how many edits there were', () => {
  const [turn] = turns(ask(), ...Array.from({ length: 80 }, (_, n) => use('edit', `src/${n}.ts`)))
  assert.deepEqual([turn?.targets.length, turn?.tools.edit], [50, 80])
})

test('a turn has the id of its first event, so it is the same turn when it is folded again', () => {
  const events = [ask(), say('end_turn'), ask(), say()].map((one, n) => made(n, one).event)
  assert.deepEqual(turnsOf(events), turnsOf(events))
  assert.deepEqual(
    turnsOf(events).map(({ id, lastEvent }) => [id, lastEvent]),
    [
      [events[0]!.id, events[1]!.id],
      [events[2]!.id, events[3]!.id],
    ],
  )
})

const wrote = (request: string, output: number, kind: Wanted['kind'] = 'message.assistant.text'): Wanted => {
  const usage: Usage = { input: 1, output, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 }
  return { kind, payload: { usage, request } }
}
const written: readonly (readonly [string, readonly Wanted[], readonly number[]])[] = [
  ['once a request', [ask(), wrote('r1', 5), wrote('r1', 5), result(), wrote('r1', 5)], [5]],
  ['as a request grows', [ask(), wrote('r1', 1), wrote('r1', 9), wrote('r1', 3)], [9]],
  ['over several requests', [ask(), wrote('r1', 5), wrote('r2', 7)], [12]],
  ['not again in the next turn', [ask(), wrote('r1', 5), ask(), wrote('r1', 5), wrote('r2', 1)], [5, 1]],
]
for (const [what, wanted, sums] of written)
  test(`written tokens are counted ${what}`, () =>
    assert.deepEqual(
      turns(...wanted).map((turn) => turn.outputTokens),
      sums,
    ))
