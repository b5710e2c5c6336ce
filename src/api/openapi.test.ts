// The description says what is there, and what is there is as described: every address is asked and its answer held against its schema.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { Errors } from 'typebox/value'
import { writtenJson } from '../testing/written-json.ts'
import { ErrorSchema } from './answers.ts'
import { createApi } from './api.ts'
import { A, apiParts, B, OVEN, REPO } from './fixture.test.ts'
import { openapi } from './openapi.ts'
import { routes } from './routes.ts'

interface Operation {
  readonly operationId: string
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly schema: { readonly type: string }
  }[]
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >
}
const document = openapi('1.2.3') as {
  readonly openapi: string
  readonly paths: Readonly<Record<string, { readonly get: Operation }>>
}

const FILE = new URL('../../schemas/openapi.json', import.meta.url)

test('schemas/openapi.json is what the code makes (write it anew with OPENSTORY_WRITE_SCHEMAS=1)', () => {
  const made = writtenJson(openapi('0'))
  if (process.env.OPENSTORY_WRITE_SCHEMAS === '1') writeFileSync(FILE, made)
  assert.equal(readFileSync(FILE, 'utf8'), made)
})

test('every address is described, and the description is one of OpenAPI 3.1', async () => {
  assert.equal(document.openapi, '3.1.0')
  assert.deepEqual(Object.keys(document.paths), [...routes.map(({ path }) => path), '/api/openapi.json'])
  const ids = Object.values(document.paths).map(({ get }) => get.operationId)
  assert.equal(new Set(ids).size, ids.length)
  for (const { get } of Object.values(document.paths))
    for (const parameter of get.parameters) {
      assert.match(parameter.in, /^(path|query)$/)
      assert.match(parameter.schema.type, /^(string|integer)$/, parameter.name)
    }
  const served = await createApi(apiParts()).fetch(new Request('http://x/api/openapi.json'))
  assert.deepEqual(await served.json(), JSON.parse(JSON.stringify(document)))
})

const EVENT = '1'.padStart(32, '0')
const examples = [
  ['/api/sessions', '/api/sessions?limit=2&words=x&agent=invented&project=p&before=c'],
  ['/api/sessions/{id}', `/api/sessions/${encodeURIComponent(A)}`],
  ['/api/sessions/{id}/records', '/api/sessions/aaaa-1/records?limit=10'],
  ['/api/sessions/{id}/records', `/api/sessions/${encodeURIComponent(B)}/records?agent=sub1&around=x`],
  ['/api/sessions/{id}/turns', '/api/sessions/aaaa-1/turns'],
  ['/api/sessions/{id}/timeline', '/api/sessions/aaaa-1/timeline'],
  ['/api/sessions/{id}/outline', '/api/sessions/aaaa-1/outline'],
  ['/api/sessions/{id}/moments', '/api/sessions/aaaa-1/moments'],
  ['/api/sessions/{id}/story', '/api/sessions/aaaa-1/story'],
  ['/api/sessions/{id}/tools', '/api/sessions/aaaa-1/tools'],
  ['/api/sentences', '/api/sentences?limit=5&since=2026-01-01&project=home-dev-app&verb=ran&file=a'],
  ['/api/day', '/api/day?since=2026-11-01&until=2026-11-02'],
  ['/api/search', '/api/search?q=parseQuery&limit=1&offset=0&rank=1'],
  ['/api/search', '/api/search'],
  ['/api/search', '/api/search?q=parseQuery&facets=1'],
  ['/api/search/facets', '/api/search/facets?q=parseQuery agent:invented'],
  ['/api/cost', '/api/cost'],
  ['/api/cost', '/api/cost?by=prompt&tz=Europe/Berlin&since=2026-11-01&until=2026-11-01&project=home-dev-app&limit=5'],
  ['/api/cost/requests', '/api/cost/requests'],
  ['/api/cost/requests', '/api/cost/requests?by=tool&key=Bash&session=aaaa-1&agent=invented'],
  ['/api/files', '/api/files?words=query&under=/home/dev&sort=cost&read=1&aside=1&limit=5&offset=0'],
  ['/api/files', '/api/files?session=aaaa-1'],
  ['/api/files/touches', '/api/files/touches?path=/home/dev/app/notes/query.md'],
  ['/api/files/touches', '/api/files/touches?path=src/query.ts&what=read'],
  ['/api/turns/{id}/files', `/api/turns/${EVENT}/files`],
  ['/api/blame', `/api/blame?path=${encodeURIComponent(OVEN)}`],
  ['/api/commits', `/api/commits?repo=${REPO}&revs=main..HEAD&limit=5`],
  ['/api/commits', `/api/commits?repo=${REPO}&offset=20`],
  ['/api/checkouts', '/api/checkouts'],
  ['/api/commits/{id}', `/api/commits/HEAD?repo=${REPO}`],
  ['/api/turns/{id}/commits', `/api/turns/${EVENT}/commits?repo=${REPO}&limit=5`],
  ['/api/events/{id}', `/api/events/${EVENT}`],
  ['/api/events/{id}/trace', `/api/events/${EVENT}/trace`],
  ['/api/formats', '/api/formats'],
  ['/api/health', '/api/health'],
  ['/api/openapi.json', '/api/openapi.json'],
] as const
for (const [path, asked] of examples)
  test(`the answer of ${asked} is as described`, async () => {
    const answer = await createApi(apiParts()).fetch(new Request(`http://x${asked}`))
    assert.equal(answer.status, 200)
    const type = answer.headers.get('content-type')!.split(';')[0]!
    const { schema } = document.paths[path]!.get.responses[200]!.content[type]!
    assert.deepEqual(Errors(schema, await answer.json()), [])
  })

