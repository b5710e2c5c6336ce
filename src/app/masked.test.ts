// A secret in a transcript: kept to the byte, given back to the byte by exports, and masked wherever else text leaves the house.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { routes } from '../api/routes.ts'
import { silentLog } from '../base/log.ts'
import { runCli } from '../testing/cli.ts'
import { eventually, header, scenario } from '../testing/scenario.ts'
import type { LiveItem, ServerMessage } from '../wire/live.ts'
import type { RecordsAnswer, SearchAnswer } from '../wire/rest.ts'
import { serve } from './serve.ts'

const TOKEN = `gh${'p_'}${'a1B2c3'.repeat(6)}`
const PASSWORD = 'hunter2hunter2'
const KEY = `-----BEGIN PRIVATE KEY-----\n${'MIIEvQIBADANBgkqhkiG9w0BAQEF'.repeat(3)}\n-----END PRIVATE KEY-----`
const HIDDEN = ['a1B2c3a1', PASSWORD, 'MIIEvQIBADAN']
const SAID = `Rotate ${TOKEN} for postgres://app:${PASSWORD}@db.example/app`

const at = (second: number) => new Date(Date.UTC(2026, 2, 14, 9, 30, second)).toISOString()
const command = `psql postgres://app:${PASSWORD}@db.example/app && gh auth login --with-token ${TOKEN}`
const holding = [
  { id: 'h1', at: at(1), kind: 'ask', text: SAID },
  {
    id: 'h2',
    at: at(2),
    kind: 'call',
    call: 'c',
    tool: 'Shell',
    does: 'run',
    target: command,
    input: { command },
    model: 'm1',
    request: 'r',
    tokens: { input: 1, output: 1 },
  },
  {
    id: 'h3',
    at: at(3),
    kind: 'result',
    call: 'c',
    failed: true,
    exit: 1,
    text: `${'quiet '.repeat(40)}${KEY}\n${TOKEN} refused`,
  },
  { id: 'h4', at: at(4), kind: 'say', text: `I could not rotate ${TOKEN}.`, model: 'm1', request: 's', stop: 'stop' },
  { id: 'h5', at: at(5), kind: 'done', ms: 4_000 },
]
const assertHidden = (text: string, where: string) => {
  for (const secret of HIDDEN)
    assert.ok(!text.includes(secret), `${where}: ${text.slice(Math.max(0, text.indexOf(secret) - 80)).slice(0, 160)}`)
}

test('no answer of the server shows a secret but the one that gives an event as it stands in the log, and neither does the stream', async (t) => {
  const machine = scenario()
  machine.write('s1', [header('s1'), ...holding])
  const serving = await serve(machine.config, silentLog)
  t.after(async () => {
    await serving.stop()
    machine.remove()
  })
  const get = async (path: string) => (await fetch(serving.url + path)).text()
  const records = async () => JSON.parse(await get('/api/sessions/example:s1/records')) as RecordsAnswer
  await eventually('it is kept', async () => (await records()).records?.length === 6)
  await eventually('it is told', async () => (await get('/api/sessions/example:s1/turns')).includes('"sentence"'))
  const event = (await records()).records[1]!.id
  const asked: Readonly<Record<string, string>> = {
    '/api/day': '?since=2026-03-14&until=2026-03-15',
    '/api/search': '?q=rotate',
    '/api/cost': '?by=prompt',
    '/api/blame': '?path=/home/dev/bakery/x.ts',
  }
  let told = 0
  for (const { path, contentType } of routes) {
    const text = await get(path.replace('{id}', path.includes('/events/') ? event : 'example:s1') + (asked[path] ?? ''))
    if (contentType === 'application/cloudevents+json') assert.ok(text.includes(TOKEN), 'to the byte')
    else assertHidden(text, path)
    if (text.includes('ghp_•••• (GitHub token)')) told++
  }
  assert.ok(told >= 7, `${told} of them tell of it`)

  // A document to hand on has none; the bytes have them for this machine alone.
  const far = { 'x-forwarded-for': '10.0.0.9' }
  for (const format of ['markdown', 'html', 'cloudevents', 'native']) {
    const path = `/api/sessions/example:s1/export?format=${format}`
    const [here, there] = [await get(path), await (await fetch(serving.url + path, { headers: far })).text()]
    if (['markdown', 'html'].includes(format)) assertHidden(here, format)
    else assert.ok(here.includes(TOKEN) && here.includes(PASSWORD), format)
    assertHidden(there, `${format}, from elsewhere`)
    assert.ok(there.includes('Rotate ghp'), format)
  }

  // Looked for by the secret, the event is found and the secret is not shown.
  await eventually('it can be found', async () => (await get('/api/search?q=rotate')).includes('snippet":[{'))
  for (const q of ['rotate', 'a1B2c3*', TOKEN, PASSWORD, '"refused"', 'MIIEvQIBADAN*']) {
    const answer = JSON.parse(await get(`/api/search?q=${encodeURIComponent(q)}`)) as SearchAnswer
    for (const { snippet } of answer.hits) assertHidden(snippet.map(({ text }) => text).join(''), q)
  }

  const frames: string[] = []
  const items: LiveItem[] = []
  const socket = new WebSocket(`${serving.url.replace('http', 'ws')}/api/live`)
  t.after(() => socket.terminate())
  socket.on('open', () => socket.send('{"type":"hello","from":0}'))
  socket.on('message', (data) => {
    frames.push(String(data))
    const message = JSON.parse(String(data)) as ServerMessage
    if (message.type === 'batch') items.push(...message.items)
  })
  await eventually('all of it was streamed', () => new Set(items.map(({ kind }) => kind)).size === 3)
  machine.write(
    's1',
    holding.map((record) => ({ ...record, id: `${record.id}-again` })),
  )
  await eventually(
    'more came live',
    () => frames.join().includes('refused') && items.filter(({ kind }) => kind === 'record').length >= 11,
  )
  assertHidden(frames.join(), 'live')
})

