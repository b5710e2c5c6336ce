// What a session's row says, by named cases: each is a short list of events and the part of the row people look at.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../event/event.ts'
import { made, timeAt, type Wanted } from '../testing/made-events.ts'
import { costOf, countSession, foldSession, oneLine, type SessionRow } from './session.ts'

const rowOf = (events: readonly Event[]): SessionRow =>
  events.reduce((row: SessionRow | undefined, event) => foldSession(row, event), undefined)!
const events = (wanted: readonly Wanted[]): Event[] => wanted.map((one, n) => made(n, one).event)
const row = (...wanted: Wanted[]): SessionRow => rowOf(events(wanted))

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

test('errors and events are counted, copies too', () => {
  const told = row(
    prompt('one'),
    kind('message.user.tool_result', { result: { call: 'c1', failed: true } }),
    kind('system.error', { copied: true }),
  )
  assert.deepEqual([told.errors, told.events], [2, 3])
})

test('what the ledger counted is added and taken away, with what it cost', () => {
  const one = { prompts: 1, turns: 1, tools: 2, requests: 2, input: 10, output: 1, cacheRead: 100, cacheWrite: 8 }
  const counted = countSession(row(prompt('one')), { ...one, nano: 1_250_000_000, unpriced: 0, partial: 0 })
  assert.deepEqual([counted.prompts, counted.turns, counted.tools], [1, 1, 2])
  assert.deepEqual(counted.tokens, { input: 10, output: 1, cacheRead: 100, cacheWrite: 8 })
  assert.deepEqual(counted.cost, { usd: '1.25', lowerBound: false })
  const less = Object.fromEntries(Object.entries(one).map(([name, count]) => [name, -count])) as typeof one
  assert.deepEqual(
    countSession(counted, { ...less, nano: -1_250_000_000, unpriced: 0, partial: 0 }),
    row(prompt('one')),
  )
})

const costs: readonly (readonly [string, Partial<SessionRow['spent']>, SessionRow['cost']])[] = [
  ['nothing was asked of a model', {}, { usd: '0', lowerBound: false }],
  ['all prices are known', { requests: 2, nano: 5 }, { usd: '0.000000005', lowerBound: false }],
  ['no price is known: no money, and never none', { requests: 2, unpriced: 2 }, { usd: null, lowerBound: true }],
  [
    'some prices are known: at least that much',
    { requests: 2, nano: 3e9, unpriced: 1 },
    { usd: '3', lowerBound: true },
  ],
  ['an answer’s end was never written down', { requests: 1, nano: 1e9, partial: 1 }, { usd: '1', lowerBound: true }],
]
for (const [what, spent, cost] of costs)
  test(`what a session cost: ${what}`, () =>
    assert.deepEqual(costOf({ requests: 0, nano: 0, unpriced: 0, partial: 0, ...spent }), cost))

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
          },
        }).event,
    )
  const [main, b, a] = [lane(null), lane('b'), lane('a')]
  const first = rowOf([...main, ...a, ...b])
  const second = rowOf([...b, ...main.slice(0, 2), ...a, ...main.slice(2)])
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
