// Real sessions: replaying their edits gives what the agents themselves recorded of the files.
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { corpusHome, noCorpus as skip } from '../../testing/corpus.ts'
import { causeOf, differenceOf, eventsOfHome, type Replayed, replayAll } from '../../testing/replaying.ts'

const SHARE_MIN = 0.98
const CHECKS_MIN = 500

describe('real edits, replayed', () => {
  let replayed: Replayed
  before(async () => {
    if (skip) return
    const home = corpusHome()
    replayed = replayAll(await eventsOfHome(home))
    home.remove()
  })

  test('at least 98 % of what was recorded is what was worked out', { skip }, () => {
    const { checks } = replayed
    const misses = checks.filter(({ hit }) => !hit)
    const listed = misses.map((miss) => `${causeOf(miss)}: ${miss.path}, ${differenceOf(miss)}`).join('\n')
    assert.ok(checks.length >= CHECKS_MIN, `only ${checks.length} checks`)
    assert.ok((checks.length - misses.length) / checks.length >= SHARE_MIN, listed)
  })

  test('what is set aside is little, and only what nobody wrote', { skip }, () => {
    assert.ok(replayed.madeUp.length <= 4, replayed.madeUp.join(', '))
  })
})
