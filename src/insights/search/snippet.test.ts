import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseQuery } from './grammar.ts'
import { SCAN_CHARS_MAX, snippetOf } from './snippet.ts'

// Hits in brackets.
const shown = (text: string, query: string, width?: number) =>
  snippetOf(text, parseQuery(query, 0).plan, width)
    .map((part) => (part.hit ? `[${part.text}]` : part.text))
    .join('')

const cases = [
  ['a word in any case', 'Call The Handler now', 'handler', 'Call The [Handler] now'],
  ['a part of an identifier', 'call parseQuery(x)', 'query', 'call parse[Query](x)'],
  ['an identifier by its snake_case name', 'call parseQuery(x)', 'parse_query', 'call [parseQuery](x)'],
  ['a phrase, over a line end', 'it was read\n   only then', '"read only"', 'it was [read only] then'],
  ['not the words of a phrase alone', 'only read is not read only', '"read only"', 'only read is not [read only]'],
  ['no phrase across two identifiers', 'readFile writeLine', '"file write"', 'readFile writeLine'],
  ['a phrase that begins twice', 'a a b', '"a b"', 'a [a b]'],
  ['a beginning', 'parser and parsing', 'pars*', '[parser] and [parsing]'],
  ['Chinese inside a word', '数据库连接失败', '据库连', '数[据库连]接失败'],
  ['one Chinese character', '数据库连接失败', '接', '数据库连[接]失败'],
  ['an emoji', 'done 🎉🎊!', '🎊', 'done 🎉[🎊]!'],
  ['a word without its accents', 'un Café crème', 'cafe', 'un [Café] crème'],
  ['a coloured word, without the colour', '\x1b[31mError\x1b[0m: no', 'error', '[Error]: no'],
  ['a text as it is, markup and all', '<b>x</b> & y', 'x', '<b>[x]</b> & y'],
  ['the beginning where nothing was asked for', 'one two', 'agent:pi', 'one two'],
  ['an empty text', '', 'x', ''],
] as const
for (const [what, text, query, want] of cases) test(`marks ${what}`, () => assert.equal(shown(text, query), want))

test('cuts a window around the place where most of the words stand together', () => {
  const text = `${'alpha filler words here '.repeat(20)} alpha then beta ${'more filler words '.repeat(20)}`
  const cut = shown(text, 'alpha beta', 60)
  assert.match(cut, /^….*\[alpha\] then \[beta\].*…$/)
  assert.ok(cut.length < 80, cut)
  assert.doesNotMatch(cut, /…(illers?|ords|ere) /, 'a cut falls between words')
})

test('a cut never halves a character, where there is no space to cut at', () => {
  for (const width of [40, 41, 42, 43]) {
    const cut = shown(`${'🎉'.repeat(99)}needle${'🎉'.repeat(99)}`, 'needle', width)
    assert.match(cut, /^…(🎉)+\[needle\](🎉)+…$/u)
  }
})

test('a text too long to look through shows its beginning', () => {
  assert.match(shown(`start ${'x '.repeat(SCAN_CHARS_MAX)} needle`, 'needle'), /^start x x .*…$/)
})

test('is never longer than asked, never half a character, and is a piece of the text', () => {
  const text = fc.array(fc.constantFrom('a', 'foo', ' ', '\n', '🎉', '中文', 'é', 'fooBar', '.'), { maxLength: 200 })
  fc.assert(
    fc.property(
      text,
      fc.constantFrom('foo', 'bar a', '🎉', '文', 'fo*', '"foo a"'),
      fc.integer({ min: 10, max: 80 }),
      (all, query, width) => {
        const parts = snippetOf(all.join(''), parseQuery(query, 0).plan, width)
        const cut = parts.map((part) => part.text).join('')
        const inside = cut.replace(/^…|…$/g, '')
        assert.ok(inside.length <= width, `${inside.length} > ${width}`)
        assert.ok(cut.isWellFormed())
        assert.ok(all.join('').replace(/\s+/g, ' ').includes(inside))
        assert.ok(parts.every((part) => part.text !== ''))
      },
    ),
    { numRuns: 2_000 },
  )
})
