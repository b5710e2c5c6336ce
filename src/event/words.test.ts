// The words of an event: pointed at in the raw line, or their beginning where the line was not read.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Event,
  encodeEvent,
  headOf,
  inputOf,
  parseEvent,
  parseHead,
  type Raw,
  resolvePointer,
  textOf,
} from './event.ts'
import type { Payload } from './payload.ts'

// Appendix of RFC 6901, section 5.
const rfc = {
  foo: ['bar', 'baz'],
  '': 0,
  'a/b': 1,
  'c%d': 2,
  'e^f': 3,
  'g|h': 4,
  'i\\j': 5,
  'k"l': 6,
  ' ': 7,
  'm~n': 8,
}
const pointers: readonly (readonly [string, unknown])[] = [
  ['', rfc],
  ['/foo', rfc.foo],
  ['/foo/0', 'bar'],
  ['/', 0],
  ['/a~1b', 1],
  ['/c%d', 2],
  ['/e^f', 3],
  ['/g|h', 4],
  ['/i\\j', 5],
  ['/k"l', 6],
  ['/ ', 7],
  ['/m~0n', 8],
]
for (const [pointer, value] of pointers)
  test(`the pointer “${pointer}” leads where RFC 6901 says`, () =>
    assert.deepEqual(resolvePointer(rfc, pointer), value))

const nowhere = [
  '/nothing',
  '/foo/2',
  '/foo/-',
  '/foo/00',
  '/foo/01',
  '/foo/length',
  '/foo/0/0',
  '/constructor',
  '/foo/map',
  'foo',
]
for (const pointer of nowhere)
  test(`the pointer “${pointer}” leads nowhere`, () => assert.equal(resolvePointer(rfc, pointer), undefined))

test('~01 is ~1 and not a slash', () => assert.equal(resolvePointer({ '~1': 'yes', '/': 'no' }, '/~01'), 'yes'))
test('a key that is called __proto__ is a key', () =>
  assert.equal(resolvePointer(JSON.parse('{"__proto__":{"a":1}}'), '/__proto__/a'), 1))

const event = (payload: Omit<Payload, 'v'>, raw: Raw, read: (text: string) => Event = parseEvent): Event =>
  read(
    Buffer.from(
      encodeEvent({
        id: '1',
        source: 'openstory://here/pi',
        type: 'live.openstory.message.assistant.tool_use',
        time: null,
        agent: 'pi',
        session: 'pi:s1',
        project: 'p',
        host: '',
        user: '',
        agentId: null,
        sequence: '0',
        origin: { file: 'f', inode: 0, offset: 0, length: 0, line: 1, sha256: '' },
        payload: { v: 1, ...payload },
        raw,
      }),
    ).toString(),
  )
const bytes = (value: unknown): Raw => ({ as: 'json', bytes: Buffer.from(JSON.stringify(value)) })
const long = { at: '/text', chars: 11, head: 'all the' }
const tool = (input: { at: string } | { value: unknown }) => ({
  tool: { name: 'Edit', kind: 'edit' as const, call: null, input },
})

test('a long text is read whole from the raw line, and by its head without it', () => {
  assert.equal(textOf(event({ text: long }, bytes({ text: 'all the text' }))), 'all the text')
  assert.equal(textOf(event({ text: long }, bytes({ text: 'all the text' }), parseHead)), 'all the')
  assert.equal(headOf(long), 'all the')
})
test('a text whose pointer leads to no text is its head', () =>
  assert.equal(textOf(event({ text: long }, bytes({ text: 7 }))), 'all the'))
test('a short text stands there, and no text is empty', () => {
  assert.equal(textOf(event({ text: 'short' }, { as: 'in', id: '2' })), 'short')
  assert.equal(textOf(event({}, { as: 'in', id: '2' })), '')
  assert.equal(headOf(undefined), '')
})
test('a tool’s input is found in the line or stands there', () => {
  assert.deepEqual(inputOf(event(tool({ at: '/input' }), bytes({ input: { a: 1 } }))), { a: 1 })
  assert.deepEqual(inputOf(event(tool({ value: { a: 1 } }), { as: 'in', id: '2' })), { a: 1 })
  assert.equal(inputOf(event(tool({ at: '/input' }), bytes({ input: 1 }), parseHead)), undefined)
  assert.equal(inputOf(event({}, bytes({}))), undefined)
})
test('a line that is no JSON is found whole by the empty pointer', () => {
  assert.equal(textOf(event({ text: { at: '', chars: 4, head: 'to' } }, { as: 'text', text: 'torn' })), 'torn')
})
test('bytes that are no UTF-8 are read as JSON where they are, and as text where not', () => {
  const base64 = (text: Buffer): Raw => ({ as: 'base64', base64: text.toString('base64') })
  const broken = Buffer.concat([Buffer.from('{"text":"caf'), Buffer.from([0xe9]), Buffer.from('"}')])
  assert.equal(textOf(event({ text: { ...long, head: '' } }, base64(broken))), 'caf\ufffd')
  const torn = event({ text: { at: '', chars: 4, head: '' } }, base64(Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0xff])))
  assert.equal(textOf(torn), '\ufeff{\ufffd')
})
