// The verbs as a person or a script runs them: what they print, where, and their exit codes.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { CloudEvent } from 'cloudevents'
import { openAsking } from '../app/asking.ts'
import { type Ran, runCli, startCli } from '../testing/cli.ts'
import { eventually, header, type Scenario, scenario, turnRecords } from '../testing/scenario.ts'

let machine: Scenario
let dataDir: string
const run = (verb: string, ...args: string[]): Promise<Ran> =>
  runCli([verb, '--data-dir', dataDir, ...args], { HOME: machine.dir })
const json = async <T>(verb: string, ...args: string[]): Promise<T> => {
  const ran = await run(verb, '--json', ...args)
  assert.equal(ran.code, 0, ran.stderr)
  return JSON.parse(ran.stdout) as T
}

before(async () => {
  machine = scenario()
  dataDir = machine.config.dataDir
  machine.write('s1', [
    header('s1'),
    ...turnRecords(1, 'bake a camelCase bread'),
    ...turnRecords(2, 'clean the "oven" 🍞'),
  ])
  machine.write('s2', [header('s2', '/home/dev/shop'), ...turnRecords(3, 'sell 面包 at the market')])
  const ran = await run('import', '--watch', `example=${machine.sessions}`)
  assert.equal(ran.code, 0, ran.stderr)
  assert.match(ran.stdout, /2 files, 17 new lines, 17 new events, 2 sessions/)
})
after(() => machine.remove())

interface Session {
  readonly id: string
  readonly title: string
}

test('sessions lists them newest first, with the fields scripts rely on', async () => {
  const found = await json<Record<string, unknown>[]>('sessions')
  assert.deepEqual(
    found.map(({ id }) => id),
    ['example:s2', 'example:s1'],
  )
  const { tokens: _, model: __, cost: ___, ...first } = found[1]!
  assert.deepEqual(first, {
    id: 'example:s1',
    agent: 'example',
    project: 'home-dev-bakery',
    cwd: '/home/dev/bakery',
    title: 'bake a camelCase bread',
    started: '2026-03-14T09:00:00.000Z',
    ended: '2026-03-14T09:02:05.000Z',
    events: 11,
    prompts: 2,
    turns: 2,
    parent: null,
    files: [join(machine.sessions, 's1.jsonl')],
    errors: 0,
    tools: 2,
  })
  const ran = await run('sessions')
  assert.match(ran.stdout, /2026-03-14 09:03 {2}example {2}1 prompts {2}6 events .*example:s2 {2}sell 面包/)
})

test('show takes a native id and prints records with where they came from', async () => {
  const records = await json<Record<string, unknown>[]>('show', 's1')
  assert.equal(records.length, 11)
  const { id, payload, source, ...rest } = records[1]! as {
    id: string
    payload: { text: string }
    source: { file: string; offset: number; length: number; line: number; sha256: string }
  }
  assert.match(id, /^[0-9a-f]{32}$/)
  assert.deepEqual(rest, {
    type: 'live.openstory.message.user.prompt',
    time: '2026-03-14T09:01:01.000Z',
    agent_id: null,
    sequence: '00000000000086.000',
  })
  assert.equal(payload.text, 'bake a camelCase bread')
  const bytes = readFileSync(source.file).subarray(source.offset, source.offset + source.length)
  assert.equal(JSON.parse(bytes.toString()).text, 'bake a camelCase bread', 'the bytes behind it are where it says')
})

test('an id that is not there, or could be two, is said in one sentence', async () => {
  const gone = await run('show', 'nothing')
  assert.equal(gone.code, 1)
  assert.equal(gone.stderr, 'openstory: there is no session nothing; see: openstory sessions\n')
  const two = await run('show', 'example:s')
  assert.match(two.stderr, /example:s could be example:s[12] or example:s[12]; give more of it/)
  assert.equal(two.code, 1)
})

test('story tells a session in sentences, as scripts rely on them', async () => {
  const [first, second] = await json<Record<string, unknown>[]>('story', 's1')
  const { clauses: _, changes: __, commands: ___, tokens: ____, ...told } = second!
  const { event, ...prompt } = told.prompt as { event: string }
  assert.match(event, /^[0-9a-f]{32}$/)
  assert.deepEqual(prompt, { text: 'clean the "oven" 🍞', native_id: '2-1', line: 7, by: 'person' })
  assert.equal(first!.sentence, 'Example agent ran the tests (passed), because "bake a camelCase bread" → answered')
  assert.deepEqual(
    [told.verb, told.outcome, told.tests, told.files, told.commits, told.running, told.agent_id, told.usd],
    [
      'ran',
      'answered',
      'passed',
      { created: [], modified: [], deleted: [], renamed: [], read: [] },
      [],
      false,
      null,
      null,
    ],
  )
  assert.deepEqual([told.turn, told.first_event], [event, event])
})

