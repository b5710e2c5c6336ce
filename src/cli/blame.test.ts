// openstory blame over files of a real git checkout: whose each line is, of the file as it is, of a revision, of one that is gone.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Ran, startCli } from '../testing/cli.ts'
import { header, type Scenario, scenario } from '../testing/scenario.ts'
import type { BlameLine } from '../wire/blame.ts'

let machine: Scenario
let repo: string
const env = () => ({ HOME: machine.dir, GIT_CONFIG_NOSYSTEM: '1' })
const git = (...args: string[]) =>
  execFileSync('git', ['-C', repo, '-c', 'user.name=dev', '-c', 'user.email=dev@example.org', ...args], {
    env: { ...process.env, ...env() },
  })
const blame = (...args: string[]): Promise<Ran> =>
  startCli(['blame', '--data-dir', machine.config.dataDir, ...args], env()).done
async function lines(...args: string[]): Promise<(readonly [string, string, string | null])[]> {
  const ran = await blame('--json', ...args)
  assert.equal(ran.code, 0, ran.stderr)
  return (JSON.parse(ran.stdout) as BlameLine[]).map(
    ({ text, confidence, prompt }) => [text, confidence, prompt] as const,
  )
}

// A prompt and a call that does what `input` says.
const turn = (n: number, prompt: string, does: string, input: object) => {
  const at = (second: number) => new Date(Date.UTC(2026, 2, 14, 9, n, second)).toISOString()
  return [
    { id: `${n}-1`, at: at(1), kind: 'ask', text: prompt },
    { id: `${n}-2`, at: at(2), kind: 'call', call: `c${n}`, tool: 'T', does, target: 'oven.ts', input, model: 'm1' },
    { id: `${n}-3`, at: at(3), kind: 'result', call: `c${n}`, failed: false, text: 'done' },
    { id: `${n}-4`, at: at(4), kind: 'say', text: 'Done.', stop: 'stop' },
  ]
}

const MADE = 'const heat = 200\nexport const warm = () => heat\n'
const HOTTER = MADE.replace('200', '250')

before(async () => {
  machine = scenario()
  repo = join(realpathSync(machine.dir), 'bakery')
  mkdirSync(join(repo, 'src'), { recursive: true })
  const path = join(repo, 'src', 'oven.ts')
  machine.write('s1', [
    header('s1', repo),
    ...turn(1, 'make an oven', 'write', { path: 'src/oven.ts', content: MADE }),
    ...turn(2, 'hotter', 'edit', { path, old_string: '200', new_string: '250' }),
    ...turn(3, 'a note', 'run', { command: "cat > src/notes.md <<'EOF'\n# Notes on bread\nEOF" }),
  ])
  const imported = await startCli(
    ['import', '--data-dir', machine.config.dataDir, '--watch', `example=${machine.sessions}`],
    env(),
  ).done
  assert.equal(imported.code, 0, imported.stderr)
  git('init', '-q')
  writeFileSync(path, MADE)
  git('add', '-A')
  git('commit', '-qm', 'An oven')
  writeFileSync(path, `// by hand\n${HOTTER}`)
})
after(() => machine.remove())

const HOT = ['const heat = 250', 'exact', 'hotter'] as const
const WARM = ['export const warm = () => heat', 'exact', 'make an oven'] as const

test('each line says whose prompt made it; what a person wrote is nobody’s', async () => {
  assert.deepEqual(await lines(join(repo, 'src/oven.ts')), [['// by hand', 'unknown', null], HOT, WARM])
})

test('one line, with all that scripts rely on', async () => {
  const ran = await blame('--json', `${join(repo, 'src/oven.ts')}:2`)
  const [line, ...more] = JSON.parse(ran.stdout) as BlameLine[]
  assert.deepEqual(more, [])
  assert.match(line!.turn!, /^[0-9a-f]{32}$/)
  assert.match(line!.event!, /^[0-9a-f]{32}$/)
  const { turn: _, event: __, prompt_event: ___, ...rest } = line!
  assert.deepEqual(rest, {
    line: 2,
    text: 'const heat = 250',
    session: 'example:s1',
    prompt: 'hotter',
    agent: 'example',
    model: 'm1',
    time: '2026-03-14T09:02:02.000Z',
    confidence: 'exact',
    agent_id: null,
    elsewhere: null,
  })
})

test('for people: the prompt, the agent, the day, how sure, the line', async () => {
  const { stdout, stderr } = await blame(join(repo, 'src/oven.ts'))
  assert.match(
    stderr,
    /^“make an oven” made 1 file; output tokens unknown; cost unknown; openstory files --prompt [0-9a-f]{32}$/m,
  )
  assert.match(stderr, /^“hotter” changed 1 file; /m)
  assert.deepEqual(stdout.trimEnd().split('\n'), [
    'human or unknown                                          1  // by hand',
    'hotter            Example agent  2026-03-14 09:02  exact  2  const heat = 250',
    'make an oven      Example agent  2026-03-14 09:01  exact  3  export const warm = () => heat',
  ])
})

test('a revision is what it was then, not what was made of it since', async () => {
  assert.deepEqual(await lines('--rev', 'HEAD', join(repo, 'src/oven.ts')), [
    ['const heat = 200', 'exact', 'make an oven'],
    WARM,
  ])
})

test('in another checkout lines are found by their place in it, and are never certain', async () => {
  const copy = join(machine.dir, 'elsewhere', 'bakery')
  cpSync(repo, copy, { recursive: true })
  const ran = await blame('--json', join(copy, 'src/oven.ts'))
  const found = JSON.parse(ran.stdout) as BlameLine[]
  assert.deepEqual(
    found.map(({ confidence, elsewhere }) => [confidence, elsewhere]),
    [
      ['unknown', null],
      ['inferred', join(repo, 'src/oven.ts')],
      ['inferred', join(repo, 'src/oven.ts')],
    ],
  )
  assert.match(ran.stderr, /written in another place of the same file/)
  rmSync(copy, { recursive: true })
})

test('a file that is not there is shown as it was last, and that is said', async () => {
  const ran = await blame(join(repo, 'src/notes.md'))
  assert.match(ran.stdout, /a note .* exact .* # Notes on bread/)
  assert.match(ran.stderr, /notes\.md is not there; these are its lines as the record says they were last/)
})

test('outside of git a file is blamed all the same', async () => {
  rmSync(join(repo, '.git'), { recursive: true })
  assert.deepEqual((await lines(join(repo, 'src/oven.ts')))[1], HOT)
  const { code, stderr } = await blame('--rev', 'HEAD', join(repo, 'src/oven.ts'))
  assert.deepEqual([code, /is in no git checkout/.test(stderr)], [1, true])
})

const refusals = [
  ['nobody.ts', /nobody\.ts is not there, and no session is known that showed all of it/],
  ['src', /src is a folder; name a file in it/],
  ['src/oven.ts:9', /has no line 9; its last is 3/],
] as const
for (const [path, sentence] of refusals)
  test(`one sentence for ${path}`, async () => {
    const { code, stderr, stdout } = await blame(join(repo, path))
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(stderr, sentence)
  })
