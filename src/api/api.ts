// The API as one part: REST, the page and the live stream on one port of this machine.
import { type AppParts, apiApp } from './app.ts'
import type { Listening } from './connections.ts'
import { Hub, type HubParts } from './hub.ts'
import { type ListenParts, listen } from './listen.ts'

export { ListenError, type Listening } from './connections.ts'

export interface ApiParts extends AppParts, Pick<ListenParts, 'keys' | 'allowHosts' | 'limits'> {
  readonly live: Omit<HubParts, 'log'>
}

export interface Api {
  readonly hub: Hub
  // Answers without asking where a request came from: for tests and for whoever has checked that.
  readonly fetch: (request: Request) => Promise<Response> | Response
  // Throws ListenError with one sentence that says what to do. Port 0 takes a free one.
  readonly listen: (port: number, host: string) => Promise<Listening>
}

export function createApi(parts: ApiParts): Api {
  const hub = new Hub({ ...parts.live, log: parts.log })
  const app = apiApp(parts)
  return {
    hub,
    fetch: (request) => app.fetch(request, { isNear: true }),
    listen: (port, host) =>
      listen({ ...parts, hub, fetch: (request, near) => app.fetch(request, { ...near }) }, port, host),
  }
}
