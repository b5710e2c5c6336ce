// The port and its door: who is answered, who has to show a token, and how a browser comes by its cookie.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { type Log, reasonOf } from '../base/log.ts'
import { Access, type Keys } from './access.ts'
import {
  bind,
  boundedServer,
  closeServer,
  crowdOf,
  LIMITS,
  ListenError,
  type Listening,
  type ListenLimits,
} from './connections.ts'
import { isLoopback, type Names, namesOf, type Refusal, refusalOf, securityHeaders } from './guard.ts'
import type { Hub } from './hub.ts'
import { serveLive } from './live.ts'

// Whether the one who asks sits at this machine.
export interface Nearness {
  readonly isNear: boolean
}

export interface ListenParts {
  readonly fetch: (request: Request, nearness: Nearness) => Promise<Response> | Response
  readonly hub: Hub
  readonly log: Log
  readonly nowMs: () => number
  readonly keys?: Keys | null // null: whoever reaches the port may read
  readonly allowHosts?: readonly string[]
  readonly limits?: Partial<ListenLimits>
}

export const LOGIN_PATH = '/api/login'
export async function listen(parts: ListenParts, port: number, host: string): Promise<Listening> {
  const { hub, log, keys = null, allowHosts = [] } = parts
  if (keys === null && (!isLoopback(host) || allowHosts.length > 0))
    throw new ListenError(`${host} may be reached by others; OpenStory listens there only with a token (--token).`)
  const limits = { ...LIMITS, ...parts.limits }
  const server = boundedServer(limits)
  await bind(server, port, host)
  server.on('error', (error) => log.error({ why: reasonOf(error) }, 'the server cannot take connections'))
  const taken = (server.address() as AddressInfo).port
  const door = new Door(
    namesOf(host, taken, allowHosts),
    keys === null ? null : new Access(keys, taken, parts.nowMs),
    crowdOf(server, limits),
  )
  const answers = new WeakMap<IncomingMessage, Nearness>()
  const handle = getRequestListener(
    (request, env) => parts.fetch(request, answers.get((env as { incoming: IncomingMessage }).incoming) ?? FAR),
    { overrideGlobalObjects: false },
  )
  server.on('request', (request, response) => {
    if (door.answers(request, response)) return
    answers.set(request, { isNear: isNear(request) })
    void handle(request, response)
  })
  const stopLive = serveLive(server, hub, (request) => door.refusalOf(request))
  return { port: taken, close: () => closeServer(server, stopLive) }
}

class Door {
  readonly #names: Names
  readonly #access: Access | null
  readonly #isCrowd: (request: IncomingMessage) => boolean

  constructor(names: Names, access: Access | null, isCrowd: (request: IncomingMessage) => boolean) {
    this.#names = names
    this.#access = access
    this.#isCrowd = isCrowd
  }

  refusalOf(request: IncomingMessage): Refusal | null {
    if (this.#isCrowd(request))
      return { status: 503, error: 'this server has all the connections it takes; close some and try again' }
    const refusal = refusalOf(askedOf(request), this.#names)
    if (refusal !== null || this.#access === null || !pathOf(request).startsWith('/api/')) return refusal
    const { authorization, cookie } = request.headers
    return this.#access.refusalOf({ authorization, cookie, address: addressOf(request) })
  }

  // True: the request was turned away, or signed in, and is over.
  answers(request: IncomingMessage, response: ServerResponse): boolean {
    const host = this.#names.example
    const refusal = this.refusalOf(request)
    if (refusal !== null) turnAway(response, refusal, host)
    else if (this.#access === null) return false
    else if (pathOf(request) === LOGIN_PATH) letIn(response, 204, { 'set-cookie': this.#cookie(request) }, host)
    else return this.#takesToken(request, response)
    return true
  }

  // A page opened once with ?token=… gives its cookie and goes on without it, so that the token stays in no history and no Referer.
  #takesToken(request: IncomingMessage, response: ServerResponse): boolean {
    const { pathname, search } = new URL(`http://host${request.url}`)
    const query = new URLSearchParams(search)
    const token = query.get('token')
    if (token === null) return false
    query.delete('token')
    // One slash: an address that begins with two is another server's.
    const location = pathname.replace(/^\/+/, '/') + (query.size > 0 ? `?${query}` : '')
    const refusal = this.#access!.tokenRefusal(token, addressOf(request))
    if (refusal?.status === 429) turnAway(response, refusal, this.#names.example)
    else
      letIn(
        response,
        303,
        { location, ...(refusal === null && { 'set-cookie': this.#cookie(request) }) },
        this.#names.example,
      )
    return true
  }

  #cookie(request: IncomingMessage): string {
    return this.#access!.cookieFor(request.headers['x-forwarded-proto'] === 'https')
  }
}

const FAR: Nearness = { isNear: false }
const NEAR_ADDRESS = /^(?:127\.|::1$|::ffff:127\.)/
const NEAR_NAME = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i

// From this machine, under a name for this machine, and not handed on by a proxy.
export const isNear = ({ socket, headers }: IncomingMessage): boolean =>
  NEAR_ADDRESS.test(socket.remoteAddress ?? '') &&
  NEAR_NAME.test(headers.host ?? '') &&
  ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via'].every((name) => headers[name] === undefined)

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0]!
const addressOf = ({ socket }: IncomingMessage): string => socket.remoteAddress ?? ''

const askedOf = ({ method = '', url = '', headers, headersDistinct, socket }: IncomingMessage) => ({
  method,
  url,
  host: headersDistinct.host?.length === 1 ? headers.host : undefined, // two of them are two opinions of who we are
  origin: headers.origin,
  fetchSite: headers['sec-fetch-site'] as string | undefined,
  hasBody: headers['transfer-encoding'] !== undefined || !/^0*$/.test(headers['content-length'] ?? ''),
  localAddress: socket.localAddress,
})

function turnAway(response: ServerResponse, { status, error, headers }: Refusal, host: string): void {
  const body = JSON.stringify({ error })
  response.writeHead(status, {
    ...securityHeaders(host),
    'content-length': Buffer.byteLength(body),
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'close',
    ...headers,
  })
  response.end(body)
}

function letIn(response: ServerResponse, status: number, headers: Record<string, string>, host: string): void {
  response.writeHead(status, { ...securityHeaders(host), 'cache-control': 'no-store', ...headers })
  response.end()
}
