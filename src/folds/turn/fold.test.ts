// Turns, by named cases: where one begins, what belongs to it, how it ended, and the facts beside it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event } from '../../event/event.ts'
import type { ToolKind, Usage } from '../../event/payload.ts'
import { made, type Wanted } from '../../testing/made-events.ts'
import { Tale } from '../../testing/made-story.ts'
import { tell } from '../sentence/sentence.ts'
import { opensTurn } from './fold.ts'
import { turnsOf } from './lanes.ts'
import { MAX, type Turn } from './turn.ts'

const turns = (...wanted: Wanted[]): Turn[] => turnsOf(wanted.map((one, n) => made(n, one).event))
const only = (tale: Tale): Turn => {
  const all = turnsOf(tale.events)
  assert.equal(all.length, 1)
  return all[0]!
}

const ask = (text = 'fix it', payload: Wanted['payload'] = {}): Wanted => ({ text, payload })
const say = (stop?: string, text = 'Done.'): Wanted => ({
  kind: 'message.assistant.text',
  text,
  payload: stop === undefined ? {} : { stop },
})
const use = (kind: ToolKind): Wanted => ({
  kind: 'message.assistant.tool_use',
  text: '',
  payload: { tool: { name: kind, kind, call: 'c', input: { value: null } } },
})
const result = (failed = false, more: object = {}): Wanted => ({
  kind: 'message.user.tool_result',
  payload: { result: { call: 'c', failed, ...more } },
})
const complete: Wanted = { kind: 'system.turn_complete', text: '' }
const error: Wanted = { kind: 'system.error', text: 'overloaded' }
const injected = (what: string): Wanted => ({ kind: 'message.user.injected', payload: { injected: what } })
const copied = (one: Wanted): Wanted => ({ ...one, payload: { ...one.payload, copied: true } })

const begins: readonly (readonly [string, readonly Wanted[], readonly number[]])[] = [
  ['a prompt begins one', [ask(), say()], [2]],
  ['each prompt begins its own', [ask(), say(), ask(), say(), result()], [2, 3]],
  ['a queued prompt stays inside', [ask(), use('run'), ask('and this', { queued: true }), say()], [4]],
  ['a queued prompt with nothing before it begins one', [ask('early', { queued: true }), say()], [2]],
  ['a delegated task begins one', [injected('delegated'), use('read'), say()], [3]],
  ['what a program asks begins one', [say(), injected('sdk'), say()], [1, 2]],
  ['an agreed plan begins one', [ask(), say(), injected('plan'), say()], [2, 2]],
  ['a reminder does not', [ask(), injected('reminder'), say()], [3]],
  ['a reminder before any prompt is in none', [injected('reminder'), ask(), say()], [2]],
  ['a task that reports back does not', [ask(), say(), injected('task_notification'), say()], [4]],
  ['work before any prompt is one', [say(), use('read')], [2]],
  ['bookkeeping is in none', [{ kind: 'system.session_start' }, { kind: 'file.snapshot' }], []],
  ['bookkeeping between is not counted', [ask(), { kind: 'file.snapshot' }, { kind: 'other.x' }, say()], [2]],
  ['what is told in another session is told there', [copied(ask()), copied(say()), ask(), say()], [2]],
  ['new work behind a copied prompt is that prompt’s', [ask(), say(), copied(ask('old')), say()], [2, 1]],
  ['a helper at work behind the scenes makes none', [{ ...ask(), payload: { hidden: true } }], []],
  [
    'work goes on behind a compaction in one of its own',
    [ask(), use('run'), injected('compact_summary'), say()],
    [2, 1],
  ],
  ['a compaction between two turns makes none', [ask(), say('end_turn'), injected('compact_summary'), ask()], [2, 1]],
]
for (const [what, wanted, sizes] of begins)
  test(`turns: ${what}`, () =>
    assert.deepEqual(
      turns(...wanted).map(({ events }) => events),
      sizes,
    ))

test('a session counts the prompts that open a turn, and not copies or helpers', () => {
  const opens = (one: Wanted) => opensTurn(made(1, one).event)
  assert.ok(opens(ask()) && opens(injected('plan')))
  assert.ok(!opens(copied(ask())) && !opens({ payload: { hidden: true } }) && !opens(ask('x', { queued: true })))
})

