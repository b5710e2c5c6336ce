// What anybody may try on the port, over real sockets, byte by byte: each is refused in words where there is someone to hear them, and
// nothing of it is kept.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type ApiParts, createApi, type Listening } from './api.ts'
import { apiParts, askAt, SECRET_PROMPT } from './fixture.test.ts'

const dir = mkdtempSync(join(tmpdir(), 'openstory-attack-'))
const HUGE = 30_000_000
const said: string[] = []
const note = (fields: object, message: string) => void said.push(JSON.stringify({ ...fields, message }))
const log = { error: note, warn: note, info: note, debug: note }

let server: Listening
before(async () => {
  mkdirSync(join(dir, 'page/assets'), { recursive: true })
  writeFileSync(join(dir, 'page/index.html'), 'the page')
  writeFileSync(join(dir, 'page/assets/huge-00000000.js'), Buffer.alloc(HUGE, 'x'))
  writeFileSync(join(dir, 'private.txt'), 'a secret of the person')
  symlinkSync(join(dir, 'private.txt'), join(dir, 'page/assets/link.txt'))
  server = await start()
})
after(async () => {
  await server.close()
  rmSync(dir, { recursive: true, force: true })
})
function start(change: Partial<ApiParts> = {}): Promise<Listening> {
  return createApi(apiParts({ pageDir: join(dir, 'page'), log, ...change })).listen(0, '127.0.0.1')
}

