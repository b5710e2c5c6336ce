// What is ours is for its owner alone, whatever the umask; and what people, agents and programs said stands in the record and nowhere else:
// not in a log line, at any level, whatever goes wrong.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { homeOfAgents } from '../testing/home-of-agents.ts'
import { eventually } from '../testing/scenario.ts'
import type { HealthAnswer, SessionsAnswer } from '../wire/rest.ts'

const MAIN = fileURLToPath(new URL('../cli/main.ts', import.meta.url))
const TOKEN = `ost_${'Zq7'.repeat(12)}`
const SECRET = `gh${'p_'}${'Xy9zW8'.repeat(6)}`
const onlyPosix = process.platform === 'win32' ? 'modes are of POSIX' : false

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-private-'))
  t.after(() => rmSync(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))
  return dir
}

function run(umask: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn('sh', ['-c', `umask ${umask}; exec "$0" "$@"`, process.execPath, MAIN, ...args], {
    env: { PATH: process.env.PATH, CI: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  return { child, said: () => said, done: new Promise<number | null>((resolve) => child.on('close', resolve)) }
}

// Everything below, and the folder itself, that others could read, write or enter.
function open(dir: string): string[] {
  const names = ['.', ...readdirSync(dir, { recursive: true, encoding: 'utf8' })]
  return names.flatMap((name) => {
    const stat = lstatSync(join(dir, name), { throwIfNoEntry: false }) // it may be gone by now
    return stat === undefined || (stat.mode & 0o077) === 0 ? [] : [`${name} ${(stat.mode & 0o777).toString(8)}`]
  })
}

async function serving(t: TestContext, umask: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const server = run(umask, ['serve', '--no-open', '--port', '0', ...args], env)
  t.after(async () => {
    server.child.kill('SIGKILL')
    await server.done
  })
  const url = await eventually('it serves', () => /at (http\S+)/.exec(server.said())?.[1], 30_000)
  return { ...server, url: url as string }
}

for (const umask of ['000', '022'])
  test(`with a umask of ${umask} every file of ours is 0600 and every folder 0700, while it runs and after`, {
    skip: onlyPosix,
    timeout: 120_000,
  }, async (t) => {
    const agents = homeOfAgents('rhubarb')
    t.after(() => agents.remove())
    const dir = folder(t)
    const env = { HOME: agents.home, TMPDIR: dir }
    // So deep that the link has to be elsewhere.
    const data = join(dir, 'data'.padEnd(100, '-'))
    assert.equal(await run(umask, ['init', '--data-dir', data], env).done, 0)
    assert.equal(await run(umask, ['import', '--data-dir', data], env).done, 0)
    assert.deepEqual(open(data), [])
    const server = await serving(t, umask, ['--data-dir', data, '--host', '127.0.0.2'], env)
    const headers = { authorization: `Bearer ${readFileSync(join(data, 'token'), 'utf8').trim()}` }
    const events = async () => {
      const health = (await (await fetch(`${server.url}/api/health`, { headers })).json()) as HealthAnswer
      return Number(health.layers.find(({ name }) => name === 'store')?.facts.events)
    }
    const before = await events()
    agents.work('quince')
    await eventually('what came is kept', async () => (await events()) >= before + agents.agents.length, 30_000)
    const names = readdirSync(data, { recursive: true, encoding: 'utf8' })
    for (const kind of [
      /\.jsonl$/,
      /-wal$/,
      /-shm$/,
      /^token$/,
      /^cookie-key$/,
      /^running\.json$/,
      /^config\.toml$/,
      /^bus\/.+/,
      /^watcher\/copies\/.+/,
    ])
      assert.ok(
        names.some((name) => kind.test(name)),
        `${kind} is among them`,
      )
    const link = readdirSync(dir).find((name) => name.startsWith('openstory-'))
    assert.ok(link !== undefined && readdirSync(join(dir, link)).some((name) => name.endsWith('.sock')), 'the link')
    assert.deepEqual([open(data), open(join(dir, link))], [[], []])
    server.child.kill('SIGINT')
    await server.done
    assert.deepEqual(open(data), [])
    assert.equal(statSync(data).mode & 0o777, 0o700)
  })

test('a folder that somebody else may have put in the way of the link is not used, and that is said', {
  skip: onlyPosix,
}, async (t) => {
  const dir = folder(t)
  mkdirSync(join(dir, `openstory-${process.getuid!()}`))
  chmodSync(join(dir, `openstory-${process.getuid!()}`), 0o777)
  const deep = join(dir, 'data'.padEnd(100, '-'))
  const refused = run('022', ['import', '--data-dir', deep], { HOME: dir, TMPDIR: dir })
  assert.equal(await refused.done, 1)
  assert.match(refused.said(), /^openstory: \S+ is not this user’s alone; remove it, or choose a shorter --data-dir\n$/)
})

// Said in the transcripts, in requests, and as tokens, right and wrong.
const SAID = ['rhubarb', 'quince', 'Xy9zW8', 'Zq7Zq7', 'hunter2']

test('nothing that was said, asked or sent comes into what is logged, however loud and whatever goes wrong', {
  timeout: 120_000,
}, async (t) => {
  const agents = homeOfAgents(`rhubarb ${SECRET}`)
  t.after(() => agents.remove())
  const data = join(folder(t), 'data')
  const put = (path: string, text: string) => {
    mkdirSync(join(agents.home, path, '..'), { recursive: true })
    writeFileSync(join(agents.home, path), text)
  }
  // What no parser takes, each in its own way.
  put('.gemini/tmp/app/chats/session-2026-03-14T09-09-0f0e0d09.json', `{"messages": [rhubarb ${SECRET}`)
  put('.codex/sessions/2026/03/14/rollout-2026-03-14T09-00-09-x.jsonl.zst', `rhubarb ${SECRET}`)
  put('.hermes/profiles/odd/state.db', `rhubarb ${SECRET} is no database`.repeat(100))
  put(
    '.pi/agent/sessions/--x--/odd.jsonl',
    `rhubarb {"type":"session"\n{"type":"message","message":{"role":7,"content":"rhubarb"}}\n[1,"rhubarb"]\n"rhubarb"\n`,
  )
  const env = { HOME: agents.home, OPENSTORY_LOG: 'debug', OPENSTORY_TOKEN: TOKEN }
  const server = await serving(t, '022', ['--data-dir', data], env)
  const headers = { authorization: `Bearer ${TOKEN}` }
  await eventually(
    'what can be read is read',
    async () => {
      const { sessions } = (await (await fetch(`${server.url}/api/sessions`, { headers })).json()) as SessionsAnswer
      return agents.agents.every((agent) => sessions.some((session) => session.agent === agent))
    },
    30_000,
  )
  agents.work('quince')
  for (const path of [
    '/api/search?q=rhubarb',
    '/api/search?rhubarb=1',
    '/api/sessions/rhubarb',
    '/api/events/rhubarb',
    '/rhubarb/..%2f',
    `/?token=${TOKEN}`,
    '/api/sentences?since=rhubarb',
    '/api/rhubarb',
  ])
    await fetch(server.url + path, { headers, redirect: 'manual' })
  for (const wrong of ['Bearer hunter2hunter2', `Basic ${TOKEN}`])
    await fetch(`${server.url}/api/health`, { headers: { authorization: wrong } })
  await breakOff(Number(new URL(server.url).port))
  await babble(server.url.replace('http', 'ws'), headers)
  appendFileSync(join(agents.home, '.pi/agent/sessions/--x--/odd.jsonl'), 'quince\n')
  // The store goes away under it: questions fail inside.
  for (const name of readdirSync(join(data, 'log'), { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('.jsonl')) writeFileSync(join(data, 'log', name), '')
  const failed = await fetch(`${server.url}/api/search?q=rhubarb`, { headers })
  assert.equal(failed.status, 500)
  await eventually('the failure is logged', () => server.said().includes('a request failed'))
  server.child.kill('SIGINT')
  await server.done

  const said = server.said()
  assert.match(said, /"level":(?:40|50)/)
  assert.match(said, /odd\.jsonl|is no database|state\.db|0f0e0d09/, 'trouble was told of by its file')
  for (const word of SAID)
    assert.ok(
      !said.includes(word),
      said.split('\n').find((line) => line.includes(word)),
    )
})

test('a password in a setting that is refused is not repeated', async (t) => {
  const refused = run('022', ['import', '--data-dir', folder(t), '--bus', 'kafka://app:hunter2@broker.example'], {})
  assert.equal(await refused.done, 1)
  assert.match(refused.said(), /--bus says bus kafka:\/\/app:••••@broker\.example;/)
})

// Bytes that are no request.
const breakOff = (port: number): Promise<unknown> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end('rhubarb quince\r\n\r\n'))
    socket
      .on('error', () => undefined)
      .on('close', resolve)
      .resume()
  })
const babble = (url: string, headers: Record<string, string>): Promise<unknown> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`${url}/api/live`, { headers })
    socket.on('open', () => socket.send('{"type":"rhubarb"}'))
    socket.on('error', () => undefined).on('close', resolve)
  })
