// What a session's row says, by named cases: each is a short list of events and the part of the row people look at.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../event/event.ts'
import type { Usage } from '../event/payload.ts'
import { made, timeAt, type Wanted } from '../testing/made-events.ts'
import { foldSession, oneLine, type SessionRow } from './session.ts'

const rowOf = (events: readonly Event[]): SessionRow =>
  events.reduce((row: SessionRow | undefined, event) => foldSession(row, event), undefined)!
const events = (wanted: readonly Wanted[]): Event[] => wanted.map((one, n) => made(n, one).event)
const row = (...wanted: Wanted[]): SessionRow => rowOf(events(wanted))

const usage = (change: Partial<Usage> = {}): Usage => ({
  input: 10,
  output: 1,
  cacheRead: 100,
  cacheWrite5m: 5,
  cacheWrite1h: 3,
  ...change,
})
const said = (request: string | undefined, change: Partial<Usage> = {}, more: Wanted = {}): Wanted => ({
  kind: 'message.assistant.text',
  ...more,
  payload: { usage: usage(change), ...(request !== undefined && { request }) },
})
const once = { input: 10, output: 1, cacheRead: 100, cacheWrite: 8 }
const twice = { input: 20, output: 2, cacheRead: 200, cacheWrite: 16 }

const tokens: readonly (readonly [string, readonly Wanted[], SessionRow['tokens']])[] = [
  ['one request of one line', [said('r1')], once],
  ['one request repeated on three lines', [said('r1'), said('r1'), said('r1')], once],
  [
    'a request whose output grows',
    [said('r1'), said('r1', { output: 7 }), said('r1', { output: 40 })],
    { ...once, output: 40 },
  ],
  ['a request whose last line says less', [said('r1', { output: 40 }), said('r1')], { ...once, output: 40 }],
  [
    'a request of which each line knows another part',
    [said('r1', { output: 9, input: 0 }), said('r1')],
    { ...once, output: 9 },
  ],
  ['two requests', [said('r1'), said('r2')], twice],
  ['two requests whose lines alternate', [said('r1'), said('r2'), said('r1'), said('r2')], twice],
  ['lines that name no request, each on its own', [said(undefined), said(undefined)], twice],
  ['a subagent’s request beside the main agent’s', [said('r1'), said('r2', {}, { agentId: 'a1' })], twice],
  ['no usage at all', [{}], { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }],
]
for (const [what, wanted, sum] of tokens)
  test(`tokens are counted once a request: ${what}`, () => assert.deepEqual(row(...wanted).tokens, sum))

test('a request is still known after many others have begun', () => {
  const others = Array.from({ length: 30 }, (_, n) => said(`other-${n}`))
  assert.equal(row(said('r1'), ...others, said('r1')).tokens.input, 310)
})

const prompt = (text: string): Wanted => ({ text })
const title = (words: string, from: 'agent' | 'person'): Wanted => ({
  kind: 'system.title',
  text: '',
  payload: { title: words, ...(from === 'agent' && { injected: 'agent' }) },
})
const titles: readonly (readonly [string, readonly Wanted[], string | null])[] = [
  ['nothing before anybody said anything', [{ kind: 'system.session_start', text: '' }], null],
  ['the first prompt', [prompt('fix  the\n test'), prompt('and the docs')], 'fix the test'],
  [
    'the first prompt that is no command',
    [{ text: '/clear', payload: { command: 'slash' } }, prompt('fix it')],
    'fix it',
  ],
  ['the first prompt of words', [prompt(' \n '), prompt('fix it')], 'fix it'],
  ['no prompt of a subagent', [{ text: 'look around', agentId: 'a1' }, prompt('fix it')], 'fix it'],
  ['the agent’s title over the prompt', [prompt('fix it'), title('Fixing', 'agent'), prompt('more')], 'Fixing'],
  ['the agent’s newest title', [title('One', 'agent'), title('Two', 'agent')], 'Two'],
  ['the person’s over the agent’s', [title('Mine', 'person'), title('Two', 'agent')], 'Mine'],
  ['the person’s newest', [title('Mine', 'person'), title('Mine too', 'person')], 'Mine too'],
  ['the one before an empty one', [title('One', 'agent'), title('', 'agent')], 'One'],
  ['a hundred letters of a long prompt', [prompt('x'.repeat(150))], 'x'.repeat(100)],
]
for (const [what, wanted, words] of titles)
  test(`the title is ${what}`, () => assert.equal(row(...wanted).title, words))

const kind = (
  name: NonNullable<Wanted['kind']>,
  payload: Wanted['payload'] = {},
  agentId: string | null = null,
): Wanted => ({
  kind: name,
  payload,
  agentId,
})
const states: readonly (readonly [string, readonly Wanted[], SessionRow['state']])[] = [
  ['working after a prompt', [kind('message.user.prompt')], 'working'],
  ['working while tools run', [kind('message.assistant.text', { stop: 'tool_use' })], 'working'],
  ['waiting after the last words', [kind('message.assistant.text', { stop: 'end_turn' })], 'waiting'],
  ['waiting after words cut at the limit', [kind('message.assistant.text', { stop: 'max_tokens' })], 'waiting'],
  ['working after words that say no end', [kind('message.assistant.text')], 'working'],
  ['waiting when the turn is complete', [kind('message.user.prompt'), kind('system.turn_complete')], 'waiting'],
  ['errored after an error', [kind('message.user.prompt'), kind('system.error')], 'errored'],
  ['working again after an error', [kind('system.error'), kind('message.user.prompt')], 'working'],
  ['ended', [kind('message.user.prompt'), kind('system.session_end')], 'ended'],
  ['not changed by bookkeeping', [kind('system.turn_complete'), kind('file.snapshot'), kind('other.x')], 'waiting'],
  ['not changed by a subagent', [kind('system.turn_complete'), kind('message.assistant.text', {}, 'a1')], 'waiting'],
]
for (const [what, wanted, state] of states)
  test(`a session is ${what}`, () => assert.equal(row(...wanted).state, state))

