// The promise is about SQLite, so SQLite is asked: its tokenizer must cut the prepared text into exactly our tokens, and whatever
// stands in a text must be found by typing it.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import { indexText, plainForm, TOKEN_MAX, termsOf, tokensOf, type WordTerm, walkWords } from './words.ts'

const db = new DatabaseSync(':memory:')
db.exec(`
  CREATE VIRTUAL TABLE t USING fts5(words, parts, content='', contentless_delete=1, tokenize='unicode61');
  CREATE VIRTUAL TABLE v USING fts5vocab(t, instance);
`)
const put = (text: string) => {
  const { words, parts } = indexText(text, 100_000)
  db.exec('DELETE FROM t')
  db.prepare('INSERT INTO t(rowid, words, parts) VALUES (1, ?, ?)').run(words, parts)
}
const indexedTokens = (text: string): string[] => {
  put(text)
  return db
    .prepare("SELECT term FROM v WHERE col = 'words' ORDER BY offset")
    .all()
    .map((row) => String(row.term))
}
const expression = (terms: readonly WordTerm[]) =>
  terms.map(({ words, prefix }) => `"${words.join(' ')}"${prefix ? '*' : ''}`).join(' AND ')
const finds = (text: string, typed: string, prefix = false): boolean => {
  put(text)
  return db.prepare('SELECT rowid FROM t WHERE t MATCH ?').all(expression(termsOf(typed, prefix))).length === 1
}

const found = [
  ['an identifier whole', 'call parseQuery(text)', 'parseQuery'],
  ['an identifier in lower case', 'call parseQuery(text)', 'parsequery'],
  ['a part of an identifier', 'call parseQuery(text)', 'query'],
  ['a camelCase identifier by its snake_case name', 'call parseQuery(text)', 'parse_query'],
  ['an acronym inside an identifier', 'new HTTPServer()', 'server'],
  ['snake_case whole', 'MAX_RETRY_COUNT = 3', 'max_retry_count'],
  ['a part of snake_case', 'MAX_RETRY_COUNT = 3', 'retry'],
  ['a part of kebab-case', 'npm run build-all', 'build'],
  ['a path', 'see src/api/hub.ts:12', 'api/hub.ts'],
  ['letters before digits', 'sha256sum of it', 'sha'],
  ['one Chinese character in the middle', '数据库连接失败', '连'],
  ['the last Chinese character', '数据库连接失败', '败'],
  ['two Chinese characters', '数据库连接失败', '据库'],
  ['five Chinese characters', '数据库连接失败', '据库连接失'],
  ['Chinese beside Latin letters', '使用Redis缓存数据', 'redis缓存'],
  ['half a Chinese word beside Latin letters', '使用Redis缓存数据', '用redis缓'],
  ['Japanese', 'データベースの接続', 'ベース'],
  ['half-width Katakana by full-width', 'ｺｰﾋｰを飲む', 'コーヒー'],
  ['one Chinese character between words', 'hello 好 world', 'hello 好 world'],
  ['Korean inside a word', '데이터베이스를', '베이스'],
  ['Korean written in decomposed form', '데이터'.normalize('NFD'), '데이터'],
  ['an emoji', 'shipped 🎉 today', '🎉'],
  ['an emoji glued to a word', 'done✅', '✅'],
  ['a family of emoji by one of them', '👨‍👩‍👧', '👩'],
  ['a thumb without its skin tone', 'ok 👍🏽', '👍'],
  ['a word without its accents', 'café crème', 'creme'],
  ['a word in decomposed form', 'cafe\u0301', 'café'],
  ['Greek with a final sigma', 'ΟΔΟΣ', 'οδός'],
  ['Hindi', 'यह हिन्दी है', 'हिन्दी'],
  ['Arabic without vowel signs', 'مُحَمَّد', 'محمد'],
  ['a word between box drawing', '│total│', 'total'],
  ['a word behind a NUL', 'a\0needle', 'needle'],
  ['a word in colour', '\x1b[1;31merror\x1b[0m: it broke', 'error'],
  ['a word behind a cursor move', 'a\x1b[2Kneedle', 'needle'],
  ['a very long word', `x ${'k'.repeat(900)} y`, 'k'.repeat(900)],
] as const
for (const [what, text, typed] of found)
  test(`finds ${what}`, () => assert.ok(finds(text, typed), indexText(text, 999).words))

