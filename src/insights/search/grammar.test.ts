import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import { indexText } from '../../folds/words.ts'
import { ANY_EVENT, type SearchPlan, type SearchTerm } from '../../stores/store.ts'
import { isEmptyPlan, parseQuery, QUERY_CHARS_MAX, TERMS_MAX } from './grammar.ts'

const NOW = new Date(2026, 10, 23, 15, 30).getTime()
const EMPTY = ANY_EVENT
const term = (...words: string[]): SearchTerm => ({ words, prefix: false })
const begin = (...words: string[]): SearchTerm => ({ words, prefix: true })
const local = (...at: [number, number, number, number?, number?]) =>
  new Date(...(at as [number, number, number])).getTime()

const plans: readonly (readonly [string, Partial<SearchPlan>])[] = [
  ['', {}],
  ['   ', {}],
  ['error handler', { all: [term('error'), term('handler')] }],
  ['parseQuery', { all: [term('parsequery')] }],
  ['foo-bar', { all: [term('foo', 'bar')] }],
  ['src/api/hub.ts', { all: [term('src', 'api', 'hub', 'ts')] }],
  ['a:b', { all: [term('a', 'b')] }],
  ['http://localhost:3002/x', { all: [term('http', 'localhost', '3002', 'x')] }],
  ['C:\\temp', { all: [term('c', 'temp')] }],
  ['"two words"', { all: [term('two', 'words')] }],
  ['“two words”', { all: [term('two', 'words')] }],
  ['one"two three"four', { all: [term('one'), term('two', 'three'), term('four')] }],
  ['"unbalanced', { all: [term('unbalanced')] }],
  ['say "hi there', { all: [term('say'), term('hi'), term('there')] }],
  ['a 5" disk', { all: [term('a'), term('5'), term('disk')] }],
  ['pars*', { all: [begin('pars')] }],
  ['foo_ba*', { all: [begin('foo', 'ba')] }],
  ['"two wor"*', { all: [begin('two', 'wor')] }],
  ['* ** "*"', {}],
  ['f*o', { all: [term('f', 'o')] }],
  ['build -test', { all: [term('build')], none: [term('test')] }],
  ['build -"unit test"', { all: [term('build')], none: [term('unit', 'test')] }],
  ['-第3章', { none: [term('第', '3', '章')] }],
  ['--no-verify', { all: [term('no', 'verify')] }],
  ['- -- a - b', { all: [term('a'), term('b')] }],
  [
    'foo OR bar AND NOT NEAR(x y)',
    { all: ['foo', 'or', 'bar', 'and', 'not'].map((w) => term(w)).concat(term('near', 'x'), term('y')) },
  ],
  ['🎉', { all: [term('u1f389')] }],
  ['数据库', { all: [term('数据', '据库')] }],
  ['库', { all: [term('库')] }],
  ['agent:Pi', { agent: ['pi'] }],
  ['agent:pi,claude-code agent:hermes', { agent: ['pi', 'claude-code', 'hermes'] }],
  ['project:"my app"', { project: ['my app'] }],
  ['project:a,b', { project: ['a,b'] }],
  ['session:abc session:def', { session: ['abc', 'def'] }],
  ['tool:Bash,Edit', { tool: ['Bash', 'Edit'] }],
  ['file:src/a.ts', { file: ['src/a.ts'] }],
  ['FILE:x', { file: ['x'] }],
  ['agent: file:""', {}],
  ['model:opus,gpt-5', { model: ['opus', 'gpt-5'] }],
  ['model:"gpt 5" tool:=Task', { model: ['gpt 5'], tool: ['=Task'] }],
  ['tool:="my tool" x=y', { tool: ['=my tool'], all: [term('x', 'y')] }],
  ['type:=message.user.prompt', { kind: ['=message.user.prompt'] }],
  ['is:error', { failed: true }],
  ['is:fine', {}],
  ['cost:>1', { minNano: 1_000_000_001 }],
  ['cost:>=$0.50', { minNano: 500_000_000 }],
  ['cost:<2 cost:>1', { minNano: 1_000_000_001, maxNano: 1_999_999_999 }],
  ['cost:<=2', { maxNano: 2_000_000_000 }],
  ['cost:1..5', { minNano: 1_000_000_000, maxNano: 5_000_000_000 }],
  ['turn:>0.50 cost:<2', { minTurnNano: 500_000_001, maxNano: 1_999_999_999 }],
  ['cost:5', { minNano: 5_000_000_000 }],
  ['cost:much cost:> cost:1..x cost:. cost:1e9', {}],
  ['type:message.user', { kind: ['message.user'] }],
  ['type:live.openstory.system.error', { kind: ['system.error'] }],
  ['type:error', { kind: ['system.error'] }],
  ['type:user', { kind: ['message.user'] }],
  ['type:tool_use', { kind: ['message.assistant.tool_use'] }],
  ['type:tool', { kind: ['message.user.tool_result', 'message.assistant.tool_use'] }],
  ['type:hook', { kind: ['system.hook', 'progress.hook'] }],
  ['type:other', { kind: ['other'] }],
  ['type:other.mystery', { kind: ['other.mystery'] }],
  ['type:nonsense', { kind: ['nonsense'] }],
  ['since:2026-11-01', { sinceMs: local(2026, 10, 1) }],
  ['until:2026-11-01', { untilMs: local(2026, 10, 2) - 1 }],
  ['since:2026-11-01T10:00', { sinceMs: local(2026, 10, 1, 10, 0) }],
  ['since:2026-11-01T10:00Z', { sinceMs: Date.UTC(2026, 10, 1, 10) }],
  ['since:"2026-11-01 10:00"', { sinceMs: local(2026, 10, 1, 10, 0) }],
  ['since:3d', { sinceMs: NOW - 3 * 86_400_000 }],
  ['since:2h until:30m', { sinceMs: NOW - 2 * 3_600_000, untilMs: NOW - 30 * 60_000 }],
  ['since:1w', { sinceMs: NOW - 7 * 86_400_000 }],
  ['since:today', { sinceMs: local(2026, 10, 23) }],
  ['since:yesterday until:yesterday', { sinceMs: local(2026, 10, 22), untilMs: local(2026, 10, 23) - 1 }],
  ['since:2026-02-31 since:2026-13-05 since:soon since:99-1-1 until:2026-11-01T25:00', {}],
  ['-agent:pi x', { all: [term('x')] }],
]
for (const [typed, plan] of plans)
  test(`reads ${JSON.stringify(typed)}`, () => assert.deepEqual(parseQuery(typed, NOW).plan, { ...EMPTY, ...plan }))