test('no verb of the command line shows a secret but those that give bytes', async (t) => {
  const machine = scenario()
  t.after(() => machine.remove())
  machine.write('s1', [header('s1'), ...holding])
  const run = (...args: string[]) => runCli([...args, '--data-dir', machine.config.dataDir], { HOME: machine.dir })
  const imported = await run('import', '--watch', `example=${machine.sessions}`)
  assert.equal(imported.code, 0, imported.stderr)
  const tellers = [
    ['sessions'],
    ['show', 's1'],
    ['story', 's1'],
    ['story', 's1', '--unfold'],
    ['story', '--day', '2026-03-14'],
    ['search', 'rotate'],
    ['cost', '--by', 'prompt'],
    ['doctor'],
  ]
  for (const verb of tellers)
    for (const form of [[], ['--json']]) {
      const { code, stdout, stderr } = await run(...verb, ...form)
      assert.equal(code, 0, stderr)
      assertHidden(stdout + stderr, [...verb, ...form].join(' '))
      if (!['cost', 'doctor'].includes(verb[0]!)) assert.match(stdout, /ghp_•••• \(GitHub token\)/, verb.join(' '))
    }
  for (const format of ['markdown', 'html']) {
    const { stdout } = await run('export', 's1', '--format', format)
    assertHidden(stdout, format)
    assert.match(stdout, /ghp\\?_•••• \(GitHub token\)/)
  }
  const native = await run('export', 's1', '--format', 'native')
  assert.equal(native.stdout, machine.write('copy', [header('s1'), ...holding]))
  assert.ok((await run('export', 's1')).stdout.includes(TOKEN))
})

test('what a transcript says to a terminal is text and no order', async (t) => {
  const machine = scenario()
  t.after(() => machine.remove())
  const orders = '\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u009b31m'
  machine.write('s1', [
    header('s1'),
    { id: '1', at: at(1), kind: 'ask', text: `look ${orders} here` },
    { id: '2', at: at(2), kind: 'done' },
  ])
  const run = (...args: string[]) => runCli([...args, '--data-dir', machine.config.dataDir], { HOME: machine.dir })
  await run('import', '--watch', `example=${machine.sessions}`)
  for (const verb of [['sessions'], ['show', 's1'], ['story', 's1', '--unfold'], ['search', 'look']]) {
    const { stdout } = await run(...verb)
    assert.match(stdout, /look/, verb.join(' '))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    assert.ok(!/[\x00-\x08\x0b-\x1f\x7f-\x9f]/.test(stdout), JSON.stringify(stdout))
  }
})
