// Which request a line accounts for, and how sure its output is, by the version that wrote it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newPayload } from '../values.ts'
import { accountFor } from './accounts.ts'

const LONG = 'msg_01AbCdEfGhIjKlMnOpQr'
const USAGE = { input_tokens: 1, output_tokens: 2 }

const payloadOf = (record: object, message: object, version?: string) => {
  const payload = newPayload()
  accountFor(payload, { ...record }, { model: 'm', usage: USAGE, ...message }, version)
  return payload
}

const named: readonly (readonly [string, string | undefined, string | undefined, string | undefined])[] = [
  ['an id that is one in the world is enough: a copy of it may come with a new request id', LONG, 'req_9', LONG],
  ['of messages counted by a script the request id tells which', 'msg_1', 'req_9', 'msg_1 req_9'],
  ['a short one alone', 'msg_1', undefined, 'msg_1'],
  ['no message id: the request has one', undefined, 'req_9', 'req_9'],
  ['neither', undefined, undefined, undefined],
]
for (const [what, id, requestId, request] of named)
  test(`the request of a line: ${what}`, () => assert.equal(payloadOf({ requestId }, { id }).request, request))

const END = { stop_reason: 'end_turn' }
const versions: readonly (readonly [string, string | undefined, object, boolean])[] = [
  ['the first versions wrote whole answers', '0.2.120', END, false],
  ['and without a stop reason as well', '1.0.1', {}, false],
  ['a snapshot, whoever wrote it', undefined, { stop_reason: null }, true],
  ['a snapshot of 1.0.17', '1.0.17', { stop_reason: null }, true],
  ['the end, as 1.0.17 wrote it', '1.0.17', END, false],
  ['1.0.17 wrote it at the end alone', '1.0.17', {}, true],
  ['2.0.64', '2.0.64', { stop_reason: '' }, true],
  ['2.1.7, at the end', '2.1.7', END, false],
  ['2.1.8 never wrote it', '2.1.8', END, true],
  ['2.1.29 neither', '2.1.29', END, true],
  ['nor what was built of it', '2.1.29-dev.2 (patched)', END, true],
  ['2.1.42, the last of which that is known', '2.1.42', END, true],
  ['2.1.76, at the end', '2.1.76', END, false],
  ['2.1.96, elsewhere', '2.1.96', {}, true],
  ['2.1.97 has it on every line', '2.1.97', {}, false],
  ['but not on a snapshot', '2.1.114', { stop_reason: null }, true],
  ['2.10.1 is newer than 2.1.29', '2.10.1', END, false],
  ['1.9.30', '1.9.30', {}, true],
  ['what is no version', 'trimmed for a fixture', {}, false],
  ['2.1', '2.1', {}, false],
]
for (const [what, version, message, isLowerBound] of versions)
  test(`output of ${version ?? 'no version'} is ${isLowerBound ? 'at least that' : 'that'}: ${what}`, () =>
    assert.equal(payloadOf({}, { id: LONG, ...message }, version).usage?.partial === true, isLowerBound))

test('an answer broken off in its middle is a lower bound', () => {
  const payload = payloadOf({ isAbortedMidStream: true }, { id: LONG, ...END }, '2.1.200')
  assert.equal(payload.usage?.partial, true)
})
