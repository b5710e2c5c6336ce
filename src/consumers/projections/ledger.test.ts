// The traps of counting, by name: what stands in more than one transcript counts once, where and when it was made, whichever is read first.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Usage } from '../../event/payload.ts'
import { NO_PROMPT, UNLINKED } from '../../folds/cost.ts'
import type { SessionRow } from '../../folds/session.ts'
import { Books } from '../../testing/books.ts'
import { type Made, made, timeAt, type Wanted } from '../../testing/made-events.ts'

const usage = (change: Partial<Usage> = {}): Usage => ({
  input: 10,
  output: 1,
  cacheRead: 100,
  cacheWrite5m: 5,
  cacheWrite1h: 3,
  ...change,
})
const long = (name: string): string => `${name}-`.padEnd(24, '0') // as long as an id that is one in the world

const asked = (n: number, name: string, more: Wanted = {}): Made =>
  made(n, { text: name, ...more, payload: { nativeId: long(name), ...more.payload } })
const said = (n: number, request: string | undefined, change: Partial<Usage> = {}, more: Wanted = {}): Made =>
  made(n, {
    kind: 'message.assistant.text',
    ...more,
    payload: { usage: usage(change), ...(request !== undefined && { request: long(request) }), ...more.payload },
  })
const called = (n: number, request: string, call: string, more: Wanted = {}): Made =>
  said(
    n,
    request,
    {},
    {
      kind: 'message.assistant.tool_use',
      ...more,
      payload: { tool: { name: 'Bash', kind: 'run', call: long(call), input: { value: 1 } }, ...more.payload },
    },
  )
const copied = (more: Wanted = {}): Wanted => ({ ...more, payload: { ...more.payload, copied: true } })
const later: Wanted = { native: 's2', time: timeAt(900_000) }
const counted = ({ prompts, turns, tools, tokens, spent }: SessionRow) => ({
  ...{ prompts, turns, tools, requests: spent.requests, output: tokens.output },
})
const rowOf = (books: Books, native: string) => counted(books.rows().find((row) => row.native === native)!)

function opened(t: TestContext, ...files: readonly (readonly Made[])[]): Books {
  const books = new Books()
  t.after(() => books.close())
  for (const file of files) books.fold(file)
  return books
}

const once = { input: 10, output: 1, cacheRead: 100, cacheWrite: 8 }
const twice = { input: 20, output: 2, cacheRead: 200, cacheWrite: 16 }
const one: readonly (readonly [string, readonly Made[], SessionRow['tokens']])[] = [
  ['one request of one line', [said(1, 'r1')], once],
  ['one request repeated on three lines', [said(1, 'r1'), said(2, 'r1'), said(3, 'r1')], once],
  [
    'an answer that grows',
    [said(1, 'r1'), said(2, 'r1', { output: 7 }), said(3, 'r1', { output: 40 })],
    { ...once, output: 40 },
  ],
  ['an answer whose last line says less', [said(1, 'r1', { output: 40 }), said(2, 'r1')], { ...once, output: 40 }],
  ['lines that know different parts', [said(1, 'r1', { output: 9, input: 0 }), said(2, 'r1')], { ...once, output: 9 }],
  ['two requests', [said(1, 'r1'), said(2, 'r2')], twice],
  ['two requests whose lines alternate', [said(1, 'r1'), said(2, 'r2'), said(3, 'r1'), said(4, 'r2')], twice],
  ['lines that name no request, each on its own', [said(1, undefined), said(2, undefined)], twice],
  ['a subagent’s request beside the main agent’s', [said(1, 'r1'), said(2, 'r2', {}, { agentId: 'a1' })], twice],
  ['a copy that names nothing, counted where it was made', [said(1, 'r1'), said(2, undefined, {}, copied())], once],
  ['five minutes and an hour apart', [said(1, 'r1', { cacheWrite5m: 0 }), said(2, 'r1', { cacheWrite1h: 0 })], once],
  ['no usage at all', [asked(1, 'p1')], { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 }],
]
for (const [what, events, tokens] of one)
  test(`tokens are counted once a request: ${what}`, (t) =>
    assert.deepEqual(opened(t, events).rows()[0]!.tokens, tokens))

