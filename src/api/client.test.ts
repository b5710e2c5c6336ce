// What a client of the live stream may not do.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LiveSocket } from './client.ts'
import { FakeSocket, startHub as start } from './sockets.test.ts'

const wrong = [
  '',
  'hello',
  '{}',
  '[]',
  'null',
  '"hello"',
  '{"type":"hello"}',
  '{"type":"hello","from":"1"}',
  '{"type":"hello","from":-1}',
  '{"type":"hello","from":1.5}',
  '{"type":"hello","from":1e300}',
  '{"type":"bye","from":1}',
  '{"type":"hello","from":1',
]
for (const message of wrong)
  test(`a client that says ${JSON.stringify(message)} is closed with a reason`, () => {
    const { hub } = start()
    const socket = new FakeSocket()
    hub.attach(socket as unknown as LiveSocket)
    socket.say(message)
    assert.equal(socket.closed, '1008 expected {"type":"hello","from":<seq>|null}')
    assert.equal(hub.stats().clients, 0)
  })

test('hello twice, bytes, and silence are closed with a reason', async () => {
  const { hub, join } = start({ limits: { helloMsMax: 5 } })
  const twice = await join(null)
  twice.say({ type: 'hello', from: null })
  assert.equal(twice.closed, '1008 hello was said already')
  const bytes = new FakeSocket()
  hub.attach(bytes as unknown as LiveSocket)
  bytes.emit('message', Buffer.from('x'), true)
  assert.equal(bytes.closed, '1003 messages are JSON text')
  const silent = new FakeSocket()
  hub.attach(silent as unknown as LiveSocket)
  await new Promise((resolve) => setTimeout(resolve, 30))
  assert.equal(silent.closed, '1008 no hello came')
})
