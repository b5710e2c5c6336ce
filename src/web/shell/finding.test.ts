import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Offer, offersFor } from './finding.ts'

const offer = (name: string, about = '', group: Offer['group'] = 'Sessions'): Offer => ({
  id: name,
  group,
  name,
  about,
  keys: [],
})
const names = (words: string, offers: readonly Offer[]) => offersFor(words, offers).map(({ name }) => name)

test('every word must be somewhere, and the better its place, the higher it stands', () => {
  const offers = [
    offer('Rewrite', 'about flaky'),
    offer('unflaky'),
    offer('Fix the flaky test'),
    offer('Flaky clock'),
    offer('Other'),
  ]
  assert.deepEqual(names('flaky', offers), ['Flaky clock', 'Fix the flaky test', 'unflaky', 'Rewrite'])
  assert.deepEqual(names('TEST fix', offers), ['Fix the flaky test'])
  assert.deepEqual(names('nowhere', offers), [])
})

test('without words everything is offered in its order, by group', () => {
  const offers = [offer('a'), offer('Story', '', 'Go to'), offer('b')]
  assert.deepEqual(names('  ', offers), ['a', 'b', 'Story'])
})

test('thousands of sessions do not push out what can be done', () => {
  const many = Array.from({ length: 5_000 }, (_, i) => offer(`Session ${i}`))
  assert.deepEqual(names('session', [...many, offer('Next session', '', 'Do')]).slice(12), ['Next session'])
})
