// A hub over a stream in memory and sockets whose other end may stop taking bytes, for the tests of this folder. Named as a test because
// only tests import it; its own promise is that the fake socket counts what waits in it.
import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import { test } from 'node:test'
import { silentLog } from '../base/log.ts'
import type { ServerMessage } from '../wire/live.ts'
import type { LiveSocket } from './client.ts'
import { fakeStream } from './fixture.test.ts'
import { Hub, type HubLimits, type HubParts } from './hub.ts'

// A socket whose other end may stop taking bytes.
export class FakeSocket extends EventEmitter {
  readonly heard: ServerMessage[] = []
  readonly frames: Buffer[] = []
  closed: string | null = null
  pings = 0
  isPaused = false
  onlyOne = false // of the frames that wait is taken by drain
  #waiting: { readonly frame: Buffer; readonly done: () => void }[] = []

  get bufferedAmount(): number {
    return this.#waiting.reduce((sum, { frame }) => sum + frame.length, 0)
  }
  send(frame: Buffer, _options: object, done: () => void): void {
    this.#waiting.push({ frame, done })
    if (!this.isPaused) setImmediate(() => this.drain())
  }
  drain(): void {
    if (this.isPaused) return
    for (const { frame, done } of this.#waiting.splice(0, this.onlyOne ? 1 : this.#waiting.length)) {
      this.frames.push(frame)
      this.heard.push(JSON.parse(frame.toString()))
      done()
    }
  }
  resume(): void {
    this.isPaused = false
    this.drain()
  }
  ping(): void {
    this.pings++
  }
  close(code: number, reason: string): void {
    this.closed = `${code} ${reason}`
  }
  terminate(): void {
    this.closed = 'terminated'
  }
  say(message: unknown): void {
    this.emit('message', Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)), false)
  }
  get seqs(): number[] {
    return this.heard.flatMap((message) => (message.type === 'batch' ? message.items.map(({ seq }) => seq) : []))
  }
  get types(): string[] {
    return this.heard.map(({ type }) => type)
  }
}

export const settle = async (turns = 30) => {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
}

export function startHub({
  limits = {},
  step = 3,
  size = 0,
  goesOn = false,
  ...change
}: Partial<HubParts> & { limits?: Partial<HubLimits>; step?: number; size?: number; goesOn?: boolean } = {}) {
  const stream = fakeStream(step, size, goesOn)
  const hub = new Hub({ seq: 0, replay: stream.replay, lastSeq: () => stream.last, log: silentLog, limits, ...change })
  const join = async (from: number | null): Promise<FakeSocket> => {
    const socket = new FakeSocket()
    hub.attach(socket as unknown as LiveSocket)
    socket.say({ type: 'hello', from })
    await settle()
    return socket
  }
  return { stream, hub, join }
}
export const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + 1 + i)

test('the fake socket counts what waits in it', () => {
  const socket = new FakeSocket()
  socket.isPaused = true
  socket.send(Buffer.from('{}'), {}, () => {})
  assert.equal(socket.bufferedAmount, 2)
  socket.resume()
  assert.equal(socket.bufferedAmount, 0)
})
