// An id that was just published is known again, whatever it looks like; one that was never written is not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RecentIds } from './recent-ids.ts'

const hex = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{32}$/),
  // Many that begin at the same place of the table.
  fc.stringMatching(/^[0-9a-f]{4}$/).map((some) => `${some}${'0'.repeat(20)}0000000f`),
)
const other = fc.oneof(
  fc.stringMatching(/^[0-9A-F]{32}$/),
  fc.stringMatching(/^[ -~]{1,40}$/),
  fc.constant('01a01c0a44305d57534498f189de602g'),
)

const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constant('publish' as const), id: fc.oneof(hex, other) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fail' as const), back: fc.nat(6) }) },
)

test('it knows what two maps that take turns know, of the bytes around the id nothing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.array(step, { maxLength: 120 }), (most, steps) => {
      const ids = new RecentIds(most)
      let [young, old] = [new Map<string, number>(), new Map<string, number>()]
      let gone = 0 // they keep their place until the table is emptied
      let seq = 0
      for (const each of steps) {
        if (each.do === 'fail') {
          seq = Math.max(0, seq - each.back)
          ids.forgetAfter(seq)
          for (const [id, of] of young)
            if (of > seq) {
              young.delete(id)
              if (/^[0-9a-f]{32}$/.test(id)) gone++
            }
          for (const [id, of] of old) if (of > seq) old.delete(id)
          continue
        }
        const bytes = Buffer.from(`x${each.id}y`, 'latin1')
        const known = young.get(each.id) ?? old.get(each.id) ?? 0
        assert.equal(ids.find(bytes, 1, bytes.length - 1), known)
        if (known > 0) continue
        if (young.size + gone >= most) {
          old = young
          young = new Map()
          gone = 0
        }
        young.set(each.id, ++seq)
        ids.add(bytes, 1, bytes.length - 1, seq)
      }
    }),
  )
})

test('a full window is found whole, and what is older than two of them is not', () => {
  const most = 1_000
  const ids = new RecentIds(most)
  const nth = (n: number) => Buffer.from(Math.imul(n, 0x9e3779b1).toString(16).replace('-', 'f').padStart(32, 'a'))
  for (let n = 1; n <= 3 * most; n++) ids.add(nth(n), 0, 32, n)
  for (let n = most + 1; n <= 3 * most; n++) assert.equal(ids.find(nth(n), 0, 32), n)
  assert.equal(ids.find(nth(1), 0, 32), 0)
})
