// The published description of an event: written from the vocabulary, understood by a validator of other people's, and not so wide that
// anything fits.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { EVENT_SCHEMA_FILE, schemaComplaints } from '../testing/event-schema.ts'
import { madeDay } from '../testing/made-events.ts'
import { writtenJson } from '../testing/written-json.ts'
import { EventSchema } from './event-schema.ts'

test('schemas/event.json is what the code makes (write it anew with OPENSTORY_WRITE_SCHEMAS=1)', () => {
  const made = writtenJson(EventSchema)
  if (process.env.OPENSTORY_WRITE_SCHEMAS === '1') writeFileSync(EVENT_SCHEMA_FILE, made)
  assert.equal(readFileSync(EVENT_SCHEMA_FILE, 'utf8'), made)
})

const day = madeDay(2).map(({ text }) => text)

test('events as the product writes them are as described', () => {
  for (const text of day) assert.deepEqual(schemaComplaints(JSON.parse(text)), [], text)
})

type Tree = { [key: string]: Tree }
const wrong: readonly (readonly [string, (event: Tree, data: Tree) => void])[] = [
  ['an attribute nobody knows', (event) => Object.assign(event, { cost: '1' })],
  ['no id', (event) => void Reflect.deleteProperty(event, 'id')],
  ['a type that is not on the list', (event) => Object.assign(event, { type: 'live.openstory.message.user.whisper' })],
  ['an unknown type that is not marked as one', (event) => Object.assign(event, { type: 'live.openstory.other.A b' })],
  ['a local time', (event) => Object.assign(event, { time: '2026-03-14T09:00:00' })],
  ['a word of the payload nobody knows', (_, data) => Object.assign(data.payload!, { mood: 'good' })],
  ['a tool of a kind nobody knows', (_, data) => Object.assign(data.payload!, { tool: tool('juggle') })],
  ['negative tokens', (_, data) => Object.assign(data.payload!, { usage: { ...usage, output: -1 } })],
  ['money as a number', (_, data) => Object.assign(data.payload!, { usage: { ...usage, costUsd: 0.1 } })],
  [
    'a result that does not say whether it failed',
    (_, data) => Object.assign(data.payload!, { result: { call: 'c' } }),
  ],
  ['a pointer that is none', (_, data) => Object.assign(data.payload!, { text: { at: 'text', chars: 1, head: '' } })],
  ['a hash that is none', (_, data) => Object.assign(data.origin!, { sha256: 'abc' })],
  ['no line at all', (_, data) => void Reflect.deleteProperty(data, 'raw')],
  ['two lines', (_, data) => Object.assign(data, { rawtext: 'oops' })],
]
const usage = { input: 1, output: 2, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 }
const tool = (kind: string) => ({ name: 'x', kind, call: null, input: { value: 1 } })

for (const [what, bend] of wrong)
  test(`${what} is not an event`, () => {
    const event = JSON.parse(day[0]!) as Tree
    assert.deepEqual(schemaComplaints(event), [])
    bend(event, event.data!)
    assert.notDeepEqual(schemaComplaints(event), [])
  })
