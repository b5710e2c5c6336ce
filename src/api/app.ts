// Requests to answers: the table of routes, the page, and what every answer carries. Errors end here, each as one sentence.
import { Hono } from 'hono'
import type { Log } from '../base/log.ts'
import type { ErrorAnswer } from '../wire/rest.ts'
import { Download, disposition } from './export.ts'
import { securityHeaders } from './guard.ts'
import { LIVE_PATH } from './live.ts'
import { OPENAPI_PATH, openapi } from './openapi.ts'
import { pageAnswer } from './page.ts'
import { NoParams, ParamError, readParams } from './params.ts'
import { ApiError, type Route, type RouteParts, routes } from './routes.ts'

export interface AppParts extends RouteParts {
  readonly version: string
  readonly pageDir: string | null // the built page; null: there is none
  readonly log: Log
}

export function apiApp(parts: AppParts): Hono {
  const app = new Hono()
  app.use(async (context, next) => {
    await next()
    const headers = securityHeaders(new URL(context.req.url).host)
    for (const [name, value] of Object.entries(headers)) context.res.headers.set(name, value)
  })
  for (const route of routes)
    app.get(route.path.replace('{id}', ':id'), (context) =>
      answer(parts, route, context.req.param('id') ?? '', new URL(context.req.url).searchParams),
    )
  const description = JSON.stringify(openapi(parts.version))
  app.get(OPENAPI_PATH, (context) => {
    readParams(NoParams, new URL(context.req.url).searchParams)
    return textAnswer(200, description)
  })
  app.get(LIVE_PATH, () => failure(400, `${LIVE_PATH} is a WebSocket; connect to it with one`))
  app.get('/api/*', (context) =>
    failure(
      404,
      `there is nothing at ${JSON.stringify(context.req.path.slice(0, 100))}; ${OPENAPI_PATH} lists what there is`,
    ),
  )
  app.get('*', (context) => pageAnswer(parts.pageDir, rawPath(context.req.url)))
  app.onError((error, context) => errorAnswer(parts.log, error, context.req.routePath))
  return app
}

async function answer(parts: AppParts, route: Route, id: string, query: URLSearchParams): Promise<Response> {
  if (route.params === NoParams) readParams(NoParams, query)
  const found = await route.handle(parts, id, query)
  if (found instanceof Download) return download(found)
  return textAnswer(200, typeof found === 'string' ? found : JSON.stringify(found), route.contentType)
}

// An error on the way cuts the answer off, so that nobody takes a part for the whole.
const download = ({ name, contentType, body }: Download): Response =>
  new Response(streamOf(body), {
    headers: {
      'content-type': `${contentType}; charset=utf-8`,
      'content-disposition': disposition(name),
      'cache-control': 'no-store',
    },
  })

function streamOf(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const pieces = body[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await pieces.return?.()
    },
  })
}

// The last of the places where an error is caught. What went wrong inside may quote what people typed, so neither the answer nor the
// log line repeats a message: the kind of the error and the place in the code are enough to find it.
function errorAnswer(log: Log, error: Error, route: string): Response {
  if (error instanceof ParamError) return failure(400, error.message)
  if (error instanceof ApiError) return failure(error.status, error.message)
  const places = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? []
  log.error(
    { route, error: error.name, kind: error.constructor.name, at: places.slice(0, 4).map((line) => line.trim()) },
    'a request failed',
  )
  return failure(500, 'the server could not answer this; its log has a line about it')
}

const failure = (status: number, error: string): Response =>
  textAnswer(status, JSON.stringify({ error } satisfies ErrorAnswer))

const textAnswer = (status: number, text: string, contentType = 'application/json'): Response =>
  new Response(text, {
    status,
    headers: { 'content-type': `${contentType}; charset=utf-8`, 'cache-control': 'no-store' },
  })

// Hono's own path is decoded in part.
const rawPath = (url: string): string => new URL(url).pathname
