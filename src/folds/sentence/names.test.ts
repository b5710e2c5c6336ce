// Names as people say them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileNames, filesPhrase, listed, plural, toolWords } from './names.ts'
import { siteOf } from './softdeeds.ts'

test('files are called by their last name, and by more where two are alike', () => {
  assert.deepEqual(fileNames(['/home/dev/src/a.ts', 'b.ts']), ['a.ts', 'b.ts'])
  assert.deepEqual(fileNames(['/x/src/a/index.ts', '/x/src/b/index.ts']), ['a/index.ts', 'b/index.ts'])
  assert.deepEqual(fileNames(['/x/a/b/index.ts', '/x/c/b/index.ts']), ['a/b/index.ts', 'c/b/index.ts'])
})

const phrases: readonly (readonly [readonly string[], number, string])[] = [
  [['a.ts'], 3, 'a.ts'],
  [['a.ts', 'b.ts', 'c.ts'], 3, 'a.ts, b.ts and c.ts'],
  [['a.ts', 'b.ts', 'c.ts', 'd.ts'], 3, 'a.ts, b.ts and 2 other files'],
  [['a.ts', 'b.ts', 'c.ts', 'd.ts', 'e.ts'], 3, 'a.ts, b.ts, c.ts and 2 other files'],
  [['src/a.ts', 'src/b.ts', 'src/c.tsx'], 0, '3 TypeScript files in src'],
  [['src/a.ts', 'b.py'], 0, '2 files'],
  [['a.ts'], 0, '1 TypeScript file'],
  [['.gemini\\settings.json'], 1, 'settings.json'],
  [['log/9836f6a2-f207-4279-be57-45af17f87890.jsonl'], 1, '9836f6a2….jsonl'],
]
for (const [paths, named, phrase] of phrases)
  test(`${paths.length} files, ${named} named: ${phrase}`, () => assert.equal(filesPhrase(paths, named), phrase))

test('one is one and many are many', () => {
  assert.deepEqual([plural(1, 'file'), plural(2, 'file'), plural(0, 'file')], ['one file', '2 files', 'no files'])
  assert.equal(listed(['a', 'b', 'c']), 'a, b and c')
})

test('tools are called by words', () => {
  assert.equal(toolWords('mcp__linear-server__create_comment'), 'create comment in Linear')
  assert.equal(toolWords('TaskStop'), 'task stop')
})

const pages: readonly (readonly [string, string])[] = [
  ['https://www.example.org/a?b=c@d', 'example.org'],
  ['https://app:word@db.example:8443/x', 'db.example'],
  ['docs.example/a', 'docs.example'],
]
for (const [url, site] of pages) test(`the site of ${url} is ${site}`, () => assert.equal(siteOf(url), site))
