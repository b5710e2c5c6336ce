// Bad input, through the whole watcher: nothing of it is lost, and what is wrong is said with the place and the remedy.
import assert from 'node:assert/strict'
import { chmodSync, rmSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { parseEvent } from '../event/event.ts'
import { eventually } from '../testing/scenario.ts'
import { unprivileged } from '../testing/unprivileged.ts'
import { Den, rawIn, record, records } from '../testing/watching.ts'

function den(t: TestContext): Den {
  const den = new Den()
  t.after(() => den.remove())
  return den
}
const hex = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))
const kinds = (home: Den) => home.bus.stream.map(({ data }) => parseEvent(Buffer.from(data).toString()).kind)
const PROMPT = 'message.user.prompt'
const DAMAGED = 'system.damaged_line'

interface Bad {
  readonly what: string
  readonly bytes: string | Buffer // stands between two good lines
  readonly raws: readonly string[] // what is kept of it
  readonly kinds: readonly string[]
  readonly why?: string
}
const GLUED = 'two objects stand on one line; both were read'
const long = record(7, 'crumb '.repeat(8_700_000))
const bad: readonly Bad[] = [
  { what: 'a line that is not JSON', bytes: 'oops\n', raws: ['oops'], kinds: [DAMAGED], why: 'the line is not JSON' },
  {
    what: 'a torn line in the middle',
    bytes: '{"id":"5\n',
    raws: ['{"id":"5'],
    kinds: [DAMAGED],
    why: 'the line is not JSON',
  },
  {
    what: 'zeros a crash left behind',
    bytes: '\0\0\0\n',
    raws: ['\0\0\0'],
    kinds: [DAMAGED],
    why: 'the line is not JSON',
  },
  {
    what: 'bytes that are no UTF-8',
    bytes: hex('{"id":"', [0xff, 0xfe], '\n'),
    raws: ['{"id":"\xff\xfe'],
    kinds: [DAMAGED],
    why: 'the line is neither JSON nor valid UTF-8',
  },
  {
    what: 'JSON with a letter that is no UTF-8',
    bytes: hex('{"id":"7","kind":"ask","text":"caf', [0xe9], '"}\n'),
    raws: ['{"id":"7","kind":"ask","text":"caf\xe9"}'],
    kinds: [PROMPT],
    why: 'the line is not valid UTF-8',
  },
  {
    what: 'two objects on one line',
    bytes: `${record(7)}${record(8)}\n`,
    raws: [record(7), record(8)],
    kinds: [PROMPT, PROMPT],
    why: GLUED,
  },
  {
    what: 'an object with a torn one behind it',
    bytes: `${record(7)}{"id":\n`,
    raws: [record(7), '{"id":'],
    kinds: [PROMPT, DAMAGED],
    why: 'the line is not JSON',
  },
  { what: 'blank lines', bytes: '\n  \n\r\n\t\n', raws: [], kinds: [] },
  { what: 'ends of Windows', bytes: `${record(7)}\r\n`, raws: [record(7)], kinds: [PROMPT] },
  { what: 'a line of 50 MB', bytes: `${long}\n`, raws: [long], kinds: [PROMPT] },
]
for (const { what, bytes, raws, kinds: want, why } of bad)
  test(`${what}: kept as it is, the lines around it are read${why === undefined ? '' : ', and it is said where it is and why'}`, async (t) => {
    const home = den(t)
    home.write('a.jsonl', Buffer.concat([Buffer.from(records(1, 2)), Buffer.from(bytes), Buffer.from(records(9, 10))]))
    const watcher = home.watch()
    await home.arrived(2 + raws.length)
    assert.ok(
      home.raws().every((raw, i) => raw === [record(1), ...raws, record(9)][i]),
      'every byte as it was written',
    )
    assert.deepEqual(kinds(home), [PROMPT, ...want, PROMPT])
    const { damage, damaged } = watcher.status()
    assert.deepEqual(
      [damaged, damage.map((one) => [one.file, one.why])],
      why === undefined ? [0, []] : [1, [[home.path('a.jsonl'), why]]],
    )
    for (const { offset } of damage) assert.ok(offset >= record(1).length + 1)
  })

