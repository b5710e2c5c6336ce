// openstory commits over a real git repository: whose the lines of a commit are, at what cost, and after rebase, squash and amend.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openAsking } from '../app/asking.ts'
import { checkoutsAsked } from '../app/checkouts.ts'
import { commitsAsked, madeByAsked } from '../app/commits-asked.ts'
import { type Ran, startCli } from '../testing/cli.ts'
import { header, type Scenario, scenario } from '../testing/scenario.ts'
import type { CommitAnswer } from '../wire/commits.ts'

const hasGit = spawnSync('git', ['--version']).status === 0
const options = { skip: hasGit ? false : 'there is no git on this machine: commits are not tested' }

let machine: Scenario
let repo: string
const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 2, 14, 9, minute, second)).toISOString()
const env = () => ({ HOME: machine.dir, GIT_CONFIG_NOSYSTEM: '1' })
// `minute`: when it is done, as the commits say.
const git = (minute: number, ...args: string[]): string =>
  execFileSync('git', ['-C', repo, '-c', 'user.name=dev', '-c', 'user.email=dev@example.org', ...args], {
    env: {
      ...process.env,
      ...env(),
      GIT_AUTHOR_DATE: at(minute, 30),
      GIT_COMMITTER_DATE: at(minute, 30),
      GIT_EDITOR: 'true',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .toString()
    .trim()
const commit = (minute: number, subject: string): string => {
  git(minute, 'add', '-A')
  git(minute, 'commit', '-qm', subject)
  return git(minute, 'rev-parse', 'HEAD')
}
const put = (path: string, text: string) => writeFileSync(join(repo, path), text)
const commits = (...args: string[]): Promise<Ran> =>
  startCli(['commits', '--data-dir', machine.config.dataDir, '--repo', repo, ...args], env()).done
async function told(...args: string[]): Promise<CommitAnswer[]> {
  const ran = await commits('--json', ...args)
  assert.equal(ran.code, 0, ran.stderr)
  return JSON.parse(ran.stdout) as CommitAnswer[]
}
// Who wrote what, in short.
const short = ({ lines, prompts }: CommitAnswer) => [
  `${lines.exact} exact, ${lines.moved} moved, ${lines.inferred} inferred, ${lines.unknown} unknown`,
  prompts.map(({ text, lines: own }) => `${text} ${own}`),
]

// A prompt and the calls of its turn; the last one may be a commit, of which git said what `said` is.
function turn(
  n: number,
  prompt: string,
  calls: readonly (readonly [does: string, input: object, said?: string])[],
): object[] {
  const tokens = { input: 1_000, output: 200 * n }
  return [
    { id: `${n}-0`, at: at(n), kind: 'ask', text: prompt },
    ...calls.flatMap(([does, input, said], i) => [
      {
        id: `${n}-${i}c`,
        at: at(n, 2 * i + 1),
        kind: 'call',
        call: `c${n}-${i}`,
        tool: 'T',
        does,
        target: does,
        input,
        model: 'gpt-5',
      },
      {
        id: `${n}-${i}r`,
        at: at(n, 2 * i + 2),
        kind: 'result',
        call: `c${n}-${i}`,
        failed: false,
        text: said ?? 'done',
      },
    ]),
    { id: `${n}-9`, at: at(n, 40), kind: 'say', text: 'Done.', model: 'gpt-5', request: `r${n}`, tokens, stop: 'stop' },
  ]
}

const OVEN = 'const heat = 200\nexport const warm = () => heat\n'
const HOTTER = `// by hand\n${OVEN.replace('200', '250')}`
const BREAD = 'export const bread = 1\nexport const crust = 2\n'
const CAKE = 'export const cake = 3\n'
const shas: Record<string, string> = {}

before(async () => {
  if (!hasGit) return
  machine = scenario()
  repo = join(realpathSync(machine.dir), 'bakery')
  mkdirSync(repo)
  git(0, 'init', '-q', '-b', 'main')
  put('README.md', 'A bakery, by hand.\n')
  shas.first = commit(0, 'Begin')
  put('oven.ts', OVEN)
  shas.oven = commit(1, 'An oven')
  put('oven.ts', HOTTER)
  shas.hotter = commit(2, 'Hotter')
  git(3, 'checkout', '-qb', 'bread')
  put('bread.ts', BREAD)
  shas.bread = commit(3, 'Bread')
  put('bread.ts', `${BREAD}export const slices = 12\n`)
  shas.slices = commit(4, 'Slices')
  put('bread.ts', `${BREAD}export const slices = 14\n`) // after the turn, by a person
  machine.write('s1', [
    header('s1', repo),
    ...turn(1, 'make an oven', [
      ['write', { path: 'oven.ts', content: OVEN }],
      ['run', { command: 'git commit -m "An oven"' }, `[main ${shas.oven.slice(0, 7)}] An oven`],
    ]),
    ...turn(2, 'hotter', [['edit', { path: 'oven.ts', old_string: '200', new_string: '250' }]]),
    ...turn(3, 'now bread', [
      ['write', { path: join(repo, 'bread.ts'), content: BREAD }],
      ['run', { command: 'git commit -m "Bread"' }, `[bread ${shas.bread.slice(0, 7)}] Bread`],
    ]),
    ...turn(4, 'sliced', [
      ['edit', { path: 'bread.ts', old_string: 'crust = 2\n', new_string: 'crust = 2\nexport const slices = 12\n' }],
    ]),
    ...turn(30, 'begin anew', [['write', { path: 'oven.ts', content: 'export {}\n' }]]),
  ])
  // Another session came to the same checkout by a link.
  const link = join(realpathSync(machine.dir), 'shop')
  symlinkSync(repo, link)
  put('cake.ts', CAKE)
  shas.cake = commit(5, 'Cake')
  machine.write('s2', [
    header('s2', link),
    ...turn(5, 'a cake', [['write', { path: join(link, 'cake.ts'), content: CAKE }]]),
  ])
  machine.write('s3', [header('s3', 'C:\\work\\bakery'), ...turn(6, 'look', [])]) // no folder of this machine
  const imported = await startCli(
    ['import', '--data-dir', machine.config.dataDir, '--watch', `example=${machine.sessions}`],
    env(),
  ).done
  assert.equal(imported.code, 0, imported.stderr)
})
after(() => machine?.remove())

test('a commit says which prompts its lines are of, and what is nobody’s', options, async () => {
  const [hotter] = await told(shas.hotter!)
  assert.deepEqual(short(hotter!), ['1 exact, 0 moved, 0 inferred, 1 unknown', ['hotter 1']])
  assert.equal(hotter!.share, 0.5)
  assert.deepEqual(hotter!.models, [{ agent: 'example', model: 'gpt-5', lines: 1 }])
  assert.deepEqual(hotter!.sessions, [{ session: 'example:s1', agent: 'example', lines: 1 }])
  const [file] = hotter!.files
  assert.deepEqual(
    file!.ranges.map(({ from, to, confidence }) => [from, to, confidence]),
    [[1, 2, 'unknown'] as const, [2, 2, 'exact'] as const].map(([from, to, how]) => [
      from,
      how === 'unknown' ? 1 : to,
      how,
    ]),
  )
})

test('prompts cost what they cost as a whole', options, async () => {
  const [oven] = await told(shas.oven!)
  const { usd, lower_bound, output_tokens } = oven!.prompts[0]!
  assert.deepEqual([usd, lower_bound, output_tokens], ['0.00325', false, 200])
  assert.equal(oven!.usd, usd)
})

test('what was done later does not count for what was committed before', options, async () => {
  const [oven] = await told(shas.oven!)
  assert.deepEqual(short(oven!), ['2 exact, 0 moved, 0 inferred, 0 unknown', ['make an oven 2']])
})

test('what was written by a link to the checkout is as sure as what was written without', options, async () => {
  const [cake] = await told(shas.cake!)
  assert.ok(
    cake!.files.some(({ path, exact }) => path === 'cake.ts' && exact === 1),
    JSON.stringify(cake!.lines),
  )
  assert.match(cake!.notes.join(), /^cake\.ts: the record has it as .+\/shop\/cake\.ts$/)
})

test('over HTTP: the commits of a checkout that a session worked in, and of no other', options, async () => {
  const asking = openAsking(machine.config.dataDir)
  try {
    const ask = (repo: string, revs: string) => commitsAsked(asking.reader, { repo, revs, limit: null })
    const found = await ask(repo, shas.hotter!)
    assert.ok(typeof found === 'object')
    assert.deepEqual([found.repo, found.commits.map(({ subject }) => subject)], [repo, ['Hotter']])
    assert.deepEqual(short(found.commits[0]!), ['1 exact, 0 moved, 0 inferred, 1 unknown', ['hotter 1']])
    const other = join(realpathSync(machine.dir), 'elsewhere')
    execFileSync('git', ['init', '-q', other])
    assert.match(String(await ask(other, 'HEAD')), /^no session worked in a git checkout at /)
    assert.match(String(await ask(process.cwd(), 'HEAD')), /^no session worked in/, 'where this runs')
    assert.match(String(await ask('bakery', 'HEAD')), /^no session worked in a git checkout at "bakery"/)
    assert.match(String(await ask(repo, '--output=x')), /^there is no commit --output=x/)
  } finally {
    asking.close()
  }
})

test('a commit without an agent’s line says so', options, async () => {
  const [first] = await told(shas.first!)
  assert.deepEqual([first!.share, first!.usd, first!.prompts, first!.made_by], [0, null, [], []])
})

test('the turn that made a commit is known, and its commits are found again', options, async () => {
  const [oven] = await told(shas.oven!)
  const [made] = oven!.made_by
  assert.deepEqual([made!.session, made!.rewritten, made!.turn], ['example:s1', false, oven!.prompts[0]!.turn])
  const { stdout } = await commits('--made-by', made!.turn)
  assert.match(
    stdout,
    new RegExp(`^${shas.oven!.slice(0, 9)} +as it was +100 % +\\$0\\.\\d+ +turn ${made!.turn} +An oven$`, 'm'),
  )
})

test('over HTTP: the commits of a turn or a session, the latest of them, and of nobody else', options, async () => {
  const [oven] = await told(shas.oven!)
  const asking = openAsking(machine.config.dataDir)
  try {
    const ask = (id: string, limit = 20, where = repo) => madeByAsked(asking.reader, { repo: where, id, limit })
    const one = await ask(oven!.made_by[0]!.turn)
    assert.ok(typeof one === 'object')
    assert.deepEqual(
      one.commits.map(({ subject, now, commit: it }) => [subject, now, it?.commit]),
      [['An oven', 'as it was', shas.oven]],
    )
    const [all, last] = [await ask('s1'), await ask('s1', 1)]
    assert.ok(typeof all === 'object' && typeof last === 'object')
    assert.equal(all.count, all.commits.length)
    assert.deepEqual([last.count, last.commits], [all.count, all.commits.slice(-1)])
    const held = one.holding!.commits.find(({ commit: it }) => it === shas.oven)!
    assert.deepEqual([held.subject, held.lines, held.made], ['An oven', oven!.prompts[0]!.lines, true])
    assert.equal(all.holding, null, 'of a session its turns are asked')
    assert.match(String(await ask('nobody')), /^there is no one turn, prompt or session "nobody"/)
    assert.match(String(await ask('s1', 20, '/')), /^no session worked in a git checkout at /)
  } finally {
    asking.close()
  }
})

test('over HTTP: a commit that a person made holds the lines of the turns that wrote them', options, async () => {
  const [bread] = await told(shas.bread!)
  const asking = openAsking(machine.config.dataDir)
  try {
    for (const { turn, lines } of bread!.prompts) {
      const answer = await madeByAsked(asking.reader, { repo, id: turn, limit: 20 })
      assert.ok(typeof answer === 'object')
      const held = answer.holding!.commits.find(({ commit: it }) => it === shas.bread)
      assert.equal(held?.lines, lines, 'as the commit says of the turn')
      assert.equal(
        held?.made,
        bread!.made_by.some((by) => by.turn === turn),
      )
    }
    assert.ok(bread!.prompts.length > 0)
  } finally {
    asking.close()
  }
})

test('over HTTP: commits a page at a time, and the checkouts that sessions worked in', options, async () => {
  const asking = openAsking(machine.config.dataDir)
  try {
    const page = async (limit: number, offset: number) => {
      const answer = await commitsAsked(asking.reader, { repo, revs: shas.oven!, limit, offset })
      assert.ok(typeof answer === 'object')
      return answer.commits.map(({ commit: it }) => it)
    }
    const all = await page(4, 0)
    assert.deepEqual([...(await page(2, 0)), ...(await page(2, 2))], all)
    const { checkouts, folders } = await checkoutsAsked(asking.reader)
    assert.deepEqual(
      checkouts.map((each) => each.repo),
      [realpathSync(repo)],
    )
    assert.ok(folders >= checkouts.length)
  } finally {
    asking.close()
  }
})

// Each leaves the commit to look at on HEAD of a branch of its own.
const REWRITTEN: readonly (readonly [string, () => void, string, readonly string[]])[] = [
  [
    'a rebase',
    () => {
      git(10, 'checkout', '-q', '--force', '-B', 'other', shas.first!)
      put('butter.md', 'Butter, by hand.\n')
      commit(10, 'Butter')
      git(11, 'checkout', '-q', '--force', '-B', 'rebased', shas.bread!)
      git(11, 'rebase', '-q', '--onto', 'other', shas.hotter!)
    },
    '2 exact, 0 moved, 0 inferred, 0 unknown',
    ['now bread 2'],
  ],
  [
    'a squash',
    () => {
      git(12, 'checkout', '-q', '--force', '-B', 'squashed', shas.first!)
      git(12, 'merge', '-q', '--squash', shas.slices!)
      commit(12, 'All of it')
    },
    '5 exact, 0 moved, 0 inferred, 1 unknown',
    ['make an oven 1', 'hotter 1', 'now bread 2', 'sliced 1'],
  ],
  [
    'an amend',
    () => {
      git(13, 'checkout', '-q', '--force', '-B', 'amended', shas.bread!)
      put('bread.ts', `// Amended by hand\n${BREAD}`)
      git(13, 'commit', '-q', '--amend', '--no-edit', '-a')
    },
    '2 exact, 0 moved, 0 inferred, 1 unknown',
    ['now bread 2'],
  ],
]
for (const [what, rewrite, lines, prompts] of REWRITTEN)
  test(`after ${what} lines are still whose they were`, options, async () => {
    rewrite()
    const [now] = await told('HEAD')
    assert.deepEqual(short(now!), [lines, prompts])
  })

test('a commit that was rewritten is still the turn’s that made it', options, async () => {
  const [now] = await told('amended')
  assert.deepEqual(
    now!.made_by.map(({ sha, rewritten }) => [sha, rewritten]),
    [[shas.bread!.slice(0, 7), true]],
  )
})

test('a merge has only the lines that none of its parents has', options, async () => {
  git(14, 'checkout', '-q', '--force', '-B', 'merged', shas.hotter!)
  git(14, 'merge', '-q', '--no-ff', '-m', 'Merge bread', shas.slices!)
  const [now] = await told('HEAD')
  assert.deepEqual([now!.parents.length, now!.lines.added, now!.share], [2, 0, null])
  assert.doesNotMatch((await commits('HEAD')).stdout, /^Lines$/m, 'no head above nothing')

  git(15, 'checkout', '-q', '--force', '-B', 'colder', shas.hotter!)
  put('oven.ts', HOTTER.replace('250', '100'))
  const colder = commit(15, 'Colder')
  git(16, 'checkout', '-q', '--force', '-B', 'evil', shas.slices!)
  put('oven.ts', HOTTER.replace('250', '300'))
  commit(16, 'Hottest')
  assert.throws(() => git(17, 'merge', '-q', colder), 'they are in each other’s way')
  put('oven.ts', `${HOTTER.replace('250', '200')}// merged by hand\n`)
  commit(17, 'Merge colder')
  const [evil] = await told('HEAD')
  assert.deepEqual(short(evil!), ['0 exact, 0 moved, 1 inferred, 1 unknown', ['make an oven 1']])
})

test('a range is a row a commit, the newest first', options, async () => {
  const { stdout } = await commits(`${shas.first}..${shas.slices}`)
  assert.deepEqual(
    stdout
      .trimEnd()
      .split('\n')
      .map((row) => row.split(/ {2,}/).filter((_, i) => i !== 4)),
    [
      [shas.slices!.slice(0, 9), '2026-03-14 09:04', '100 %', '1 of 1', 'Slices'],
      [shas.bread!.slice(0, 9), '2026-03-14 09:03', '100 %', '2 of 2', 'Bread'],
      [shas.hotter!.slice(0, 9), '2026-03-14 09:02', '50 %', '1 of 2', 'Hotter'],
      [shas.oven!.slice(0, 9), '2026-03-14 09:01', '100 %', '2 of 2', 'An oven'],
    ],
  )
})

test('a note is plain text, the same each time, and goes into git notes', options, async () => {
  const { stdout } = await commits(shas.hotter!, '--format', 'notes')
  assert.equal(
    stdout,
    [
      'Agents wrote 1 of 2 added lines (50 %): 1 exact; 1 human or unknown.',
      '  1 line by Example agent, gpt-5',
      '1 prompt, $0.0053 for all they did:',
      '  2026-03-14 09:02 UTC, 1 line, $0.0053, example:s1: hotter',
      '  oven.ts: 1 of 2',
      '',
    ].join('\n'),
  )
  assert.equal((await commits(shas.hotter!, '--format', 'notes')).stdout, stdout)
  const quiet = await commits(shas.hotter!, '--format', 'notes', '--no-prompts')
  assert.doesNotMatch(quiet.stdout, /hotter/)
  execFileSync(
    'git',
    ['-C', repo, '-c', 'user.name=d', '-c', 'user.email=d@example.org', 'notes', 'add', '-F', '-', shas.hotter!],
    { input: stdout },
  )
  assert.equal(git(20, 'notes', 'show', shas.hotter!), stdout.trimEnd())
})

test('a trace is one record a line, the same each time', options, async () => {
  const { stdout } = await commits(`${shas.first}..${shas.slices}`, '--format', 'agent-trace')
  const [slices, bread, ...more] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.equal(more.length, 2)
  assert.deepEqual(
    [slices.version, slices.vcs.revision, slices.timestamp],
    ['0.1.0', shas.slices, at(4, 30).replace('.000', '')],
  )
  const [file] = bread.files
  assert.deepEqual(
    [file.path, file.conversations[0].contributor],
    ['bread.ts', { type: 'ai', model_id: 'openai/gpt-5' }],
  )
  assert.equal((await commits(`${shas.first}..${shas.slices}`, '--format', 'agent-trace')).stdout, stdout)
})

const refusals = [
  [['nothing-of-the-kind'], /there is no commit nothing-of-the-kind in/],
  [['--', '--all'], /there is no commit --all in/],
  [['--format', 'notes'], /a note is for one commit/],
  [['--format', 'xml'], /--format is one of text, json, notes, agent-trace, not xml/],
  [['--made-by', 'nobody'], /there is no session nobody/],
  [['--limit', '0'], /--limit is a whole number above 0/],
] as const
for (const [args, sentence] of refusals)
  test(`one sentence for ${args.join(' ')}`, options, async () => {
    const { code, stderr, stdout } = await commits(...args)
    assert.deepEqual([code, stdout], [1, ''])
    assert.match(stderr, sentence)
  })

test('outside of a checkout it says where to go', options, async () => {
  const ran = await startCli(['commits', '--data-dir', machine.config.dataDir, '--repo', machine.dir], env()).done
  assert.deepEqual([ran.code, /is in no git checkout, or git is not there/.test(ran.stderr)], [1, true])
})
