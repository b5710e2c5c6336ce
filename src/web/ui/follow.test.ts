import assert from 'node:assert/strict'
import { test } from 'node:test'
import { afterScroll, type Follow } from './follow.ts'

const at = (offset: number, isFollowing = true): Follow => ({ isFollowing, offset })
const cases = [
  ['a turn of the wheel upward lets go', at(500), { offset: 400, gap: 100, byHand: true }, false],
  ['content that grows does not let go', at(500), { offset: 500, gap: 300, byHand: false }, true],
  ['a page that moves by itself does not let go', at(500), { offset: 300, gap: 200, byHand: false }, true],
  ['reaching the end by hand takes hold', at(400, false), { offset: 480, gap: 20, byHand: true }, true],
  ['going down but not to the end does not', at(400, false), { offset: 480, gap: 200, byHand: true }, false],
  ['a page at its end that cannot move up keeps hold', at(10), { offset: 0, gap: 0, byHand: true }, true],
] as const
for (const [what, before, move, isFollowing] of cases)
  test(`follow: ${what}`, () => assert.equal(afterScroll(before, move).isFollowing, isFollowing))
