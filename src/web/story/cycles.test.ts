import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StoryRecord } from '../../folds/record.ts'
import { rowsOf } from '../ui/rows.ts'
import { cyclesOf, failedIn, rowsShowing, toolsOf } from './cycles.ts'

const record = (id: string, kind: string, more: Partial<StoryRecord> = {}): StoryRecord =>
  ({ id, kind: `message.${kind}`, text: id, agentId: null, time: null, more: false, ...more }) as StoryRecord
const call = (id: string, more: Partial<StoryRecord> = {}) =>
  record(id, 'assistant.tool_use', { tool: { name: 'Bash', kind: 'run', call: id, target: '', input: {} }, ...more })
const result = (of: string, failed = false) => record(`${of}r`, 'user.tool_result', { result: { call: of, failed } })
const usage = (input: number) =>
  ({ input, output: 1, cacheRead: 5, cacheWrite5m: 0, cacheWrite1h: 0 }) as NonNullable<StoryRecord['usage']>

const cycles = (...records: StoryRecord[]) => cyclesOf(rowsOf(records))

test('an evaluation, the tools it called and what they answered are one cycle; the last one only answers', () => {
  const found = cycles(
    record('p', 'user.prompt'),
    record('t', 'assistant.thinking'),
    call('a'),
    call('b'),
    result('a'),
    result('b', true),
    call('c'),
    result('c'),
    record('end', 'assistant.text'),
  )
  assert.deepEqual(
    found.map(({ number, rows, isLast }) => [number, rows.map(({ key }) => key), isLast]),
    [
      [0, ['p'], false],
      [1, ['t', 'a', 'b'], false],
      [2, ['c'], false],
      [3, ['end'], true],
    ],
  )
  assert.deepEqual([toolsOf(found[1]!), failedIn(found[1]!)], ['Run ×2', 1])
})

test('results between the calls of one request do not divide it', () => {
  const found = cycles(
    record('p', 'user.prompt'),
    call('a', { usage: usage(7) }),
    result('a'),
    call('b', { usage: usage(7) }),
    result('b'),
    call('c', { usage: usage(8) }),
  )
  assert.deepEqual(
    found.map(({ rows }) => rows.map(({ key }) => key)),
    [['p'], ['a', 'b'], ['c']],
  )
})

test('work before any prompt, and none at all, are cycles too', () => {
  assert.deepEqual(cycles(), [])
  assert.deepEqual(
    cycles(call('a')).map(({ number }) => number),
    [1],
  )
})

test('the row that shows an event is its own, or its call’s', () => {
  const { list } = rowsOf([call('a'), result('a'), call('b')])
  assert.deepEqual([...rowsShowing(list, new Set(['ar', 'x']))], ['a'])
})
