// Connections and their limits: whoever is slow, silent, too much or too many is told so where it can hear it, and ended.
import { createServer, type IncomingMessage, type Server } from 'node:http'

export interface ListenLimits {
  readonly connectionsMax: number // answered; as many again are told to come later, all others are dropped
  readonly headerBytesMax: number // with the address
  readonly headersMsMax: number // until a request's headers are there, also of one that never begins
  readonly requestMsMax: number
  readonly idleMsMax: number // in which not a byte goes either way
  readonly checkMs: number
}

export interface Listening {
  readonly port: number
  readonly close: () => Promise<void>
}

export class ListenError extends Error {}

export const LIMITS: ListenLimits = {
  connectionsMax: 512,
  headerBytesMax: 16 * 1024,
  headersMsMax: 10_000,
  requestMsMax: 30_000,
  idleMsMax: 120_000,
  checkMs: 2_000,
}

export function boundedServer(limits: ListenLimits): Server {
  const server = createServer({
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headersMsMax,
    requestTimeout: limits.requestMsMax,
    connectionsCheckingInterval: limits.checkMs,
    keepAlive: true,
  })
  server.maxConnections = 2 * limits.connectionsMax
  server.setTimeout(limits.idleMsMax)
  return server
}

// How many connections there are, WebSockets among them; says of one whether it is too many.
export function crowdOf(
  server: Server,
  { connectionsMax, headersMsMax }: ListenLimits,
): (request: IncomingMessage) => boolean {
  let open = 0
  const tooMany = new WeakSet<object>()
  server.on('connection', (socket) => {
    open++
    socket.once('close', () => open--)
    if (open <= connectionsMax) return
    tooMany.add(socket)
    setTimeout(() => socket.destroy(), Math.min(1_000, headersMsMax)).unref()
  })
  return ({ socket }) => tooMany.has(socket)
}

export function bind(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(new ListenError(whyNot(cause, port, host), { cause })),
    )
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      resolve()
    })
  })
}

function whyNot({ code, message }: NodeJS.ErrnoException, port: number, host: string): string {
  if (code === 'EADDRINUSE') return `Port ${port} on ${host} is taken; stop the other program or start with --port N.`
  if (code === 'EACCES')
    return `Port ${port} on ${host} is not for everyone to open; start with --port N, N above 1023.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is no address of this machine; start with --host 127.0.0.1, or 0.0.0.0 for all of its addresses.`
  return `Port ${port} on ${host} cannot be opened (${code ?? message}); start with another --port N or --host.`
}

export function closeServer(server: Server, stopLive: () => void): Promise<void> {
  return new Promise((resolve) => {
    stopLive()
    server.close(() => resolve())
    // Browsers keep connections open; whoever still reads an answer gets a moment to do so.
    setTimeout(() => server.closeAllConnections(), 500).unref()
    server.closeIdleConnections()
  })
}
