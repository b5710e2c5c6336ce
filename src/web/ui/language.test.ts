// Code is coloured line by line, whatever stands in front of a line, and not one letter of it is lost.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { CodeSpan } from './code-words.ts'
import { languageOf, lineSpans, readLines } from './language.ts'

const named = [
  ['/home/dev/src/clock.ts', 'typescript'],
  ['C:\\src\\Main.JAVA', 'java'],
  ['Dockerfile', 'dockerfile'],
  ['notes', ''],
  ['.gitignore', ''],
  ['a.unheard', ''],
  ['', ''],
] as const
for (const [path, language] of named)
  test(`${path || 'no name'} is ${language || 'in no language that is known'}`, () =>
    assert.equal(languageOf(path), language))

test('spans over several lines are cut at their ends, and say the same together', () => {
  const anySpan: fc.Arbitrary<CodeSpan> = fc.record({
    text: fc.string({ unit: fc.constantFrom('a', '\n', '<', ' ') }),
    as: fc.constantFrom('keyword', 'string', null),
  })
  fc.assert(
    fc.property(fc.array(anySpan), (spans) => {
      const lines = lineSpans(spans)
      assert.equal(
        lines.map((line) => line.map(({ text }) => text).join('')).join('\n'),
        spans.map(({ text }) => text).join(''),
      )
      assert.ok(lines.flat().every(({ text }) => text !== '' && !text.includes('\n')))
    }),
  )
})

test('the number a tool puts before a line is no code, nor is what it adds behind the file', () => {
  assert.deepEqual(readLines('     1→const a = 1\n     2→\n<note>the end</note>\n'), [
    { number: '     1→', code: 'const a = 1' },
    { number: '     2→', code: '' },
    { number: '<note>the end</note>', code: '' },
  ])
  assert.deepEqual(
    readLines('1\tx\n2\ty').map(({ code }) => code),
    ['x', 'y'],
  )
  assert.deepEqual(readLines('const a = 1\n2\tb'), [
    { number: '', code: 'const a = 1' },
    { number: '', code: '2\tb' },
  ])
})
