// The way from an HTTP upgrade to the hub: who may connect, how large a message may be, and a heartbeat.
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { MESSAGE_BYTES_MAX } from './client.ts'
import type { Hub } from './hub.ts'

export const LIVE_PATH = '/api/live'
const BEAT_MS = 30_000

// `refuse` says why this request is not answered, or null. Returns what stops it.
export function serveLive(
  server: Server,
  hub: Hub,
  refuse: (request: IncomingMessage) => { readonly status: number; readonly error: string } | null,
  beatMs = BEAT_MS,
): () => void {
  // Compression of each message costs eight times the work, and nothing is gained on one machine.
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_MAX,
    perMessageDeflate: false,
    clientTracking: false,
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A connection that breaks while it is being refused is no news.
    socket.on('error', () => socket.destroy())
    const refusal = refuse(request) ?? notLive(request)
    if (refusal !== null) return turnAway(socket, refusal.status, refusal.error)
    sockets.handleUpgrade(request, socket, head, (webSocket) => hub.attach(webSocket))
  })
  const beat = setInterval(() => hub.beat(), beatMs)
  beat.unref()
  return () => {
    clearInterval(beat)
    hub.close()
    sockets.close()
  }
}

const notLive = ({ url = '' }: IncomingMessage) =>
  url.split('?', 1)[0] === LIVE_PATH ? null : { status: 404, error: `the live stream is at ${LIVE_PATH}` }

function turnAway(socket: Duplex, status: number, error: string): void {
  const body = JSON.stringify({ error })
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
