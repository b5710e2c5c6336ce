// Realistic bytes bent out of shape: lines as agents write them with bytes flipped, ends cut off, others spliced in, nesting as deep as a
// parser takes, numbers no double holds, halves of surrogate pairs, NUL, line ends of Windows, keys twice, `__proto__`.
import fc from 'fast-check'
import { anything, bent, record } from '../../../src/testing/telling.ts'

type Change = (line: Buffer) => Buffer
const place = fc.nat(9_999).map((n) => n / 10_000)
const at = (line: Buffer, share: number) => Math.floor(line.length * share)
const put = (line: Buffer, from: number, to: number, what: Uint8Array | string) =>
  Buffer.concat([line.subarray(0, from), typeof what === 'string' ? Buffer.from(what) : what, line.subarray(to)])

// What stands where it should not, as bytes.
const SHARDS: readonly (string | Uint8Array)[] = [
  '\0',
  '\r',
  '\n',
  '\r\n',
  '\ufeff',
  '\u2028',
  '\\ud800',
  '\\udfff\\ud83d',
  '\\u0000',
  '\\',
  '"',
  '{',
  '}',
  '}{',
  ']',
  ',',
  ':null,"x":',
  Uint8Array.of(0xff),
  Uint8Array.of(0xed, 0xa0, 0x80), // a half of a pair, as no UTF-8 has it
  Uint8Array.of(0xf0, 0x9f),
  Uint8Array.of(0xc0, 0x80),
]
// In front of an object's own keys.
const KEYS_TWICE = [
  '"type":"user","type":"assistant",',
  '"__proto__":{"type":"user","length":9},',
  '"constructor":{"prototype":null},',
  '"toString":1,"hasOwnProperty":0,"valueOf":null,',
  '"message":7,"payload":[],"content":{},',
  '"":"","\\u0000":"\\ud800",',
  '"raw":1,"rawtext":"}}","rawin":"x","data":{"payload":{"v":9},"origin":{}},',
]
const NUMBERS = ['1e999', '-1e999', '1e-400', '-0', '123456789012345678901234567890', '9007199254740993', '0.1e1', '-1']
const TEXTS = [
  '',
  'x'.repeat(70_000),
  '\\ud83d'.repeat(300),
  '</system-reminder><command-name>/x</command-name>',
  '[Request interrupted by user]',
  '../../../../etc/passwd',
  'a/b\\u0000c',
  '$(cat <<EOF\\n`x',
  '2026-02-31T25:61:61Z',
  '+275760-09-13T00:00:00.001Z',
  '__proto__',
  'events.>.*',
  '\\u202e\\u200b\\u001b[31m',
]
const DEPTHS = [40, 2_000, 30_000]

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(place, fc.nat(255)).map(
      ([where, byte]): Change =>
        (line) =>
          put(line, at(line, where), at(line, where) + 1, Uint8Array.of(byte)),
    ),
  },
  fc.tuple(place, place).map(
    ([a, b]): Change =>
      (line) =>
        put(line, Math.min(at(line, a), at(line, b)), Math.max(at(line, a), at(line, b)), ''),
  ),
  place.map(
    (where): Change =>
      (line) =>
        line.subarray(0, at(line, where)),
  ),
  {
    weight: 2,
    arbitrary: fc.tuple(place, fc.constantFrom(...SHARDS)).map(
      ([where, shard]): Change =>
        (line) =>
          put(line, at(line, where), at(line, where), shard),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(place, fc.constantFrom(...KEYS_TWICE)).map(([where, keys]) => inObject(where, keys)),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(place, fc.constantFrom(...NUMBERS)).map(([where, number]) => inValue(where, number)),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(place, fc.constantFrom(...TEXTS)).map(([where, text]) => inValue(where, `"${text}"`)),
  },
  fc
    .tuple(place, fc.constantFrom(...DEPTHS), fc.boolean())
    .map(([where, depth, list]) =>
      inValue(where, list ? '['.repeat(depth) + ']'.repeat(depth) : `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`),
    ),
  {
    weight: 5,
    arbitrary: fc.tuple(fc.nat(), anything).map(([where, by]) => asJson((value) => bent(value, where, by))),
  },
  { weight: 2, arbitrary: fc.nat().map((where) => asJson((value) => without(value, where))) },
)

