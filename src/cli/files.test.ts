// openstory files as a person or a script runs it: from a file to its prompts, from a prompt to its files.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type Ran, runCli } from '../testing/cli.ts'
import { header, type Scenario, scenario } from '../testing/scenario.ts'
import type { FileAnswer, FilesAnswer, TurnFilesAnswer } from '../wire/files.ts'

let machine: Scenario
const run = (...args: string[]): Promise<Ran> =>
  runCli(['files', '--data-dir', machine.config.dataDir, ...args], { HOME: machine.dir })
async function json<T>(...args: string[]): Promise<T> {
  const ran = await run('--json', ...args)
  assert.equal(ran.code, 0, ran.stderr)
  return JSON.parse(ran.stdout) as T
}

let minute = 0
function turn(prompt: string, commands: readonly string[]): object[] {
  const at = new Date(Date.UTC(2026, 2, 14, 9, minute++)).toISOString()
  const work = commands.flatMap((command, i) => {
    const call = `c${minute}-${i}`
    const tokens = { input: 10, output: 20 }
    return [
      { at, kind: 'call', call, tool: 'Shell', does: 'run', input: { command }, model: 'm1', request: call, tokens },
      { at, kind: 'result', call, failed: false, exit: 0, text: 'ok' },
    ]
  })
  return [{ at, kind: 'ask', text: prompt }, ...work, { at, kind: 'say', text: 'Done.', stop: 'stop' }]
}

before(async () => {
  machine = scenario()
  machine.write('s1', [
    header('s1'),
    ...turn('bake three breads', ['touch rye.md spelt.md', "cat > wheat.md <<'EOF'\nflour\nEOF"]),
    ...turn('taste the rye', ['cat rye.md']),
  ])
  machine.write('s2', [header('s2'), ...turn('try it aside', ['touch /tmp/dough.md'])])
  const args = ['import', '--data-dir', machine.config.dataDir, '--watch', `example=${machine.sessions}`]
  const ran = await runCli(args, { HOME: machine.dir })
  assert.equal(ran.code, 0, ran.stderr)
})
after(() => machine.remove())

test('a session that only made files in folders for temporary ones is not shown as one that made none', async () => {
  const { stderr } = await run('--session', 's2')
  assert.match(
    stderr,
    /no files\s+(?:openstory: )?1 in folders for temporary files, plans and memories; shown with --aside/,
  )
  assert.match((await run('--session', 's2', '--aside')).stdout, /\/tmp\/dough\.md/)
  const [aside] = (await json<FileAnswer>('--path', 'dough.md')).turns
  const { made, files } = await json<TurnFilesAnswer>('--prompt', aside!.turn)
  assert.deepEqual([made.created, files.length], [0, 1], 'and is not said to have made any')
  assert.doesNotMatch((await run('--session', 's1', 'nobodys')).stderr, /--aside/)
})

test('files are listed, narrowed by words, with the prompts that changed them', async () => {
  const { files, count } = await json<FilesAnswer>()
  assert.deepEqual([files.length, count], [3, 3])
  const [rye] = (await json<FilesAnswer>('RYE')).files
  assert.deepEqual([rye?.path, rye?.change, rye?.turns, rye?.prompts], ['/home/dev/bakery/rye.md', 'created', 2, 1])
})

test('a file leads to its prompts and a prompt to its files, with its tokens', async () => {
  const { turns } = await json<FileAnswer>('--path', 'bakery/rye.md')
  assert.deepEqual(
    turns.map(({ prompt, change }) => [prompt?.text, change]),
    [
      ['taste the rye', 'read'],
      ['bake three breads', 'created'],
    ],
  )
  const made = await json<TurnFilesAnswer>('--prompt', turns[1]!.turn)
  assert.deepEqual([made.made.created, made.tokens?.output], [3, 40])
  const said = await run('--prompt', turns[1]!.turn)
  assert.match(
    said.stdout,
    /^> bake three breads\n.*\n3 created; 40 output tokens; cost unknown\n {2}created +\S*rye\.md/,
  )
})

test('for people: one line a file, and every turn of one with its sentence', async () => {
  assert.match(
    (await run('wheat')).stdout,
    /^USD: the whole cost of the prompts .*not to be added up\n2026-03-14 09:00 {2}created .* 1 turn {2}cost unknown {2}\S+wheat\.md\n$/,
  )
  const { stdout } = await run('--path', 'rye.md', '--changed')
  assert.match(
    stdout,
    /^\/home\/dev\/bakery\/rye\.md\n2 turns in 1 session; changed by 1 prompt, cost unknown for all that it did\n/,
  )
  assert.match(stdout, /> bake three breads\n {4}Example agent created/)
})

test('what cannot be asked is refused in one sentence, what is not there is said', async () => {
  for (const [args, sentence] of [
    [['--sort', 'smell'], /--sort is one of changed, touched/],
    [['--prompt', 'x'], /there is no prompt or turn x/],
    [['--path', 'a', '--prompt', 'b'], /not for both/],
    [['--limit', 'many'], /--limit is a whole number/],
    [['--session', 'nobody'], /there is no session nobody/],
  ] as const) {
    const ran = await run(...args)
    assert.deepEqual([ran.code, ran.stdout], [1, ''], args.join(' '))
    assert.match(ran.stderr, sentence)
  }
  const none = await run('--path', 'cake.md')
  assert.deepEqual([none.code, none.stderr.trim()], [0, 'nobody touched a file of that name'])
})
