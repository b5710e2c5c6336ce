// The link between the process that holds the stream and those that publish to it from outside (the watcher, the consumers' threads):
// frames over a local socket, [u32 length][u8 op][u32 request][body]. Bodies are runs of records, as they will stand on disk, or JSON.
import type { Socket } from 'node:net'
import type { PublishResult } from '../bus.ts'
import type { Memory } from './memory.ts'

export const OP = { publish: 1, flush: 2, state: 3, forget: 4, answer: 16, failure: 17, tail: 18 } as const

export interface Frame {
  readonly op: number
  readonly request: number
  readonly body: Buffer
}

const HEAD_BYTES = 9

export function writeFrame(socket: Socket, op: number, request: number, body: Uint8Array): boolean {
  const head = Buffer.allocUnsafe(HEAD_BYTES)
  head.writeUInt32LE(5 + body.length, 0)
  head.writeUInt8(op, 4)
  head.writeUInt32LE(request, 5)
  socket.cork()
  socket.write(head)
  const flowing = socket.write(body)
  socket.uncork()
  return flowing
}

export const jsonBody = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
export const readJson = (body: Buffer): unknown => JSON.parse(body.toString())

export function resultsBody(results: readonly PublishResult[]): Buffer {
  const body = Buffer.allocUnsafe(results.length * 9)
  for (const [i, { seq, duplicate }] of results.entries()) {
    body.writeDoubleLE(seq, i * 9)
    body.writeUInt8(duplicate ? 1 : 0, i * 9 + 8)
  }
  return body
}

export function readResults(body: Buffer): PublishResult[] {
  return Array.from({ length: body.length / 9 }, (_, i) => ({
    seq: body.readDoubleLE(i * 9),
    duplicate: body[i * 9 + 8] === 1,
  }))
}

// Calls `each` with every whole frame as its bytes arrive. A body is written straight into memory of its own, from `memory`.
export function onFrames(socket: Socket, memory: Memory, each: (frame: Frame) => void): void {
  const head = Buffer.alloc(HEAD_BYTES)
  let headHeld = 0
  let body: Buffer = head
  let bodyHeld = 0
  socket.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; ) {
      if (headHeld < HEAD_BYTES) {
        const bytes = chunk.copy(head, headHeld, at)
        headHeld += bytes
        at += bytes
        if (headHeld < HEAD_BYTES) return
        body = memory.take(head.readUInt32LE(0) - (HEAD_BYTES - 4))
        bodyHeld = 0
      }
      const bytes = chunk.copy(body, bodyHeld, at)
      bodyHeld += bytes
      at += bytes
      if (bodyHeld < body.length) return
      headHeld = 0
      each({ op: head[4]!, request: head.readUInt32LE(5), body })
    }
  })
}
