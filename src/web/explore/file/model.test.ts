// Files in words, as the pages of files say them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FileAnswer, ListedFile, TurnFilesAnswer } from '../../../wire/files.ts'
import { endOf, madeOf, placeOf, spentOf, totalsOf, uniqueFiles } from './model.ts'

const PLACES = [
  ['/home/dev/src/oven.ts', 'oven.ts', '/home/dev/src/'],
  ['C:\\code\\oven.ts', 'oven.ts', 'C:\\code\\'],
  ['oven.ts', 'oven.ts', ''],
  ['/home/dev/', '/home/dev/', ''],
  ['/a/\u202Ets.nevo', '[U+202E]ts.nevo', '/a/'],
] as const
for (const [path, name, folder] of PLACES)
  test(`${JSON.stringify(path)} is a name and a folder`, () => assert.deepEqual(placeOf(path), { name, folder }))

test('a long folder is told by its end, in whole names where there are any', () => {
  assert.equal(endOf('/home/dev/shop/src/', 40), '/home/dev/shop/src/')
  assert.equal(endOf('/home/dev/shop/src/webhooks/', 16), '…/src/webhooks/')
  assert.equal(endOf('/averyveryverylongname/', 10), '…ylongname/')
})

const made = { created: 0, modified: 0, renamed: 0, deleted: 0, read: 0 }
const MADE = [
  [{ ...made, created: 16 }, 'made 16 files'],
  [{ ...made, created: 1, modified: 2, deleted: 1 }, 'made 1 file, changed 2 files and deleted 1 file'],
  [{ ...made, read: 3 }, 'read 3 files'],
  [made, 'touched no files'],
] as const
for (const [counts, words] of MADE) test(`a prompt ${words}`, () => assert.equal(madeOf(counts), words))

test('what a prompt took is said as far as it is known', () => {
  const answer = { tokens: null, usd: null, lower_bound: false } as TurnFilesAnswer
  assert.deepEqual(spentOf(answer), [])
  const tokens = { requests: 2, input: 1, output: 40_794, cache_read: 0, cache_write: 0, lower_bound: true }
  assert.deepEqual(spentOf({ ...answer, tokens, usd: '1.5', lower_bound: true }), [
    '≥ 40k tokens written',
    '2 requests',
    '≥ $1.50',
  ])
})

test('a file that was only read costs nobody anything', () => {
  const totals = { turns: 2, sessions: 1, prompts: 0, usd: null, lower_bound: false } as FileAnswer['totals']
  assert.deepEqual(totalsOf(totals), ['2 turns', 'only read'])
  assert.deepEqual(totalsOf({ ...totals, prompts: 1, usd: '2' }), ['2 turns', 'changed by 1 prompt', '$2.00 for it'])
})

test('a file that moved down between two pages is shown once', () => {
  const [a, b] = [{ path: 'a' }, { path: 'b' }] as ListedFile[]
  assert.deepEqual(uniqueFiles([{ files: [a!, b!] }, { files: [b!] }]), [a, b])
})