// Behind a `{` that is there.
const inObject =
  (where: number, keys: string): Change =>
  (line) => {
    const open = line.indexOf('{', at(line, where))
    return open < 0 ? line : put(line, open + 1, open + 1, keys)
  }
// In place of what stands behind a colon, where that is a plain value; else before it.
const inValue =
  (where: number, value: string): Change =>
  (line) => {
    const colon = line.indexOf('":', at(line, where))
    if (colon < 0) return line
    const plain = /^(?:"(?:[^"\\]|\\.)*"|-?[\d.eE+]+|true|false|null|\[\]|\{\})/.exec(
      line.toString('latin1', colon + 2),
    )
    return put(line, colon + 2, colon + 2 + (plain?.[0].length ?? 0), plain === null ? `${value},"y":` : value)
  }
const asJson =
  (how: (value: unknown) => unknown): Change =>
  (line) => {
    let value: unknown
    try {
      value = JSON.parse(line.toString())
      return Buffer.from(JSON.stringify(how(value)))
    } catch {
      return line // it is no JSON any more, or too deep to be written again
    }
  }
function without(value: unknown, where: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value)
  if (keys.length === 0) return value
  const key = keys[where % keys.length]!
  const inner = (value as Record<string, unknown>)[key]
  const goesIn = typeof inner === 'object' && inner !== null && where % 3 !== 0
  if (Array.isArray(value))
    return goesIn ? value.with(Number(key), without(inner, Math.floor(where / 3))) : value.toSpliced(Number(key), 1)
  const { [key]: _, ...rest } = value as Record<string, unknown>
  return goesIn ? { ...rest, [key]: without(inner, Math.floor(where / 3)) } : rest
}

// One line, mostly bent, of those given.
export function wildLine(telling: readonly string[]): fc.Arbitrary<Buffer> {
  const real = fc.constantFrom(...telling).map((text): Buffer => Buffer.from(text))
  const changed = fc
    .tuple(real, fc.array(change, { maxLength: 5 }))
    .map(([line, changes]) => changes.reduce((bytes, each) => each(bytes), line))
  const spliced = fc
    .tuple(real, real, place, place)
    .map(([a, b, from, to]) => Buffer.concat([a.subarray(0, at(a, from)), b.subarray(at(b, to))]))
  return fc.oneof(
    { weight: 2, arbitrary: real },
    { weight: 8, arbitrary: changed },
    { weight: 1, arbitrary: spliced },
    { weight: 1, arbitrary: record.map((value) => Buffer.from(JSON.stringify(value))) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
  )
}

// A file of such lines: any line ends, with or without the last one, a byte order mark in front.
export function wildFile(telling: readonly string[]): fc.Arbitrary<Buffer> {
  const ends = fc.constantFrom('\n', '\n', '\n', '\r\n', '\n\n', '', ' \t\n')
  const lines = fc.array(fc.tuple(wildLine(telling), ends), { maxLength: 6 })
  const front = fc.constantFrom('', '', '', '\ufeff', '\n', '\0')
  return fc
    .tuple(front, lines)
    .map(([first, all]) =>
      Buffer.concat([Buffer.from(first), ...all.flatMap(([line, end]) => [line, Buffer.from(end)])]),
    )
}

// What a value of a database's cell may be.
export const wildCell = (likely: readonly (string | number)[], telling: readonly string[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...likely) },
    { weight: 2, arbitrary: wildLine(telling).map((bytes) => bytes.toString()) },
    { weight: 1, arbitrary: wildLine(telling) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        null,
        0,
        -1,
        1e308,
        Number.MAX_SAFE_INTEGER,
        2n ** 63n - 1n,
        -(2n ** 63n),
        '',
        '\0',
        '\ud800',
      ),
    },
  )
