// Where a token is asked for: programs send it, browsers get a cookie for it once, everyone else gets nothing. Over real sockets.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { WebSocket } from 'ws'
import { Access } from './access.ts'
import { createApi, ListenError, type Listening } from './api.ts'
import { apiParts, askAt, texts } from './fixture.test.ts'
import { namesOf, refusalOf } from './guard.ts'

const TOKEN = 'a-token-of-this-test'
const keys = { token: TOKEN, cookieKey: 'drawn here' }
const dir = mkdtempSync(join(tmpdir(), 'openstory-access-'))
const ID = '1'.padStart(32, '0')
const secret = `gh${'p_'}${'a1B2c3'.repeat(6)}`
const holding = texts[0]!.replace('"line":  1', `"line":  1, "said": "${secret}"`)

let nowMs = 0
let server: Listening
before(async () => {
  writeFileSync(join(dir, 'index.html'), 'the page')
  server = await open()
})
after(async () => {
  await server.close()
  rmSync(dir, { recursive: true })
})
function open(): Promise<Listening> {
  return createApi(
    apiParts({
      keys,
      pageDir: dir,
      allowHosts: ['story.example'],
      nowMs: () => nowMs,
      reader: { ...apiParts().reader, eventText: async () => holding },
    }),
  ).listen(0, '127.0.0.1')
}
const ask = (path: string, headers: Record<string, string> = {}) => askAt(server.port, path, headers)
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const cookieIn = (headers: Record<string, string | string[] | undefined>): string => {
  const [cookie = ''] = (headers['set-cookie'] ?? []) as string[]
  return cookie
}
const signIn = async (): Promise<string> => cookieIn((await ask('/api/login', bearer(TOKEN))).headers).split(';')[0]!

test('without a token nothing of the record is told, and the page, which holds none, is shown', async () => {
  for (const path of ['/api/sessions', '/api/health', '/api/openapi.json', '/api/nothing', '/api/login', '/api/live']) {
    const answer = await ask(path)
    assert.equal(answer.status, 401, path)
    assert.match(JSON.parse(answer.text).error, /asks for its token/)
    assert.equal(answer.headers['www-authenticate'], 'Bearer realm="OpenStory"')
    assert.equal(cookieIn(answer.headers), '')
  }
  for (const path of ['/', '/live/x']) assert.equal((await ask(path)).text, 'the page')
})

test('with the token all is told, with any other nothing', async () => {
  assert.equal((await ask('/api/sessions', bearer(TOKEN))).status, 200)
  for (const wrong of ['', 'x', `${TOKEN}x`, TOKEN.slice(1), TOKEN.toUpperCase()])
    assert.equal((await ask('/api/sessions', bearer(wrong))).status, 401, wrong)
  assert.equal((await ask(`/api/sessions?token=${TOKEN}`)).status, 401, 'not in the address of an answer')
  assert.equal((await ask('/api/sessions', { authorization: `Basic ${TOKEN}` })).status, 401)
})

test('the page opened once with the token goes on under a clean address with a cookie that is as good', async () => {
  nowMs += 120_000
  const answer = await ask(`/live/a%20b?event=1&token=${TOKEN}&only=x`)
  assert.deepEqual([answer.status, answer.headers.location], [303, '/live/a%20b?event=1&only=x'])
  assert.deepEqual([answer.headers['referrer-policy'], answer.headers['cache-control']], ['no-referrer', 'no-store'])
  const cookie = cookieIn(answer.headers)
  assert.match(cookie, /^openstory-\d+=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/)
  assert.ok(!cookie.includes(TOKEN))
  const held = { cookie: `other=1; ${cookie.split(';')[0]}` }
  assert.equal((await ask('/api/sessions', held)).status, 200)
  const secure = await ask(`/?token=${TOKEN}`, { 'x-forwarded-proto': 'https' })
  assert.match(cookieIn(secure.headers), /; Secure$/)
})

test('a wrong token in the address leads to the page without a cookie, and no address leads away', async () => {
  nowMs += 120_000
  const wrong = await ask('/?token=nope')
  assert.deepEqual([wrong.status, wrong.headers.location, cookieIn(wrong.headers)], [303, '/', ''])
  for (const path of ['//evil.example/', '/\\evil.example/', '///evil.example', '//evil.example\\@x/'])
    assert.match((await ask(`${path}?token=${TOKEN}`)).headers.location as string, /^\/[^/\\]/)
})

test('the form of the page signs in with the token alone', async () => {
  const answer = await ask('/api/login', bearer(TOKEN))
  assert.equal(answer.status, 204)
  assert.equal((await ask('/api/sessions', { cookie: await signIn() })).status, 200)
  assert.equal((await ask('/api/login', bearer('wrong'))).status, 401)
})

test('a page of another site cannot sign anybody in, cookie or not', async () => {
  const cookie = await signIn()
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }] as Record<
    string,
    string
  >[]) {
    assert.equal((await ask('/api/sessions', { ...headers, cookie })).status, 403)
    assert.equal((await ask(`/?token=${TOKEN}`, headers)).status, 403)
  }
})

test('the live stream asks as well, and takes the cookie or the token', async () => {
  const url = `ws://127.0.0.1:${server.port}/api/live`
  const opened = (headers: Record<string, string>) =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(url, { headers })
      socket.on('open', () => {
        resolve('open')
        socket.close()
      })
      socket.on('error', (error) => resolve(error.message))
    })
  assert.match(await opened({}), /401/)
  assert.match(await opened(bearer('wrong')), /401/)
  assert.equal(await opened(bearer(TOKEN)), 'open')
  assert.equal(await opened({ cookie: await signIn() }), 'open')
})

