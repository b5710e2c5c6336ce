// The way from an HTTP upgrade to the hub: who may connect, how large a message may be, and a heartbeat.
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { MESSAGE_BYTES_MAX } from './client.ts'
import type { Hub } from './hub.ts'

export const LIVE_PATH = '/api/live'
const BEAT_MS = 30_000

// Why a request is not answered.
interface Turned {
  readonly status: number
  readonly error: string
  readonly headers?: Readonly<Record<string, string>>
}

// `refuse` says why this request is not answered, or null. Returns what stops it.
export function serveLive(
  server: Server,
  hub: Hub,
  refuse: (request: IncomingMessage) => Turned | null,
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
    if (refusal !== null) return turnAway(socket, refusal)
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

const notLive = ({ url = '' }: IncomingMessage): Turned | null =>
  url.split('?', 1)[0] === LIVE_PATH ? null : { status: 404, error: `the live stream is at ${LIVE_PATH}` }

function turnAway(socket: Duplex, { status, error, headers = {} }: Turned): void {
  const body = JSON.stringify({ error })
  const lines = Object.entries({
    connection: 'close',
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('')}\r\n${body}`)
}
