// The bus from another process or thread than the one that holds it. Publishes go over the link and are sent again after a reconnect
// (the duplicate window makes that harmless); reads go straight to the segments.
import { createConnection, type Socket } from 'node:net'
import { retryDelayMs } from '../../base/retry.ts'
import { type Bus, BusError, type BusState } from '../bus.ts'
import { type Frame, jsonBody, OP, onFrames, readJson, readResults, writeFrame } from './frames.ts'
import { Memory } from './memory.ts'
import { readingSide } from './reading.ts'
import { recordsOf } from './record.ts'
import { socketPath } from './socket.ts'
import { LocalTail } from './tail.ts'

interface Request {
  readonly op: number
  readonly body: Buffer
  readonly resolve: (body: Buffer) => void
  readonly reject: (error: Error) => void
}

export function connectEmbeddedBus(dir: string): Bus {
  const tail = new LocalTail()
  const memory = new Memory()
  const link = new Link(socketPath(dir), tail, memory)
  const reading = readingSide(dir, tail, () => link.ready())
  return {
    async publish(messages) {
      if (messages.length === 0) return []
      const records = recordsOf(messages, memory)
      try {
        return readResults(await link.ask(OP.publish, records))
      } finally {
        memory.give(records)
      }
    },
    flush: async () => void (await link.ask(OP.flush, Buffer.alloc(0))),
    state: async () => readJson(await link.ask(OP.state, Buffer.alloc(0))) as BusState,
    forget: async (name) => void (await link.ask(OP.forget, jsonBody(name))),
    consume: reading.consume,
    read: reading.read,
    async close() {
      await reading.stopAll()
      link.close()
    },
  }
}

class Link {
  readonly #path: string
  readonly #tail: LocalTail
  readonly #memory: Memory
  #socket: Socket | null = null
  #requests = new Map<number, Request>()
  #lastRequest = 0
  #attempt = 0
  #closed = false
  readonly #told = Promise.withResolvers<void>()

  constructor(path: string, tail: LocalTail, memory: Memory) {
    this.#path = path
    this.#tail = tail
    this.#memory = memory
    this.#told.promise.catch(() => undefined) // nobody may be waiting when it is closed
    this.#connect()
  }

  // Resolves when the other side has said once how far the stream reaches.
  ready(): Promise<void> {
    return this.#told.promise
  }

  ask(op: number, body: Buffer): Promise<Buffer> {
    if (this.#closed) return Promise.reject(new BusError('the bus is closed'))
    return new Promise((resolve, reject) => {
      const request = ++this.#lastRequest
      this.#requests.set(request, { op, body, resolve, reject })
      if (this.#socket) writeFrame(this.#socket, op, request, body)
    })
  }

  close(): void {
    this.#closed = true
    this.#socket?.destroy()
    const error = new BusError('the bus is closed')
    this.#told.reject(error)
    for (const { reject } of this.#requests.values()) reject(error)
    this.#requests.clear()
  }

  #connect(): void {
    const socket = createConnection(this.#path)
    socket.on('connect', () => {
      this.#socket = socket
      this.#attempt = 0
      for (const [request, { op, body }] of this.#requests) writeFrame(socket, op, request, body)
    })
    socket.on('error', () => undefined) // 'close' follows and tries again
    socket.on('close', () => {
      this.#socket = null
      if (!this.#closed) setTimeout(() => this.#closed || this.#connect(), retryDelayMs(this.#attempt++, 20, 1_000))
    })
    onFrames(socket, this.#memory, (frame) => this.#hear(frame))
  }

  #hear({ op, request, body }: Frame): void {
    if (op === OP.tail) {
      this.#tail.advance(readJson(body) as number)
      this.#told.resolve()
      return
    }
    const waiting = this.#requests.get(request)
    this.#requests.delete(request)
    if (op === OP.answer) waiting?.resolve(body)
    else waiting?.reject(new BusError(readJson(body) as string))
  }
}
