// Pieces of a typed search: every character is in one or is a space between two, and a filter written out is read as what it was.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { EXACTLY, FILTERS, filterText, piecesOf, valuesOf } from './query.ts'

test('pieces stand one behind the other, and between them is nothing but space', () => {
  const text = fc.string({ unit: fc.constantFrom(...' \t"“”*-:=,ab', 'agent:', 'tool:=', 'is:') })
  fc.assert(
    fc.property(text, (typed) => {
      let end = 0
      for (const { from, to } of piecesOf(typed)) {
        assert.equal(typed.slice(end, from).trim(), '')
        assert.ok(to > from)
        end = to
      }
      assert.equal(typed.slice(end).trim(), '')
    }),
  )
})

test('a filter written out is read again as the same value', () => {
  const plain = fc
    .string({ unit: fc.constantFrom(...'abc ,:=-*/.“éX'), minLength: 1, maxLength: 12 })
    .filter((text) => text.trim() !== '' && !text.endsWith('*'))
  fc.assert(
    fc.property(fc.constantFrom(...FILTERS), plain, fc.boolean(), (filter, value, isExact) => {
      const loose = value.replace(/^=+/, '')
      const wanted = isExact ? EXACTLY + value : loose.trim() === '' ? 'x' : loose
      const pieces = [...piecesOf(`before ${filterText(filter, wanted)} after`)]
      assert.equal(pieces.length, 3, JSON.stringify(pieces))
      assert.equal(pieces[1]!.filter, filter)
      assert.deepEqual(valuesOf(pieces[1]!), [wanted])
    }),
  )
})
