// The description of the API for other programs: OpenAPI 3.1, made from the table of routes, whose schemas are JSON Schema already.
import Type from 'typebox'
import { ErrorSchema } from './answers.ts'
import { type Route, routes } from './routes.ts'

export const OPENAPI_PATH = '/api/openapi.json'

const REASONS: Readonly<Record<number, string>> = {
  400: 'a parameter does not fit; the sentence names it',
  403: 'asked from another origin or under a foreign name',
  404: 'there is no such thing',
  409: 'the id may be any of several sessions; the sentence names them',
  500: 'the server could not answer; its log has a line about it',
}

export function openapi(version: string): object {
  const self: Pick<Route, 'path' | 'summary' | 'params' | 'answers' | 'contentType' | 'fails'> = {
    path: OPENAPI_PATH,
    summary: 'This description',
    params: Type.Object({}),
    answers: Type.Object({}),
    contentType: 'application/json',
    fails: [400],
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'OpenStory',
      version,
      description:
        'Every session of every coding agent on this machine, read only. The live stream is a WebSocket at /api/live; ' +
        'its messages are described in src/wire/live.ts.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: Object.fromEntries([...routes, self].map((route) => [route.path, { get: operationOf(route) }])),
  }
}

function operationOf(route: Omit<Route, 'handle'>): object {
  const fails = [...route.fails, 403, 500].sort()
  return {
    operationId: operationId(route.path),
    summary: route.summary,
    parameters: [...pathParameters(route.path), ...queryParameters(route)],
    responses: {
      200: { description: 'the answer', content: { [route.contentType]: { schema: plain(route.answers) } } },
      ...Object.fromEntries(fails.map((status) => [status, failure(REASONS[status]!)])),
    },
  }
}

const failure = (description: string) => ({
  description,
  content: { 'application/json': { schema: plain(ErrorSchema) } },
})

// /api/sessions/{id}/turns → sessionsByIdTurns
const operationId = (path: string): string =>
  path
    .replace('/api/', '')
    .replace('.json', '')
    .replace('{id}', 'by-id')
    .replace(/[/-](\w)/g, (_, letter: string) => letter.toUpperCase())

const pathParameters = (path: string): object[] =>
  path.includes('{id}') ? [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] : []

function queryParameters({ params }: Pick<Route, 'params'>): object[] {
  return Object.entries(params.properties).map(([name, schema]) => {
    const { description, ...rest } = plain(schema) as Record<string, unknown>
    return { name, in: 'query', required: false, description, schema: rest }
  })
}

// A TypeBox schema without what only TypeBox knows.
const plain = (schema: object): object => JSON.parse(JSON.stringify(schema))
