// A record is what a list shows of an event: cut where it is long, and honest about what was cut.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Event, parseHead } from '../event/event.ts'
import { WORDS_HEAD_MAX, type Words } from '../event/payload.ts'
import { made, madeTool } from '../testing/made-events.ts'
import { RECORD_INPUT_MAX, RECORD_TEXT_MAX, recordOf } from './record.ts'

const withText = (chars: number) => made(1, { text: 'x'.repeat(chars) })
const withInput = (input: object): Event => madeTool(1, { name: 'Edit', kind: 'edit', target: 'src/a.ts', input }).event
const fifty = (value: unknown) => Array.from({ length: 50 }, () => value)

const texts: readonly (readonly [string, Event, number, boolean])[] = [
  ['a short text whole', withText(10).event, 10, false],
  ['a text up to the limit whole', withText(RECORD_TEXT_MAX).event, RECORD_TEXT_MAX, false],
  ['a longer text cut', withText(RECORD_TEXT_MAX + 1).event, RECORD_TEXT_MAX, true],
  ['the beginning of a long text when the line was not read', parseHead(withText(1_000).text), WORDS_HEAD_MAX, true],
  ['a short text whole when the line was not read', parseHead(withText(100).text), 100, false],
]
for (const [what, event, chars, more] of texts)
  test(`a record shows ${what}`, () => {
    const record = recordOf(event)
    assert.deepEqual([record.text.length, record.more], [chars, more])
  })

let deep: object = { end: 1 }
for (let n = 0; n < 10; n++) deep = { deep }
const inputs: readonly (readonly [string, Event, boolean])[] = [
  ['short', withInput({ path: 'a.ts', lines: [1, 2, null, true] }), false],
  ['up to the limit', withInput({ text: 'x'.repeat(RECORD_INPUT_MAX) }), false],
  ['one letter too long', withInput({ text: 'x'.repeat(RECORD_INPUT_MAX), more: 'x' }), true],
  ['a list of a hundred', withInput([...fifty(1), ...fifty(2)]), false],
  ['a list of more', withInput([...fifty(1), ...fifty(2), 3]), true],
  ['an object of many keys', withInput(Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`k${n}`, n]))), true],
  ['nested deeper than anyone reads', withInput(deep), true],
]
for (const [what, event, more] of inputs)
  test(`a tool’s input that is ${what} is ${more ? 'cut, and says so' : 'shown whole'}`, () => {
    const record = recordOf(event)
    assert.equal(record.more, more)
    const whole = (event.raw as { more: { input: unknown } }).more.input
    if (!more) assert.deepEqual(record.tool?.input, whole)
    assert.ok(JSON.stringify(record.tool?.input).length < RECORD_INPUT_MAX + 2_000, 'what is shown has a limit')
  })

test('an input that was not read is not shown as empty: there is more', () => {
  const record = recordOf(parseHead(madeTool(1, { name: 'Edit', kind: 'edit', input: { a: 1 } }).text))
  assert.deepEqual([record.tool?.input, record.more], [null, true])
})

test('a damaged line shows what was wrong with it, a title its words', () => {
  const damaged = made(1, { kind: 'system.damaged_line', text: '', payload: { why: 'the line is not JSON' } })
  assert.equal(recordOf(damaged.event).text, 'the line is not JSON')
  const titled = made(1, { kind: 'system.title', text: '', payload: { title: 'Fix the test' } })
  assert.deepEqual([recordOf(titled.event).text, recordOf(titled.event).more], ['Fix the test', false])
})

test('what a person said with a refusal is read as words, wherever it stands', () => {
  const refusal = (feedback: Words, line: object = {}) =>
    made(1, {
      kind: 'message.user.tool_result',
      text: '',
      line,
      payload: { result: { call: 'c', failed: true, refused: true, feedback } },
    })
  const long = `not there, ${'please '.repeat(60)}`
  assert.deepEqual(recordOf(refusal('use the other file').event).result, {
    call: 'c',
    failed: true,
    refused: true,
    feedback: 'use the other file',
  })
  const pointed = refusal({ at: '/more/why', chars: long.length, head: long.slice(0, 100) }, { why: long })
  assert.equal(recordOf(pointed.event).result?.feedback, long)
  assert.equal(
    recordOf(parseHead(pointed.text)).result?.feedback,
    long.slice(0, 100),
    'its beginning, where the line was not read',
  )
})

test('a record says where it stands and has no key that says nothing', () => {
  const { event } = made(4, { text: 'hello', agentId: 'a1', payload: { model: 'm1', durationMs: 5 } })
  assert.deepEqual(recordOf(event), {
    id: event.id,
    session: event.session,
    agent: event.agent,
    agentId: 'a1',
    kind: 'message.user.prompt',
    time: event.time,
    sequence: event.sequence,
    text: 'hello',
    more: false,
    model: 'm1',
    durationMs: 5,
    origin: { file: event.origin.file, line: 4 },
  })
})
