// Cutting a message into parts and finding them again, for any sizes and any numbers.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeSeqs, encodeSeqs, join, partBytes, split, wholeBytesMax } from './parts.ts'

test('what is split is joined again byte by byte, and no part is too large', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 500 }), fc.integer({ min: 1, max: 600 }), (data, size) => {
      const parts = split(data, size)
      assert.ok(parts.every((part) => part.length > 0 && part.length <= size))
      assert.deepEqual(join(parts), data)
    }),
  )
})

test('the places of parts are read as they were written', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 })), (seqs) => {
      fc.pre(seqs.length > 0)
      assert.deepEqual(decodeSeqs(encodeSeqs(seqs)), seqs)
    }),
  )
  assert.equal(encodeSeqs([7, 8, 9, 12]), '7-9,12')
})

test('a part with its headers fits wherever a whole message does', () => {
  for (const payloadMax of [4_096, 65_536, 1_048_576, 8_388_608]) {
    assert.ok(partBytes(payloadMax) > 0)
    assert.ok(partBytes(payloadMax) < wholeBytesMax(payloadMax))
  }
})