test('a short id is one request as long as what went in is the same, in any session', (t) => {
  const short = (n: number, change: Partial<Usage>, more: Wanted = {}) =>
    made(n, {
      kind: 'message.assistant.text',
      ...more,
      payload: { usage: usage(change), request: 'msg_1', model: 'm' },
    })
  const books = opened(t, [
    short(1, { output: 2 }),
    short(2, { output: 9 }),
    short(1, { output: 9 }, later),
    short(2, { input: 77, output: 9 }, { native: 's3' }),
  ])
  assert.deepEqual(
    books.rows().map(({ spent }) => spent.requests),
    [1, 0, 1],
  )
})

const conversation = (more: Wanted = {}): Made[] => [
  asked(1, 'p1', more),
  called(2, 'r1', 'c1', more),
  said(3, 'r1', { output: 40 }, more),
  asked(4, 'p2', more),
  said(5, 'r2', {}, more),
]
const own = (): Made[] => [asked(11, 'p3', { native: 's2' }), said(12, 'r3', {}, { native: 's2' })]
const whole = { prompts: 2, turns: 2, tools: 1, requests: 2, output: 41 }
const rest = { prompts: 1, turns: 1, tools: 0, requests: 1, output: 1 }

const copies: readonly (readonly [string, Made[]])[] = [
  ['with new times, as resumed sessions had them', [...conversation(later), ...own()]],
  ['with the times they had', [...conversation({ native: 's2' }), ...own()]],
  ['known as copies', [...conversation(copied({ native: 's2', time: timeAt(0) })), ...own()]],
  ['of the beginning only', [...conversation(later).slice(0, 3), ...own()]],
]
for (const [what, resumed] of copies)
  for (const [order, files] of [
    ['the original first', [conversation(), resumed]],
    ['the copy first', [resumed, conversation()]],
  ] as const)
    test(`a resumed session’s copies count where they were made: ${what}, ${order}`, (t) => {
      const books = opened(t, ...files)
      assert.deepEqual(rowOf(books, 's1'), whole)
      assert.deepEqual(rowOf(books, 's2'), rest)
      assert.equal(books.cost('day').total.requests, 3)
    })

test('a copy whose original nobody ever saw counts, at its own time', (t) => {
  const books = opened(t, conversation(copied({ native: 's2' })))
  assert.deepEqual(rowOf(books, 's2'), whole)
  assert.deepEqual(
    books.cost('day').rows.map(({ key, requests }) => [key, requests]),
    [['2026-03-14', 2]],
  )
})

test('a count that moved changes the row of a session nothing was read of, and is news', (t) => {
  const books = opened(t, conversation(later))
  books.store.announced(books.rows().map(({ id }) => id))
  books.fold(conversation())
  assert.deepEqual(
    books.store
      .unannounced()
      .map(({ native }) => native)
      .sort(),
    ['s1', 's2'],
  )
  assert.deepEqual(rowOf(books, 's2'), { prompts: 0, turns: 0, tools: 0, requests: 0, output: 0 })
})

test('an aside that repeats its parent’s words costs nothing more, whichever is read first', (t) => {
  const aside = [said(1, 'r2', {}, { agentId: 'aside', time: timeAt(0) }), said(2, 'r9', {}, { agentId: 'aside' })]
  for (const files of [
    [conversation(), aside],
    [aside, conversation()],
  ]) {
    const books = opened(t, ...files)
    assert.equal(books.rows()[0]!.spent.requests, 3)
    const main = books.cost('subagent').rows.find(({ key }) => key === '(main agent)')
    assert.equal(main?.requests, 2, 'the parent has it')
  }
})

test('a repetition, told as progress, counts only where the original is gone', (t) => {
  const told = said(7, 'r5', {}, { kind: 'progress.agent', agentId: 'a5' })
  assert.equal(opened(t, [told]).rows()[0]!.spent.requests, 1)
  const books = opened(t, [told], [said(8, 'r5', {}, { agentId: 'a5' })])
  assert.equal(books.rows()[0]!.spent.requests, 1)
})

test('a hidden helper is paid for and named, and is no work', (t) => {
  const hidden = { agentId: 'acompact-1f', payload: { hidden: true } } as const
  const books = opened(t, [...conversation(), called(20, 'r7', 'c7', hidden)])
  assert.deepEqual(rowOf(books, 's1'), { ...whole, requests: 3, output: 42 })
  for (const by of ['prompt', 'turn', 'subagent'] as const)
    assert.ok(
      books.cost(by).rows.some(({ key, requests }) => key === '(helper: acompact)' && requests === 1),
      by,
    )
})