test('a byte order mark is passed over, and the line behind it is read', async (t) => {
  const home = den(t)
  home.write('a.jsonl', `\ufeff${records(0, 2)}`)
  await home.lookOnce()
  assert.deepEqual(
    [home.raws(), kinds(home)],
    [
      [record(0), record(1)],
      [PROMPT, PROMPT],
    ],
  )
})

test('a torn last line is named while it waits, and read when it is finished', async (t) => {
  const home = den(t)
  home.write('a.jsonl', `${record(1)}\n${record(2).slice(0, 9)}`)
  const watcher = home.watch()
  await home.arrived(1)
  const torn = { file: home.path('a.jsonl'), offset: record(1).length + 1, why: 'the last line is not finished' }
  assert.deepEqual(watcher.status().torn, [torn])
  home.append('a.jsonl', `${record(2).slice(9)}\n`)
  await home.arrived(2)
  assert.deepEqual([home.raws()[1], watcher.status().torn, watcher.status().damaged], [record(2), [], 0])
})

test('a torn last line is no longer named when its file is gone', async (t) => {
  const home = den(t)
  home.write('a.jsonl', '{"torn":')
  const watcher = home.watch()
  assert.equal(watcher.status().torn.length, 1)
  rmSync(home.path('a.jsonl'))
  await eventually('it is forgotten', () => watcher.status().torn.length === 0)
})

test('a file that is gone is counted no more, and what was read of it stays', async (t) => {
  const home = den(t)
  home.write('a.jsonl', records(0, 2))
  home.write('b.jsonl', records(2, 4))
  const watcher = home.watch()
  await home.arrived(4)
  rmSync(home.path('a.jsonl'))
  await eventually('one file is left', () => watcher.status().files === 1)
  assert.equal(home.bus.stream.length, 4)
})

test('a file closed to us is named with the remedy, holds up no other, and is read once it is open', async (t) => {
  const home = den(t)
  home.write('shut.jsonl', records(0, 2))
  home.write('open.jsonl', records(2, 4))
  chmodSync(home.path('shut.jsonl'), 0o000)
  // Another user's eyes only while it starts: from then on everything can be read again.
  const offsets = home.offsets()
  const watcher = unprivileged(() => home.watch({ offsets }))
  await home.arrived(2)
  const sentence = `${home.path('shut.jsonl')} cannot be read (EACCES); give this user read permission to have its session`
  assert.deepEqual([watcher.status().trouble, home.said], [sentence, [`watcher: ${sentence}`]])
  chmodSync(home.path('shut.jsonl'), 0o644)
  await home.arrived(4)
  assert.equal(watcher.status().trouble, null)
})

test('a file that could not be read for a moment is tried again, also when nothing tells of it', async (t) => {
  const home = den(t)
  home.write('a.jsonl', records(0, 2))
  chmodSync(home.path('a.jsonl'), 0o000)
  const offsets = home.offsets()
  if (process.getuid?.() === 0)
    unprivileged(() => home.watch({ offsets, sweepMs: 20 })) // it may be read again, and nothing says so
  else {
    home.watch({ offsets, sweepMs: 20 })
    chmodSync(home.path('a.jsonl'), 0o644)
  }
  await home.arrived(2)
})

test('a folder to watch that is not there is waited for', async (t) => {
  const home = den(t)
  rmSync(home.root, { recursive: true })
  const watcher = home.watch()
  assert.deepEqual([watcher.status().roots[0]?.files, watcher.status().trouble], [0, null])
  home.write('p/a.jsonl', records(0, 2))
  await home.arrived(2)
  assert.equal(watcher.status().files, 1)
})

test('every byte of a damaged line can be had back from its event', async (t) => {
  const home = den(t)
  const bytes = Buffer.from([0xff, 0x00, 0x80, 0x22, 0x7b])
  home.write('a.jsonl', Buffer.concat([bytes, Buffer.from('\n')]))
  await home.lookOnce()
  const { data } = home.bus.stream[0]!
  assert.deepEqual(Buffer.from(rawIn(data) ?? '', 'latin1'), bytes)
})
