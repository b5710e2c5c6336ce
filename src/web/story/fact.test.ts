import assert from 'node:assert/strict'
import { test } from 'node:test'
import { factsOf, filesPhrase, measuresOf } from './fact.ts'
import { turn } from './told.test.ts'

const file = (path: string, more: object = {}) =>
  ({ path, change: 'modified', added: 2, removed: 1, by: 'tool', events: [path], ...more }) as never
const said = (facts: readonly { text: string; note?: string }[]) =>
  facts.map(({ text, note }) => (note === undefined ? text : `${text} (${note})`))

test('files are told by what became of them, with their lines', () => {
  const { shown } = factsOf(
    turn('01', {
      files: [
        file('/a/index.ts'),
        file('/b/index.ts', { change: 'created', removed: 0 }),
        file('/c/new.ts', { change: 'renamed', from: '/c/old.ts' }),
        file('/d.ts', { change: 'deleted' }),
      ],
    }),
  )
  assert.deepEqual(said(shown), ['a/index.ts', 'b/index.ts (new)', 'old.ts → new.ts (renamed)', 'd.ts (deleted)'])
  assert.deepEqual([shown[0]!.added, shown[0]!.removed, shown[0]!.event], [2, 1, '/a/index.ts'])
  assert.deepEqual(
    shown.map(({ path }) => path),
    ['/a/index.ts', '/b/index.ts', '/c/new.ts', '/d.ts'],
    'each has a page',
  )
})

test('commands say how they came out, tests first', () => {
  const run = (deed: string, words: string, ...states: string[]) =>
    ({
      deed,
      words,
      tool: '',
      times: states.length,
      results: states.map((state, i) => ({ event: `${words}${i}`, state })),
    }) as never
  const { shown } = factsOf(
    turn('01', { runs: [run('run', 'ls', 'passed'), run('test', 'npm test', 'failed', 'passed')] }),
  )
  assert.deepEqual(said(shown), ['npm test ×2 (failed, then passed)', 'ls'])
  assert.deepEqual(
    shown.map(({ tone }) => tone),
    ['good', 'plain'],
  )
})

test('what was done with git, the web and subagents, and what went wrong, each has its mark', () => {
  const { shown } = factsOf(
    turn('01', {
      done: [
        { deed: 'commit', of: 'Say it', words: 'git commit', event: 'e1' },
        { deed: 'history', words: 'git log', event: 'e2' },
        { deed: 'pr', of: '42', how: 'create', url: 'javascript:alert(1)', words: 'gh pr create', event: 'e3' },
      ],
      web: [{ of: 'https://example.org/x', is: 'page', event: 'e4' }],
      agents: [{ call: 'c', type: 'Explore', what: 'look', agentId: 'x', state: 'failed', event: 'e5' }],
      errors: [{ text: 'overloaded', event: 'e6' }],
      refusals: [{ by: 'person', kind: 'run', name: 'Bash', of: 'rm x', feedback: '', event: 'e7' }],
      looked: 2,
      looks: [{ of: 'deliver', event: 'e8' }],
    }),
  )
  assert.deepEqual(said(shown), [
    'commit “Say it”',
    'PR #42 create',
    'Explore: look (failed)',
    'example.org/x',
    'overloaded',
    'Bash rm x (you refused)',
    '2 searches',
  ])
})

test('many facts are cut to what is read at once, and what was not kept is counted', () => {
  const files = Array.from({ length: 12 }, (_, i) => file(`/f${i}.ts`))
  const { shown, more } = factsOf(turn('01', { files, filesMore: 30 }))
  assert.deepEqual([shown.length, more.length, more.at(-1)!.text], [5, 8, '30 files more, not kept by name'])
})

test('time, tokens and money are told where they are known', () => {
  assert.deepEqual(measuresOf({ ...turn('01', { durationMs: null, started: null }) }), [])
  const tokens = { input: 10, output: 2_000, cacheRead: 90_000, cacheWrite: 0, requests: 3 }
  assert.deepEqual(
    measuresOf({
      ...turn('01', { tokens, cycles: 3, waitingMs: 60_000, failures: 1 }),
      cost: { usd: '0.1234', lowerBound: false },
    }),
    ['30 s', '1 min of it waiting for you', '3 cycles', '92k tokens, 2.0k written', '$0.12', '1 failed call'],
  )
})

test('how many files a turn made leads to them; scratch files are none', () => {
  const phrase = (...files: never[]) => filesPhrase(turn('01', { files }))
  assert.equal(phrase(), null)
  assert.equal(phrase(file('/tmp/x', { aside: true })), null)
  assert.equal(phrase(file('/a', { change: 'created' }), file('/b', { change: 'created' })), 'made 2 files')
  assert.equal(phrase(file('/a', { change: 'created' }), file('/b')), 'changed 2 files')
})
