// Bytes become the same lines however they are cut into reads, and no byte anybody wrote is lost between them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type FoundLine, isBlankByte, splitLines } from './lines.ts'

interface Found extends FoundLine {
  readonly line: number // of the file, from 0
}

// Reads as the watcher does: again and again from where it stands, each time up to one of `ends`.
function read(bytes: Buffer, ends: readonly number[] = [bytes.length]): { found: Found[]; used: number } {
  const found: Found[] = []
  let used = 0
  let line = 0
  for (const end of ends) {
    const split = splitLines(bytes.subarray(used, end), used, true, (one) =>
      found.push({ ...one, line: line + one.lineEnds }),
    )
    used += split.used
    line += split.lineEnds
  }
  return { found, used }
}
const shown = (text: string | Buffer) =>
  read(Buffer.from(text)).found.map(({ offset, line, damage, value, text }) => [offset, line, damage ?? value, text])

// What a line is, without the blanks around it.
function core({ bytes, offset, line, value, damage }: Found) {
  let start = 0
  let end = bytes.length
  while (isBlankByte(bytes[start])) start++
  while (isBlankByte(bytes[end - 1])) end--
  return { offset: offset + start, bytes: Buffer.from(bytes.subarray(start, end)).toString('hex'), line, value, damage }
}

const object = fc.oneof(
  fc.constantFrom('{}', '{"a":"}{"}', '{"a":"\\"}"}', '{ "a" : [ {} , "{" ] }', '{"é":"✓🎉"}', '{"a":"\\\\"}'),
  fc.json({ maxDepth: 1 }).map((json) => `{"j":${json}}`),
)
const blanks = fc.constantFrom('', '', '', ' ', '\t ', '\r')
const bytesOf = (text: string) => Buffer.from(text)
const line = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(blanks, object, blanks).map((parts) => bytesOf(parts.join(''))) },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.tuple(object, blanks), { minLength: 2, maxLength: 4 })
      .map((parts) => bytesOf(parts.flat().join(''))),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(object, blanks, fc.constantFrom('x', '{', '{"a":', ',', '[1]', '7', '\u00a0', '\ufeff'))
      .map((parts) => bytesOf(parts.join(''))),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', ' ', '1', 'null', '"}"', '[{}]', '}', '{"torn":', '\u00a0', '\0\0').map(bytesOf),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(object, object).map(([a, b]) => Buffer.concat([bytesOf(a), Buffer.from([0xff]), bytesOf(b)])),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        [0xff],
        [0xc3, 0x28],
        [0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d],
        [0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d, 0x7b, 0x7d],
      ].map((b) => Buffer.from(b)),
    ),
  },
)
const file = fc
  .tuple(fc.constantFrom('', '\ufeff'), fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 6 }), line)
  .map(([mark, lines, torn]) =>
    Buffer.concat([bytesOf(mark), ...lines.flatMap(([text, end]) => [text, bytesOf(end)]), torn]),
  )

const ended = file.map((bytes) => Buffer.concat([bytes, bytesOf('\n')]))

test('a file read in two goes gives the lines of one, wherever it was cut', () => {
  fc.assert(
    fc.property(ended, fc.nat(), (bytes, at) => {
      const twice = read(bytes, [at % (bytes.length + 1), bytes.length])
      const once = read(bytes)
      assert.deepEqual(twice.found.map(core), once.found.map(core))
      assert.equal(twice.used, once.used)
    }),
    { numRuns: 3_000 },
  )
})

test('a file that grows byte by byte gives the lines of one read', () => {
  fc.assert(
    fc.property(ended, (bytes) => {
      const grown = read(
        bytes,
        Array.from({ length: bytes.length + 1 }, (_, end) => end),
      )
      assert.deepEqual(grown.found.map(core), read(bytes).found.map(core))
    }),
    { numRuns: 1_000 },
  )
})

