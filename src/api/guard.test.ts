// Who is answered and who is not, over real HTTP on a free port of this machine.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { after, before, test } from 'node:test'
import { createApi, ListenError, type Listening } from './api.ts'
import { apiParts, askAt } from './fixture.test.ts'

let server: Listening
before(async () => {
  server = await createApi(apiParts()).listen(0, '127.0.0.1')
})
after(() => server.close())
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  askAt(server.port, path, headers, method)

const own = () => `localhost:${server.port}`
const strangers: readonly (readonly [string, () => Record<string, string>, string, number])[] = [
  ['a foreign name for this machine (DNS rebinding)', () => ({ host: `evil.example:${server.port}` }), 'GET', 403],
  ['a name that only begins like ours', () => ({ host: `localhost.evil.example:${server.port}` }), 'GET', 403],
  ['our name with another port', () => ({ host: 'localhost:1' }), 'GET', 403],
  ['our name without a port', () => ({ host: 'localhost' }), 'GET', 403],
  ['a foreign origin', () => ({ host: own(), origin: 'https://evil.example' }), 'GET', 403],
  ['an origin of another port', () => ({ host: own(), origin: 'http://localhost:1' }), 'GET', 403],
  ['an origin that is hidden', () => ({ host: own(), origin: 'null' }), 'GET', 403],
  ['a request of another site', () => ({ host: own(), 'sec-fetch-site': 'cross-site' }), 'GET', 403],
  ['a request of another program on this machine', () => ({ host: own(), 'sec-fetch-site': 'same-site' }), 'GET', 403],
  ['POST', () => ({ host: own() }), 'POST', 405],
  ['DELETE', () => ({ host: own() }), 'DELETE', 405],
  [
    'OPTIONS, so that no preflight is ever answered',
    () => ({ host: own(), origin: `http://${own()}` }),
    'OPTIONS',
    405,
  ],
]
for (const [what, headers, method, status] of strangers)
  test(`${status} for ${what}`, async () => {
    for (const path of ['/api/sessions', '/']) {
      const answer = await ask(path, headers(), method)
      assert.equal(answer.status, status)
      assert.equal(typeof JSON.parse(answer.text).error, 'string')
      assert.equal(answer.headers['access-control-allow-origin'], undefined)
    }
  })

test('our own names, origins and pages are answered', async () => {
  for (const name of ['localhost', '127.0.0.1', '[::1]', 'LOCALHOST']) {
    const host = `${name}:${server.port}`
    for (const headers of [
      { host },
      { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' },
      { host, 'sec-fetch-site': 'none' },
    ])
      assert.equal((await ask('/api/sessions', headers)).status, 200, JSON.stringify(headers))
  }
})

test('HEAD answers like GET without a body', async () => {
  const answer = await ask('/api/sessions', {}, 'HEAD')
  assert.deepEqual(
    [answer.status, answer.text, answer.headers['content-type']],
    [200, '', 'application/json; charset=utf-8'],
  )
})

test('a huge header is turned away, and so is a request for another server', async () => {
  assert.equal((await ask('/api/sessions', { 'x-huge': 'x'.repeat(20_000) })).status, 431)
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () =>
      socket.write(`GET http://evil.example/api/sessions HTTP/1.1\r\nHost: ${own()}\r\n\r\n`),
    )
    socket.once('data', (data) => {
      resolve(data.toString())
      socket.destroy()
    })
  })
  assert.match(answer, /^HTTP\/1\.1 400 /)
})

test('a taken port is told in one sentence that says what to do', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as { port: number }
  await assert.rejects(createApi(apiParts()).listen(port, '127.0.0.1'), (error) => {
    assert.ok(error instanceof ListenError)
    assert.equal(error.message, `Port ${port} on 127.0.0.1 is taken; stop the other program or start with --port N.`)
    return true
  })
  other.close()
})
