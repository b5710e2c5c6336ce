// What goes to whoever is looking: every message of the stream as the page understands it, under its number.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordOf } from '../../folds/record.ts'
import { foldSession } from '../../folds/session.ts'
import { foldTurn } from '../../folds/turn/fold.ts'
import { delivered, made, madeTurn } from '../../testing/made-events.ts'
import { type LiveItem, storyOf } from '../../wire/live.ts'
import { derivedMessage } from '../derived.ts'
import { broadcastConsumer, liveItems } from './broadcast.ts'

const label = (agent: string) => `The ${agent} one`
const prompt = made(1)
const long = made(2, { kind: 'message.assistant.text', text: 'crumb '.repeat(500) })
const row = foldSession(undefined, prompt.event)
const turn = foldTurn(undefined, prompt.event).turn!
const about = { by: 'test', host: 'here', project: 'p', session: row.id, agent: 'invented', time: null }
const session = derivedMessage({ ...about, subject: 'sessions.p.s', type: 'session.updated', data: row })
const pattern = derivedMessage({ ...about, subject: 'patterns.p.s', type: 'turn.updated', data: turn })
const stranger = { subject: 'recipes.p.s', id: 'x', data: Buffer.from('not even JSON') }
const BATCH = [prompt, session, stranger, pattern, long].map((message, i) => ({
  ...message,
  seq: 7 + i,
  publishedMs: 0,
}))

test('records, sessions and turns come in order under their numbers; what a later version says is passed over', () => {
  const { spent: _, ...summary } = row
  assert.deepEqual(liveItems(BATCH, label), [
    { seq: 7, kind: 'record', record: recordOf(prompt.event), project: 'home-dev-bakery' },
    { seq: 8, kind: 'session', session: summary },
    { seq: 10, kind: 'turn', turn: storyOf(turn, 'The invented one') },
    { seq: 11, kind: 'record', record: recordOf(long.event), project: 'home-dev-bakery' },
  ])
})

test('a long text is whole, not only its head', () => {
  const [item] = liveItems(delivered([long]), label)
  assert.equal(item?.kind === 'record' && item.record.text, 'crumb '.repeat(500))
})

test('when nobody looks only the place moves on; when somebody does, everything comes', async () => {
  const published: { to: number; items: readonly LiveItem[] }[] = []
  let isListening = false
  const consumer = broadcastConsumer({
    listening: () => isListening,
    publish: (batch) => void published.push(batch),
    label,
  })
  assert.equal(consumer.filter, '>')
  await consumer.handle(BATCH)
  isListening = true
  await consumer.handle(BATCH)
  assert.deepEqual(published, [
    { to: 11, items: [] },
    { to: 11, items: liveItems(BATCH, label) },
  ])
})

test('one turn of work is five records of one session', () => {
  const items = liveItems(delivered(madeTurn(1)), label)
  assert.deepEqual(
    items.map((item) => item.kind === 'record' && item.record.kind),
    madeTurn(1).map(({ event }) => event.kind),
  )
})
