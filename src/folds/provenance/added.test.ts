// What git says of a commit, read: its files, and of each the lines that are new in it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addedLines, changedFiles } from './added.ts'

const [A, B, C] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string]
const NONE = '0'.repeat(40)

const raws: readonly (readonly [string, string, readonly (readonly (string | null)[])[]])[] = [
  ['made', `:000000 100644 ${NONE} ${A} A\0new line\n.ts\0`, [['new line\n.ts', null, A, `${NONE}..${A}`]]],
  ['changed', `:100644 100755 ${A} ${B} M\0a.ts\0`, [['a.ts', null, B, `${A}..${B}`]]],
  ['renamed', `:100644 100644 ${A} ${B} R090\0a.ts\0b.ts\0`, [['b.ts', 'a.ts', B, `${A}..${B}`]]],
  ['removed', `:100644 000000 ${A} ${NONE} D\0a.ts\0`, []],
  ['a link into another repository', `:000000 160000 ${NONE} ${A} A\0lib\0`, []],
  ['of a merge', `::100644 100644 100644 ${A} ${B} ${C} MM\0a.ts\0`, [['a.ts', null, C, `${A},${B}..${C}`]]],
  [
    'several, one moved between',
    `:100644 100644 ${A} ${B} R100\0a\0b\0:000000 100644 ${NONE} ${C} A\0c\0`,
    [
      ['b', 'a', B, `${A}..${B}`],
      ['c', null, C, `${NONE}..${C}`],
    ],
  ],
]
for (const [what, raw, expected] of raws)
  test(`files of a commit: ${what}`, () =>
    assert.deepEqual(
      changedFiles(raw).map(({ path, from, blob, key }) => [path, from, blob, key]),
      expected,
    ))

const head = (index: string) => `diff --git a/x b/x\nindex ${index} 100644\n--- a/x\n+++ b/x\n`
const patches: readonly (readonly [string, string, readonly number[]])[] = [
  ['put in, and at the end', '@@ -1,0 +2,2 @@ heat\n+one\n+two\n@@ -5,0 +8 @@\n+three\n', [2, 3, 8]],
  ['put in the place of others', '@@ -3,2 +3 @@\n-one\n-two\n+three\n', [3]],
  ['taken out', '@@ -3,2 +2,0 @@\n-one\n-two\n', []],
  ['that look like a head', '@@ -1,2 +1,2 @@\n--- a/y\n-diff --git\n+++ b/y\n+diff --git a/z b/z\n', [1, 2]],
  ['without an end', '@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n+c\n\\ No newline at end of file\n', [1, 2]],
]
for (const [what, hunks, expected] of patches)
  test(`lines ${what}`, () => assert.deepEqual(addedLines(head('a..b') + hunks).get('a..b'), expected))

test('a merge added what none of its parents has', () => {
  const patch =
    'diff --cc x\nindex a,b..c\n--- a/x\n+++ b/x\n@@@ -1,2 -1,2 +1,4 @@@\n++both\n +ours\n+ theirs\n- gone\n++last\n'
  assert.deepEqual([...addedLines(patch)], [['a,b..c', [1, 4]]])
})

test('files do not take each other’s lines, and binary ones have none', () => {
  const binary = 'diff --git a/i b/i\nindex 1..2 100644\nBinary files a/i and b/i differ\n'
  const patch = `${head('a..b')}@@ -0,0 +1 @@\n+x\n${binary}${head('c..d')}@@ -0,0 +7 @@\n+y\n`
  assert.deepEqual(
    [...addedLines(patch)],
    [
      ['a..b', [1]],
      ['1..2', []],
      ['c..d', [7]],
    ],
  )
})
