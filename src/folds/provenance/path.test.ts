// Paths as transcripts say them, made comparable.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fullPath, isUnder } from './path.ts'

const cases = [
  ['from the root', '/w', '/a/b.ts', '/a/b.ts'],
  ['from where the agent is', '/w', 'a/b.ts', '/w/a/b.ts'],
  ['with dots', '/w/x', './../a//./b.ts', '/w/a/b.ts'],
  ['out of the root', '/', '../../a', '/a'],
  ['from nobody knows where', null, '../a/b.ts', '../a/b.ts'],
  ['with a slash at its end', '/w', 'a/', '/w/a'],
  ['at home', '/Users/ann/work/bakery', '~/.bread/oven.json', '/Users/ann/.bread/oven.json'],
  ['at a home nobody knows', '/srv/bakery', '~/oven.json', '~/oven.json'],
  ['on Windows', 'C:\\w', 'src\\..\\a.ts', 'C:/w/a.ts'],
  ['from the root of Windows', 'C:\\w', 'D:\\a\\b.ts', 'D:/a/b.ts'],
] as const
for (const [what, cwd, path, full] of cases) test(what, () => assert.equal(fullPath(cwd, path), full))

test('a folder holds itself and what is below it, and not its namesakes', () => {
  for (const [path, folder, inside] of [
    ['/a/b', '/a', true],
    ['/a', '/a', true],
    ['/ab', '/a', false],
    ['/a', '/', true],
  ] as const)
    assert.equal(isUnder(path, folder), inside)
})
