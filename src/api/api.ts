// The API as one part: REST, the page and the live stream on one port of this machine.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { type Log, reasonOf } from '../base/log.ts'
import { type AppParts, apiApp } from './app.ts'
import { localHosts, type Refusal, refusalOf, securityHeaders } from './guard.ts'
import { Hub, type HubParts } from './hub.ts'
import { serveLive } from './live.ts'

export interface ApiParts extends AppParts {
  readonly live: Omit<HubParts, 'log'>
}

export interface Listening {
  readonly port: number
  readonly close: () => Promise<void>
}

export interface Api {
  readonly hub: Hub
  // Answers without asking where a request came from: for tests and for whoever has checked that.
  readonly fetch: (request: Request) => Promise<Response> | Response
  // Throws ListenError with one sentence that says what to do. Port 0 takes a free one.
  readonly listen: (port: number, host: string) => Promise<Listening>
}

export class ListenError extends Error {}

const HEADER_BYTES_MAX = 16 * 1024
const REQUEST_MS_MAX = 30_000

export function createApi(parts: ApiParts): Api {
  const hub = new Hub({ ...parts.live, log: parts.log })
  const app = apiApp(parts)
  return {
    hub,
    fetch: (request) => app.fetch(request),
    listen: (port, host) => listen(app.fetch, hub, parts.log, port, host),
  }
}

async function listen(fetch: Api['fetch'], hub: Hub, log: Log, port: number, host: string): Promise<Listening> {
  if (!['127.0.0.1', '::1', 'localhost'].includes(host))
    throw new ListenError(`${host} is not this machine alone; OpenStory listens on 127.0.0.1 or ::1 only.`)
  const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, requestTimeout: REQUEST_MS_MAX, keepAlive: true })
  await bind(server, port, host)
  server.on('error', (error) => log.error({ why: reasonOf(error) }, 'the server cannot take connections'))
  const taken = (server.address() as AddressInfo).port
  const hosts = localHosts(taken)
  const refuse = (request: IncomingMessage) => refusalOf(askedOf(request), hosts)
  const handle = getRequestListener(fetch, { overrideGlobalObjects: false })
  server.on('request', (request, response) => {
    const refusal = refuse(request)
    if (refusal === null) void handle(request, response)
    else turnAway(response, refusal, [...hosts][0]!)
  })
  const stopLive = serveLive(server, hub, refuse)
  const close = () =>
    new Promise<void>((resolve) => {
      stopLive()
      server.close(() => resolve())
      // Browsers keep connections open; whoever still reads an answer gets a moment to do so.
      setTimeout(() => server.closeAllConnections(), 500).unref()
      server.closeIdleConnections()
    })
  return { port: taken, close }
}

function bind(server: Server, port: number, host: string): Promise<void> {
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
  return `Port ${port} on ${host} cannot be opened (${code ?? message}); start with another --port N or --host.`
}

const askedOf = ({ method = '', url = '', headers }: IncomingMessage) => ({
  method,
  url,
  host: headers.host,
  origin: headers.origin,
  fetchSite: headers['sec-fetch-site'] as string | undefined,
})

function turnAway(response: ServerResponse, { status, error }: Refusal, host: string): void {
  response.writeHead(status, {
    ...securityHeaders(host),
    'content-type': 'application/json; charset=utf-8',
    connection: 'close',
    ...(status === 405 && { allow: 'GET, HEAD' }),
  })
  response.end(JSON.stringify({ error }))
}