const ends: readonly (readonly [string, readonly Wanted[], Turn['outcome']])[] = [
  ['is running after a prompt', [ask()], 'running'],
  ['is running while tools run', [ask(), say('tool_use'), use('run')], 'running'],
  ['is answered by last words', [ask(), say('end_turn')], 'answered'],
  ['is answered by last words that say no reason', [ask(), use('run'), result(), say()], 'answered'],
  ['is answered when it is complete', [ask(), use('run'), result(), complete], 'answered'],
  ['asked, when its last words are a question', [ask(), say('end_turn', 'Shall I go on?')], 'asked'],
  [
    'answered, when an offer follows the answer',
    [ask(), say('end_turn', `${'It is so. '.repeat(30)}Shall I?`)],
    'answered',
  ],
  ['was interrupted by the person', [ask(), use('run'), injected('interrupt')], 'interrupted'],
  ['was interrupted in the middle of words', [ask(), say('aborted')], 'interrupted'],
  ['stays interrupted when it is complete', [ask(), injected('interrupt'), complete], 'interrupted'],
  ['was rejected', [ask(), use('run'), result(true, { refused: true })], 'rejected'],
  [
    'stays rejected when the key was pressed',
    [ask(), use('run'), result(true, { refused: true }), injected('interrupt')],
    'rejected',
  ],
  [
    'goes on after a refusal that says why',
    [ask(), use('run'), result(true, { refused: true }), say('end_turn')],
    'answered',
  ],
  ['failed with an error', [ask(), use('run'), error], 'failed'],
  ['failed when the words ended in one', [ask(), say('error')], 'failed'],
  ['goes on after an error that was overcome', [ask(), error, use('run')], 'running'],
  ['is answered after an error that was overcome', [ask(), error, say('end_turn')], 'answered'],
  ['is not over because a tool failed', [ask(), use('run'), result(true)], 'running'],
  ['goes on when work follows last words', [ask(), say('stop'), use('run')], 'running'],
]
for (const [what, wanted, outcome] of ends)
  test(`a turn ${what}`, () =>
    assert.deepEqual(
      turns(...wanted).map((turn) => turn.outcome),
      [outcome],
    ))

const closes: readonly (readonly [string, readonly Wanted[], Turn['outcome']])[] = [
  ['that was interrupted stays so', [ask(), injected('interrupt'), ask()], 'interrupted'],
  ['that said nothing was interrupted', [ask(), ask()], 'interrupted'],
  ['that waits for a tool was interrupted', [ask(), use('run'), ask()], 'interrupted'],
  ['that waits for an answer asked', [ask(), use('ask'), ask()], 'asked'],
  ['whose tools were done is answered', [ask(), use('run'), result(), ask()], 'answered'],
  [
    'that said it would go on and never did was interrupted',
    [ask(), say('tool_use'), use('run'), result(), ask()],
    'interrupted',
  ],
  [
    'that went on and ended of itself is answered',
    [ask(), say('tool_use'), use('run'), result(), say('stop'), ask()],
    'answered',
  ],
  ['that a compaction cut in two was continued', [ask(), use('run'), injected('compact_summary'), say()], 'continued'],
]
for (const [what, wanted, outcome] of closes)
  test(`behind it comes another: a turn ${what}`, () => assert.equal(turns(...wanted)[0]?.outcome, outcome))

test('a turn remembers who asked, where and in which words', () => {
  const [turn] = turns(ask('make it\ngreen', { nativeId: 'u1', images: 2 }), say())
  const { event, ...prompt } = turn!.prompt!
  assert.equal(event, turn!.id)
  assert.deepEqual(prompt, { text: 'make it\ngreen', by: 'person', nativeId: 'u1', line: null, images: 2 })
})

test('a nod keeps the wish before it standing, with the question it answers', () => {
  const [, yes, go] = turns(
    ask('bake a rye bread'),
    say('end_turn', 'I can. Shall I use the old oven?'),
    ask('yes'),
    say('end_turn', 'Baked.'),
    ask('continue'),
  )
  assert.deepEqual([yes?.standing, yes?.question], ['bake a rye bread', 'Shall I use the old oven?'])
  assert.deepEqual([go?.standing, go?.question], ['bake a rye bread', null])
})

