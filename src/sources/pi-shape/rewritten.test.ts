// pi rewrites files of its first two versions whole. What was read before and after is the same events: ids and all.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { messagesOf } from '../../watcher/messages.ts'
import { pi } from '../pi/source.ts'
import type { LineSource } from '../source.ts'

const PATH = '--w--/2025-11-20T23-33-50-805Z_s1.jsonl'

type Entry = Record<string, unknown>

function idsOf(entries: readonly Entry[], source: LineSource = pi): readonly string[] {
  const file = { root: '/root', path: PATH, inode: 1 }
  let memory = source.owner(file)!.memory
  let offset = 0
  return entries.flatMap((value) => {
    const text = JSON.stringify(value)
    const found = { text, value: JSON.parse(text), bytes: Buffer.from(text), damage: null }
    const line = { ...found, offset, lineEnds: 0, piece: 0, utf8: true }
    const made = messagesOf(line, 1, source, file, memory, { host: 'h', user: 'u' })
    memory = made.memory
    offset += found.bytes.length + 1
    return made.messages.map(({ id }) => id)
  })
}

// As pi's session manager does it.
function rewritten(entries: readonly Entry[], from: 1 | 2): Entry[] {
  const copies: Entry[] = entries.map((entry) => ({ ...entry }))
  let before: string | null = null
  for (const [i, entry] of copies.entries()) {
    if (entry.type === 'session') {
      entry.version = 3
      continue
    }
    if (from === 1) {
      entry.id = `r${i}`
      entry.parentId = before
      before = `r${i}`
      if (typeof entry.firstKeptEntryIndex === 'number') {
        const kept = copies[entry.firstKeptEntryIndex]
        if (kept && kept.type !== 'session') entry.firstKeptEntryId = kept.id
        delete entry.firstKeptEntryIndex
      }
    }
    const message = entry.message as Entry | undefined
    if (message?.role === 'hookMessage') entry.message = { ...message, role: 'custom' }
  }
  return copies
}

const at = (second: number) => `2025-11-20T23:34:${String(second).padStart(2, '0')}.000Z`
const FIRST: readonly Entry[] = [
  { type: 'session', id: 's1', timestamp: at(0), cwd: '/w', provider: 'p', modelId: 'm', thinkingLevel: 'off' },
  { type: 'message', timestamp: at(1), message: { role: 'user', content: 'count' } },
  {
    type: 'message',
    timestamp: at(2),
    message: { role: 'assistant', content: [{ type: 'text', text: 'one' }], usage: { input: 1 } },
  },
  { type: 'thinking_level_change', timestamp: at(3), thinkingLevel: 'low' },
  { type: 'thinking_level_change', timestamp: at(3), thinkingLevel: 'low' },
  { type: 'compaction', timestamp: at(4), summary: 'counted', firstKeptEntryIndex: 2, tokensBefore: 9 },
  { type: 'message', timestamp: at(5), message: { role: 'hookMessage', customType: 'x', content: 'y' } },
]

test('a file of version 1 that was rewritten is the same events', () => {
  assert.deepEqual(idsOf(rewritten(FIRST, 1)), idsOf(FIRST))
})

test('lines of one moment that say the same stay as many as they are', () => {
  const ids = idsOf(FIRST)
  assert.equal(new Set(ids).size, ids.length)
})

test('a file of version 2 that was rewritten is the same events', () => {
  const second: readonly Entry[] = [
    { type: 'session', version: 2, id: 's1', timestamp: at(0), cwd: '/w' },
    {
      type: 'message',
      id: 'a',
      parentId: null,
      timestamp: at(1),
      message: { role: 'hookMessage', customType: 'x', content: 'y' },
    },
    { type: 'message', id: 'b', parentId: 'a', timestamp: at(2), message: { role: 'user', content: 'count' } },
    { type: 'custom', customType: 'x', data: {}, id: 'c', parentId: 'b', timestamp: at(3) },
  ]
  assert.deepEqual(idsOf(rewritten(second, 2)), idsOf(second))
})

test('what is written behind a rewriting is new', () => {
  const more = {
    type: 'message',
    id: 'n1',
    parentId: 'r6',
    timestamp: at(9),
    message: { role: 'user', content: 'count' },
  }
  const ids = idsOf([...rewritten(FIRST, 1), more])
  assert.deepEqual(ids.slice(0, -1), idsOf(FIRST))
  assert.ok(!idsOf(FIRST).includes(ids.at(-1)!))
})

test('an entry with an id of its own is told from another by it, though both say the same', () => {
  const said = { timestamp: at(1), message: { role: 'user', content: 'again' } }
  const ids = idsOf([FIRST[0]!, { type: 'message', id: 'a', ...said }, { type: 'message', id: 'b', ...said }])
  assert.equal(new Set(ids).size, 3)
})

test('whatever a file of version 1 holds, rewriting it makes no new events', () => {
  const message = fc.record({
    role: fc.constantFrom('user', 'assistant', 'toolResult', 'hookMessage', 'bashExecution'),
    content: fc.oneof(
      fc.string(),
      fc.array(fc.record({ type: fc.constantFrom('text', 'thinking'), text: fc.string() })),
    ),
  })
  const entry = fc.record(
    {
      type: fc.constantFrom('message', 'compaction', 'new_type'),
      timestamp: fc.nat(5).map(at),
      message,
      data: fc.jsonValue(),
    },
    { requiredKeys: ['type', 'timestamp'] },
  )
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 12 }), (entries) => {
      const file = [FIRST[0]!, ...entries]
      assert.deepEqual(idsOf(rewritten(file, 1)), idsOf(file))
    }),
  )
})
