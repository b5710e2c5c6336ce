// Whose a line is: its thread, its lane, what was copied from where, and tokens counted once.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Usage } from '../../event/payload.ts'
import type { LineMeaning } from '../source.ts'
import { jsonIn } from '../values.ts'
import { codex } from './source.ts'

const FILE = 'sessions/2026/01/01/rollout-2026-01-01T10-00-00-child.jsonl'

// Ids of version 7 begin with their millisecond; these are minutes apart.
const idAt = (minute: number): string => {
  const hex = Date.UTC(2026, 0, 1, 10, minute).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

type Line = Readonly<Record<string, unknown>>
const AT = '2026-01-01T10:00:00.000Z'
const line = (type: string, payload: object, more: Line = {}): Line => ({ timestamp: AT, type, payload, ...more })
const event = (type: string, more: object = {}, extra: Line = {}): Line => line('event_msg', { type, ...more }, extra)
const answer = (text: string, more: Line = {}): Line =>
  line('response_item', { type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] }, more)

function meanings(path: string, ...lines: readonly Line[]): readonly LineMeaning[] {
  const file = { root: '/root', path }
  let memory = codex.owner(file)!.memory
  return lines.map((value) => {
    const meaning = codex.translate(
      { text: JSON.stringify(value), value, bytes: new Uint8Array(), damage: null },
      file,
      memory,
    )
    memory = meaning.memory
    return meaning
  })
}
const copied = (all: readonly LineMeaning[]) => all.map(({ parts }) => parts[0]!.payload.copied === true)

test('a rollout is its thread’s, wherever it lies and however it is packed', () => {
  const name = 'rollout-2026-01-01T10-00-00-019b0000-0000-7000-8000-000000000001.jsonl'
  const places = [`sessions/2026/01/01/${name}`, name, `sessions/2026/01/01/${name}.zst`]
  const owners = places.map((path) => codex.owner({ root: '/r', path }))
  assert.equal(owners[0]!.memory.session, '019b0000-0000-7000-8000-000000000001')
  for (const owner of owners) assert.deepEqual(owner, owners[0])
  assert.deepEqual(
    places.map((path) => codex.packed!(path)),
    [null, null, 'zstd'],
  )
  assert.equal(codex.owner({ root: '/r', path: 'a/.jsonl' }), null)
})

test('where Codex is looked for', () => {
  const roots = codex.roots({ home: '/h', env: { CODEX_HOME: '~/c/' }, platform: 'linux' }).map(({ path }) => path)
  assert.deepEqual(roots, [
    '/h/c/sessions',
    '/h/c/archived_sessions',
    '/h/.codex/sessions',
    '/h/.codex/archived_sessions',
  ])
})

test('the first line says which session, project, place and version it is', () => {
  const [first, later] = meanings(
    FILE,
    line('session_meta', { id: 't-1', cwd: '/home/dev/my.app', cli_version: '0.150.0', git: { branch: 'main' } }),
    line('session_meta', { id: 't-1', cwd: '/home/dev/my.app', cli_version: '0.151.0', git: { branch: 'main' } }),
  )
  assert.deepEqual([first!.session, first!.project, first!.agentId], ['t-1', 'home-dev-my-app', null])
  assert.equal(first!.parts[0]!.kind, 'system.session_start')
  const { v: _, ...payload } = first!.parts[0]!.payload
  assert.deepEqual(payload, { cwd: '/home/dev/my.app', branch: 'main', version: '0.150.0' })
  assert.deepEqual([later!.parts[0]!.kind, later!.parts[0]!.payload.version], ['system.notice', '0.151.0'])
})

const SPAWN = {
  source: { subagent: { thread_spawn: { parent_thread_id: 'p', agent_role: 'explorer', agent_nickname: 'Curie' } } },
}

test('a subagent’s thread is a lane of its parent’s session, and of the first one’s where it names that', () => {
  const [own, task] = meanings(
    FILE,
    line('session_meta', { id: 'c', cwd: '/w', ...SPAWN }),
    event('user_message', { message: 'look' }),
  )
  assert.deepEqual([own!.session, own!.agentId, own!.parts[0]!.kind], ['p', 'c', 'system.agent'])
  assert.equal(own!.parts[0]!.payload.agentType, 'explorer')
  assert.deepEqual([task!.parts[0]!.kind, task!.parts[0]!.payload.injected], ['message.user.injected', 'delegated'])
  const [nested] = meanings(FILE, line('session_meta', { id: 'c', session_id: 'first', ...SPAWN }))
  assert.deepEqual([nested!.session, nested!.agentId], ['first', 'c'])
})