test('the name that was allowed is answered at any port, another is not', async () => {
  for (const host of ['story.example', 'STORY.example:443', `story.example:${server.port}`]) {
    assert.equal((await ask('/api/sessions', { host, ...bearer(TOKEN) })).status, 200, host)
    assert.equal((await ask('/api/sessions', { host, origin: `https://${host}`, ...bearer(TOKEN) })).status, 200, host)
  }
  for (const host of ['example', 'my.story.example', 'story.example.evil.example'])
    assert.equal((await ask('/api/sessions', { host, ...bearer(TOKEN) })).status, 403, host)
})

test('what the log holds is told as it stands there at this machine alone; elsewhere its secrets are masked', async () => {
  const near = await ask(`/api/events/${ID}`, bearer(TOKEN))
  assert.equal(near.text, holding)
  for (const far of [{ host: 'story.example' }, { 'x-forwarded-for': '10.0.0.9' }] as Record<string, string>[]) {
    const { text } = await ask(`/api/events/${ID}`, { ...far, ...bearer(TOKEN) })
    assert.deepEqual(text.match(/gh[^"]+/)?.[0], 'ghp_•••• (GitHub token)')
    assert.equal(JSON.parse(text).id, ID)
  }
})

test('after ten wrong tokens an address waits and its tokens are not looked at; others and cookies go on', () => {
  let nowMs = 0
  const access = new Access(keys, 3002, () => nowMs)
  const cookie = access.cookieFor(false).split(';')[0]
  const asked = (token: string, address: string) =>
    access.refusalOf({ authorization: `Bearer ${token}`, cookie: undefined, address })?.status ?? 200
  for (let i = 0; i < 10; i++) assert.equal(asked('wrong', '10.0.0.1'), 401)
  assert.equal(asked('wrong', '10.0.0.1'), 429)
  assert.equal(asked(TOKEN, '10.0.0.1'), 429)
  assert.equal(asked(TOKEN, '10.0.0.2'), 200)
  assert.equal(access.refusalOf({ authorization: undefined, cookie, address: '10.0.0.1' }), null)
  assert.equal(access.refusalOf({ authorization: undefined, cookie: undefined, address: '10.0.0.1' })?.status, 401)
  assert.match(access.tokenRefusal(TOKEN, '10.0.0.1')?.headers?.['retry-after'] ?? '', /^[1-6]$/)
  nowMs += 6_000
  assert.equal(asked(TOKEN, '10.0.0.1'), 200)
  // A whole household of IPv6 is one; the memory of them has a limit.
  for (let i = 0; i < 10; i++) asked('wrong', `2001:db8:1:1::${i}`)
  assert.equal(asked(TOKEN, '2001:db8:1:1::ff'), 429)
  for (let i = 0; i < 1_000; i++) asked('wrong', `10.1.${i >> 8}.${i & 255}`)
  assert.equal(asked(TOKEN, '2001:db8:1:1::ff'), 200)
})

test('another token, or another machine, makes another cookie', () => {
  const cookieOf = (token: string, cookieKey: string) => new Access({ token, cookieKey }, 1, () => 0).cookieFor(false)
  const all = [cookieOf('a', 'k'), cookieOf('b', 'k'), cookieOf('a', 'l')]
  assert.equal(new Set(all).size, 3)
})

test('no address that others may reach is bound without a token, and with one it is', async () => {
  for (const host of ['0.0.0.0', '::', '192.168.1.2', '127.0.0.2'])
    await assert.rejects(createApi(apiParts()).listen(0, host), ListenError)
  await assert.rejects(createApi(apiParts({ allowHosts: ['story.example'] })).listen(0, '127.0.0.1'), ListenError)
  const other = await createApi(apiParts({ keys })).listen(0, '127.0.0.2')
  await other.close()
})

const names: readonly (readonly [string, string, string, string | undefined, boolean])[] = [
  ['its own address', '192.168.1.2', '192.168.1.2:3002', '192.168.1.2', true],
  ['another port', '192.168.1.2', '192.168.1.2:80', '192.168.1.2', false],
  ['the address it was reached at', '0.0.0.0', '10.0.0.5:3002', '10.0.0.5', true],
  ['that of both kinds', '::', '10.0.0.5:3002', '::ffff:10.0.0.5', true],
  ['an IPv6 one', '::', '[fd00::1]:3002', 'fd00::1', true],
  ['an address it was not reached at', '0.0.0.0', '10.0.0.6:3002', '10.0.0.5', false],
  ['a name, however it was reached', '0.0.0.0', 'evil.example:3002', '10.0.0.5', false],
  ['the address of all addresses', '0.0.0.0', '0.0.0.0:3002', '10.0.0.5', false],
  ['the address it was reached at, bound to one', '127.0.0.1', '10.0.0.5:3002', '10.0.0.5', false],
]
for (const [what, bound, host, localAddress, isOurs] of names)
  test(`bound to ${bound}, ${what} is ${isOurs ? '' : 'not '}answered`, () => {
    const asked = {
      method: 'GET',
      url: '/',
      host,
      origin: undefined,
      fetchSite: undefined,
      hasBody: false,
      localAddress,
    }
    assert.equal(refusalOf(asked, namesOf(bound, 3002))?.status, isOurs ? undefined : 403)
  })
