// An event is written around the agent's own bytes and read back: nothing is changed on the way, and others can read it too.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloudEvent } from 'cloudevents'
import fc from 'fast-check'
import { anyText } from '../testing/any-text.ts'
import { type Draft, EventError, encodeEvent, HEAD_MARKS, headEnd, parseEvent, parseHead, type Raw } from './event.ts'

const draft = (change: Partial<Draft> = {}): Draft => ({
  id: '019c2d6f0a00aaaaaaaaaaaaaaaaaaaa',
  source: 'openstory://here/pi',
  type: 'live.openstory.message.user.prompt',
  time: '2026-03-14T09:00:00.000Z',
  agent: 'pi',
  session: 'pi:s1',
  project: 'home-dev-app',
  host: 'here',
  user: 'dev',
  agentId: null,
  sequence: '00000000000000.000',
  origin: { file: '/home/dev/s1.jsonl', inode: 7, offset: 0, length: 2, line: 1, sha256: 'ab' },
  payload: { v: 1, text: 'hello' },
  raw: { as: 'json', bytes: Buffer.from('{}') },
  ...change,
})

// JSON as agents may write it: odd white space, escapes that need not be, keys that look like ours, halves of surrogate pairs.
const quoted = fc.oneof(
  anyText().map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '"\\u0041\\/\\b"',
    '"\\ud83d"',
    '"\\uD83C\\uDF5E"',
    '"\u2028\u2029\u0085\u00a0"',
    '"}}"',
    '",\\"data\\":{\\"r"',
    '",\\"raw\\":"',
    '",\\"payload\\":"',
  ),
)
const name = fc.constantFrom(
  '"raw"',
  '"data"',
  '"payload"',
  '"origin"',
  '"rawin"',
  '"raw64"',
  '"a"',
  '"__proto__"',
  '""',
)
const blank = fc.constantFrom('', '', ' ', '\t', '\r', ' \t ')
const { json } = fc.letrec<{ json: string; array: string; object: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom('1', '-0', '1E+2', '1.50', '12345678901234567890', 'null', 'true'),
    quoted,
    tie('array'),
    tie('object'),
  ),
  array: fc
    .tuple(fc.array(tie('json'), { maxLength: 3 }), blank)
    .map(([items, b]) => `[${b}${items.join(`${b},`)}${b}]`),
  object: fc
    .tuple(fc.array(fc.tuple(name, tie('json')), { maxLength: 4 }), blank)
    .map(([items, b]) => `{${b}${items.map(([key, value]) => `${key}${b}:${b}${value}`).join(`,${b}`)}${b}}`),
}))

const rawJson = json.map((text): Raw => ({ as: 'json', bytes: Buffer.from(text) }))
const rawText = anyText().map((text): Raw => ({ as: 'text', text: text.toWellFormed() }))
const raw64 = fc
  .uint8Array({ maxLength: 60 })
  .map((bytes): Raw => ({ as: 'base64', base64: Buffer.from(bytes).toString('base64') }))
const rawIn = fc.constant<Raw>({ as: 'in', id: '019c2d6f0a00bbbbbbbbbbbbbbbbbbbb' })
const words = anyText().map((text) => text.toWellFormed() || 'x')
const drafts = fc
  .record({
    session: words,
    project: words,
    host: words,
    user: words,
    agentId: fc.option(words),
    time: fc.option(
      fc.date({ min: new Date(0), max: new Date(2 ** 42), noInvalidDate: true }).map((d) => d.toISOString()),
    ),
    payload: fc.tuple(words, words).map(([text, why]) => ({ v: 1 as const, text, why })),
    raw: fc.oneof(rawJson, rawText, raw64, rawIn),
  })
  .map(draft)

const textOf = (event: Draft): string => Buffer.from(encodeEvent(event)).toString()

test('what is written is read back, and the agent’s bytes stand in it verbatim', () => {
  fc.assert(
    fc.property(drafts, (event) => {
      const text = textOf(event)
      assert.ok(!text.includes('\n'), 'one event is one line')
      const read = parseEvent(text)
      for (const key of ['id', 'source', 'type', 'time', 'session', 'project', 'host', 'user', 'agentId'] as const)
        assert.equal(read[key], event[key], key)
      assert.deepEqual([read.origin, read.payload, read.sequence], [event.origin, event.payload, event.sequence])
      keepsRaw(event.raw, read.raw, read.rawIn, encodeEvent(event))
    }),
    { numRuns: 1_000 },
  )
})