test('every address has an example here', () => {
  const files = ['/api/sessions/{id}/export'] // export.test.ts has them
  assert.deepEqual(
    [...new Set([...examples.map(([path]) => path as string), ...files])].sort(),
    Object.keys(document.paths).sort(),
  )
})

test('failures are as described, and described where they happen', async () => {
  const failing = [
    ['/api/sessions', '/api/sessions?limit=x', 400],
    ['/api/sessions/{id}', '/api/sessions/nobody', 404],
    ['/api/sessions/{id}/records', '/api/sessions/aaaa/records', 409],
    ['/api/sessions/{id}/export', '/api/sessions/aaaa-1/export?format=pdf', 400],
    ['/api/sessions/{id}/export', '/api/sessions/nobody/export', 404],
    ['/api/cost', '/api/cost?by=nothing', 400],
    ['/api/cost', '/api/cost?tz=Nowhere/Land', 400],
    ['/api/cost', '/api/cost?since=soon', 400],
    ['/api/cost/requests', '/api/cost/requests?session=nobody', 404],
    ['/api/files', '/api/files?sort=smell', 400],
    ['/api/files', '/api/files?session=nobody', 404],
    ['/api/files/touches', '/api/files/touches?path=', 400],
    ['/api/files/touches', '/api/files/touches?path=a&what=smelled', 400],
    ['/api/turns/{id}/files', '/api/turns/x/files', 404],
    ['/api/commits', '/api/commits', 400],
    ['/api/commits', '/api/commits?repo=/etc', 404],
    ['/api/commits', `/api/commits?repo=${REPO}&limit=0`, 400],
    ['/api/commits/{id}', '/api/commits/HEAD', 400],
    ['/api/commits/{id}', `/api/commits/a..b?repo=${REPO}`, 400],
    ['/api/turns/{id}/commits', '/api/turns/x/commits', 400],
    ['/api/turns/{id}/commits', '/api/turns/x/commits?repo=/etc', 404],
    ['/api/blame', '/api/blame', 400],
    ['/api/blame', '/api/blame?path=/home/dev/app/nobody.ts', 404],
    ['/api/events/{id}', '/api/events/x', 404],
    ['/api/openapi.json', '/api/openapi.json?x=1', 400],
  ] as const
  for (const [path, asked, status] of failing) {
    const answer = await createApi(apiParts()).fetch(new Request(`http://x${asked}`))
    assert.equal(answer.status, status, asked)
    assert.deepEqual(Errors(ErrorSchema, await answer.json()), [])
    assert.ok(document.paths[path]!.get.responses[status], `${status} of ${path}`)
  }
})

test('a schema is not so wide that anything fits', () => {
  const { schema } = document.paths['/api/sessions']!.get.responses[200]!.content['application/json']!
  assert.notDeepEqual(Errors(schema, { sessions: [{ id: 1 }], next: null, total: 0, seq: 0, labels: {} }), [])
})