const sentences = [
  ['', 'nothing to look for'],
  ['parseQuery "a b" pars* -old', '“parseQuery” and the phrase “a b” and words beginning with “pars”, without “old”'],
  ['x agent:pi,hermes since:2026-11-01', '“x”, agent pi or hermes, since 2026-11-01 00:00'],
  ['x since:soon', '“x”; left out since:soon, which is not a time (2026-11-01, 3d, 2h, today)'],
  ['x turn:>1 turn:soon', '“x”, in turns that cost >1; left out turn:soon, which is not an amount (>1, <=0.50, 1..5)'],
  ['x tool:=Task cost:>1 is:error', '“x”, tool Task, only what failed, of sessions that cost >1'],
  [
    'is:odd cost:much',
    'nothing to look for; left out is:odd; there is is:error; left out cost:much, which is not an amount (>1, <=0.50, 1..5)',
  ],
  ['x -tool:Bash', '“x”; left out -tool:Bash, a filter cannot be turned around'],
] as const
for (const [typed, said] of sentences)
  test(`says how it read ${JSON.stringify(typed)}`, () => assert.equal(parseQuery(typed, NOW).understood, said))

test('a pasted page is read up to a limit, and the person is told', () => {
  const words = parseQuery('w '.repeat(100), NOW)
  assert.equal(words.plan.all.length, TERMS_MAX)
  assert.match(words.understood, /only the first 32 words were read$/)
  assert.match(parseQuery('x'.repeat(QUERY_CHARS_MAX + 1), NOW).understood, /only the first 1000 characters were read$/)
})

const pieces = fc.constantFrom(
  ...'abZ9 "“”*-:.\\\'()^+/中文한🎉é\ud83d\0'.split(''),
  'agent:',
  'since:',
  'type:',
  'NEAR',
  ' AND ',
  '3d',
)
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
)
const isToken = /^[\p{L}\p{N}]+$/u

test('any text at all gives a plan whose words are nothing but letters and digits', () => {
  fc.assert(
    fc.property(anyText, (typed) => {
      const { plan, understood } = parseQuery(typed, NOW)
      assert.ok(understood.length > 0)
      for (const { words } of [...plan.all, ...plan.none]) {
        assert.ok(words.length > 0)
        for (const word of words) assert.match(word, isToken)
      }
    }),
    { numRuns: 5_000 },
  )
})

test('any word of an indexed text is found by typing it, bare or in quotes', () => {
  const db = new DatabaseSync(':memory:')
  db.exec(`CREATE VIRTUAL TABLE t USING fts5(words, parts, content='', contentless_delete=1, tokenize='unicode61')`)
  const insert = db.prepare('INSERT OR REPLACE INTO t(rowid, words, parts) VALUES (1, ?, ?)')
  const match = db.prepare('SELECT rowid FROM t WHERE t MATCH ?')
  fc.assert(
    fc.property(anyText, fc.nat(), (text, pick) => {
      const word = text.split(/\s+/)[pick % text.split(/\s+/).length]!
      const { words, parts } = indexText(text, 1_000)
      insert.run(words, parts)
      for (const typed of [word, `"${word.replace(/["“”„«»]/g, ' ')}"`]) {
        const { plan } = parseQuery(typed, NOW)
        const isOnlyWords = isEmptyPlan({ ...plan, all: [] }) && plan.all.length > 0
        if (!isOnlyWords) continue
        const expression = plan.all.map((t) => `"${t.words.join(' ')}"${t.prefix ? '*' : ''}`).join(' AND ')
        assert.equal(match.all(expression).length, 1, `${expression} in ${JSON.stringify({ words, parts })}`)
      }
    }),
    { numRuns: 3_000 },
  )
})