function keepsRaw(raw: Raw, read: unknown, rawInRead: string | null, data: Uint8Array): void {
  assert.equal(rawInRead, raw.as === 'in' ? raw.id : null)
  if (raw.as === 'in') assert.equal(read, undefined)
  if (raw.as === 'text') assert.equal(read, raw.text)
  if (raw.as === 'base64') assert.ok(Buffer.from(data).includes(raw.base64))
  if (raw.as !== 'json') return
  assert.ok(Buffer.from(data).includes(Buffer.concat([Buffer.from(',"raw":'), raw.bytes, Buffer.from('}}')])))
  assert.deepEqual(read, JSON.parse(Buffer.from(raw.bytes).toString()))
}

test('the head of an event is the event but for its raw line', () => {
  fc.assert(
    fc.property(drafts, (event) => {
      const text = textOf(event)
      assert.deepEqual(parseHead(text), { ...parseEvent(text), raw: undefined })
    }),
    { numRuns: 1_000 },
  )
})

test('the head ends at the same place in the text and in its bytes', () => {
  fc.assert(
    fc.property(drafts, (event) => {
      const bytes = Buffer.from(encodeEvent(event))
      const end = headEnd(bytes, HEAD_MARKS)
      assert.equal(end < 0, event.raw.as === 'in')
      assert.equal(headEnd(bytes.toString(), HEAD_MARKS), end < 0 ? -1 : bytes.subarray(0, end).toString().length)
    }),
  )
})

test('every event is a CloudEvent in the eyes of the CloudEvents SDK', () => {
  const uriSafe = fc.stringMatching(/^[a-z0-9.-]{1,20}$/)
  fc.assert(
    fc.property(drafts, uriSafe, (event, host) => {
      const value = JSON.parse(textOf({ ...event, host, source: `openstory://${host}/pi` }))
      assert.equal(new CloudEvent(value, true).validate(), true)
      for (const attribute of Object.keys(value)) assert.match(attribute, /^[a-z0-9]{1,20}$/)
    }),
  )
})

test('a subagent’s event says whose it is in its subject', () => {
  assert.equal(parseEvent(textOf(draft())).subject, 'home-dev-app/pi:s1')
  assert.equal(parseEvent(textOf(draft({ agentId: 'a1' }))).subject, 'home-dev-app/pi:s1/agent/a1')
})

test('a line end inside the raw bytes is a mistake of ours and stops', () => {
  assert.throws(() => encodeEvent(draft({ raw: { as: 'json', bytes: Buffer.from('{\n}') } })), /one event is one line/)
})

const whole = JSON.parse(textOf(draft()))
const foreign: readonly (readonly [string, unknown, RegExp])[] = [
  ['a list', [], /a JSON object/],
  ['null', null, /a JSON object/],
  ['an event without an id', { ...whole, id: undefined }, /the attribute id/],
  ['an event whose session is a number', { ...whole, session: 7 }, /the attribute session/],
  ['an event of another version', { ...whole, specversion: '0.3' }, /specversion/],
  ['an event without data', { ...whole, data: undefined }, /data.origin and data.payload/],
  ['an event whose data is null', { ...whole, data: null }, /data.origin and data.payload/],
  [
    'an event whose payload is null',
    { ...whole, data: { ...whole.data, payload: null } },
    /data.origin and data.payload/,
  ],
  ['an event without origin', { ...whole, data: { ...whole.data, origin: undefined } }, /data.origin and data.payload/],
]
for (const [what, value, why] of foreign)
  test(`${what} is refused with what is missing`, () => {
    assert.throws(
      () => parseEvent(JSON.stringify(value)),
      (error) => error instanceof EventError && why.test(error.message),
    )
  })
test('a text that is no JSON is refused, whole and by its head', () => {
  assert.throws(() => parseEvent('{"specversion'), EventError)
  assert.throws(() => parseHead('{"specversion'), EventError)
})
