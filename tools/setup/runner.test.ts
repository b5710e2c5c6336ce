// The test runner's own promises: every leaf counted once, failures and skips by name, and the closing line alone at the end.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { FakeClone, type Result } from './fake-clone.ts'

const MIXED = `
  import { describe, test } from 'node:test'
  import assert from 'node:assert/strict'
  test('plain', () => {})
  test('wrong', () => { console.log('a hint'); assert.equal(1, 2) })
  test('not here', { skip: 'needs a moon' }, () => {})
  test('later', { todo: true }, () => { throw new Error('not yet') })
  describe('group', () => {
    test('inside', () => {})
    describe('deeper', () => { test('inside too', () => {}) })
  })
  describe('skipped group', { skip: 'no group today' }, () => { test('x', () => {}) })
  test('with steps', async (t) => { await t.test('one', () => {}); await t.test('two', () => assert.fail('step two')) })`

async function runIn(t: TestContext, files: Record<string, string>, ...args: string[]): Promise<Result> {
  const clone = new FakeClone()
  t.after(() => clone.destroy())
  for (const [path, text] of Object.entries(files)) clone.put(path, text)
  clone.put('.runtime/nats-server-2.14.0/ready', '')
  return clone.run(['tools/setup/test.mjs', ...args], { CI: 'true' })
}

test('counts leaves; names what failed and what was skipped, with the reason; ends in the closing line', async (t) => {
  const { code, stdout, stderr } = await runIn(t, { 'src/a.test.ts': MIXED, 'src/b/c.test.ts': '' }, 'src/a')
  assert.equal(code, 1, stderr)
  assert.equal(stdout.split('\n').at(-2), '4 passed, 2 failed, 3 skipped')
  assert.ok(stdout.endsWith('skipped\n'))
  const close = stdout.slice(stdout.indexOf('SKIPPED, 3 of them:'))
  for (const line of [
    '- src/a.test.ts: not here (needs a moon)',
    '- src/a.test.ts: skipped group (no group today)',
    '- src/a.test.ts: later (no reason given)',
    'FAILED, 2 of them:',
    '✖ src/a.test.ts: wrong',
    '✖ src/a.test.ts: two',
  ])
    assert.ok(close.includes(line), `${line} in:\n${close}`)
  assert.match(stdout, /line 5: AssertionError/)
  assert.match(stdout, /what src\/a\.test\.ts printed:\n\s+a hint/)
})

test('all passed: exit code 0 and no word of skipped', async (t) => {
  const passing = `import { test } from 'node:test'; test('fine', () => {})`
  const { code, stdout, stderr } = await runIn(
    t,
    { 'src/a.test.ts': passing, 'e2e/b.test.ts': passing },
    './src',
    'e2e/',
  )
  assert.equal(code, 0, stderr)
  assert.equal(stdout.split('\n').at(-2), '2 passed, 0 failed')
})

const broken = [
  ['that cannot be loaded', `import './nowhere.ts'`, '1 passed, 1 failed'],
  ['that holds no test', '', '1 passed, 1 failed'],
  ['whose process dies', `process.exit(5)`, '1 passed, 1 failed'],
  [
    'whose hook fails',
    `import { before, test } from 'node:test'; before(() => { throw new Error('no') }); test('t', () => {})`,
    '1 passed, 1 failed',
  ],
] as const
for (const [what, text, closing] of broken)
  test(`a test file ${what} is a failure`, async (t) => {
    const passing = `import { test } from 'node:test'; test('fine', () => {})`
    const { code, stdout } = await runIn(t, { 'src/a.test.ts': text, 'src/b.test.ts': passing }, 'src')
    assert.equal(code, 1)
    assert.equal(stdout.split('\n').at(-2), closing, stdout)
  })

test('test files that leave something open do not hold up the run, and each of their tests is counted', async (t) => {
  const open = `import { test } from 'node:test'; setInterval(() => {}, 1000);
    for (let i = 0; i < 300; i++) test('number ' + i + ' of many '.repeat(20), async () => { if (i % 50 === 0) await null })`
  const { code, stdout } = await runIn(t, { 'src/a.test.ts': open, 'src/b.test.ts': open }, 'src')
  assert.deepEqual([code, stdout.split('\n').at(-2)], [0, '600 passed, 0 failed'])
})

test('without paths the checks of types and format count as tests', async (t) => {
  const { code, stdout } = await runIn(t, {
    'src/a.test.ts': `import { test } from 'node:test'; test('fine', () => {})`,
  })
  assert.equal(code, 1, 'the made-up clone has neither tsc nor biome')
  assert.equal(stdout.split('\n').at(-2), '1 passed, 2 failed')
  assert.match(stdout, /✖ types: tsc finds nothing/)
})

test('a path that names no test is an error, not a success', async (t) => {
  const { code, stderr } = await runIn(t, {}, 'src/nothing')
  assert.equal(code, 1)
  assert.match(stderr, /no test file has src\/nothing in its path/)
})
