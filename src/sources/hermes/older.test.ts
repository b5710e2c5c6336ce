// The older forms of Hermes' sessions, read for what they are.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { parseEvent, textOf } from '../../event/event.ts'
import { logWith, retellIn } from '../../testing/retold.ts'
import { Den } from '../../testing/watching.ts'
import { hermes, hermesGateway, hermesSnapshots } from './source.ts'

const ID = '20260101_100000_abcdef'
const user = (content: string) => ({ role: 'user', content })
const answer = (content: string) => ({ role: 'assistant', content, finish_reason: 'stop' })
const snapshot = (id: string, ...messages: object[]) =>
  JSON.stringify({
    session_id: id,
    model: 'm',
    platform: 'cli',
    session_start: '2026-01-01T10:00:00.5',
    last_updated: `2026-01-01T11:00:0${messages.length}`,
    message_count: messages.length,
    messages,
  })

function den(t: TestContext): Den {
  const den = new Den()
  t.after(() => den.remove())
  return den
}
const parts = (home: Den) => ({
  sources: [hermes, hermesSnapshots, hermesGateway],
  extraRoots: { hermes: [home.root] },
})
const told = (home: Den) =>
  home.bus.stream
    .map(({ data }) => parseEvent(Buffer.from(data).toString()))
    .filter(({ kind }) => kind.startsWith('message.'))
    .map((event) => `${event.session.slice(-6)} ${textOf(event)}${event.payload.copied ? ' (copied)' : ''}`)

test('a document: its session and messages, none earlier than the session began', async (t) => {
  const home = den(t)
  home.write(`session_${ID}.json`, snapshot(ID, user('hello'), answer('hi')))
  await home.lookOnceAndCatchUp(parts(home))
  const events = home.bus.stream.map(({ data }) => parseEvent(Buffer.from(data).toString()))
  assert.deepEqual(
    events.map(({ kind, session }) => [kind, session]),
    ['system.session_start', 'message.user.prompt', 'message.assistant.text'].map((kind) => [kind, `hermes:${ID}`]),
  )
  const began = new Date('2026-01-01T10:00:00.500').toISOString() // by this machine's clock
  assert.deepEqual([...new Set(events.map(({ time }) => time))], [began])
})

test('a document that is written anew after each turn: each message once, the session told once', async (t) => {
  const home = den(t)
  home.write(`session_${ID}.json`, snapshot(ID, user('go on'), answer('yes')))
  await home.lookOnceAndCatchUp(parts(home))
  home.write(`session_${ID}.json`, snapshot(ID, user('go on'), answer('yes'), user('go on'), answer('yes')))
  await home.lookOnceAndCatchUp(parts(home))
  assert.deepEqual(told(home), ['abcdef go on', 'abcdef yes', 'abcdef go on', 'abcdef yes'])
  assert.equal(home.bus.stream.length, 5)
  const log = logWith(t, home.bus.stream)
  assert.deepEqual(retellIn(t, log, { all: true }), { files: 0, lines: 0, left: 0 })
})

for (const [what, start] of [
  ['reviewed it', 'Review the conversation above and update the skill library. '],
  ['compacted it', '[CONTEXT COMPACTION — REFERENCE ONLY] so far'],
] as const)
  test(`a document that took another’s messages along because Hermes ${what}: they are copies`, async (t) => {
    const home = den(t)
    home.write('session_b.json', snapshot('222222', user('one'), answer('two'), user(start), answer('three')))
    await home.lookOnceAndCatchUp(parts(home))
    const mine = told(home).filter((line) => !line.includes(start.slice(0, 10)))
    assert.deepEqual(mine, ['222222 one (copied)', '222222 two (copied)', '222222 three'])
  })

test('ids are the same in whatever time zone the machine is that reads', (t) => {
  const zone = process.env.TZ
  t.after(() => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  })
  const text = JSON.stringify({ ...user('hello'), timestamp: '2026-01-01T10:00:02.000001' })
  const line = { text, value: JSON.parse(text), bytes: Buffer.from(text), damage: null }
  const read = ['UTC', 'Asia/Tokyo', 'America/New_York'].map((TZ) => {
    process.env.TZ = TZ
    return hermesGateway.translate(line, { root: '/r', path: `${ID}.jsonl` }, {})
  })
  assert.deepEqual(new Set(read.map(({ idTime }) => idTime)), new Set(['2026-01-01T10:00:02.000Z']))
  assert.equal(new Set(read.map(({ time }) => time)).size, 3, 'when it was depends on whose clock it was')
})