const changes = (turn: Turn) => turn.files.map(({ path, change, added, removed }) => [path, change, added, removed])

test('files count with their results: once each, with their lines, and not when the change failed or was refused', () => {
  const tale = new Tale()
    .ask('bake')
    .write('src/new.ts', 'one\ntwo\nthree\n')
    .edit('src/new.ts', 'one', 'one and a half')
    .edit('src/old.ts', 'a\nb\nc', 'a\nx\ny\nc')
    .edit('src/failed.ts', 'a', 'b', { failed: true })
    .edit('src/refused.ts', 'a', 'b', { failed: true, refused: true })
  assert.deepEqual(changes(only(tale)), [
    ['src/new.ts', 'created', 4, 1],
    ['src/old.ts', 'modified', 2, 1],
  ])
})

test('what the result recorded comes before what the input says', () => {
  const files = [
    { path: '/home/dev/a.ts', change: 'modified', added: 7, removed: 2 },
    { path: '/home/dev/b.ts', change: 'renamed', from: '/home/dev/c.ts' },
  ] as const
  const turn = only(new Tale().ask('x').edit('a.ts', 'a', 'b', { files }))
  assert.deepEqual(changes(turn), [
    ['/home/dev/a.ts', 'modified', 7, 2],
    ['/home/dev/b.ts', 'renamed', 0, 0],
  ])
  assert.equal(turn.files[1]?.from, '/home/dev/c.ts')
})

test('a file has one fate: made and removed is nothing, moved keeps where it came from, put back counts as changed', () => {
  const tale = new Tale()
    .ask('x')
    .write('a.ts')
    .run('rm a.ts')
    .edit('b.ts')
    .run('git mv b.ts c.ts')
    .run('rm d.ts')
    .write('d.ts')
  assert.deepEqual(
    only(tale).files.map(({ path, change, from }) => [path, change, from]),
    [
      ['c.ts', 'renamed', 'b.ts'],
      ['d.ts', 'modified', undefined],
    ],
  )
})

test('a command that failed has changed nothing, but for what stood before a check that ran', () => {
  const failed = { failed: true, exit: 1 }
  const tale = new Tale()
    .ask('x')
    .run('sed -i s/a/b/ one.ts', 'sed: cannot read', failed)
    .run('sed -i s/a/b/ two.ts && go test ./...', '--- FAIL: TestX\nFAIL', failed)
  assert.deepEqual(
    only(tale).files.map(({ path }) => path),
    ['two.ts'],
  )
})

const tested: readonly (readonly [string, readonly (readonly [string, string, boolean])[], Turn['tests']])[] = [
  ['none ran', [['npm run build', '', false]], 'none'],
  ['one passed', [['npm test', '3 passed in 1s', false]], 'passed'],
  ['one failed', [['npm test', 'Tests: 1 failed, 2 passed, 3 total', true]], 'failed'],
  ['the failure is hidden by a pipe', [['go test ./... | tail -5', 'FAIL\tbakery\t0.1s', false]], 'failed'],
  ['a test build failed', [['go test ./...', 'FAIL\tbakery [build failed]', true]], 'failed'],
  [
    'a failing run, then a passing one',
    [
      ['npm test', 'Tests: 1 failed, 8 passed, 9 total', true],
      ['npm test', 'Tests: 9 passed, 9 total', false],
    ],
    'fixed',
  ],
  [
    'a passing run, then a failing one',
    [
      ['npm test', 'Tests: 9 passed, 9 total', false],
      ['npm test', 'Tests: 1 failed, 8 passed, 9 total', true],
    ],
    'failed',
  ],
  ['a filter lets only failures through, and there are none', [['go test ./... | grep -v "^ok"', '', false]], 'passed'],
  ['a filter lets a failure through', [['go test ./... | grep -v "^ok"', 'FAIL\tbakery\t0.1s', false]], 'failed'],
  ['a pipe shows nothing', [['npm test | tail -1', 'bye', false]], 'unknown'],
  ['the program is not there', [['pytest', 'bash: pytest: command not found', true]], 'none'],
  ['there were no tests', [['pytest', 'collected 0 items', true]], 'none'],
  [
    'the tests passed and the lint behind them failed',
    [['npm test && npm run lint', 'Tests: 9 passed, 9 total\n2 errors', true]],
    'passed',
  ],
  ['only a commit speaks of tests', [['git commit -m "add tests"', '[main 1234567] add tests', false]], 'none'],
]
for (const [what, runs, state] of tested)
  test(`tests are ${state} when ${what}`, () => {
    const tale = new Tale().ask('x')
    for (const [command, output, failed] of runs) tale.run(command, output, failed ? { failed, exit: 1 } : {})
    assert.equal(only(tale).tests, state)
  })