test('prompts, turns, tools and errors are counted', () => {
  const told = row(
    prompt('one'),
    kind('message.assistant.tool_use', { tool: { name: 'Edit', kind: 'edit', call: 'c1', input: { value: 1 } } }),
    kind('message.user.tool_result', { result: { call: 'c1', failed: true } }),
    { text: 'two', payload: { queued: true } },
    kind('system.error'),
    kind('message.user.injected', { injected: 'delegated' }, 'a1'),
  )
  assert.deepEqual([told.prompts, told.turns, told.tools, told.errors, told.events], [2, 1, 1, 2, 6])
})

test('a session begins with its earliest event and ends with its latest, in whichever order they are read', () => {
  const told = [3_000, 1_000, 2_000].map((ms, n) => made(n, { time: timeAt(ms) }).event)
  told.push(made(9, { time: null }).event)
  for (const order of [told, [...told].reverse()]) {
    const { started, ended } = rowOf(order)
    assert.deepEqual([started, ended], [timeAt(1_000), timeAt(3_000)])
  }
})

test('how the files of main agent and subagents interleave makes no difference', () => {
  const lane = (agentId: string | null) =>
    Array.from(
      { length: 6 },
      (_, n) =>
        made(n, {
          agentId,
          text: `${agentId ?? 'main'} ${n}`,
          kind: n % 2 ? 'message.assistant.text' : 'message.user.prompt',
          payload: {
            cwd: `/in/${agentId}`,
            model: `m-${agentId}`,
            branch: `b-${agentId}`,
            usage: usage({ output: n }),
            request: `r${agentId}${n >> 1}`,
          },
        }).event,
    )
  const [main, b, a] = [lane(null), lane('b'), lane('a')]
  const { requests: _, ...first } = rowOf([...main, ...a, ...b])
  const { requests: __, ...second } = rowOf([...b, ...main.slice(0, 2), ...a, ...main.slice(2)])
  assert.deepEqual(second, first)
  assert.deepEqual([first.cwd, first.model, first.branch, first.last], ['/in/null', 'm-null', 'b-null', 'main 5'])
})

test('subagents are told apart, with what they are, what for and who called them', () => {
  const told = row(
    {
      ...kind('message.user.injected', { agentType: 'Explore', parentCall: 'c1', injected: 'delegated' }, 'a1'),
      text: 'Look\naround',
    },
    kind('message.assistant.text', {}, 'a1'),
    kind('message.assistant.text', { hidden: true }, 'a2'),
  )
  const base = { task: null, parentCall: null, calls: [], type: null }
  assert.deepEqual(told.agents, [
    {
      ...base,
      id: 'a1',
      type: 'Explore',
      task: 'Look around',
      parentCall: 'c1',
      events: 2,
      started: timeAt(0),
      ended: timeAt(1_000),
    },
    { ...base, id: 'a2', events: 1, started: timeAt(2_000), ended: timeAt(2_000), hidden: true },
  ])
})

test('a subagent is found under its call whether its own lines or its result come first, at any depth', () => {
  const call = (id: string) => ({ tool: { name: 'Task', kind: 'delegate' as const, call: id, input: { value: 1 } } })
  const lines: readonly Wanted[] = [
    kind('message.assistant.tool_use', call('c1')),
    kind('message.assistant.text', {}, 'a1'),
    kind('message.assistant.tool_use', call('c2'), 'a1'),
    kind('message.assistant.text', {}, 'a2'),
    kind('message.user.tool_result', { result: { call: 'c2', failed: false, agentId: 'a2' } }, 'a1'),
    kind('message.user.tool_result', { result: { call: 'c1', failed: false, agentId: 'a1' } }),
  ]
  const all = events(lines)
  const told = rowOf(all).agents
  assert.deepEqual(
    told.map(({ id, parentCall, calls }) => [id, parentCall, calls]),
    [
      ['a1', 'c1', ['c2']],
      ['a2', 'c2', []],
    ],
  )
  assert.deepEqual(rowOf(all.toReversed()).agents, told)
})

test('what a subagent is called outdoes the beginning of what it was asked', () => {
  const asked = { ...kind('message.user.prompt', {}, 'a1'), text: 'Find every caller and say which of them matter' }
  const named = { ...kind('system.agent', {}, 'a1'), text: 'Check the callers' }
  assert.equal(row(asked, named).agents[0]?.task, 'Check the callers')
  assert.equal(row(named, asked).agents[0]?.task, 'Check the callers')
})

test('the last thing that happened is one line of what was said or done', () => {
  const call = kind('message.assistant.tool_use', {
    tool: { name: 'Edit', kind: 'edit', call: null, target: 'src/a.ts', input: { value: 1 } },
  })
  assert.equal(row(prompt('fix\nit'), kind('file.snapshot')).last, 'fix it')
  assert.equal(row(prompt('fix it'), call, kind('message.user.tool_result')).last, 'Edit src/a.ts')
  assert.equal(oneLine('  a \t b\n\nc ', 4), 'a b ')
})
