// The log over real files: every line at its place, whatever a session is called, and whatever happens to the disk.
import assert from 'node:assert/strict'
import fs, {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import fsPromises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { type EventLog, StoreError } from '../store.ts'
import { logFileOf, openEventLog } from './log.ts'

function opened(t: TestContext): { dir: string; log: EventLog } {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-log-'))
  const log = openEventLog(dir)
  t.after(() => {
    log.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return { dir, log }
}
const bytes = (text: string): Uint8Array => Buffer.from(text)
const linesOf = (log: EventLog, file: string, from = 0) =>
  [...log.lines(file, from)].map((line) => Buffer.from(line.bytes).toString())

test('what is appended is read back from the place that was given', (t) => {
  const { dir, log } = opened(t)
  const texts = ['{"a":1}', '{"b":"ü 🍞"}', '{}']
  const places = [
    ...log.append('invented:s1', texts.slice(0, 2).map(bytes)),
    ...log.append('invented:s1', [bytes(texts[2]!)]),
  ]
  assert.deepEqual(
    places.map((place) => Buffer.from(log.read(place)).toString()),
    texts,
  )
  assert.equal(readFileSync(join(dir, 'invented', 's1.jsonl'), 'utf8'), `${texts.join('\n')}\n`)
  assert.deepEqual(
    [...log.lines('invented/s1.jsonl', 0)].map(({ place }) => place),
    places,
  )
})

test('a log that is opened again goes on where it ended', (t) => {
  const { dir, log } = opened(t)
  log.append('invented:s1', [bytes('first')])
  log.close()
  const again = openEventLog(dir)
  const [place] = again.append('invented:s1', [bytes('second')])
  assert.deepEqual(place, { file: 'invented/s1.jsonl', offset: 6, length: 6 })
  assert.deepEqual(linesOf(again, 'invented/s1.jsonl'), ['first', 'second'])
  again.close()
})

const names: [string, string][] = [
  ['a plain id', 'invented/5f0c-1.jsonl'],
  ['slashes', 'invented/..%2F..%2Fetc%2Fpasswd.jsonl'],
  ['dots', 'invented/%2E..jsonl'],
  ['one dot', 'invented/%2Ehidden.jsonl'],
  ['a star and a question', 'invented/%2A%3F.jsonl'],
  ['unicode', 'invented/br%C3%B6tchen-%F0%9F%8D%9E.jsonl'],
  ['a zero byte and a line end', 'invented/a%00b%0Ac.jsonl'],
  ['a colon', 'invented/a%3Ab.jsonl'],
]
const natives = ['5f0c-1', '../../etc/passwd', '..', '.hidden', '*?', 'brötchen-🍞', 'a\0b\nc', 'a:b']
for (const [i, [what, file]] of names.entries())
  test(`a session id with ${what} is a safe file name`, () => {
    // "..%2F" begins with a dot too: nothing but our own files is ever hidden or above.
    assert.equal(logFileOf(`invented:${natives[i]}`), file.replace('/..', '/%2E.'))
  })

test('every session id has a file of its own, inside the folder of its agent, on a disk that does not tell capitals either', () => {
  const native = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ minLength: 100, maxLength: 400 }),
    fc.constantFrom('a', 'A', 'é', 'É', '.', '..', '%2e'),
  )
  fc.assert(
    fc.property(native, native, (a, b) => {
      const [one, two] = [logFileOf(`invented:${a}`), logFileOf(`invented:${b}`)]
      assert.match(one, /^invented\/(?!\.\.?\.jsonl$)[A-Za-z0-9_.!~'()%-]{0,150}\.jsonl$/)
      assert.equal(one.toLowerCase() === two.toLowerCase(), a.toWellFormed() === b.toWellFormed())
    }),
    {
      numRuns: 2_000,
      examples: [
        ['a', 'A'],
        ['x'.repeat(200), `${'x'.repeat(199)}y`],
        ['Session', 'sessioN'],
        ['\ud800', 'a'],
      ],
    },
  )
})

test('sessions whose ids differ only in capitals do not share a file', (t) => {
  const { log } = opened(t)
  for (const native of ['abc', 'ABC', 'Abc']) log.append(`invented:${native}`, [bytes(native)])
  assert.equal(new Set([...log.files()].map(({ file }) => file.toLowerCase())).size, 3)
})

test('a session without an agent is a mistake of ours', () => {
  assert.throws(() => logFileOf('s1'), /names its agent/)
  assert.throws(() => logFileOf(':s1'), /names its agent/)
})

test('a torn last line is not read, and mending cuts it off', (t) => {
  const { dir, log } = opened(t)
  const path = join(dir, 'invented', 's1.jsonl')
  log.append('invented:s1', [bytes('first'), bytes('second')])
  appendFileSync(path, '{"torn":')
  const again = openEventLog(dir)
  t.after(() => again.close())
  assert.deepEqual(linesOf(again, 'invented/s1.jsonl'), ['first', 'second'])
  assert.equal(again.mend('invented/s1.jsonl'), 8)
  assert.equal(again.mend('invented/s1.jsonl'), 0)
  assert.equal(readFileSync(path, 'utf8'), 'first\nsecond\n')
  again.append('invented:s1', [bytes('third')])
  assert.deepEqual(linesOf(again, 'invented/s1.jsonl', 6), ['second', 'third'])
})

test('a file that is nothing but a torn line becomes empty, however long it is', (t) => {
  const { dir, log } = opened(t)
  log.append('invented:other', [])
  writeFileSync(join(dir, 'invented', 's1.jsonl'), 'x'.repeat(200_000))
  assert.equal(log.mend('invented/s1.jsonl'), 200_000)
  assert.equal(statSync(join(dir, 'invented', 's1.jsonl')).size, 0)
})

test('lines longer than what is read at once come whole', (t) => {
  const { log } = opened(t)
  const texts = ['a'.repeat(3_000_000), 'b', 'c'.repeat(1_048_575), 'd'.repeat(1_048_576)]
  const places = log.append('invented:s1', texts.map(bytes))
  assert.deepEqual(
    [...log.lines('invented/s1.jsonl', 0)].map(({ place }) => place),
    places,
  )
  assert.deepEqual(linesOf(log, 'invented/s1.jsonl'), texts)
})

// Makes writing fail as a full disk does: some bytes are taken, then no more.
function fillDisk(t: TestContext, room: number): () => void {
  const real = fs.writeSync
  let left = room
  t.mock.method(fs, 'writeSync', (fd: number, data: Uint8Array, offset: number, length: number, position: number) => {
    if (left === 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    const taken = Math.min(left, length)
    left -= taken
    return real(fd, data, offset, taken, position)
  })
  syncBuiltinESMExports()
  return () => {
    t.mock.restoreAll()
    syncBuiltinESMExports()
  }
}

test('half a write is cut off again, and the next one begins a line', (t) => {
  const { dir, log } = opened(t)
  log.append('invented:s1', [bytes('first')])
  const restore = fillDisk(t, 9)
  try {
    assert.throws(
      () => log.append('invented:s1', [bytes('second'), bytes('third')]),
      (error: Error) => error instanceof StoreError && /invented\/s1\.jsonl cannot be written/.test(error.message),
    )
  } finally {
    restore()
  }
  assert.equal(readFileSync(join(dir, 'invented', 's1.jsonl'), 'utf8'), 'first\n')
  const [place] = log.append('invented:s1', [bytes('fourth')])
  assert.equal(place!.offset, 6)
  assert.equal(readFileSync(join(dir, 'invented', 's1.jsonl'), 'utf8'), 'first\nfourth\n')
})

test('a write that the system takes in pieces is whole', (t) => {
  const { log } = opened(t)
  const real = fs.writeSync
  t.mock.method(fs, 'writeSync', (fd: number, data: Uint8Array, offset: number, length: number, position: number) =>
    real(fd, data, offset, Math.min(3, length), position),
  )
  syncBuiltinESMExports()
  log.append('invented:s1', [bytes('a line in pieces'), bytes('and another')])
  t.mock.restoreAll()
  syncBuiltinESMExports()
  assert.deepEqual(linesOf(log, 'invented/s1.jsonl'), ['a line in pieces', 'and another'])
})

test('more sessions than may be open at once are all written and read', (t) => {
  const { dir, log } = opened(t)
  const sessions = Array.from({ length: 200 }, (_, i) => `invented:s${i}`)
  const places = [0, 1].flatMap((round) =>
    sessions.map((session) => log.append(session, [bytes(`${round} of ${session}`)])[0]!),
  )
  const open = readdirSync('/proc/self/fd').length
  assert.ok(!existsSync('/proc/self/fd') || open < 150, `${open} handles`)
  assert.deepEqual(
    places.map((place) => Buffer.from(log.read(place)).toString()),
    [0, 1].flatMap((round) => sessions.map((session) => `${round} of ${session}`)),
  )
  assert.equal(readdirSync(join(dir, 'invented')).length, 200)
})

test('what was not flushed reaches the disk at flush or at close, handle given up or not; once', async (t) => {
  const { log } = opened(t)
  const synced: string[] = []
  const realOpen = fsPromises.open
  t.mock.method(fsPromises, 'open', (path: string, flags: string) => {
    synced.push(path)
    return realOpen(path, flags)
  })
  const closing = t.mock.method(fs, 'fdatasyncSync')
  syncBuiltinESMExports()
  try {
    log.append('invented:s0', [bytes('x')])
    log.append('invented:s0', [bytes('y')])
    await log.flush()
    await log.flush()
    assert.equal(synced.length, 1, 'flush')
    for (let i = 0; i < 70; i++) log.append(`invented:n${i}`, [bytes('x')])
    await log.flush()
    assert.equal(synced.length, 71, 'those whose handle was given up as well')
    log.append('invented:s0', [bytes('z')])
    log.close()
    assert.equal(closing.mock.callCount(), 1, 'close')
  } finally {
    t.mock.restoreAll()
    syncBuiltinESMExports()
  }
})

const countsHandles = process.platform === 'linux'
test('a burst over thousands of sessions is flushed with a few files open at a time', {
  skip: !countsHandles && 'only Linux says how many files are open',
}, async (t) => {
  const { log } = opened(t)
  for (let n = 0; n < 1_500; n++) log.append(`invented:s${n}`, [bytes('{}')])
  const open = () => readdirSync('/proc/self/fd').length
  const before = open()
  const flushing = log.flush()
  let most = 0
  const looking = setInterval(() => {
    most = Math.max(most, open())
  }, 1)
  await flushing
  clearInterval(looking)
  assert.equal(log.unsynced(), 0)
  assert.ok(most - before <= 40, `${most - before} more files were open`)
})

test('what could not be brought to the disk is owed still', async (t) => {
  const { log } = opened(t)
  log.append('invented:s1', [bytes('x')])
  log.append('invented:s2', [bytes('x')])
  const real = fsPromises.open
  const synced: string[] = []
  let isBroken = true
  t.mock.method(fsPromises, 'open', (path: string, flags: string) => {
    if (isBroken && path.endsWith('s2.jsonl')) throw new Error('I/O error')
    synced.push(path.slice(-8))
    return real(path, flags)
  })
  syncBuiltinESMExports()
  try {
    await assert.rejects(log.flush(), /the log cannot be brought to the disk/)
    isBroken = false
    await log.flush()
    assert.deepEqual(synced, ['s1.jsonl', 's2.jsonl'])
  } finally {
    t.mock.restoreAll()
    syncBuiltinESMExports()
  }
})

test('a place that is not there is an error with the way out, not an empty text', (t) => {
  const { log } = opened(t)
  const [place] = log.append('invented:s1', [bytes('first')])
  assert.throws(() => log.read({ ...place!, length: 99 }), /ends before byte 99; run: openstory reindex/)
  assert.throws(() => log.read({ file: 'invented/nobody.jsonl', offset: 0, length: 1 }), StoreError)
})

test('only the owner may read the log', { skip: process.platform === 'win32' && 'no modes here' }, (t) => {
  const { dir, log } = opened(t)
  log.append('invented:s1', [bytes('secret')])
  assert.equal(statSync(join(dir, 'invented', 's1.jsonl')).mode & 0o077, 0)
  assert.equal(statSync(join(dir, 'invented')).mode & 0o077, 0)
})

test('files that are not ours are not taken for sessions', (t) => {
  const { dir, log } = opened(t)
  log.append('invented:s1', [bytes('first')])
  writeFileSync(join(dir, 'notes.txt'), 'x')
  writeFileSync(join(dir, 'invented', 'notes.txt'), 'x')
  assert.deepEqual([...log.files()], [{ file: 'invented/s1.jsonl', bytes: 6 }])
})