test('a message of another agent that begins a subagent’s turn is its task; a later one is not', () => {
  const message = (text: string) =>
    line('response_item', { type: 'agent_message', author: '/root', content: [{ type: 'input_text', text }] })
  const all = meanings(
    FILE,
    line('session_meta', { id: 'c', ...SPAWN }),
    event('task_started'),
    message('look'),
    message('also there'),
  )
  assert.deepEqual(
    all.slice(2).map(({ parts }) => parts[0]!.payload.injected),
    ['delegated', 'agent_message'],
  )
})

test('the parent says which call began which lane', () => {
  const spawn = { type: 'function_call', name: 'spawn_agent', arguments: '{"message":"look"}', call_id: 'g' }
  const item = {
    type: 'SubAgentActivity',
    id: 'g',
    kind: 'started',
    agent_thread_id: 'c',
    agent_path: '/root/explorer',
  }
  const [, , began, result] = meanings(
    FILE,
    line('session_meta', { id: 'p' }),
    line('response_item', spawn),
    event('item_completed', { item }),
    line('response_item', { type: 'function_call_output', call_id: 'g', output: '{"task_name":"/root/explorer"}' }),
  )
  assert.deepEqual([began!.session, began!.agentId, began!.parts[0]!.kind], ['p', 'c', 'system.agent'])
  assert.deepEqual([began!.parts[0]!.payload.parentCall, began!.parts[0]!.payload.agentType], ['g', 'explorer'])
  assert.deepEqual([result!.agentId, result!.parts[0]!.payload.result?.agentId], [null, 'c'])
})

test('a fork’s copies end where a turn began after the fork', () => {
  const all = meanings(
    FILE,
    line('session_meta', { id: idAt(30), forked_from_id: 'p', cwd: '/w' }),
    line('session_meta', { id: 'p', cwd: '/w' }),
    event('task_started', { turn_id: idAt(10) }),
    answer('old'),
    event('task_started', { turn_id: idAt(31) }), // in the same millisecond as the copies
    answer('new'),
  )
  assert.deepEqual(copied(all), [false, true, true, true, false, false])
  assert.equal(all[0]!.parts[0]!.payload.parentSession, 'p')
  assert.ok(all.every(({ session }) => session === idAt(30)))
})

test('copies whose turns do not say when they began end with the pause behind them', () => {
  const all = meanings(
    FILE,
    line('session_meta', { id: 'c', forked_from_id: 'p', ...SPAWN }),
    event('task_started', { turn_id: 't1' }),
    answer('old'),
    event('task_started', { turn_id: 'c1' }, { timestamp: '2026-01-01T10:00:01.000Z' }),
    answer('new', { timestamp: '2026-01-01T10:00:01.001Z' }),
  )
  assert.deepEqual(copied(all), [false, true, true, false, false])
})

test('a paginated subagent says with which line its own begin', () => {
  const all = meanings(
    FILE,
    line(
      'session_meta',
      { id: 'c', history_mode: 'paginated', subagent_history_start_ordinal: 2, ...SPAWN },
      { ordinal: 0 },
    ),
    answer('old', { ordinal: 1 }),
    answer('new', { ordinal: 2 }),
    answer('newer', { ordinal: 1 }), // ordinals were seen to be used again
  )
  assert.deepEqual(copied(all), [false, true, false, false])
})

test('a fork that inherits by reference copied nothing, and a thread taken back goes on in another file', () => {
  const base = (thread_id: string) => ({ history_base: { thread_id, end_ordinal_exclusive: 9, end_byte_offset: 99 } })
  const fork = meanings(FILE, line('session_meta', { id: 'f', ...base('p') }), answer('new'))
  assert.deepEqual([copied(fork), fork[0]!.parts[0]!.payload.parentSession], [[false, false], 'p'])
  const path = `rollout-2026-01-01T10-00-00-${idAt(1)}_${idAt(40)}.jsonl`
  const [again, old] = meanings(
    path,
    line('session_meta', { id: idAt(1), ...base(idAt(1)) }),
    event('task_started', { turn_id: idAt(2) }),
  )
  assert.deepEqual(
    [again!.session, again!.parts[0]!.kind, again!.parts[0]!.payload.parentSession],
    [idAt(1), 'system.branch', undefined],
  )
  assert.equal(old!.parts[0]!.payload.copied, true)
})

test('an agent’s own helper is hidden', () => {
  const [, helper] = meanings(FILE, line('session_meta', { id: 'h', source: { subagent: 'compact' } }), answer('x'))
  assert.equal(helper!.parts[0]!.payload.hidden, true)
})

const tokens = (input: number, cached: number, out: number) => ({
  input_tokens: input,
  cached_input_tokens: cached,
  output_tokens: out,
})
const count = (total: object | null, last: object | null) =>
  event('token_count', { info: total === null ? null : { total_token_usage: total, last_token_usage: last } })
