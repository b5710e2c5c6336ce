// What doctor says, read aloud: where lines are broken, what is not known yet, and that nothing of it is lost.
import assert from 'node:assert/strict'
import { appendFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Ran, runCli } from '../testing/cli.ts'
import { header, type Scenario, scenario } from '../testing/scenario.ts'

let machine: Scenario
const run = (...args: string[]): Promise<Ran> =>
  runCli([...args, '--data-dir', machine.config.dataDir], { HOME: machine.dir })

const at = '2026-03-14T10:00:00.000Z'
const later = '2026-03-15T10:00:00.000Z'
before(async () => {
  machine = scenario()
  machine.write('s1', [
    { ...header('s1'), version: '9.0' },
    { id: 'a', at, kind: 'ask', text: 'bake a rye bread', mood: 'my secret mood' },
    { id: 'b', at: later, kind: 'ask', text: 'and another', mood: 'my other mood' },
    { id: 'c', at, kind: 'sing', text: 'a song' },
    { id: 'd', at, kind: 'call', tool: 'Proof', input: { dough: 'sour' } },
    { id: 'e', at, kind: 'call', tool: 'mcp__oven__heat', input: {} },
  ])
  appendFileSync(join(machine.sessions, 's1.jsonl'), '{"id":"f","at":\n')
  const ran = await run('import', '--watch', `example=${machine.sessions}`)
  assert.equal(ran.code, 0, ran.stderr)
})
after(() => machine.remove())

test('a damaged line is named with its file and its place in it', async () => {
  const { stdout } = await run('doctor')
  const file = join(machine.sessions, 's1.jsonl')
  const offset = statSync(file).size - '{"id":"f","at":\n'.length
  assert.ok(stdout.includes(`· damaged line: ${file}, byte ${offset}: the line is not JSON; kept as it is\n`), stdout)
})

test('what is not known is said in a sentence, with where to see more', async () => {
  const { stdout } = await run('doctor')
  const sentence =
    '· Example agent: 1 type, 1 field and 1 tool that OpenStory does not know yet; every line is kept whole — see: openstory doctor --formats\n'
  assert.ok(stdout.includes(sentence), stdout)
})

test('--formats tells of each, what it looks like without what it says, and is content', async () => {
  const { stdout, code } = await run('doctor', '--formats')
  assert.equal(code, 0)
  assert.equal(
    stdout,
    `What agents write that OpenStory does not know yet. No line is lost: each is kept whole, as it was written.
  types: A line or part of this type has no meaning here yet; it is kept and shown under its own name.
  fields: The line is understood; what this field adds is kept in it and not read.
  tools: Its calls are told as calls, without what kind of act they are.

Example agent
  type sing: once, first on 2026-03-14, in version 9.0
      {"id":"<string 1>","at":"<string 24>","kind":"<string 4>","text":"<string 6>"}
  field record.mood: 2 times, first on 2026-03-14, in version 9.0
      "<string 14>"
  tool Proof: once, first on 2026-03-14, in version 9.0
      {"dough":"<string 4>"}
  plugged-in tools (MCP), which is no news: oven once
`,
  )
})

test('--formats --json has the numbers', async () => {
  const { stdout } = await run('doctor', '--formats', '--json')
  const { agents, waiting } = JSON.parse(stdout)
  assert.equal(waiting, 0)
  const seen = { count: 2, firstSeen: at, lastSeen: later }
  const { event, ...mood } = agents[0].unknown[1]
  assert.match(event, /^[0-9a-f]{32}$/)
  assert.deepEqual(mood, {
    what: 'field',
    name: 'record.mood',
    ...seen,
    versions: [{ version: '9.0', ...seen }],
    sample: '"<string 14>"',
  })
})

test('where there is no record yet, --formats says how to make one', async () => {
  const ran = await runCli(['doctor', '--formats', '--data-dir', join(machine.dir, 'nowhere')], { HOME: machine.dir })
  assert.equal(ran.code, 1)
  assert.match(ran.stderr, /^openstory: there is no store at .*; run: openstory import\n$/)
})