test('an answer whose end was never written down is a lower bound, until its end is', (t) => {
  const part = said(1, 'r1', { partial: true })
  const books = opened(t, [part])
  assert.deepEqual([books.rows()[0]!.cost.lowerBound, books.cost('day').total.partial], [true, 1])
  books.fold([said(2, 'r1', { output: 40 })])
  assert.equal(books.cost('day').total.partial, 0)
})

// What the account stands behind the calls it pays for.
test('calls told before their request are of the next account in their lane, and of none after the next prompt', (t) => {
  const call = (n: number, name: string, more: Wanted = {}) =>
    made(n, {
      kind: 'message.assistant.tool_use',
      ...more,
      payload: { tool: { name, kind: 'run', call: long(`${name}${n}`), input: { value: 1 } }, ...more.payload },
    })
  const account = (n: number) => made(n, { kind: 'system.usage', payload: { usage: usage() } })
  const events = [call(1, 'shell'), call(2, 'patch'), account(3), call(4, 'shell'), asked(5, 'p2'), account(6)]
  for (const batches of [[events], events.map((event) => [event])]) {
    const books = opened(t, ...batches)
    assert.deepEqual(
      books
        .cost('tool')
        .rows.map(({ key, requests, output }) => [key, requests, output])
        .sort(),
      [
        ['(no tool)', 1, 1],
        ['patch', 1, 1],
        ['shell', 0, 0],
      ],
    )
    assert.equal(books.rows()[0]!.tools, 3)
  }
})

test('what a prompt cost holds everything it set off, subagents of subagents too', (t) => {
  const delegate = (n: number, request: string, call: string, more: Wanted = {}) =>
    called(n, request, call, {
      ...more,
      payload: {
        tool: { name: 'Task', kind: 'delegate', call: long(call), input: { value: 1 } },
        agentType: 'Explore',
      },
    })
  const sub = (agentId: string, call?: string): Wanted => ({
    agentId,
    ...(call !== undefined && { payload: { parentCall: long(call) } }),
  })
  const main = [asked(1, 'p1'), delegate(2, 'r1', 'c1'), asked(3, 'p2'), said(4, 'r2')]
  const child = [said(5, 'r3', {}, sub('a1', 'c1')), delegate(6, 'r4', 'c2', sub('a1'))]
  const grandchild = [said(7, 'r5', {}, sub('a2', 'c2'))]
  const lost = [said(8, 'r6', {}, sub('a3'))]
  for (const files of [
    [main, child, grandchild, lost],
    [lost, grandchild, child, main],
  ]) {
    const books = opened(t, ...files)
    const of = new Map(books.cost('prompt').rows.map((row) => [row.text ?? row.key, row]))
    assert.deepEqual([...of].map(([key, { requests }]) => [key, requests]).sort(), [
      [UNLINKED, 1],
      ['p1', 4],
      ['p2', 1],
    ])
    assert.equal(of.get('p1')?.subagent_requests, 3)
    const inside = books.requests('prompt', of.get('p1')!.key)
    assert.deepEqual(
      inside.requests.map(({ agent_id }) => agent_id),
      ['a2', 'a1', 'a1', null],
    )
    const named = books.cost('subagent').rows.map(({ key, requests }) => [key, requests])
    assert.deepEqual(named.sort(), [
      ['(main agent)', 2],
      ['(subagent without a name)', 1],
      ['Explore', 3],
    ])
  }
})

test('a subagent is of the prompt whose call began it, whatever later calls said to it', (t) => {
  const task = (n: number, name: string) =>
    called(n, `r${n}`, name, {
      payload: { tool: { name: 'Task', kind: 'delegate', call: long(name), input: { value: 1 } } },
    })
  const heard = (n: number, call: string) =>
    made(n, {
      kind: 'message.user.tool_result',
      payload: { result: { call: long(call), failed: false, agentId: 'a1' } },
    })
  // By its id the later call would come first.
  const main = [
    asked(1, 'p1'),
    task(2, 'z-began'),
    heard(3, 'z-began'),
    asked(4, 'p2'),
    task(5, 'a-asked'),
    heard(6, 'a-asked'),
  ]
  const sub = [said(7, 'r7', {}, { agentId: 'a1' })]
  for (const files of [
    [main, sub],
    [sub, ...main.map((event) => [event])],
  ]) {
    const rows = opened(t, ...files).cost('prompt').rows
    assert.deepEqual(rows.map(({ text, subagent_requests }) => [text, subagent_requests]).sort(), [
      ['p1', 1],
      ['p2', 0],
    ])
  }
})

