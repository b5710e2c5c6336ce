// The live stream over real WebSockets on a free port of this machine.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import type { ServerMessage } from '../wire/live.ts'
import { createApi } from './api.ts'
import { apiParts, fakeStream } from './fixture.test.ts'
import type { HubLimits } from './hub.ts'

async function start({ size = 0, limits = {} }: { size?: number; limits?: Partial<HubLimits> } = {}) {
  const stream = fakeStream(50, size)
  const api = createApi(apiParts({ live: { seq: 0, replay: stream.replay, lastSeq: () => stream.last, limits } }))
  const server = await api.listen(0, '127.0.0.1')
  return { stream, hub: api.hub, server, url: `ws://127.0.0.1:${server.port}/api/live` }
}

interface Heard {
  readonly socket: WebSocket
  readonly messages: ServerMessage[]
  readonly seqs: number[]
  readonly closed: Promise<string>
  readonly until: (is: () => boolean, what: string) => Promise<void>
}
async function connect(
  url: string,
  from: number | null | undefined,
  headers: Record<string, string> = {},
): Promise<Heard> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: true })
  const messages: ServerMessage[] = []
  const seqs: number[] = []
  socket.on('message', (data) => {
    const message: ServerMessage = JSON.parse(String(data))
    messages.push(message)
    if (message.type === 'batch') seqs.push(...message.items.map(({ seq }) => seq))
  })
  const closed = new Promise<string>((resolve) => socket.on('close', (code, reason) => resolve(`${code} ${reason}`)))
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  if (from !== undefined) socket.send(JSON.stringify({ type: 'hello', from }))
  return { socket, messages, seqs, closed, until: waitFor }
}
async function waitFor(is: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    if (is()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  assert.fail(`waited in vain: ${what}`)
}
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + 1 + i)

test('fifty clients, half of them from an earlier number, all hear everything once and in order', async () => {
  const { stream, hub, server, url } = await start()
  hub.publish(stream.next(40))
  const joining = Array.from({ length: 50 }, async (_, i) => ({
    from: i % 2 ? 10 : 40,
    client: await connect(url, i % 2 ? 10 : 40),
  }))
  // While they join, the stream goes on.
  for (let i = 0; i < 30; i++) {
    hub.publish(stream.next(7))
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  for (const { from, client } of await Promise.all(joining)) {
    await client.until(() => client.seqs.at(-1) === 250, 'the last number')
    assert.deepEqual(client.seqs, upTo(from, 250))
    assert.equal(client.socket.extensions, '', 'nothing is compressed')
  }
  assert.equal(hub.stats().live, 50)
  await server.close()
})

test('a client that stops reading is told it is behind, holds nobody up, and catches up', async () => {
  const { stream, hub, server, url } = await start({ size: 10_000, limits: { bufferBytesMax: 1_000_000 } })
  const [slow, quick] = [await connect(url, null), await connect(url, null)]
  await quick.until(() => hub.stats().live === 2, 'both are live')
  slow.socket.pause()
  for (let i = 0; i < 200; i++) {
    hub.publish(stream.next(10))
    await new Promise((resolve) => setImmediate(resolve))
  }
  await quick.until(() => quick.seqs.length === 2_000, 'the quick one has all')
  assert.equal(hub.stats().turnedBehind, 1)
  assert.ok(slow.seqs.length < 2_000)
  slow.socket.resume()
  await slow.until(() => slow.messages.at(-1)?.type === 'caught_up', 'the slow one has caught up')
  hub.publish(stream.next(1))
  await slow.until(() => slow.seqs.at(-1) === 2_001, 'the slow one is live again')
  assert.deepEqual(slow.seqs, upTo(0, 2_001))
  assert.deepEqual(
    slow.messages.filter(({ type }) => type !== 'batch').map(({ type }) => type),
    ['welcome', 'behind', 'caught_up'],
  )
  await server.close()
})

test('a number that is no longer kept is answered with reset', async () => {
  const { stream, hub, server, url } = await start()
  hub.publish(stream.next(20))
  stream.first = 11
  const client = await connect(url, 3)
  await client.until(() => client.messages.at(-1)?.type === 'reset', 'reset')
  assert.deepEqual(client.messages.at(-1), { type: 'reset', first: 11, seq: 20 })
  await server.close()
})

test('malformed, huge and binary messages are closed with a code and a reason', async () => {
  const { server, url } = await start()
  const say = async (data: string | Buffer) => {
    const client = await connect(url, undefined)
    client.socket.send(data)
    return client.closed
  }
  assert.equal(await say('{"type":"hello"'), '1008 expected {"type":"hello","from":<seq>|null}')
  assert.equal(await say(Buffer.from([1, 2])), '1003 messages are JSON text')
  assert.match(await say(`{"type":"hello","from":null,"x":"${'x'.repeat(5_000)}"}`), /^1009/)
  await server.close()
})

test('stopping tells every client', async () => {
  const { server, url } = await start()
  const client = await connect(url, null)
  await client.until(() => client.messages.length === 1, 'welcome')
  await server.close()
  assert.equal(await client.closed, '1001 the server stops')
})

const strangers: readonly (readonly [string, (port: number) => Record<string, string>, number])[] = [
  ['a foreign origin', () => ({ origin: 'https://evil.example' }), 403],
  ['an origin of another port', () => ({ origin: 'http://localhost:1' }), 403],
  [
    'a foreign name (DNS rebinding)',
    (port) => ({ host: `evil.example:${port}`, origin: `http://evil.example:${port}` }),
    403,
  ],
  ['another site', () => ({ 'sec-fetch-site': 'cross-site' }), 403],
]
for (const [what, headers, status] of strangers)
  test(`the live stream is refused with ${status} to ${what}`, async () => {
    const { server, url } = await start()
    await assert.rejects(connect(url, null, headers(server.port)), new RegExp(`Unexpected server response: ${status}`))
    await server.close()
  })

test('the live stream is at one address only, and open to our own pages', async () => {
  const { server, url } = await start()
  await assert.rejects(connect(`${url}x`, null), /Unexpected server response: 404/)
  const own = await connect(url, null, { origin: `http://localhost:${server.port}`, host: `localhost:${server.port}` })
  await own.until(() => own.messages.length === 1, 'welcome')
  await server.close()
})
