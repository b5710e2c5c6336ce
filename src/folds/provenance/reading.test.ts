// The answers of tools that read files, in the ways agents give them, as lines of the file.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { NUMBERED_ONLY, readText } from './reading.ts'

const cases = [
  ['all of a file', 'a\nb\n', {}, { from: 1, texts: ['a', 'b', ''], total: 3 }],
  ['from a line on', 'b\nc', { offset: 2 }, { from: 2, texts: ['b', 'c'], total: null }],
  ['with numbers and arrows', '   12→a\n   13→\n', {}, { from: 12, texts: ['a', ''], total: null }],
  ['with numbers and tabs', '1\ta\n2\tb', {}, { from: 1, texts: ['a', 'b'], total: null }],
  ['counted from nought', '0→a\n1→b', {}, { from: 1, texts: ['a', 'b'], total: null }],
  ['in JSON', '{"content":"     4|a\\n     5|b","total_lines":9}', {}, { from: 4, texts: ['a', 'b'], total: null }],
  [
    'with a reminder behind it',
    '1→a\n\n<system-reminder>be good</system-reminder>',
    {},
    { from: 1, texts: ['a'], total: null },
  ],
  [
    'cut short, and told so',
    'a\nb\n\n[12 more lines in file. Use offset=3 to continue.]',
    { limit: 2 },
    { from: 1, texts: ['a', 'b'], total: null },
  ],
  ['a file that is JSON itself', '{\n  "a": 1\n}', {}, { from: 1, texts: ['{', '  "a": 1', '}'], total: 3 }],
  ['JSON that says nothing of a file', '{"status":"ok"}', {}, null],
  ['nothing', '', {}, null],
  ['words without numbers, where only numbers count', 'a file was changed', NUMBERED_ONLY, null],
] as const
for (const [what, answer, input, expected] of cases)
  test(what, () => assert.deepEqual(readText(answer, input), expected))