test('a subagent of a run is of the prompt whose call began the run, whichever is read first', (t) => {
  const workflow = { tool: { name: 'Workflow', kind: 'delegate', call: long('w'), input: { value: 1 } } } as const
  const began = { result: { call: long('w'), failed: false, run: 'wf_1' } } as const
  const main = [
    asked(1, 'p1'),
    called(2, 'r2', 'w', { payload: workflow }),
    made(3, { kind: 'message.user.tool_result', payload: began }),
    asked(4, 'p2'),
  ]
  const facts = made(5, { kind: 'system.agent', agentId: 'a1', payload: { parentRun: 'wf_1', agentType: 'worker' } })
  const sub = [said(7, 'r7', {}, { agentId: 'a1' })]
  const orders = [
    [main, [facts], sub],
    [sub, [facts], main],
    [[facts], main, sub],
  ]
  for (const files of orders) {
    const books = opened(t, ...files)
    assert.deepEqual(
      books.cost('prompt').rows.map(({ text, subagent_requests }) => [text, subagent_requests]),
      [['p1', 1]],
    )
    assert.ok(books.cost('subagent').rows.some(({ key }) => key === 'worker'))
    assert.deepEqual(
      books.rows()[0]!.agents.map(({ id, parentCall }) => [id, parentCall]),
      [['a1', long('w')]],
    )
  }
})

test('work before anybody asked has a line of its own; a queued prompt stays in its turn', (t) => {
  const queued = asked(4, 'p2', { payload: { queued: true } })
  const books = opened(t, [said(1, 'r1'), asked(2, 'p1'), said(3, 'r2'), queued, said(5, 'r3')])
  const by = (cut: 'prompt' | 'turn') =>
    books
      .cost(cut)
      .rows.map(({ key, text, requests }) => [text ?? key, requests])
      .sort()
  assert.deepEqual(by('prompt'), [
    [NO_PROMPT, 1],
    ['p1', 1],
    ['p2', 1],
  ])
  assert.deepEqual(by('turn'), [
    [NO_PROMPT, 1],
    ['p1', 2],
  ])
})

test('a session is shown by its title, a prompt by its words and who asked', (t) => {
  const program = made(3, {
    kind: 'message.user.injected',
    text: 'run nightly',
    payload: { injected: 'sdk', nativeId: long('p2') },
  })
  const books = opened(t, [asked(1, 'p1'), said(2, 'r1'), program, said(4, 'r2', { output: 9 })])
  assert.deepEqual(
    books.cost('session').rows.map(({ key, text }) => [key, text]),
    [['invented:s1', 'p1']],
  )
  assert.deepEqual(
    books.cost('prompt').rows.map(({ text, session, time, asked_by }) => [text, session, time, asked_by]),
    [
      ['run nightly', 'invented:s1', timeAt(3_000), 'program'],
      ['p1', 'invented:s1', timeAt(1_000), 'person'],
    ],
  )
  assert.deepEqual([books.rows()[0]!.prompts, books.rows()[0]!.turns], [1, 2])
})

test('a day is the time zone’s', (t) => {
  const books = opened(t, [said(1, 'r1', {}, { time: '2026-03-14T23:30:00.000Z' }), said(2, 'r2', {}, { time: null })])
  const days = (zone: string) => books.cost('day', { zone }).rows.map(({ key }) => key)
  assert.deepEqual(days('UTC'), ['2026-03-14', '(no time known)'])
  assert.deepEqual(days('Asia/Kathmandu'), ['2026-03-15', '(no time known)'])
  assert.equal(books.requests('day', '2026-03-15', { zone: 'Asia/Kathmandu' }).count, 1)
  assert.equal(books.cost('day', { sinceMs: 0 }).total.requests, 1, 'no known time is in no span of time')
})
