// One file, read on from where it stands; whatever is done to it meanwhile is seen.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { chmodSync, renameSync, statSync, truncateSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { unprivileged } from '../testing/unprivileged.ts'
import { Den } from '../testing/watching.ts'
import type { FoundLine } from './lines.ts'
import type { FilePlace } from './offsets.ts'
import { CHUNK_BYTES, readTail, type TailRead } from './tail.ts'

type Place = Pick<FilePlace, 'inode' | 'offset' | 'last'>
const START: Place = { inode: 0, offset: 0, last: null }

function den(t: TestContext): Den {
  const den = new Den()
  t.after(() => den.remove())
  return den
}

function read(file: string, place: Place = START) {
  const lines: FoundLine[] = []
  const result = readTail(file, place, (line) => lines.push(line))
  const line = lines.at(-1)
  const last = line
    ? { offset: line.offset, length: line.bytes.length, sha256: hash('sha256', line.bytes, 'hex') }
    : place.last
  const next: Place = result.is === 'lines' ? { inode: result.inode, offset: result.nextOffset, last } : place
  return { result, next, texts: lines.map(({ text }) => text) }
}
const whyOf = (result: TailRead) => ('why' in result ? String(result.why) : result.is)

test('a file is read on from where it stands, whole lines only', (t) => {
  const home = den(t)
  const file = home.path('a.jsonl')
  home.write('a.jsonl', '{"a":1}\n{"b":')
  const first = read(file)
  assert.deepEqual(first.texts, ['{"a":1}'])
  assert.deepEqual(read(file, first.next).texts, [])
  home.append('a.jsonl', '2}\n{"c":3}\n')
  assert.deepEqual(read(file, first.next).texts, ['{"b":2}', '{"c":3}'])
})

const changes: readonly (readonly [string, (home: Den, file: string) => void, RegExp])[] = [
  ['shortened', (_, file) => truncateSync(file, 8), /shrank from 24 to 8 bytes/],
  ['emptied', (_, file) => truncateSync(file, 0), /shrank from 24 to 0 bytes/],
  [
    'rewritten in place by something as long',
    (home) => home.write('a.jsonl', '{"x":1}\n{"y":2}\n{"z":3}\n'),
    /other content/,
  ],
  [
    'rewritten in place by something longer',
    (home) => home.write('a.jsonl', '{"long":"er than it was"}\n{"y":2}\n'),
    /other content/,
  ],
  [
    'replaced by another one under its name',
    (home, file) => {
      home.write('next', '{"a":1}\n{"new":1}\n{"c":3}\n')
      renameSync(home.path('next'), file)
    },
    /other content/,
  ],
]
for (const [what, change, why] of changes)
  test(`a file that was ${what} is noticed, and nothing of it is taken for its continuation`, (t) => {
    const home = den(t)
    const file = home.path('a.jsonl')
    home.write('a.jsonl', '{"a":1}\n{"b":2}\n{"c":3}\n')
    const { next } = read(file)
    change(home, file)
    const { result, texts } = read(file, next)
    assert.equal(result.is, 'replaced')
    assert.match(whyOf(result) ?? '', why)
    assert.deepEqual(texts, [])
  })

test('another file that ends like what was read is read from its beginning: its middle may be new', (t) => {
  const home = den(t)
  const file = home.path('a.jsonl')
  home.write('a.jsonl', '{"a":1}\n')
  const { next } = read(file)
  home.write('copy', '{"a":1}\n{"b":2}\n')
  renameSync(home.path('copy'), file)
  const { result, texts } = read(file, next)
  assert.deepEqual([result.is, whyOf(result), texts], ['replaced', 'null', []])
})

test('a line of 50 MB is one line, and waits while it is torn', (t) => {
  const home = den(t)
  const file = home.path('a.jsonl')
  const long = Buffer.alloc(50 * 1024 * 1024, 'crumb ')
  home.write('a.jsonl', Buffer.concat([Buffer.from('{"a":1}\n{"b":"'), long]))
  const first = read(file)
  assert.deepEqual(first.texts, ['{"a":1}'])
  const torn = read(file, first.next)
  assert.deepEqual([torn.texts, torn.next.offset, torn.result.is === 'lines' && torn.result.more], [[], 8, false])
  home.append('a.jsonl', '"}\n{"c":3}\n')
  const whole = read(file, torn.next)
  assert.equal(whole.texts[0]?.length, long.length + 8)
  assert.deepEqual(read(file, whole.next).texts.concat(whole.texts.slice(1)), ['{"c":3}'])
})

test('a file of many chunks comes in chunks, none of its lines twice', (t) => {
  const home = den(t)
  const line = (n: number) => `{"n":${n},"text":"${'x'.repeat(n % 997)}"}`
  const lines = Array.from({ length: 9_000 }, (_, n) => line(n))
  home.write('a.jsonl', `${lines.join('\n')}\n`)
  const { size } = statSync(home.path('a.jsonl'))
  let place = START
  const texts: string[] = []
  for (let chunks = 1; ; chunks++) {
    const part = read(home.path('a.jsonl'), place)
    texts.push(...part.texts)
    place = part.next
    if (part.result.is === 'lines' && part.result.more) continue
    assert.ok(chunks >= size / CHUNK_BYTES && chunks <= size / CHUNK_BYTES + 2, `${chunks} chunks`)
    break
  }
  assert.deepEqual(texts, lines)
})

test('a file that is gone, or is no file, is passed over without waiting', (t) => {
  const home = den(t)
  home.write('folder.jsonl/inner', '')
  execFileSync('mkfifo', [home.path('pipe.jsonl')])
  for (const name of ['nothing.jsonl', 'folder.jsonl', 'folder.jsonl/inner/under', 'pipe.jsonl'])
    assert.equal(read(home.path(name)).result.is, 'gone', name)
})

test('a file closed to us is named, with what to do about it', (t) => {
  const home = den(t)
  home.write('a.jsonl', '{"a":1}\n')
  chmodSync(home.path('a.jsonl'), 0o000)
  const { result } = unprivileged(() => read(home.path('a.jsonl')))
  assert.equal(result.is, 'unreadable')
  assert.equal(
    whyOf(result),
    `${home.path('a.jsonl')} cannot be read (EACCES); give this user read permission to have its session`,
  )
})

test('reading leaves a file as it was', (t) => {
  const home = den(t)
  const file = home.path('a.jsonl')
  home.write('a.jsonl', '{"a":1}\n')
  chmodSync(file, 0o444)
  const before = statSync(file)
  assert.deepEqual(unprivileged(() => read(file)).texts, ['{"a":1}'])
  const { mtimeMs, ctimeMs, mode, size } = statSync(file)
  assert.deepEqual([mtimeMs, ctimeMs, mode, size], [before.mtimeMs, before.ctimeMs, before.mode, before.size])
})
