// What a session did that can have touched a file is found among all its lines, and nothing else is handed out.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { parseEvent } from '../../event/event.ts'
import type { ToolKind } from '../../event/payload.ts'
import { type Made, made } from '../../testing/made-events.ts'
import { workOf } from './work.ts'

const db = new DatabaseSync(':memory:')
db.exec("CREATE TABLE sessions (id TEXT, file TEXT); INSERT INTO sessions VALUES ('invented:s1', 'invented/s1.jsonl')")
after(() => db.close())

let n = 0
const said = (): Made => made(n++, { kind: 'message.assistant.text', text: 'look at oven.ts' })
const went = (cwd: string): Made => made(n++, { kind: 'message.user.prompt', text: 'go', payload: { cwd } })
// A call and its result.
function called(kind: ToolKind, input: object, answer = 'done'): Made[] {
  const call = `c${n}`
  const tool = { name: 'T', kind, call, input: { at: '/more/input' } }
  return [
    made(n++, { kind: 'message.assistant.tool_use', text: '', line: { input }, payload: { tool } }),
    made(n++, { kind: 'message.user.tool_result', text: answer, payload: { result: { call, failed: false } } }),
  ]
}
function found(all: readonly Made[], ...names: string[]): string[] {
  const lines = all.map(({ data }, i) => ({ place: { file: '', offset: i, length: data.length }, bytes: data }))
  const texts = workOf(db, { lines: () => lines }, 'invented:s1', names)
  return texts.map((text) => parseEvent(text).id)
}
const ids = (events: readonly Made[]) => events.map(({ id }) => id)

test('calls that name the file, with their results', () => {
  const oven = called('edit', { path: '/w/oven.ts', oldText: 'oven', newText: 'stove' })
  assert.deepEqual(found([...called('edit', { path: '/w/cake.ts' }), ...oven], 'oven.ts'), ids(oven))
})

test('words about a file are no work', () => assert.deepEqual(found([said()], 'oven.ts'), []))

test('commands that name it, and those that may change it unnamed', () => {
  const naming = called('run', { command: 'wc -l oven.ts' })
  const moving = called('run', { command: 'git mv src lib' })
  const formatting = called('run', { command: 'npm run format' })
  const looking = called('run', { command: 'ls -la && npm test' })
  assert.deepEqual(
    found([...naming, ...moving, ...formatting, ...looking], 'oven.ts'),
    ids([...naming, ...moving, ...formatting]),
  )
})

test('where the session went, for relative paths', () => {
  const there = went('/w/lib')
  assert.deepEqual(found([said(), there], 'oven.ts'), [there.id])
})

test('of a command’s result the head is enough; of a reading’s the line is needed', () => {
  const ran = called('run', { command: 'rm -r dist' }, 'gone '.repeat(200))
  const read = called('read', { path: '/w/oven.ts' }, 'warm '.repeat(200))
  const lines = [...ran, ...read].map(({ data }) => ({ place: { file: '', offset: 0, length: 0 }, bytes: data }))
  const texts = workOf(db, { lines: () => lines }, 'invented:s1', ['oven.ts'])
  assert.deepEqual(
    texts.map((text) => parseEvent(text).raw !== undefined),
    [true, false, true, true],
  )
})

test('what somebody else changed', () => {
  const noticed = made(n++, { kind: 'message.user.injected', text: '1→x', payload: { noticed: '/w/oven.ts' } })
  const other = made(n++, { kind: 'message.user.injected', text: '1→x', payload: { noticed: '/w/cake.ts' } })
  assert.deepEqual(found([noticed, other], 'oven.ts'), [noticed.id])
})

test('a name that JSON writes otherwise is not missed', () => {
  const quoted = called('edit', { path: '/w/"oven".ts', oldText: 'a', newText: 'b' })
  assert.deepEqual(found(quoted, '"oven".ts'), ids(quoted))
})

test('a session nobody knows did nothing', () =>
  assert.deepEqual(workOf(db, { lines: () => [] }, 'invented:s2', ['oven.ts']), []))
