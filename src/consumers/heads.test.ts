// The head of an event read from bytes is the head read from text, whatever stands in the line behind it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Draft, type Event, EventError, encodeEvent, parseEvent, parseHead, type Raw } from '../event/event.ts'
import { made, madeDay } from '../testing/made-events.ts'
import { eventOfBytes, headOfBytes, keyOfBytes } from './heads.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(',"raw":', '","raw":{', ',"rawtext":"', '"rawin"', 'brötchen 🍞'),
)
const json = fc.oneof(
  fc.json(),
  fc.dictionary(fc.constantFrom('raw', 'rawtext', 'data', 'payload', 'rawin'), text).map((it) => JSON.stringify(it)),
)
const raw: fc.Arbitrary<Raw> = fc.oneof(
  json.map((it): Raw => ({ as: 'json', bytes: Buffer.from(it) })),
  text.map((it): Raw => ({ as: 'text', text: it })),
  text.map((it): Raw => ({ as: 'base64', base64: Buffer.from(it).toString('base64') })),
  fc.constant<Raw>({ as: 'in', id: '0'.repeat(32) }),
)
const { event: like } = made(1)
const draft = fc.record({
  words: text,
  session: text,
  file: text,
  agentId: fc.option(text),
  time: fc.constantFrom(like.time, null),
  raw,
  value: fc.jsonValue(),
})

const plain = (event: Event): Event => ({
  id: event.id,
  source: event.source,
  type: event.type,
  kind: event.kind,
  time: event.time,
  subject: event.subject,
  agent: event.agent,
  session: event.session,
  project: event.project,
  host: event.host,
  user: event.user,
  agentId: event.agentId,
  sequence: event.sequence,
  origin: event.origin,
  payload: event.payload,
  rawIn: event.rawIn,
  raw: event.raw,
})

test('every event has the same head from bytes as from text', () => {
  fc.assert(
    fc.property(draft, ({ words, session, file, raw, value, ...rest }) => {
      const bytes = encodeEvent({
        ...like,
        ...rest,
        session: `invented:${session}`,
        origin: { ...like.origin, file },
        // Only an event that does not carry its line has foreign keys in its payload.
        payload: {
          v: 1,
          text: words,
          ...(raw.as === 'in' && { tool: { name: 'T', kind: 'other', call: null, input: { value } } }),
        },
        raw,
      } satisfies Draft)
      const head = headOfBytes(bytes)
      assert.deepEqual(head, parseHead(Buffer.from(bytes).toString()))
      assert.equal(head.payload.text, words.toWellFormed())
      assert.equal(head.raw, undefined)
      const event = eventOfBytes(bytes)
      const whole = parseEvent(Buffer.from(bytes).toString())
      assert.deepEqual(plain(event), whole, 'and its line when asked')
      assert.deepEqual(plain(eventOfBytes(bytes)), whole, 'the same lane a second time')
      const { id, kind, time, agent, session: of, project, agentId } = whole
      assert.deepEqual(keyOfBytes(bytes), { id, kind, time, agent, session: of, project, agentId })
    }),
    { numRuns: 1_000 },
  )
})

test('an event whose text is laid out otherwise is read all the same', () => {
  const { text, event } = made(3)
  const value = JSON.parse(text)
  const { specversion, id, sequence, ...rest } = value
  const { origin, payload, raw } = value.data // the raw line stands last: what reads a head stops there
  const others = [
    JSON.stringify({ id, specversion, sequence, ...rest }),
    JSON.stringify(value, null, 1),
    JSON.stringify({ ...value, data: { origin, payload, more: 1, raw } }),
    text.replace('"type":"', '"type":"\\u006c').replace('\\u006cl', '\\u006c'),
  ]
  for (const other of others) {
    assert.deepEqual(plain(eventOfBytes(Buffer.from(other))), event, other)
    assert.equal(keyOfBytes(Buffer.from(other)).id, event.id, other)
  }
})

test('bytes in the middle of a larger buffer are read from where they begin', () => {
  for (const { data, event } of madeDay(1)) {
    const large = Buffer.concat([Buffer.from('{"other":1}'), data, Buffer.from('}}')])
    assert.deepEqual({ ...headOfBytes(large.subarray(11, 11 + data.length)), raw: event.raw }, event)
  }
})

test('what is no event is refused', () => {
  for (const bad of ['', '{}', '[]', 'null', '{"specversion":"1.0"', made(1).text.slice(0, 200)])
    for (const read of [headOfBytes, eventOfBytes, keyOfBytes])
      assert.throws(() => read(Buffer.from(bad)), EventError, `${read.name} of ${bad}`)
})
