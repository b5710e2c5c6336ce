// A command's output is shown as its terminal would have: every escape obeyed or gone, no letter lost.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { inkLines, type Look, plainOutput } from './ansi.ts'

const E = '\u001b'
const spans = (text: string) => inkLines(text).map((line) => line.map(({ text, look }) => [text, look]))

const looks: readonly (readonly [string, string, Look])[] = [
  ['bold', '1', { bold: true }],
  ['dim and italic', '2;3', { dim: true, italic: true }],
  ['underlined', '4', { underline: true }],
  ['underlined in a curl', '4:3', { underline: true }],
  ['inverse', '7', { inverse: true }],
  ['struck', '9', { strike: true }],
  ['one of sixteen', '31', { fg: '#cd3131' }],
  ['one of sixteen, bright, on another', '92;41', { fg: '#23d18b', bg: '#cd3131' }],
  ['one of 256, from the cube', '38;5;208', { fg: '#ff8700' }],
  ['one of 256, a grey', '48;5;240', { bg: '#585858' }],
  ['true colour', '38;2;1;2;255', { fg: '#0102ff' }],
  ['true colour with colons', '38:2::10:20:30', { fg: '#0a141e' }],
  ['a colour of the underline, which is not drawn', '4;58;5;9', { underline: true }],
  ['a colour that is none', '38;5;999', {}],
  ['a colour that is cut off', '38;2;1', {}],
  ['something newer', '1;73', { bold: true }],
  ['reset', '1;31;0', {}],
  ['reset without a word', '', {}],
  ['taken back one by one', '1;2;3;4;7;9;31;42;22;23;24;27;29;39;49', {}],
]
for (const [what, code, look] of looks)
  test(`a look: ${what}`, () => assert.deepEqual(spans(`${E}[${code}mx`), [[['x', look]]]))

test('a look goes on over lines until it is taken back', () => {
  assert.deepEqual(spans(`a${E}[31mb\nc${E}[0md`), [
    [
      ['a', {}],
      ['b', { fg: '#cd3131' }],
    ],
    [
      ['c', { fg: '#cd3131' }],
      ['d', {}],
    ],
  ])
})

const plain: readonly (readonly [string, string, string])[] = [
  ['Windows line ends', 'a\r\nb', 'a\nb'],
  ['a line written over', '10 %\r100 %', '100 %'],
  ['a line written over by a shorter one', 'loading\rok', 'okading'],
  ['a line erased, then written', `loading\r${E}[Kok`, 'ok'],
  ['a line erased behind the cursor', `loading\rok${E}[K`, 'ok'],
  ['backspaces', 'ab\bc', 'ac'],
  ['cursor movements', `${E}[2J${E}[1;1Ha${E}[3Ab`, 'ab'],
  ['a title', `${E}]0;evil\u0007a`, 'a'],
  ['a link', `${E}]8;;https://example.org${E}\\here${E}]8;;${E}\\`, 'here'],
  ['a title without an end', `${E}]0;all that follows\nnext`, '\nnext'],
  ['a character set', `${E}(Ba`, 'a'],
  ['an 8-bit escape', 'a\u009b31mb', 'ab'],
  ['a bell', 'a\u0007b', 'ab'],
  ['an escape at the end', `a${E}`, 'a'],
  ['an escape cut off', `a${E}[31`, 'a'],
  ['letters that turn the direction', 'a\u202Eb', 'a[U+202E]b'],
  ['empty lines at the end', 'a\n\n\n', 'a'],
  ['tabs', 'a\tb', 'a\tb'],
]
for (const [what, text, shown] of plain) test(`text: ${what}`, () => assert.equal(plainOutput(text), shown))

test('whatever a program puts out, no control character reaches the page and no letter is lost', () => {
  const part = fc.oneof(fc.constantFrom(E, `${E}[`, `${E}]`, '\r', '\b', ';', 'm', '38', '\u009b'), fc.string())
  fc.assert(
    fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
      assert.doesNotMatch(plainOutput(parts.join('')), /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'ß', '字', ' ', '.') }), (text) => {
      assert.equal(plainOutput(text.trimEnd()), text.trimEnd())
    }),
  )
})

test('five million characters of escapes take a moment', () => {
  const text = `${E}[38;5;1mx${E}]8;;`.repeat(300_000)
  const started = performance.now()
  assert.ok(inkLines(text).length > 0)
  assert.ok(performance.now() - started < 5_000)
})