const checked: readonly (readonly [string, string, string, string])[] = [
  ['a build', 'npm run build 2>&1 | tail -3', 'npm error command failed\nnpm error command sh -c tsc', 'failed'],
  ['a build that says nothing', 'npm run build 2>&1 | tail -3', 'done in 2s', 'passed'],
  ['a task', 'mise run lint 2>&1 | tail -3', '[lint] ERROR task failed', 'failed'],
  ['a makefile', 'make build | tail -1', 'make: *** [Makefile:3: build] Error 1', 'failed'],
  ['a check', 'pnpm run typecheck | tail -2', ' ELIFECYCLE  Command failed with exit code 2.', 'failed'],
  ['a clean lint', 'golangci-lint run | tail -1', '0 issues.', 'passed'],
]
for (const [what, command, output, state] of checked)
  test(`${what} behind a pipe has ${state}, as its last words say`, () =>
    assert.equal(only(new Tale().ask('x').run(command, output)).runs[0]?.results[0]?.state, state))

test('tests in the background are known when their output is fetched', () => {
  const tale = new Tale().ask('x').run('npm test', 'running', { background: true })
  assert.equal(only(tale).tests, 'unknown')
  tale.result(tale.call('run', 'ShellOutput', ''), 'Tests: 1 failed, 2 passed, 3 total')
  assert.equal(only(tale).tests, 'failed')
  const file = '/tmp/work/b1.output'
  const read = new Tale().ask('x').run('npm test', 'Command running in background with ID: b1')
  read.result(read.call('read', 'Open', file, { file_path: file }), 'Tests: 3 passed, 3 total')
  assert.equal(only(read).tests, 'passed')
})

const committed: readonly (readonly [string, string, string, boolean, readonly string[]])[] = [
  ['git says so', 'git commit -m "Bake"', '[main abc1234] Bake\n 1 file changed', false, ['Bake']],
  ['it was quiet', 'git commit -q -m "Bake"', '', false, ['Bake']],
  ['the push behind it failed', 'git commit -m "Bake" && git push', '[main abc1234] Bake\nrejected', true, ['Bake']],
  ['there was nothing to commit', 'git commit -m "Bake" || true', 'nothing to commit, working tree clean', false, []],
  ['a hook refused it', 'git commit -m "Bake"', 'hook exited with 1', true, []],
  ['it was only tried', 'git commit --dry-run -m "Bake"', '', false, []],
  ['a rebase prints a line like one', 'git rebase --continue', '[detached HEAD abc1234] Bake', false, []],
  [
    'it was made in a scratch repository',
    'cd /tmp/x && git init && git commit -m "Bake"',
    '[main abc1234] Bake',
    false,
    [],
  ],
]
for (const [what, command, output, failed, subjects] of committed)
  test(`commits when ${what}: ${subjects.length}`, () => {
    const turn = only(new Tale().ask('x').run(command, output, { failed }))
    assert.deepEqual(
      turn.done.filter(({ deed }) => deed === 'commit').map(({ of }) => of),
      subjects,
    )
  })

test('a pull request is known by its address, a rebase by its end', () => {
  const turn = only(
    new Tale()
      .ask('x')
      .run('git rebase origin/main', 'CONFLICT (content): Merge conflict in a.ts', { failed: true })
      .run('git rebase --continue', 'Successfully rebased and updated refs/heads/oven.')
      .run('gh pr create --title Bread', 'https://example.org/a/b/pull/42'),
  )
  const told = turn.done.map(({ deed, of, how, url }) => [deed, of, how, url])
  assert.deepEqual(told, [
    ['rebase', 'origin/main', undefined, undefined],
    ['pr', '42', 'create', 'https://example.org/a/b/pull/42'],
  ])
})

