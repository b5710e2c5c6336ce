// A line becomes messages: its bytes verbatim inside them, and ids that come from what it is.
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseEvent } from '../event/event.ts'
import { example } from '../sources/example/source.ts'
import type { LineSource } from '../sources/source.ts'
import { rawIn } from '../testing/watching.ts'
import { type FoundLine, splitLines } from './lines.ts'
import { messagesOf, replacedMessage } from './messages.ts'

const HOME = { host: 'here', user: 'dev' }
const FILE = { root: '/home/dev/sessions', path: 'p/s1.jsonl', inode: 7 }
const MEMORY = { session: 's1', project: 'app', time: null }

function found(text: string | Buffer, offset = 0): FoundLine[] {
  const lines: FoundLine[] = []
  splitLines(Buffer.from(text), offset, true, (line) => lines.push(line))
  return lines
}
const messages = (text: string | Buffer, offset = 100, memory: typeof MEMORY = MEMORY, source: LineSource = example) =>
  found(text, offset).flatMap((line) => messagesOf(line, 3, source, FILE, memory, HOME).messages)
const ids = (...args: Parameters<typeof messages>) => messages(...args).map(({ id }) => id)

// A source whose lines mean three things each.
const threefold: LineSource = {
  ...example,
  translate(line, file, memory) {
    const meaning = example.translate(line, file, memory)
    return { ...meaning, parts: [...meaning.parts, ...meaning.parts, ...meaning.parts] }
  },
}

const odd = fc.constantFrom(
  '{ "id" :"1" }',
  '{"t":"\\u0041\\/"}',
  '{"n":1.0,"n":1E2}',
  '{"é":"\u2028🎉"}',
  '\t{"a":[ ]} ',
  '7',
  '"x"',
)
const lineText = fc.oneof(
  odd,
  fc.json({ maxDepth: 2 }),
  fc.string().map((text) => text.replace(/[\r\n]/g, '')),
)
test('the agent’s line stands in its event byte for byte, and its origin says where it was', () => {
  fc.assert(
    fc.property(lineText, fc.nat(1_000_000), (text, offset) => {
      for (const line of found(`${text}\n`, offset)) {
        const [message] = messagesOf(line, 3, example, FILE, MEMORY, HOME).messages
        const { origin } = parseEvent(Buffer.from(message!.data).toString())
        const own = Buffer.from(text).subarray(origin.offset - offset, origin.offset - offset + origin.length)
        assert.equal(rawIn(message!.data), own.toString())
        assert.equal(origin.sha256, hash('sha256', own, 'hex'))
        assert.deepEqual([origin.file, origin.inode, origin.line], ['/home/dev/sessions/p/s1.jsonl', 7, 3])
      }
    }),
  )
})

test('bytes that cannot stand in JSON are carried as base64, every one of them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
      const line = Buffer.concat([Buffer.from([0xff]), Buffer.from(bytes.filter((byte) => byte !== 10 && byte !== 13))])
      const [message] = messages(Buffer.concat([line, Buffer.from('\n')]))
      assert.deepEqual(Buffer.from(rawIn(message!.data)!, 'latin1'), line)
    }),
  )
})

test('only the first event of a line carries it; the others say which, and all have their own id and place', () => {
  const parts = messages('{"id":"1","kind":"ask","text":"hi"}\n', 100, MEMORY, threefold)
  const events = parts.map(({ data }) => parseEvent(Buffer.from(data).toString()))
  assert.deepEqual(
    events.map(({ rawIn }) => rawIn),
    [null, events[0]!.id, events[0]!.id],
  )
  assert.deepEqual(
    parts.map(({ data }) => rawIn(data) === null),
    [false, true, true],
  )
  assert.equal(new Set(parts.map(({ id }) => id)).size, 3)
  assert.deepEqual(
    events.map(({ sequence }) => sequence),
    ['00000000000100.000', '00000000000100.001', '00000000000100.002'],
  )
})

const line = '{"id":"1","kind":"ask","text":"hi"}'
const nameless = '{"kind":"ask","text":"hi"}'
const same: readonly (readonly [string, string[], string[]])[] = [
  ['the same line read again', ids(`${line}\n`), ids(`${line}\n`)],
  ['a line with an id of its own, at another place', ids(`${line}\n`), ids(`${line}\n`, 900)],
  ['a line before and after its line end was there', ids(line), ids(`${line}\n`)],
  ['a line before and after blanks behind it', ids(nameless), ids(`${nameless} \t\r\n`)],
  [
    'a line glued to another and the same, read before the other came',
    ids(`${nameless}${line}\n`).slice(1),
    ids(line, 100 + nameless.length),
  ],
]
for (const [what, a, b] of same) test(`the same event: ${what}`, () => assert.deepEqual(a, b))

const different: readonly (readonly [string, string[], string[]])[] = [
  ['the same line in two sessions', ids(`${line}\n`), ids(`${line}\n`, 100, { ...MEMORY, session: 's2' })],
  ['two lines word for word the same that have no id', ids(`${nameless}\n`), ids(`${nameless}\n`, 900)],
  ['two lines that share an id and differ', ids(`${line}\n`), ids(`${line.replace('hi', 'ho')}\n`)],
]
for (const [what, a, b] of different) test(`two events: ${what}`, () => assert.notDeepEqual(a, b))

test('a message stands under its session’s subject, with the id of its event', () => {
  const [message] = messages('{"id":"1","kind":"ask","agent":"helper.1"}\n')
  const event = parseEvent(Buffer.from(message!.data).toString())
  assert.equal(message?.subject, 'events.app.example:s1.agent.helper-1')
  assert.deepEqual([message.id, event.agentId, event.session], [event.id, 'helper.1', 'example:s1'])
})

test('what an agent wrote that nobody knows passes through under its name, and is counted', () => {
  const [one] = found('{"kind":"Oven Light"}\n')
  const made = messagesOf(one!, 1, example, FILE, MEMORY, HOME)
  assert.equal(made.unknown, 1)
  assert.equal(parseEvent(Buffer.from(made.messages[0]!.data).toString()).kind, 'other.oven_light')
})

test('the event of a replaced file is the same however often it is told, and another for another replacement', () => {
  const lane = { session: 's1', project: 'app', agentId: null, time: '2026-01-01T00:00:00.000Z' }
  const told = (offset: number, sha256 = 'ab') =>
    replacedMessage(example, FILE, lane, { offset, line: 2, sha256 }, 'why', HOME)
  assert.deepEqual(told(10), told(10))
  assert.equal(new Set([told(10), told(20), told(10, 'cd')].map(({ id }) => id)).size, 3)
})
