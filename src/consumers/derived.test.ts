// What a consumer found, as an event of its own on the bus.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloudEvent } from 'cloudevents'
import { MemoryBus } from '../testing/memory-bus.ts'
import { BURST_MESSAGES } from './consumer.ts'
import { type Derived, derivedData, derivedMessage, News } from './derived.ts'

const DERIVED: Derived = {
  subject: 'sessions.p.s',
  type: 'session.updated',
  by: 'projections',
  host: 'here',
  project: 'p',
  session: 'invented:s1',
  agent: 'invented',
  time: '2026-03-14T09:00:00.000Z',
  data: { title: 'brötchen 🍞 "here"', n: 1 },
}

test('saying the same again has the same id; saying anything else has another', () => {
  const id = (other: Partial<Derived> = {}) => derivedMessage({ ...DERIVED, ...other }).id
  assert.match(id(), /^[0-9a-f]{32}$/)
  assert.equal(id(), id({ data: structuredClone(DERIVED.data) }))
  assert.equal(id(), id({ time: null, host: 'elsewhere' }), 'what is said is its data, not where it was said')
  const others = [id(), id({ data: { n: 2 } }), id({ session: 'invented:s2' }), id({ type: 'turn.updated' })]
  assert.equal(new Set(others).size, 4)
})

test('it is a CloudEvent on one line, and its data comes back as it was', () => {
  const message = derivedMessage(DERIVED)
  const text = Buffer.from(message.data).toString()
  assert.ok(!text.includes('\n'))
  const event = new CloudEvent(JSON.parse(text)) // throws on what is none
  assert.deepEqual(
    [event.id, event.type, event.subject, event.source],
    [message.id, 'live.openstory.session.updated', 'p/invented:s1', 'openstory://here/projections'],
  )
  assert.deepEqual(derivedData(message.data), DERIVED.data)
  assert.equal('time' in JSON.parse(Buffer.from(derivedMessage({ ...DERIVED, time: null }).data).toString()), false)
})

test('what changes with every batch of a burst is said now and then, a single change at once, and the last state always', async () => {
  let row = { id: 'r', n: 0 }
  let isNews = false
  const store = {
    unannounced: () => (isNews ? [row] : []),
    announced() {
      isNews = false
    },
    isHistory() {
      isNews = false
    },
  }
  let now = 0
  const bus = new MemoryBus()
  const clock = { nowMs: () => now, steadyMs: () => now, sleep: async () => {} }
  const news = new News(store, bus, clock, (data) => ({ ...DERIVED, data }))
  const change = async (messages: number) => {
    row = { id: 'r', n: row.n + 1 }
    isNews = true
    await news.after(messages)
  }
  const said = () => bus.stream.map(({ data }) => (derivedData(data) as typeof row).n)
  await change(1)
  await change(2)
  assert.deepEqual(said(), [1, 2], 'who watches live waits for nothing')
  for (let i = 0; i < 20; i++) {
    await change(BURST_MESSAGES)
    now += 100
  }
  assert.deepEqual(said(), [1, 2, 8, 13, 18])
  await change(BURST_MESSAGES)
  await news.say()
  assert.equal(said().at(-1), 23, 'at rest the last state is said')
})
