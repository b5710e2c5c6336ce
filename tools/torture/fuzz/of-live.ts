// The live protocol over real sockets: what pages might say and what no page would, frames as no library sends them, bytes that are none.
// Whoever behaves is served all the while.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import fc from 'fast-check'
import { WebSocket } from 'ws'
import { Hub } from '../../../src/api/hub.ts'
import { serveLive } from '../../../src/api/live.ts'
import { silentLog } from '../../../src/base/log.ts'
import { anyText } from '../../../src/testing/any-text.ts'
import type { LiveItem, SessionSummary } from '../../../src/wire/live.ts'
import { type Property, property } from './property.ts'

export const liveProperties = (): Property[] => [live(), liveBytes()]

// A message as a page might send it, and not.
const said = fc.oneof(
  fc.constantFrom(
    '{"type":"hello","from":null}',
    '{"type":"hello","from":0}',
    '{"type":"hello","from":1e999}',
    '{"type":"hello","from":-1}',
    '{"type":"hello","from":1.5}',
    '{"type":"hello"}',
    '{"type":"hello","from":9007199254740993}',
    '{"__proto__":{"type":"hello"},"from":0}',
    'null',
    '[]',
    '"hello"',
    '',
    '[['.repeat(1_500),
  ),
  fc.jsonValue().map((value) => JSON.stringify(value)),
  anyText(60),
  fc.constant('x'.repeat(5_000)),
)

const itemOf = (seq: number): LiveItem => ({ kind: 'session', seq, session: { id: `s${seq}` } as SessionSummary })
const itemsOf = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => itemOf(from + 1 + i))

// The hub and its sockets as the product has them, over a stream of numbers.
async function liveServer() {
  const stream = { last: 20 }
  const hub = new Hub({
    seq: stream.last,
    lastSeq: () => stream.last,
    replay: async function* (from) {
      yield { to: stream.last, items: itemsOf(from, stream.last) }
    },
    log: silentLog,
  })
  const server = createServer((_, response) => response.writeHead(404).end())
  const stop = serveLive(server, hub, () => null)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const publish = (count: number) => {
    const from = stream.last
    stream.last += count
    hub.publish({ to: stream.last, items: itemsOf(from, stream.last) })
  }
  const close = async () => {
    stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { port, stream, publish, close, url: `ws://127.0.0.1:${port}/api/live` }
}
type LiveServer = Awaited<ReturnType<typeof liveServer>>
let serving: Promise<LiveServer> | null = null
const served = () => {
  serving ??= liveServer()
  return serving
}
export async function closeLive(): Promise<void> {
  await (await serving)?.close()
  serving = null
}

// Whatever others sent: a page that says hello as it should hears everything, once and in order.
async function isServed({ url, publish, stream }: LiveServer): Promise<void> {
  const socket = new WebSocket(url)
  const seqs: number[] = []
  try {
    const from = stream.last
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.on('close', () => reject(new Error('a good page was cut off')))
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as { type: string; items?: { seq: number }[] }
        if (message.type === 'welcome') publish(3)
        for (const { seq } of message.items ?? []) seqs.push(seq)
        if (seqs.length >= 3) resolve()
      })
      socket.once('open', () => socket.send(JSON.stringify({ type: 'hello', from })))
    })
    assert.deepEqual(seqs, [from + 1, from + 2, from + 3])
  } finally {
    socket.terminate()
  }
}

function live(): Property {
  const message = fc.tuple(said, fc.boolean())
  const holds = fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 5 }), async (messages) => {
    const at = await served()
    const socket = new WebSocket(at.url)
    socket.on('error', () => undefined)
    await new Promise((resolve) => socket.once('open', resolve))
    for (const [text, binary] of messages) socket.send(binary ? Buffer.from(text) : text, { binary })
    socket.close()
    await new Promise((resolve) => socket.once('close', resolve))
    await isServed(at)
  })
  return property('the live protocol, message by message', 12, holds)
}

// Frames as no library sends them: any opcode, length and mask, in pieces, and bytes that are no frame.
const frame = fc
  .record({
    first: fc.nat(255),
    length: fc.constantFrom(0, 1, 125, 126, 127),
    masked: fc.boolean(),
    said: fc.constantFrom(0, 1, 0xffff, 2 ** 31),
    body: fc.uint8Array({ maxLength: 140 }),
  })
  .map(({ first, length, masked, said, body }) => {
    const head = [first, (masked ? 128 : 0) | length]
    if (length === 126) head.push((said >> 8) & 255, said & 255)
    if (length === 127) head.push(0, 0, 0, 0, (said >>> 24) & 255, (said >>> 16) & 255, (said >>> 8) & 255, said & 255)
    return Buffer.concat([Buffer.from(head), Buffer.from(masked ? [1, 2, 3, 4] : []), Buffer.from(body)])
  })
const bytes = fc.oneof(
  frame,
  fc.uint8Array({ maxLength: 200 }).map((all) => Buffer.from(all)),
)

function liveBytes(): Property {
  const holds = fc.asyncProperty(
    fc.array(bytes, { minLength: 1, maxLength: 5 }),
    fc.boolean(),
    async (pieces, upgraded) => {
      const at = await served()
      await new Promise<void>((resolve) => {
        const socket = connect(at.port, '127.0.0.1')
        const send = () => {
          for (const piece of pieces) socket.write(piece)
          socket.end()
        }
        socket.on('error', () => undefined)
        socket.on('close', () => resolve())
        socket.setTimeout(2_000, () => socket.destroy())
        socket.resume()
        if (!upgraded) return socket.on('connect', send)
        socket.write(
          `GET /api/live HTTP/1.1\r\nHost: 127.0.0.1:${at.port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
        )
        socket.once('data', send)
      })
      await isServed(at)
    },
  )
  return property('the live protocol, byte by byte', 12, holds)
}
