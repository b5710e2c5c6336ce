// The same file in another place: another checkout, a worktree, another machine; and files that only have the same name.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSameFile } from './place.ts'

const asked = { path: '/home/dev/bakery/src/oven.ts', root: '/home/dev/bakery' }
const cases = [
  [
    'a checkout of the same name on another machine',
    '/Users/ann/work/bakery/src/oven.ts',
    '/Users/ann/work/bakery',
    true,
  ],
  ['where the agent worked in a folder of it', '/Users/ann/bakery/src/oven.ts', '/Users/ann/bakery/src', true],
  ['a worktree inside', '/home/dev/bakery/.worktrees/1/src/oven.ts', '/home/dev/bakery', true],
  ['a project of another name', '/home/dev/cellar/src/oven.ts', '/home/dev/cellar', false],
  ['a session that worked elsewhere', '/Users/ann/bakery/src/oven.ts', '/Users/ann/cellar', false],
  ['another folder', '/Users/ann/bakery/lib/oven.ts', '/Users/ann/bakery', false],
  ['a name that only ends alike', '/Users/ann/bakery/src/my-oven.ts', '/Users/ann/bakery', false],
  ['a relative path, in a folder of the same name', 'src/oven.ts', '/Users/ann/bakery', true],
  ['a relative path from nobody knows where', 'src/oven.ts', null, false],
] as const
for (const [what, other, cwd, same] of cases) test(what, () => assert.equal(isSameFile(asked, other, cwd), same))

test('a path deep enough is one file, whatever its checkout is called', () => {
  const deep = { path: '/home/dev/bakery/src/web/oven/main.ts', root: '/home/dev/bakery' }
  assert.ok(isSameFile(deep, '/tmp/pr-12/src/web/oven/main.ts', '/tmp/pr-12'))
})

test('without a folder to name it from, a file is only itself', () =>
  assert.equal(isSameFile({ ...asked, root: null }, '/Users/ann/bakery/src/oven.ts', '/Users/ann/bakery'), false))