const missed = [
  ['a word that is not there', 'parse the query', 'parser'],
  ['words in another order', 'parse the query', 'query the'],
  ['a phrase across two identifiers', 'readFile writeLine', 'file write'],
  ['Chinese characters in another order', '数据库', '库据'],
  ['another vowel sign', 'के', 'का'],
  ['a voiced sound for its unvoiced one', 'バス', 'パス'],
] as const
for (const [what, text, typed] of missed) test(`does not find ${what}`, () => assert.ok(!finds(text, typed)))

test('a beginning finds the word, in words, parts and Chinese', () => {
  assert.ok(finds('call parseQuery(text)', 'pars', true))
  assert.ok(finds('call parseQuery(text)', 'quer', true))
  assert.ok(finds('see src/api/hub.ts', 'api/hu', true))
  assert.ok(finds('数据库连接', '据库连', true))
  assert.ok(!finds('call parseQuery(text)', 'arse', true))
})

test('hashes and random ids are indexed whole, without parts', () => {
  assert.equal(indexText('3f2a9bc1d0e4 toolu_01AbCd9xQz7 aGVsbG8gd29ybGQhCg', 999).parts, '')
  assert.equal(indexText('parseQuery utf8 parseQuery', 999).parts, 'parse query \ue000 utf 8')
})

test('plain text is handed over as it is, and only what was asked for', () => {
  const text = 'All plain: words_and more\n'.repeat(10).trimEnd()
  assert.equal(indexText(text, 9_999).words, text)
  assert.equal(indexText(text, 9).words, 'All plain')
})

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: fc.constantFrom(...'aZ9_- .中文かカ한ー́é🎉👩‍️ßİǅन्│\ud83d\ue000\x1b[m'), maxLength: 60 }),
)

test('SQLite cuts the prepared text into exactly our tokens, whatever the text', () => {
  fc.assert(
    fc.property(anyText, (text) => assert.deepEqual(indexedTokens(text), tokensOf(text))),
    { numRuns: 3_000 },
  )
})

test('every letter, digit and symbol of Unicode is one token SQLite keeps', () => {
  for (let from = 0; from < 0x20000; from += 512) {
    let text = ''
    for (let point = from; point < from + 512; point++) text += ` ${String.fromCodePoint(point)}`
    assert.deepEqual(indexedTokens(text), tokensOf(text), `from U+${from.toString(16)}`)
  }
})

test('any piece of a text is found by typing it, whatever the text', () => {
  const cut = fc.record({ text: anyText, at: fc.nat(60), size: fc.integer({ min: 1, max: 20 }) })
  fc.assert(
    fc.property(cut, ({ text, at, size }) => {
      const tokens: [string, number, number][] = []
      const plain = plainForm(text)
      walkWords(plain, (token, start, end) => tokens.push([token, start, end]) > 0)
      if (tokens.length === 0) return
      // From the beginning of one token to the end of another.
      const first = at % tokens.length
      const last = Math.min(tokens.length - 1, first + size)
      const typed = plain.slice(tokens[first]![1], Math.max(tokens[first]![2], tokens[last]![2]))
      const isInsideWord = (place: number) =>
        tokens.some(
          ([, start, end]) =>
            start < place &&
            place < end &&
            !/^\p{Script=Han}|^[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]/u.test(
              plain.slice(start, end),
            ),
        )
      if (isInsideWord(tokens[first]![1]) || isInsideWord(Math.max(tokens[first]![2], tokens[last]![2]))) return
      assert.ok(finds(text, typed), `${JSON.stringify(typed)} in ${JSON.stringify(indexText(text, 999))}`)
    }),
    { numRuns: 3_000 },
  )
})

test('places given for tokens hold what the token was made from', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const plain = plainForm(text)
      walkWords(plain, (token, start, end, column) => {
        assert.ok(start < end && end <= plain.length)
        if (end - start <= TOKEN_MAX && column === 'words') assert.deepEqual(tokensOf(plain.slice(start, end)), [token])
        return true
      })
    }),
    { numRuns: 1_000 },
  )
})
