import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { diffLines, patchLines, tally } from './diff.ts'
import { markdown } from './markdown.ts'
import { plainTree, wordsIn } from './markdown-tree.ts'
import { bodyOf } from './tool.ts'
import { ago, compact, duration, presenceOf } from './words.ts'

test('a diff leads from the one text to the other', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after)
      const side = (without: string) => lines.filter(({ sign }) => sign !== without).map((line) => line.text)
      const linesOf = (whole: string) => (whole === '' ? [] : whole.replace(/\n$/, '').split('\n'))
      assert.deepEqual(side('+'), linesOf(before))
      assert.deepEqual(side('-'), linesOf(after))
    }),
  )
})

test('a change in one line of many is one line taken away and one put there', () => {
  assert.deepEqual(tally(diffLines('a\nb\nc\nd', 'a\nB\nc\nd')), { added: 1, removed: 1 })
})

test('a text too large to compare is still shown whole', () => {
  const [a, b] = [Array.from({ length: 900 }, (_, i) => `a${i}`), Array.from({ length: 900 }, (_, i) => `b${i}`)]
  assert.deepEqual(tally(diffLines(a.join('\n'), b.join('\n'))), { added: 900, removed: 900 })
})

test('a patch keeps its headings as they are', () => {
  assert.deepEqual(
    patchLines('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n same').map(({ sign, text }) => sign + text),
    ['@--- a/x', '@+++ b/x', '@@@ -1 +1 @@', '-old', '+new', ' same'],
  )
})

const HOSTILE = [
  '<script>alert(1)</script>',
  'a <img src=x onerror=alert(1)> b',
  '[x](javascript:alert(1))',
  '![x](javascript:alert(1))',
  '<a href="https://example.org" onclick="x()">y</a>',
  '[x](data:text/html,<script>1</script>)',
]
for (const text of HOSTILE)
  test(`markdown makes no address of its own out of ${text}`, () => {
    const addresses: string[] = []
    JSON.stringify(markdown(text), (key, value) => {
      if (key === 'href') addresses.push(String(value))
      return value
    })
    assert.ok(
      addresses.every((href) => href === '' || href.startsWith('https://')),
      addresses.join(),
    )
  })

test('an image is a link, never a picture', () => {
  assert.deepEqual(markdown('![a cat](https://example.org/cat.png)'), [
    {
      as: 'p',
      inside: [{ as: 'link', href: 'https://example.org/cat.png', inside: [{ as: 'text', text: 'image: a cat' }] }],
    },
  ])
})

test('no text makes markdown throw', () => {
  const pieces = fc.constantFrom(
    '#',
    '*',
    '`',
    '\n',
    '|',
    '-',
    '>',
    '1.',
    '[',
    ']',
    '(',
    ')',
    '<',
    '&',
    'word',
    ' ',
    '```',
    '\\',
    '!',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => typeof wordsIn(markdown(parts.join(''))) === 'string'),
  )
})

test('what is drawn without a parser is what the parser would have made of it', () => {
  const pieces = fc.constantFrom(
    'a',
    'word',
    ' ',
    '-',
    '+',
    '=',
    '1.',
    '2)',
    ':',
    '/',
    'http',
    'www.x.org',
    'a@b.org',
    '(c)',
    '"',
    '!',
    '.',
    '—',
    '\u200f',
    '\u00a0',
    'é',
  )
  const texts = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const plain = plainTree(text)
      if (plain !== null) assert.deepEqual(plain, markdown(text))
    }),
    { numRuns: 2_000 },
  )
  assert.notEqual(plainTree('Done: all 12 tests pass (in 3 s).'), null)
  assert.equal(plainTree('see https://x.org'), null)
})

test('words on one line lose their marks', () => {
  assert.equal(wordsIn(markdown('## Done\n\n- **one** `two`\n- [three](https://x.org)')), 'Done · one two · three')
})

const bodies = [
  ['an edit by old and new string', 'edit', { file_path: 'x', old_string: 'a', new_string: 'b' }, 'diff'],
  ['an edit by oldText and newText', 'edit', { path: 'x', oldText: 'a', newText: 'b' }, 'diff'],
  [
    'several edits in one call',
    'edit',
    {
      edits: [
        { old_string: 'a', new_string: 'b' },
        { old_string: 'c', new_string: 'd' },
      ],
    },
    'diff',
  ],
  ['a patch as plain text', 'edit', '*** Begin Patch\n-a\n+b\n*** End Patch', 'diff'],
  ['a new file', 'write', { file_path: 'x', content: 'a\nb' }, 'file'],
  ['a command', 'run', { command: 'ls' }, 'command'],
  ['a command as words', 'run', { command: ['ls', '-l'] }, 'command'],
  ['a to-do list', 'todo', { todos: [{ content: 'a', status: 'completed' }] }, 'todos'],
  ['a plan by steps', 'todo', { plan: [{ step: 'a', status: 'in_progress' }] }, 'todos'],
  ['a question', 'ask', { questions: [{ question: 'a?', options: [{ label: 'b' }] }] }, 'questions'],
  ['work given away', 'delegate', { prompt: 'look' }, 'words'],
  ['a tool nobody knows', 'other', { a: 1 }, 'fields'],
  ['an edit nobody knows', 'edit', { a: 1 }, 'fields'],
  ['no input at all', 'read', null, 'fields'],
] as const
for (const [what, kind, input, as] of bodies)
  test(`${what} is read as ${as}`, () => assert.equal(bodyOf({ kind, input, target: '' }).as, as))

test('two edits of one call are told apart', () => {
  const body = bodyOf({
    kind: 'edit',
    target: '',
    input: {
      edits: [
        { old_string: 'a', new_string: 'b' },
        { old_string: 'c', new_string: 'd' },
      ],
    },
  })
  assert.deepEqual(body.as === 'diff' && body.lines.map(({ sign, text }) => sign + text), [
    '-a',
    '+b',
    ' ⋯',
    '-c',
    '+d',
  ])
})

test('times and numbers are as people read them', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')
  assert.deepEqual(
    ['2026-03-01T11:59:40Z', '2026-03-01T11:55:00Z', '2026-03-01T09:00:00Z', '2026-02-20T12:00:00Z'].map((time) =>
      ago(time, now),
    ),
    ['now', '5 min', '3 h', '9 d'],
  )
  assert.deepEqual([950, 4_000, 61_000, 7_260_000].map(duration), ['950 ms', '4.0 s', '1 min 1 s', '2 h 1 min'])
  assert.deepEqual([999, 1_949, 12_345, 1_250_000].map(compact), ['999', '1.9k', '12k', '1.2M'])
})

test('a session that says it works but has been silent is idle', () => {
  const now = Date.parse('2026-03-01T12:00:00Z')
  assert.equal(presenceOf({ state: 'working', ended: '2026-03-01T11:59:00Z' }, now), 'working')
  assert.equal(presenceOf({ state: 'working', ended: '2026-03-01T11:00:00Z' }, now), 'idle')
  assert.equal(presenceOf({ state: 'waiting', ended: '2026-03-01T11:20:00Z' }, now), 'waiting')
  assert.equal(presenceOf({ state: 'ended', ended: '2026-03-01T11:59:59Z' }, now), 'idle')
})
