// OpenClaw's files: which are read, as whose, and what its own lines mean. And the same lines under other names are the same events.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messagesOf } from '../../watcher/messages.ts'
import type { LineMeaning, LineSource } from '../source.ts'
import { openclaw } from './source.ts'

const files = openclaw.find((source): source is LineSource => source.reads === 'lines')!

type Entry = Readonly<Record<string, unknown>>
const lineOf = (value: Entry) => {
  const text = JSON.stringify(value)
  return { text, value, bytes: Buffer.from(text), damage: null }
}

function meanings(path: string, ...entries: readonly Entry[]): readonly LineMeaning[] {
  const file = { root: '/root', path }
  let memory = files.owner(file)!.memory
  return entries.map((value) => {
    const meaning = files.translate(lineOf(value), file, memory)
    memory = meaning.memory
    return meaning
  })
}

function idsOf(path: string, ...entries: readonly Entry[]): readonly string[] {
  const file = { root: '/root', path, inode: 1 }
  let memory = files.owner(file)!.memory
  return entries.flatMap((value, i) => {
    const line = { ...lineOf(value), offset: i * 7 + path.length, lineEnds: 0, piece: 0, utf8: true }
    const made = messagesOf(line, 1, files, file, memory, { host: 'h', user: 'u' })
    memory = made.memory
    return made.messages.map(({ id }) => id)
  })
}

const owners: readonly (readonly [string, string | null])[] = [
  ['main/sessions/s1.jsonl', 's1'],
  ['main/sessions/s1-topic-7.jsonl', 's1-topic-7'],
  ['main/sessions/s1.jsonl.reset.2026-02-18T10-29-06.856Z', 's1'],
  ['main/sessions/s1.jsonl.deleted.2026-02-18T10-29-06.856Z', 's1'],
  ['main/sessions/s1.jsonl.deleted.2026-09-18T10-29-06.856Z.zst', 's1'],
  ['main/sessions/s1.checkpoint.11111111-2222-4333-8444-555555555555.jsonl', 's1'],
  ['main/session-sqlite-import-archive/agent-main-main.s1.jsonl.imported-1757325600000', 's1'],
  ['main/session-sqlite-import-archive/s1.jsonl.imported-1757325600000', 's1'],
  ['main/sessions/sessions.json', null],
  ['main/sessions/s1.jsonl.lock', null],
  ['main/sessions/s1.trajectory.jsonl', null],
  ['main/sessions/s1.trajectory-path.json', null],
  ['main/agent/codex-home/sessions/rollout-1.jsonl', null],
  ['main/agent/openclaw-agent.sqlite', null],
  ['main/sessions/.jsonl', null],
]
for (const [path, session] of owners)
  test(`${path} is ${session === null ? 'no transcript' : `of ${session}`}`, () =>
    assert.equal(files.owner({ root: '/root', path })?.memory.session ?? null, session))

test('what is packed is unpacked', () => {
  assert.deepEqual(
    ['a.jsonl', 'a.jsonl.deleted.2026-09-18T10-29-06.856Z.zst'].map((path) => files.packed?.(path)),
    [null, 'zstd'],
  )
})

test('where it is looked for, under all its names', () => {
  const env = { OPENCLAW_STATE_DIR: '~/state/', OPENCLAW_DIR: '/dir', OPENCLAW_HOME: '/home2' }
  const paths = ['/h/state', '/dir', '/home2/.openclaw', '/home2', '/h/.openclaw', '/h/.clawdbot', '/h/.moltbot']
  for (const source of openclaw)
    assert.deepEqual(
      source.roots({ home: '/h', env, platform: 'linux' }).map(({ path }) => path),
      paths.map((path) => `${path}/agents`),
    )
})

