// What calls do to files, call by call: under which path, by which call, whatever the turn's own lists can hold.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Tale } from '../../testing/made-story.ts'
import { Lanes, turnsOf } from './lanes.ts'
import { nameOf, wholePath } from './paths.ts'
import { MAX } from './turn.ts'

const touchesOf = (tale: Tale) => {
  const lanes = new Lanes()
  for (const event of tale.events) lanes.add(event)
  return lanes.touches
}
const short = (tale: Tale) => touchesOf(tale).map(({ change, path, from }) => [change, path, ...(from ? [from] : [])])

const PATHS = [
  ['from where the agent is', '/home/dev', 'src/a.ts', '/home/dev/src/a.ts'],
  ['from the root', '/home/dev', '/etc/hosts', '/etc/hosts'],
  ['with steps', '/home/dev', './src/../lib//a.ts', '/home/dev/lib/a.ts'],
  ['above where the agent is', '/home/dev', '../other/a.ts', '/home/other/a.ts'],
  ['above the root', '/', '../../a.ts', '/a.ts'],
  ['a folder', '/home/dev', 'build/', '/home/dev/build'],
  ['a hidden file', '/home/dev', '.env', '/home/dev/.env'],
  ['a name with dots', '/home/dev', 'a..b/...c', '/home/dev/a..b/...c'],
  ['from the home', '/home/dev', '~/notes.md', '~/notes.md'],
  ['of another system', '/home/dev', 'C:\\code\\a.ts', 'C:\\code\\a.ts'],
  ['on another system', 'C:\\code', 'a.ts', 'C:\\code\\a.ts'],
  ['from nobody knows where', null, '../a.ts', '../a.ts'],
] as const
for (const [what, cwd, path, whole] of PATHS)
  test(`a path ${what} is made whole`, () => assert.equal(wholePath(cwd, path), whole))

test('the last name of a path is found whichever stroke it is written with', () => {
  assert.deepEqual(['/a/b.ts', 'C:\\a\\b.ts', 'b.ts', ''].map(nameOf), ['b.ts', 'b.ts', 'b.ts', ''])
})

test('commands that write, copy, move, change and remove are touches like those of tools', () => {
  const tale = new Tale().ask('go', { cwd: '/w' })
  tale.run("cat > a.md <<'EOF'\nhello\nEOF").run('echo x | tee b.md').run('cp a.md c.md && mv c.md d.md')
  tale
    .run('cp -r a.md b.md old')
    .run("sed -i 's/x/y/' b.md")
    .run('cd sub && cat e.md')
    .run('git mv a.md docs/a.md')
    .run('rm d.md')
  assert.deepEqual(short(tale), [
    ['created', '/w/a.md'],
    ['created', '/w/b.md'],
    ['created', '/w/c.md'],
    ['renamed', '/w/d.md', '/w/c.md'],
    ['created', '/w/old/a.md'],
    ['created', '/w/old/b.md'],
    ['modified', '/w/b.md'],
    ['read', '/w/sub/e.md'],
    ['renamed', '/w/docs/a.md', '/w/a.md'],
    ['deleted', '/w/d.md'],
  ])
})

test('a command names files from where it began, and leaves the agent where it went', () => {
  const tale = new Tale().ask('go', { cwd: '/w' })
  const call = tale.call('run', 'Shell', 'cd sub', { command: 'cd sub && touch a.md' })
  tale.add({
    kind: 'message.user.tool_result',
    text: '',
    payload: { cwd: '/w/sub', result: { call, failed: false } },
  })
  tale.write('b.md')
  assert.deepEqual(short(tale), [
    ['created', '/w/sub/a.md'],
    ['created', '/w/sub/b.md'],
  ])
})

test('where the agent is may be said once, before anybody asks', () => {
  const tale = new Tale().add({ kind: 'system.session_start', text: '', payload: { cwd: '/w' } })
  assert.deepEqual(short(tale.ask('go').read('a.md')), [['read', '/w/a.md']])
})

test('a turn that changes and reads more than its lists hold still tells of every touch', () => {
  const tale = new Tale().ask('go', { cwd: '/w' })
  const many = MAX.files + 20
  for (let i = 0; i < many; i++) tale.write(`f${i}.md`).read(`f${i}.md`)
  const touches = touchesOf(tale)
  assert.equal(touches.length, many * 2)
  assert.equal(new Set(touches.map(({ event }) => event)).size, many * 2, 'each with the call that did it')
})

test('no touch is kept with the turn', () => {
  const lanes = new Lanes()
  for (const event of new Tale().ask('go').write('/a.md').events) lanes.add(event)
  assert.ok([...lanes.turns.values()].every((turn) => !('touched' in turn)))
})

test('a file that is written whole once more has the lines it has, not those of both times', () => {
  const turn = (tale: Tale) => turnsOf(tale.events)[0]!
  const counts = (tale: Tale) => turn(tale).files.map(({ path, added, removed }) => [path, added - removed, removed])
  const once = new Tale().ask('go', { cwd: '/w' }).write('a.md', 'one\ntwo\nthree\n')
  assert.deepEqual(counts(once.write('a.md', 'one\ntwo\nthree\nfour\n')), [['a.md', 4, 0]])
  assert.deepEqual(counts(once.write('a.md', 'one\n')), [['a.md', 1, 3]])
})
