// The head of an event read from bytes is the head read from text, whatever stands in the line behind it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Draft, EventError, encodeEvent, parseEvent, parseHead, type Raw } from '../event/event.ts'
import { made, madeDay } from '../testing/made-events.ts'
import { eventOfBytes, headOfBytes } from './heads.ts'

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
      assert.deepEqual(
        { ...event, raw: event.raw },
        parseEvent(Buffer.from(bytes).toString()),
        'and its line when asked',
      )
    }),
    { numRuns: 1_000 },
  )
})

test('bytes in the middle of a larger buffer are read from where they begin', () => {
  for (const { data, event } of madeDay(1)) {
    const large = Buffer.concat([Buffer.from('{"other":1}'), data, Buffer.from('}}')])
    assert.deepEqual({ ...headOfBytes(large.subarray(11, 11 + data.length)), raw: event.raw }, event)
  }
})

test('what is no event is refused', () => {
  for (const bad of ['', '{}', '[]', 'null', '{"specversion":"1.0"', made(1).text.slice(0, 200)])
    assert.throws(() => headOfBytes(Buffer.from(bad)), EventError, bad)
})