test('story reads as a paragraph and a list, with what is behind each sentence when asked', async () => {
  const plain = await run('story', 's1')
  assert.match(plain.stdout, /^You asked Example agent "bake a camelCase bread", and one more thing/)
  assert.equal(plain.stdout.trimEnd().split('\n').length, 4)
  const unfolded = await run('story', 's1', '--unfold')
  assert.match(unfolded.stdout, /^ +you: .*\n(?:.*\n)*? +Shell npm test\n +→ /m)
  assert.match((await run('story', 's1', '--md')).stdout, /^# example:s1\n\n.*\n\n- \*\*2026-03-14/)
  assert.match((await run('story', '--day', '2026-03-14')).stdout, /^2026-03-14 in home-dev-\w+: one session, /)
  assert.equal((await run('story', '--day', 'yesterday')).code, 1)
  assert.equal((await run('story')).code, 1)
})

const SEARCHES = [
  ['a word', ['oven'], 1],
  ['a part of an identifier', ['camel'], 1],
  ['the identifier', ['camelcase'], 1],
  ['Chinese', ['面包'], 1],
  ['one character of it', ['包'], 1],
  ['an emoji', ['🍞'], 1],
  ['a phrase', ['"bread number 2"'], 1],
  ['a phrase that is not there', ['"number bread"'], 0],
  ['a prefix', ['mark*'], 1],
  ['what must not be there', ['bread type:prompt -camel'], 0],
  ['a tool, and what came back from it', ['tool:shell'], 6],
  ['the calls of a tool', ['tool:shell type:tool_use'], 3],
  ['a model', ['model:m1 type:text'], 3],
  ['what failed', ['is:error'], 0],
  ['what cost more', ['cost:>1000'], 0],
  ['a project', ['project:shop type:prompt'], 1],
  ['unbalanced quotes', ['"oven'], 1],
  ['syntax of the index', ['NEAR( OR ) * ^ : {'], 0],
  ['a time', ['type:prompt until:2026-03-14T09:01:30Z'], 1],
] as const

test('search prints its hits as scripts rely on them', async () => {
  const hits = await json<Record<string, unknown>[]>('search', 'oven')
  assert.deepEqual(
    hits.map(({ event, ...hit }) => ({ ...hit, event: /^[0-9a-f]{32}$/.test(String(event)) })),
    [
      {
        session: 'example:s1',
        time: '2026-03-14T09:02:01.000Z',
        kind: 'message.user.prompt',
        snippet: 'clean the "oven" 🍞',
        score: 0,
        event: true,
      },
    ],
  )
})

for (const [what, words, n] of SEARCHES)
  test(`search finds ${what}`, async () => {
    const asking = openAsking(dataDir)
    const { hits } = await asking.search(words.join(' '), { limit: 100, offset: 0, ranked: false })
    asking.close()
    assert.equal(hits.length, n, JSON.stringify(hits.map(({ snippet }) => snippet)))
  })

test('export gives the log’s own lines, each a valid CloudEvent', async () => {
  const ran = await run('export', 'example:s1', '--format', 'cloudevents')
  assert.equal(ran.stdout, readFileSync(join(dataDir, 'log', 'example', 's1.jsonl'), 'utf8'))
  for (const line of ran.stdout.trimEnd().split('\n')) assert.ok(new CloudEvent(JSON.parse(line), true).validate())
})

test('export tells a session to read, as Markdown and as one HTML file', async () => {
  const markdown = await run('export', 's1', '--format', 'markdown')
  assert.equal(markdown.code, 0, markdown.stderr)
  assert.match(markdown.stdout, /^# bake a camelCase bread\n/)
  assert.match(markdown.stdout, /\n## 2\. clean the "oven" 🍞\n/)
  const html = await run('export', 's1', '--format', 'html')
  assert.match(html.stdout, /^<!doctype html>.*<\/html>\n$/s)
})

test('export in the agent’s own format gives its file again, and says which files there are only where there are several', async () => {
  const file = join(machine.sessions, 's1.jsonl')
  const ran = await run('export', 's1', '--format', 'native')
  assert.equal(ran.stdout, readFileSync(file, 'utf8'))
  assert.equal(ran.stderr, '')
  const one = await run('export', 's1', '--format', 'native', '--file', 's1.jsonl')
  assert.equal(one.stdout, ran.stdout)
  const none = await run('export', 's1', '--format', 'native', '--file', 's2.jsonl')
  assert.equal(none.stderr, `openstory: no file of example:s1 is called s2.jsonl; it has ${file}\n`)
  assert.equal(none.code, 1)
})

test('trace tells seven stops, and of no event that there is none', async () => {
  const [first] = await json<{ id: string }[]>('show', 's2')
  const { stops } = await json<{ stops: { stop: number; where: string; says: string }[] }>('trace', first!.id)
  assert.deepEqual(
    stops.map(({ where }) => where),
    ['watcher', 'source', 'bus', 'log', 'store', 'broadcast', 'page'],
  )
  const none = await run('trace', 'f'.repeat(32))
  assert.equal(none.code, 1)
  assert.match(none.stderr, /there is no event f+; ids are in: openstory show SESSION --json/)
})

test('init writes a config once, and every line of it is a comment that is true', async () => {
  const first = await run('init')
  assert.match(first.stdout, /wrote .*config\.toml/)
  const text = readFileSync(join(dataDir, 'config.toml'), 'utf8')
  assert.ok(text.split('\n').every((line) => line === '' || line.startsWith('#')))
  const again = await run('init')
  assert.match(again.stdout, /is there already and was left alone/)
  assert.equal(readFileSync(join(dataDir, 'config.toml'), 'utf8'), text)
})

test('doctor says what is found and that nothing is off', async () => {
  const findings = await json<{ is: string; about: string; says: string }[]>('doctor').catch((error: Error) =>
    assert.fail(error.message),
  )
  assert.ok(
    findings.some(({ about, says }) => about === 'record' && says.startsWith('17 events of 2 sessions')),
    JSON.stringify(findings),
  )
  assert.deepEqual(
    findings.filter(({ is, about }) => is === 'off' && about !== 'page'),
    [],
  )
})

test('a verb that needs a record says how to make one', async () => {
  const ran = await runCli(['sessions', '--data-dir', join(machine.dir, 'nowhere')])
  assert.equal(ran.code, 1)
  assert.match(ran.stderr, /^openstory: there is no store at .*nowhere.*; run: openstory import\n$/)
})

test('a reader that has seen enough is no error, on either side', async () => {
  for (const stream of ['stdout', 'stderr'] as const) {
    const running = startCli(['cost', '--data-dir', machine.config.dataDir], { HOME: machine.dir })
    running.child[stream]!.destroy()
    const { code, stderr } = await running.done
    assert.equal(code, 0, `${stream} closed: ${stderr}`)
  }
})

test('watch prints CloudEvents as they happen, beside a server that runs', async () => {
  const other = scenario()
  other.write('w', [header('w'), ...turnRecords(1)])
  const data = ['--data-dir', other.config.dataDir]
  const serving = startCli(['serve', '--no-open', '--port', '0', ...data, '--watch', `example=${other.sessions}`])
  try {
    await eventually('it serves', () => /OpenStory is at /.test(serving.stderr()))
    const watching = startCli(['watch', '--from', '1', ...data])
    await eventually('what was there before is replayed', () => watching.stdout().split('\n').length === 7)
    other.write('w', turnRecords(2))
    await eventually('what comes is told', () => watching.stdout().split('\n').length === 12)
    watching.child.kill('SIGINT')
    assert.equal((await watching.done).code, 0)
    const times = watching
      .stdout()
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { time: string }).time)
    assert.deepEqual(times, [...times].sort())
  } finally {
    serving.child.kill('SIGTERM')
    await serving.done
    other.remove()
  }
})

test('demo tells its story into a folder of its own and leaves nothing behind', async () => {
  const demo = startCli(['demo', '--no-open', '--once', '--speed', '200'], { HOME: machine.dir, TMPDIR: machine.dir })
  const [, url, folder] = await eventually('it serves', () => /at (http\S+) .*removes (\S+)/.exec(demo.stderr()))
  const session = await eventually('the story is told', async () => {
    const { sessions } = (await (await fetch(`${url}/api/sessions`)).json()) as {
      sessions: (Session & { turns: number; state: string })[]
    }
    return sessions?.find(({ turns, state, title }) => turns === 2 && state === 'waiting' && title !== null)
  })
  assert.equal(session.title, 'Fix the flaky pickup slot test')
  demo.child.kill('SIGINT')
  assert.equal((await demo.done).code, 0)
  assert.equal(existsSync(folder!), false)
})