interface Raw {
  readonly socket: Socket
  heard(): string
  // What was heard, once the other end has closed.
  readonly closed: Promise<string>
}
function raw(port: number, sent = ''): Raw {
  let heard = ''
  const socket = connect(port, '127.0.0.1')
  socket.setEncoding('latin1').on('data', (piece) => {
    heard += piece
  })
  socket.on('error', () => undefined) // reset is one way of closing
  if (sent !== '') socket.write(sent)
  return { socket, heard: () => heard, closed: new Promise((resolve) => socket.once('close', () => resolve(heard))) }
}
const own = () => `localhost:${server.port}`
const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: ${own()}\r\nConnection: close\r\n${more}\r\n`

const paths = [
  '/../private.txt',
  '/assets/../../private.txt',
  '/%2e%2e/private.txt',
  '/assets/%2e%2e%2f%2e%2e%2fprivate.txt',
  '/assets/..%5c..%5cprivate.txt',
  '/assets/..\\..\\private.txt',
  '/%252e%252e/private.txt',
  '/assets/..;/..;/private.txt',
  '//private.txt',
  '/assets/link.txt',
  '/private.txt%00.js',
  '/./../private.txt',
  `/${dir}/private.txt`,
  '/live/../../private.txt',
  '/api/../../private.txt',
  '/api/events/..%2f..%2f..%2fprivate.txt',
]
for (const path of paths)
  test(`no file outside the page is had by ${path.replace(dir, '…')}`, async () => {
    const answer = await raw(server.port, get(path)).closed
    assert.match(answer, /^HTTP\/1\.1 (200|400|404) /)
    assert.ok(!answer.includes('a secret of the person'))
  })

const upgrade = (headers: string) =>
  `GET /api/live HTTP/1.1\r\nHost: ${own()}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${headers}\r\n`
const refused: readonly (readonly [string, () => string, RegExp])[] = [
  [
    'a foreign name, as DNS rebinding has it',
    () => 'GET /api/sessions HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    /^HTTP\/1\.1 403 /,
  ],
  ['no name at all', () => 'GET /api/sessions HTTP/1.0\r\n\r\n', /^HTTP\/1\.1 403 /],
  ['two names', () => `GET /api/sessions HTTP/1.1\r\nHost: ${own()}\r\nHost: evil.example\r\n\r\n`, /^HTTP\/1\.1 403 /],
  [
    'a form of another page',
    () =>
      `POST /api/sessions HTTP/1.1\r\nHost: ${own()}\r\nOrigin: https://evil.example\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx`,
    /^HTTP\/1\.1 403 /,
  ],
  [
    'a form without an origin',
    () =>
      `POST /api/sessions HTTP/1.1\r\nHost: ${own()}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=b`,
    /^HTTP\/1\.1 405 /,
  ],
  [
    'a picture of another page',
    () => get('/api/sessions', 'Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n'),
    /^HTTP\/1\.1 403 /,
  ],
  ['a WebSocket of a foreign page', () => upgrade('Origin: https://evil.example\r\n'), /^HTTP\/1\.1 403 /],
  ['a WebSocket of a page that hides its origin', () => upgrade('Origin: null\r\n'), /^HTTP\/1\.1 403 /],
  ['a WebSocket under a foreign name', () => upgrade('').replace(own(), 'evil.example'), /^HTTP\/1\.1 403 /],
  [
    'a body, however large it says it is',
    () => get('/api/sessions', 'Content-Length: 99999999999\r\n'),
    /^HTTP\/1\.1 413 .*\{"error":"this server is only read: a request to it has no body"\}$/s,
  ],
  ['a body without an end', () => `${get('/', 'Transfer-Encoding: chunked\r\n')}ffffff\r\nxxxx`, /^HTTP\/1\.1 413 /],
  ['a length that is said twice', () => get('/', 'Content-Length: 0\r\nContent-Length: 5\r\n'), /^HTTP\/1\.1 400 /],
  ['both kinds of body', () => get('/', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n'), /^HTTP\/1\.1 400 /],
  ['a giant address', () => get(`/api/search?q=${'x'.repeat(20_000)}`), /^HTTP\/1\.1 431 /],
  ['a giant header', () => get('/', `X-Huge: ${'x'.repeat(20_000)}\r\n`), /^HTTP\/1\.1 431 /],
  ['thousands of headers', () => get('/', 'X-A: b\r\n'.repeat(5_000)), /^HTTP\/1\.1 431 /],
  ['a header with a line break of its own', () => get('/', 'X-A: b\rSet-Cookie: c=d\r\n'), /^HTTP\/1\.1 400 /],
  ['what is no HTTP', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['a tunnel to somewhere else', () => 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n', /^$/],
  [
    'a request for another server',
    () => `GET http://evil.example/ HTTP/1.1\r\nHost: ${own()}\r\n\r\n`,
    /^HTTP\/1\.1 400 /,
  ],
]
for (const [what, bytes, answer] of refused)
  test(`refused: ${what}`, async () => {
    const heard = await raw(server.port, bytes()).closed
    assert.match(heard, answer)
    assert.ok(!/^set-cookie|^access-control/im.test(heard), heard)
    assert.ok(!heard.includes(SECRET_PROMPT))
  })

test('escaped line breaks of an address come into no header and no log line', async () => {
  said.length = 0
  for (const path of [
    '/live\nSet-Cookie: a=b',
    '/%0d%0aSet-Cookie:%20a=b',
    '/api/sessions/%0d%0aInjected:%20x%1b[31m',
    '/api/search?q=%0d%0aInjected',
  ])
    assert.ok(!/^(set-cookie|injected)/im.test(await raw(server.port, get(path)).closed))
  assert.ok(!said.join().includes('njected'), said.join())
})

test('headers that come drop by drop, or never, end in time', async (t) => {
  const slow = await start({ limits: { headersMsMax: 300, requestMsMax: 300, checkMs: 50 } })
  t.after(() => slow.close())
  const dropping = raw(slow.port, 'GET / HTTP/1.1\r\nHost: localhost\r\n')
  const drop = setInterval(() => dropping.socket.write('X-A: b\r\n'), 20)
  const silent = raw(slow.port)
  assert.match(await dropping.closed, /^HTTP\/1\.1 408 /)
  clearInterval(drop)
  await silent.closed
})

// Until the server has room for one more; it hears of the end of a connection a moment later than whoever ends it.
async function untilAnswered(port: number): Promise<void> {
  for (;;) {
    const { status } = await askAt(port, '/api/sessions').catch(() => ({ status: 0 }))
    if (status === 200) return
  }
}

test('who asks for much and does not take it is let go of in time', async (t) => {
  const slow = await start({ limits: { idleMsMax: 200, connectionsMax: 1 } })
  t.after(() => slow.close())
  const stuck = connect(slow.port, '127.0.0.1')
  stuck.on('error', () => undefined)
  stuck.write(get('/assets/huge-00000000.js').replace(own(), `localhost:${slow.port}`))
  await new Promise((resolve) => stuck.once('readable', resolve)) // the answer has begun; nobody takes the rest
  await untilAnswered(slow.port)
  let taken = 0
  stuck.on('data', (piece) => {
    taken += piece.length
  })
  await new Promise((resolve) => stuck.once('close', resolve))
  assert.ok(taken < HUGE, `${taken} bytes: the rest was not sent`)
})

test('more connections than are taken are told so or dropped, and with room again all is well', async (t) => {
  const small = await start({ limits: { connectionsMax: 20 } })
  t.after(() => small.close())
  const connected = async (count: number) => {
    const many = Array.from({ length: count }, () => raw(small.port))
    await Promise.all(many.map(({ socket }) => new Promise((resolve) => socket.once('connect', resolve))))
    return many
  }
  const idle = await connected(20)
  const ask = `GET /api/sessions HTTP/1.1\r\nHost: localhost:${small.port}\r\n\r\n`
  assert.match(await raw(small.port, ask).closed, /^HTTP\/1\.1 503 .*all the connections it takes/s)
  const crowd = await connected(1_000)
  const answers = await Promise.all(crowd.map(({ closed }) => closed))
  assert.ok(answers.every((answer) => answer === ''))
  assert.ok(
    idle.every(({ socket }) => !socket.closed),
    'those that were there first stay',
  )
  for (const { socket } of idle) socket.destroy()
  await untilAnswered(small.port)
})