const special = fc.constantFrom(10, 13, 32, 9, 123, 125, 34, 92, 0, 0xff, 0xef, 0xbb, 0xbf, 0xc3, 0xa9, 49)
test('whatever the bytes are, each that is not blank stands in exactly one line', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        file,
        fc.array(special, { maxLength: 60 }).map((b) => Buffer.from(b)),
      ),
      (bytes) => {
        const { found, used } = read(bytes)
        let at = bytes.subarray(0, 3).equals(bytesOf('\ufeff')) ? Math.min(3, used) : 0
        for (const one of found) {
          assert.ok(bytes.subarray(at, one.offset).every(isBetween), `bytes ${at}–${one.offset} are in no line`)
          assert.ok(one.offset >= at, 'no byte is in two lines')
          assert.deepEqual(Buffer.from(one.bytes), bytes.subarray(one.offset, one.offset + one.bytes.length))
          at = one.offset + one.bytes.length
        }
        assert.ok(bytes.subarray(at, used).every(isBetween), 'nothing is passed over at the end')
        assert.ok(!bytes.subarray(used).includes(10), 'what waits is one torn line')
      },
    ),
    { numRuns: 5_000 },
  )
})
const isBetween = (byte: number) => isBlankByte(byte) || byte === 10

test('a value of a line without damage is what its bytes say', () => {
  fc.assert(
    fc.property(file, (bytes) => {
      for (const { value, damage, utf8, bytes: own, text } of read(bytes).found) {
        assert.equal(damage === null, value !== undefined && utf8)
        assert.equal(text, Buffer.from(own).toString())
        if (value !== undefined) assert.deepEqual(value, JSON.parse(text))
      }
    }),
  )
})

const NOT_JSON = 'the line is not JSON'
const files: readonly (readonly [string, string | Buffer, readonly unknown[]])[] = [
  [
    'whole lines',
    '{"a":1}\n{"b":2}\n',
    [
      [0, 0, { a: 1 }, '{"a":1}'],
      [8, 1, { b: 2 }, '{"b":2}'],
    ],
  ],
  ['a torn last line, which waits', '{"a":1}\n{"b":', [[0, 0, { a: 1 }, '{"a":1}']]],
  ['a last object without its line end', '{"a":1}', [[0, 0, { a: 1 }, '{"a":1}']]],
  ['a last number without its line end, which may go on', '12', []],
  [
    'ends of Windows',
    '{"a":1}\r\n{"b":2}\r\n',
    [
      [0, 0, { a: 1 }, '{"a":1}'],
      [9, 1, { b: 2 }, '{"b":2}'],
    ],
  ],
  ['blank lines, which count', '\n \t\r\n{"a":1}\n', [[5, 2, { a: 1 }, '{"a":1}']]],
  ['a byte order mark', '\ufeff{"a":1}\n', [[3, 0, { a: 1 }, '{"a":1}']]],
  [
    'two objects on one line',
    '{"a":1} {"b":2}\n7\n',
    [
      [0, 0, { a: 1 }, '{"a":1}'],
      [8, 0, { b: 2 }, '{"b":2}'],
      [16, 1, 7, '7'],
    ],
  ],
  [
    'an object and something else',
    '{"a":1}oops\n',
    [
      [0, 0, { a: 1 }, '{"a":1}'],
      [7, 0, NOT_JSON, 'oops'],
    ],
  ],
  ['a torn object before a whole one', '{"a":"x{"b":2}\n', [[0, 0, NOT_JSON, '{"a":"x{"b":2}']]],
  ['no JSON', 'hello\n', [[0, 0, NOT_JSON, 'hello']]],
  ['a no-break space, which somebody wrote', '\u00a0\n', [[0, 0, NOT_JSON, '\u00a0']]],
  [
    'JSON that is no UTF-8',
    Buffer.from('7b2261223a22e9227d0a', 'hex'),
    [[0, 0, 'the line is not valid UTF-8', '{"a":"\ufffd"}']],
  ],
  [
    'neither JSON nor UTF-8',
    Buffer.from('e90a', 'hex'),
    [[0, 0, 'the line is neither JSON nor valid UTF-8', '\ufffd']],
  ],
  [
    'good lines around a bad one',
    Buffer.from('7b7d0aff0a7b7d0a', 'hex'),
    [
      [0, 0, {}, '{}'],
      [3, 1, 'the line is neither JSON nor valid UTF-8', '\ufffd'],
      [5, 2, {}, '{}'],
    ],
  ],
  ['nothing', '', []],
]
for (const [what, text, lines] of files) test(`lines of ${what}`, () => assert.deepEqual(shown(text), lines))

test('a hundred thousand objects glued together are read, one by one', () => {
  const { found } = read(bytesOf(`${'{"a":1}'.repeat(100_000)}\n`))
  assert.deepEqual([found.length, found.at(-1)?.offset, found.at(-1)?.piece], [100_000, 699_993, 99_999])
})