const HEADER = { type: 'session', version: 3, id: 's1', timestamp: '2026-02-18T10:00:00.000Z', cwd: '/w/claw' }
const message = (id: string, parentId: string | null, role: string, more: object): Entry => ({
  type: 'message',
  id,
  parentId,
  timestamp: '2026-02-18T10:00:01.000Z',
  message: { role, ...more },
})
const mirror = {
  type: 'message',
  message: {
    role: 'assistant',
    provider: 'openclaw',
    model: 'delivery-mirror',
    content: 'done',
    timestamp: 1771408802000,
  },
}
const LINES: readonly Entry[] = [
  HEADER,
  message('a', null, 'user', { content: 'System: [2026-02-18 10:00 UTC] Chat DM from ann: hi\n\nhi' }),
  message('b', 'a', 'assistant', {
    content: [{ type: 'text', text: 'done' }],
    model: 'm',
    provider: 'p',
    usage: { input: 1, output: 2 },
  }),
  mirror,
]

test('a person’s words without what stands around them; the raw line keeps it', () => {
  const prompt = meanings('main/sessions/s1.jsonl', ...LINES)[1]!
  assert.deepEqual([prompt.parts[0]!.kind, prompt.parts[0]!.payload.text], ['message.user.prompt', 'hi'])
  assert.deepEqual([prompt.session, prompt.project], ['s1', 'w-claw'])
})

test('a message is pointed at where nothing stands around it', () => {
  const long = 'word '.repeat(100).trim()
  const text = meanings('main/sessions/s1.jsonl', message('a', null, 'user', { content: long }))[0]!.parts[0]!.payload
    .text
  assert.equal(typeof text === 'object' && text.at, '/message/content')
})

test('what OpenClaw says itself is no model’s, and what it says again is a repeat', () => {
  const [, , said, again, alone] = meanings('main/sessions/s1.jsonl', ...LINES, {
    ...mirror,
    message: { ...mirror.message, content: 'reminder sent', usage: { input: 0 }, openclawAbort: { aborted: true } },
  })
  assert.equal(said!.parts[0]!.payload.model, 'm')
  const { v: _, ...payload } = again!.parts[0]!.payload
  assert.deepEqual([again!.parts[0]!.kind, payload], ['system.repeat', { text: 'done' }])
  const { v: __, ...own } = alone!.parts[0]!.payload
  assert.deepEqual([alone!.parts[0]!.kind, own], ['message.assistant.text', { text: 'reminder sent', stop: 'aborted' }])
})

test('a prompt that came to nothing', () => {
  const error = (why: string): Entry => ({ type: 'custom', customType: 'openclaw:prompt-error', data: { error: why } })
  const [failed, stopped] = meanings('main/sessions/s1.jsonl', error('overloaded'), error('aborted'))
  assert.deepEqual([failed!.parts[0]!.kind, failed!.parts[0]!.payload.text], ['system.error', 'overloaded'])
  assert.equal(stopped!.parts[0]!.payload.injected, 'interrupt')
})

test('an archived session is the same events, lines without an id included', () => {
  const live = idsOf('main/sessions/s1.jsonl', ...LINES)
  assert.equal(new Set(live).size, live.length)
  assert.deepEqual(idsOf('main/sessions/s1.jsonl.reset.2026-02-19T10-29-06.856Z', ...LINES), live)
  assert.deepEqual(
    idsOf('main/session-sqlite-import-archive/agent-main-main.s1.jsonl.imported-1757325600000', ...LINES),
    live,
  )
})

test('a checkpoint of the session is the same events; under a header of its own it is kept as copies', () => {
  const path = 'main/sessions/s1.checkpoint.11111111-2222-4333-8444-555555555555.jsonl'
  assert.deepEqual(idsOf(path, ...LINES), idsOf('main/sessions/s1.jsonl', ...LINES))
  const apart = meanings(path, { ...HEADER, id: 'other', parentSession: '/s1.jsonl' }, ...LINES.slice(1))
  assert.deepEqual(
    apart.map(({ session, parts }) => [session, parts[0]!.payload.copied, parts[0]!.payload.parentSession]),
    LINES.map(() => ['s1', true, undefined]),
  )
  const live = new Set(idsOf('main/sessions/s1.jsonl', ...LINES))
  assert.ok(idsOf(path, { ...HEADER, id: 'other' }, ...LINES.slice(1)).every((id) => !live.has(id)))
})