const record = (usage: object) => line('token_usage_record', { response_id: 'r', usage })
const usages = (...lines: readonly Line[]): readonly Usage[] =>
  meanings(FILE, ...lines).flatMap(({ parts }) => parts.flatMap(({ payload }) => payload.usage ?? []))
const usage = (input: number, cacheRead: number, output: number) => ({
  input,
  output,
  cacheRead,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
})

const accounts: readonly (readonly [string, readonly Line[], readonly Usage[]])[] = [
  ['what came from the cache is no input', [count(tokens(100, 80, 5), tokens(100, 80, 5))], [usage(20, 80, 5)]],
  [
    'a total that holds what others spent before: the last turn alone',
    [count(tokens(900, 80, 50), tokens(9, 0, 1)), count(tokens(990, 80, 60), tokens(3, 0, 1))],
    [usage(9, 0, 1), usage(3, 0, 1)],
  ],
  [
    'a count written twice',
    [count(tokens(9, 0, 1), tokens(9, 0, 1)), count(tokens(9, 0, 1), tokens(9, 0, 1)), count(null, null)],
    [usage(9, 0, 1)],
  ],
  [
    'a record beside each count',
    [
      count(tokens(9, 0, 1), tokens(9, 0, 1)),
      record(tokens(9, 0, 1)),
      count(tokens(12, 0, 2), tokens(3, 0, 1)),
      record(tokens(3, 0, 1)),
    ],
    [usage(9, 0, 1), usage(3, 0, 1)],
  ],
  [
    'the record first',
    [
      record(tokens(9, 0, 1)),
      count(tokens(9, 0, 1), tokens(9, 0, 1)),
      record(tokens(3, 0, 1)),
      count(tokens(12, 0, 2), tokens(3, 0, 1)),
    ],
    [usage(9, 0, 1), usage(3, 0, 1)],
  ],
  ['records alone', [record(tokens(9, 0, 1)), record(tokens(3, 0, 1))], [usage(9, 0, 1), usage(3, 0, 1)]],
  [
    'totals alone, by how much they grew',
    [count(tokens(9, 4, 1), null), count(tokens(12, 5, 2), null)],
    [usage(5, 4, 1), usage(2, 1, 1)],
  ],
]
for (const [what, lines, expected] of accounts)
  test(`tokens: ${what}`, () => assert.deepEqual(usages(...lines), expected))

// Real rollouts, kept beside the checkout where they are collected; they are not part of it.
const REAL = join(process.env.OPENSTORY_SHARED ?? '../shared', 'corpus/codex/_scrubbed')
const skip = existsSync(REAL) ? false : `SKIPPED: no real rollouts at ${REAL} (set OPENSTORY_SHARED)`

test('over real rollouts prompts, answers, thoughts and tokens are as many as Codex says itself', { skip }, () => {
  const paths = readdirSync(REAL, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.jsonl'))
  assert.ok(paths.length > 5)
  for (const path of paths) {
    const lines = readFileSync(join(REAL, path), 'utf8')
      .split('\n')
      .filter((text) => text !== '')
    const values = lines.map((text) => JSON.parse(text) as Line)
    const parts = meanings(path, ...values).flatMap((meaning) => meaning.parts)
    const kinds = parts.map(({ kind, payload }) => (payload.injected === 'delegated' ? 'message.user.prompt' : kind))
    const payloads = values.map((value) => jsonIn(value.payload))
    const totals = payloads.flatMap(({ info }) => jsonIn(jsonIn(info).total_token_usage).total_tokens ?? [])
    const counted = parts.flatMap(({ payload: { usage: u } }) =>
      u ? u.input + u.cacheRead + u.cacheWrite5m + u.output : [],
    )
    const isUnread = ({ type, summary }: Line) => type === 'reasoning' && Array.isArray(summary) && summary.length === 0
    const found = {
      prompts: kinds.filter((kind) => kind === 'message.user.prompt').length,
      answers: kinds.filter((kind) => kind === 'message.assistant.text').length,
      thoughts: kinds.filter((kind) => kind === 'message.assistant.thinking').length,
      tokens: counted.reduce((sum, more) => sum + more, 0),
      unknown: kinds.filter((kind) => kind.startsWith('other.')),
      unanswered: parts.flatMap(({ payload: { tool } }) =>
        tool && !parts.some(({ payload: { result } }) => result?.call === tool.call) ? tool.call : [],
      ),
    }
    assert.deepEqual(
      found,
      {
        prompts: payloads.filter(({ type }) => type === 'user_message').length,
        answers: payloads.filter(({ role }) => role === 'assistant').length,
        thoughts: payloads.filter((payload) => payload.type === 'agent_reasoning' || isUnread(payload)).length,
        tokens: totals.at(-1),
        unknown: [],
        unanswered: [],
      },
      path,
    )
  }
})
