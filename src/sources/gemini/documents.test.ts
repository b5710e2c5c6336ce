// Sessions from before 0.40: one document each, rewritten whole and read as records.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import type { LineMeaning, RecordIn } from '../source.ts'
import { gemini, geminiDocuments } from './source.ts'

const PATH = 'demo/chats/session-2026-01-01T10-00-0f0e0d0c.json'
const FILE = { root: '/root', path: PATH }
const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value, null, 2))
const recordsOf = (value: unknown): readonly RecordIn[] => [...geminiDocuments.records(bytesOf(value), FILE)]

const FACTS = { sessionId: 's-1', projectHash: 'h', startTime: '2026-01-01T10:00:00.000Z' }
const PROMPT = { id: 'u', timestamp: '2026-01-01T10:00:01.000Z', type: 'user', content: 'list files' }
const ANSWER = { id: 'g', timestamp: '2026-01-01T10:00:02.000Z', type: 'gemini', content: 'a.txt' }

function meanings(...documents: readonly unknown[]): readonly LineMeaning[] {
  let memory = geminiDocuments.owner(FILE)!.memory
  return documents.flatMap(recordsOf).map((record) => {
    const meaning = geminiDocuments.translate(record, FILE, memory)
    memory = meaning.memory
    return meaning
  })
}
const kinds = (all: readonly LineMeaning[]) => all.flatMap(({ parts }) => parts.map(({ kind }) => kind))

test('only a session’s document is one', () => {
  for (const path of [
    'demo/logs.json',
    'demo/chats/other.json',
    'demo/chats/session-x.jsonl',
    'demo/chats/s/session-x.json',
  ])
    assert.equal(geminiDocuments.owner({ root: '/r', path }), null, path)
})

test('a document is its facts and its messages, in order', () => {
  const records = recordsOf({ ...FACTS, messages: [PROMPT, ANSWER, PROMPT, 7] })
  assert.deepEqual(
    records.map(({ key, at }) => [key, at]),
    [
      ['session', 0],
      ['u', 1],
      ['g', 2],
      ['u (2)', 3],
      ['message 3', 4],
    ],
  )
  for (const { text, bytes } of records) assert.equal(new TextDecoder().decode(bytes), text)
  const all = meanings({ ...FACTS, messages: [PROMPT, ANSWER] })
  assert.deepEqual(kinds(all), ['system.session_start', 'message.user.prompt', 'message.assistant.text'])
  assert.ok(all.every(({ session, project }) => session === 's-1' && project === 'demo'))
})

test('read again, it says what is new', () => {
  const grown = { ...ANSWER, tokens: { input: 3, output: 2 } }
  const all = meanings({ ...FACTS, messages: [PROMPT, ANSWER] }, { ...FACTS, messages: [PROMPT, grown] })
  assert.deepEqual(kinds(all).slice(3), ['system.notice', 'system.repeat', 'system.usage'])
})

test('a message carried on as a line is the same bytes and means the same', () => {
  const [, record] = recordsOf({ ...FACTS, messages: [PROMPT] })
  const [, meaning] = meanings({ ...FACTS, messages: [PROMPT] })
  const line = JSON.stringify(PROMPT)
  assert.equal(record!.text, line)
  const file = { root: '/root', path: `${PATH}l` }
  const { memory } = gemini.translate(
    { text: '', value: FACTS, bytes: new Uint8Array(), damage: null },
    file,
    gemini.owner(file)!.memory,
  )
  const asLine = gemini.translate({ text: line, value: PROMPT, bytes: record!.bytes, damage: null }, file, memory)
  assert.deepEqual(asLine, meaning)
})

test('what is no session’s document is one damaged record with all its bytes', () => {
  for (const text of ['', '{"torn":', '[]', '7']) {
    const bytes = new TextEncoder().encode(text)
    const records = [...geminiDocuments.records(bytes, FILE)]
    assert.deepEqual(
      records.map((record) => record.bytes),
      [bytes],
      text,
    )
    const meaning = geminiDocuments.translate(records[0]!, FILE, geminiDocuments.owner(FILE)!.memory)
    assert.equal(meaning.parts[0]!.kind, 'system.damaged_line')
    assert.ok(meaning.parts[0]!.payload.why)
  }
})

test('any document at all means something, and nothing is thrown', () => {
  const message = fc.oneof(
    fc.jsonValue(),
    fc.record({
      id: fc.string(),
      type: fc.constantFrom('user', 'gemini', 'info'),
      content: fc.jsonValue(),
      toolCalls: fc.jsonValue(),
      tokens: fc.jsonValue(),
    }),
  )
  fc.assert(
    fc.property(
      fc.record({ sessionId: fc.jsonValue(), messages: fc.oneof(fc.array(message), fc.jsonValue()) }),
      (value) => {
        const all = meanings(value)
        assert.equal(all.length, recordsOf(value).length)
        for (const { parts, session } of all) assert.ok(parts.length > 0 && session !== '')
      },
    ),
  )
})

const REAL = join(process.env.OPENSTORY_SHARED ?? '../shared', 'corpus/gemini')
const skip = existsSync(REAL) ? false : `SKIPPED: no real sessions at ${REAL} (set OPENSTORY_SHARED)`

test('every real document becomes its facts and all its messages', { skip }, () => {
  let documents = 0
  for (const path of readdirSync(REAL, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.json') || /logs|projects|expected/.test(path)) continue
    const value = JSON.parse(readFileSync(join(REAL, path), 'utf8')) as { messages: unknown[] }
    const all = meanings(value)
    assert.equal(all.length, value.messages.length + 1, path)
    assert.ok(!kinds(all).includes('system.damaged_line'), path)
    documents++
  }
  assert.ok(documents > 3, `${documents} documents`)
})
