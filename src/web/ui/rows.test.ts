import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { StoryRecord } from '../../folds/record.ts'
import { indexOfEvent, type RecordRow, type Row, type Rows, rowsOf, shownRows } from './rows.ts'

const record = (id: string, kind: string, more: Partial<StoryRecord> = {}): StoryRecord => ({
  id,
  session: 's',
  agent: 'a',
  agentId: null,
  kind,
  time: '2026-03-01T10:00:00Z',
  sequence: id,
  text: 'words',
  more: false,
  origin: { file: 'f', line: 1 },
  ...more,
})
const call = (id: string, name: string) =>
  record(id, 'message.assistant.tool_use', { tool: { name: 'Run', kind: 'run', call: name, target: '', input: {} } })
const result = (id: string, name: string, failed = false) =>
  record(id, 'message.user.tool_result', { result: { call: name, failed } })
const records = (rows: readonly Row[]): RecordRow[] => rows.filter((row) => row.kind === 'record')

test('a result stands under its call, however late it comes', () => {
  const rows = records(rowsOf([call('1', 'x'), call('2', 'y'), result('3', 'y'), result('4', 'x')]).list)
  assert.deepEqual(
    rows.map((row) => [row.key, row.result?.id]),
    [
      ['1', '4'],
      ['2', '3'],
    ],
  )
})

test('a result without its call is shown by itself', () => {
  const rows = records(rowsOf([result('1', 'gone')]).list)
  assert.deepEqual(
    rows.map((row) => row.key),
    ['1'],
  )
})

test('a result that was written before its call stands under it all the same', () => {
  const rows = records(
    rowsOf([result('1', 'x'), record('2', 'message.user.prompt'), call('3', 'x'), call('4', 'y')]).list,
  )
  assert.deepEqual(
    rows.map((row) => [row.key, row.result?.id]),
    [
      ['3', '1'],
      ['2', undefined],
      ['4', undefined],
    ],
  )
})

test('what says again what was said is not shown twice', () => {
  const { list } = rowsOf([record('1', 'message.assistant.text'), record('2', 'system.repeat')])
  assert.deepEqual(
    records(list).map((row) => [row.key, row.notes.length]),
    [['1', 0]],
  )
})

test('a second result of one call is not lost', () => {
  const rows = records(rowsOf([call('1', 'x'), result('2', 'x'), result('3', 'x')]).list)
  assert.deepEqual(
    rows.map((row) => row.key),
    ['1', '3'],
  )
})

test('quiet records hang on the row before them and come forward when asked for', () => {
  const { list } = rowsOf([
    record('1', 'message.user.prompt'),
    record('2', 'progress.hook'),
    record('3', 'other.new_thing'),
  ])
  assert.deepEqual(
    records(list).map((row) => row.notes.map((note) => note.id)),
    [['2', '3']],
  )
  assert.deepEqual(
    records(shownRows(list, ['notes'])).map((row) => row.key),
    ['2', '3'],
  )
  assert.equal(indexOfEvent(list, '3'), 1)
})

test('an errors filter shows calls that failed, and no day without rows', () => {
  const { list } = rowsOf([
    record('0', 'message.user.prompt', { time: '2026-02-01T10:00:00Z' }),
    call('1', 'x'),
    result('2', 'x', true),
    call('3', 'y'),
  ])
  assert.deepEqual(
    shownRows(list, ['errors']).map((row) => row.key),
    ['day:1', '1'],
  )
})

test('the filter gives the same rows again, so that nothing is drawn twice', () => {
  const { list } = rowsOf([record('1', 'message.user.prompt'), record('2', 'progress.hook')])
  const wanted = ['prompts', 'notes']
  assert.ok(shownRows(list, wanted).every((row, i) => row === shownRows(list, wanted)[i]))
})

const anyRecord = fc.record({
  kind: fc.constantFrom(
    'call',
    'result',
    'message.user.prompt',
    'message.assistant.text',
    'progress.hook',
    'system.compact',
  ),
  call: fc.constantFrom('a', 'b', 'c'),
  day: fc.constantFrom('2026-03-01T10:00:00Z', '2026-03-02T10:00:30Z', null),
})
test('folding record by record gives what folding all at once gives, and every record is somewhere', () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 40 }), (wishes) => {
      const all = wishes.map(({ kind, call: name, day }, i) => {
        const made =
          kind === 'call' ? call(`${i}`, name) : kind === 'result' ? result(`${i}`, name) : record(`${i}`, kind)
        return { ...made, time: day }
      })
      let step: Rows | undefined
      for (let n = 0; n <= all.length; n++) step = rowsOf(all.slice(0, n), step)
      const whole = rowsOf(all)
      assert.deepEqual(step?.list, whole.list)
      const shown = records(whole.list).flatMap((row) => [
        row.key,
        ...row.notes.map((n) => n.id),
        ...(row.result ? [row.result.id] : []),
      ])
      assert.deepEqual(shown.toSorted(), all.map((r) => r.id).toSorted())
    }),
  )
})