test('a merge with conflicts is one when it is committed', () => {
  const tale = new Tale().ask('x').run('git merge main', 'Automatic merge failed; fix conflicts', { failed: true })
  assert.equal(only(tale).done[0]?.how, 'conflict')
  tale.run('git commit -m "Merge main"', '[oven abc1234] Merge main')
  assert.equal(only(tale).done[0]?.how, undefined)
})

test('what a person ran is judged by its output, whichever way an agent keeps it', () => {
  const typed = () => new Tale().ask('! npm test', { command: 'shell' })
  const output = 'Tests: 1 failed, 1 total'
  for (const tale of [typed().injected('shell_output', output), typed().result('none', output)]) {
    const { tests, outcome } = only(tale)
    assert.deepEqual([tests, outcome], ['failed', 'answered'])
  }
})

test('refusals keep what was wanted and what the person said to it', () => {
  const told =
    "The user doesn't want to proceed with this tool use. To tell you how to proceed, the user said:\nuse rye"
  const tale = new Tale().ask('x')
  tale.result(tale.call('edit', 'Change', 'a.ts', { file_path: 'a.ts' }), told, { failed: true })
  const [refusal] = only(tale).refusals
  assert.deepEqual([refusal?.by, refusal?.of, refusal?.feedback], ['person', 'a.ts', 'use rye'])
})

test('waiting for the person is told apart from work', () => {
  const tale = new Tale().ask('x')
  const call = tale.call('ask', 'Question', 'Which oven?', { questions: [{ question: 'Which oven?' }] })
  tale.result(call, 'the old one')
  assert.deepEqual([only(tale).waitingMs, only(tale).asks[0]?.question], [1_000, 'Which oven?'])
})

const wrote = (request: string, output: number): Wanted => {
  const usage: Usage = { input: 1, output, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 }
  return { kind: 'message.assistant.text', payload: { usage, request } }
}
const written: readonly (readonly [string, readonly Wanted[], readonly number[]])[] = [
  ['once a request', [ask(), wrote('r1', 5), wrote('r1', 5), result(), wrote('r1', 5)], [5]],
  ['as a request grows', [ask(), wrote('r1', 1), wrote('r1', 9), wrote('r1', 3)], [9]],
  ['over several requests', [ask(), wrote('r1', 5), wrote('r2', 7)], [12]],
  ['not again in the next turn', [ask(), wrote('r1', 5), ask(), wrote('r1', 5), wrote('r2', 1)], [5, 1]],
]
for (const [what, wanted, sums] of written)
  test(`written tokens are counted ${what}`, () =>
    assert.deepEqual(
      turns(...wanted).map((turn) => turn.tokens.output),
      sums,
    ))

test('however much happens in a turn, what is kept of it has a limit, and what was left out is counted', () => {
  const tale = new Tale().ask('x'.repeat(5_000))
  const long = (n: number) => `/home/dev/${'deep/'.repeat(40)}${n}.ts`
  for (let n = 0; n < 400; n++) tale.edit(long(n)).read(long(n)).run(`./bake-${n} --well`, 'ok').run(`git tag v${n}`)
  for (let n = 0; n < 100; n++) tale.call('run', 'Shell', `sleep ${n}`, { command: `sleep ${n}` })
  const turn = only(tale)
  assert.deepEqual([turn.files.length, turn.filesMore], [MAX.files, 400 - MAX.files])
  assert.deepEqual([turn.runs.length, turn.done.length, turn.pending.length], [MAX.runs, MAX.done, MAX.pending])
  assert.ok(JSON.stringify(turn).length < 200_000, `${JSON.stringify(turn).length} bytes`)
})

test('a command a person typed that its agent writes as a call with the prompt is the person’s', () => {
  const tale = new Tale().ask('! npm test', { command: 'shell' })
  const call = tale.call('run', 'Shell', 'npm test', { command: 'npm test' })
  const [prompt, use] = tale.events as [Event, Event]
  const events = [
    prompt,
    { ...use, rawIn: prompt.id },
    ...new Tale({}, 50).result(call, '# pass 3\n# fail 0', { exit: 0 }).events,
  ]
  const [turn] = turnsOf(events) as [Turn]
  assert.equal(tell(turn, 'Baker').text, 'You ran `npm test` (3 passed)')
})
