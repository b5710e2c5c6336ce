// Things on their shelf: found by their whole key, whatever its hash says.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import fc from 'fast-check'
import { hashOf } from '../../folds/hash.ts'
import { shelf } from './ledger.ts'

interface Thing {
  readonly key: string
  readonly says: string
}

function things(hash: (key: string) => number) {
  const db = new DatabaseSync(':memory:')
  db.exec('CREATE TABLE things (h INTEGER NOT NULL UNIQUE, key TEXT NOT NULL, says TEXT NOT NULL)')
  return shelf<Thing>(
    db,
    'things',
    ['key', 'says'],
    (row) => ({ key: row.key as string, says: row.says as string }),
    ({ key, says }) => [key, says],
    hash,
  )
}

test('keys that share a hash are kept apart', () => {
  const keys = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.string()), { maxLength: 30 })
  fc.assert(
    fc.property(keys, (told) => {
      const kept = things((key) => (key < 'd' ? 7 : 8))
      const expected = new Map<string, string>()
      for (const [key, says] of told) {
        assert.equal(kept.add({ key, says }), !expected.has(key))
        if (expected.has(key)) kept.change({ key, says })
        expected.set(key, says)
      }
      for (const key of 'abcdefg') assert.equal(kept.get(key)?.says, expected.get(key))
    }),
  )
})

test('hashes are whole numbers that a column and a sum can hold, and differ where texts do', () => {
  const texts = Array.from({ length: 20_000 }, (_, i) => `agent msg_${i}`)
  const hashes = texts.map(hashOf)
  assert.equal(new Set(hashes).size, texts.length)
  assert.ok(hashes.every((hash) => Number.isInteger(hash) && hash >= 0 && hash < 2 ** 52))
})
