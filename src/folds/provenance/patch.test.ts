// Patches as agents write and record them, and what they do to a file.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NOTHING_KNOWN, patched, seen, textOfLines } from './content.ts'
import { readPatch, recordedHunks } from './patch.ts'

const section = (...lines: string[]) => ['*** Begin Patch', '*** Update File: a', ...lines, '*** End Patch'].join('\n')
const unified = (...lines: string[]) => ['--- a/a', '+++ b/a', ...lines, ''].join('\n')

// [what it is, the file before, the patch, the file after]
const cases: readonly (readonly [string, string, string, string])[] = [
  ['lines replaced', 'a\nb\nc\n', section('@@', ' a', '-b', '+B', ' c'), 'a\nB\nc\n'],
  ['a first hunk without its mark', 'a\nb\n', section('-a', '+A'), 'A\nb\n'],
  [
    'the second of two alike, behind a line that is named',
    'f:\n x\ng:\n x\n',
    section('@@ g:', '- x', '+ y'),
    'f:\n x\ng:\n y\n',
  ],
  ['two hunks in their order', 'x\na\nx\nb\n', section('@@', '-x', '+1', ' a', '@@', '-x', '+2', ' b'), '1\na\n2\nb\n'],
  ['blanks that were written otherwise', 'a  \nb\n', section('@@', ' a', '-b', '+c'), 'a\nc\n'],
  ['put at the end', 'a\n', section('@@', '+b', '*** End of File'), 'a\nb\n'],
  [
    'numbered hunks, the second moved by the first',
    'a\nb\nc\nd\n',
    unified('@@ -1,1 +1,3 @@', '-a', '+1', '+2', '+3', '@@ -4,1 +6,1 @@', '-d', '+D'),
    '1\n2\n3\nb\nc\nD\n',
  ],
  ['numbers that are off', 'x\nx\na\n', unified('@@ -1,1 +1,1 @@', '-a', '+b'), 'x\nx\nb\n'],
  ['put between by its number', 'a\nb\n', unified('@@ -1,0 +2,1 @@', '+x'), 'a\nx\nb\n'],
  [
    'a file without an end of line',
    'a\nb',
    unified('@@ -2 +2 @@', '-b', '\\ No newline at end of file', '+c', '\\ No newline at end of file'),
    'a\nc',
  ],
]
for (const [what, before, patch, after] of cases)
  test(what, () => {
    const [file] = readPatch(patch)
    assert.ok(file?.is === 'changed')
    const { content, ok } = patched(seen(NOTHING_KNOWN, before), file.hunks, 'me')
    assert.equal(textOfLines(content.lines!), after)
    assert.ok(ok)
  })

test('files made, removed and renamed', () => {
  const diff =
    '--- /dev/null\n+++ b/new\n@@ -0,0 +1 @@\n+x\n--- a/old\n+++ /dev/null\n@@ -1 +0,0 @@\n-y\n--- a/from\n+++ b/to\n@@ -1 +1 @@\n-p\n+q\n'
  assert.deepEqual(
    readPatch(diff).map((file) => [file.is, file.path, file.is === 'changed' ? file.to : null]),
    [
      ['made', 'new', null],
      ['removed', 'old', null],
      ['changed', 'from', 'to'],
    ],
  )
})

test('a hunk that stands nowhere changes nothing, and that is known', () => {
  const [file] = readPatch(section('@@', '-nowhere', '+x'))
  assert.ok(file?.is === 'changed')
  const { content, ok } = patched(seen(NOTHING_KNOWN, 'a\n'), file.hunks, 'me')
  assert.deepEqual([textOfLines(content.lines!), ok], ['a\n', false])
})

test('hunks as they are recorded: in a list, as a diff, with a number before each line', () => {
  const expected = { after: null, before: ['a', 'b'], now: ['a', 'c'] }
  assert.deepEqual(recordedHunks([{ oldStart: 4, newStart: 5, lines: [' a', '-b', '+c'] }]), [
    { at: 4, to: 5, ...expected },
  ])
  assert.deepEqual(recordedHunks('@@ -4,2 +5,2 @@\n a\n-b\n+c\n'), [{ at: 4, to: 5, ...expected }])
  assert.deepEqual(recordedHunks('    ...\n  4 a\n- 5 b\n+ 5 c\n    ...'), [{ at: 4, to: null, ...expected }])
  for (const nothing of [undefined, null, 7, {}, [{}], [{ lines: [1] }]]) assert.deepEqual(recordedHunks(nothing), [])
})

test('no text breaks the reading of patches', () => {
  const line = fc.constantFrom(
    '*** Begin Patch',
    '*** Update File: a',
    '*** Move to: b',
    '@@',
    '@@ -1 +1 @@',
    '--- a/x',
    '+++ b/x',
    '+',
    '-a',
    ' a',
    '',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
      const text = lines.join('\n')
      for (const file of readPatch(text))
        if (file.is === 'changed') patched(seen(NOTHING_KNOWN, 'a\nb'), file.hunks, 'me')
      recordedHunks(text)
    }),
  )
})
