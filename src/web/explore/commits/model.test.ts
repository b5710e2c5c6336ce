// How much of a commit agents wrote, as a person reads it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CommitPrompt } from '../../../wire/commits.ts'
import { foremost, partsOf, percentOf, sharePhrase, sureWords, uniqueCommits } from './model.ts'

const shares = [
  [0, 0, '', 'adds no line'],
  [86, 84, '98 %', '84 of 86 lines by agents'],
  [1_000, 999, '99 %', '999 of 1,000 lines by agents'],
  [1_000, 1, '1 %', '1 of 1,000 lines by agents'],
  [3, 3, '100 %', 'all 3 lines by agents'],
  [2, 0, '0 %', 'none of 2 lines is known to be an agent’s'],
  [1, 0, '0 %', 'its one line is not known to be an agent’s'],
  [1, 1, '100 %', 'its one line by agents'],
] as const
for (const [added, agent, percent, phrase] of shares)
  test(`${agent} of ${added} is “${percent}”: ${phrase}`, () => {
    assert.equal(percentOf({ added, agent }), percent)
    assert.equal(sharePhrase({ added, agent }), phrase)
  })

test('the parts of the bar are all of the lines, the surest first', () => {
  const lines = { added: 8, agent: 6, exact: 4, moved: 0, inferred: 2, unknown: 2 }
  assert.deepEqual(
    partsOf(lines).map(({ sure, share }) => [sure, share]),
    [
      ['exact', 50],
      ['moved', 0],
      ['inferred', 25],
      ['unknown', 25],
    ],
  )
  assert.deepEqual(sureWords(lines), ['4 exactly as written', '2 inferred', '2 a person’s, or unknown'])
  assert.equal(partsOf({ added: 0, agent: 0, exact: 0, moved: 0, inferred: 0, unknown: 0 })[0]!.share, 0)
})

test('the prompts with the most lines are shown, in the order they were given', () => {
  const prompts = [3, 50, 1, 20].map((lines) => ({ turn: `t${lines}`, lines }) as CommitPrompt)
  const { shown, more } = foremost(prompts, 2)
  assert.deepEqual(
    shown.map(({ turn }) => turn),
    ['t50', 't20'],
  )
  assert.equal(more, 2)
  assert.deepEqual(foremost(prompts, 9), { shown: prompts, more: 0 })
})

test('a commit that two pages have is listed once', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((commit) => ({ commit }) as never)
  assert.deepEqual(uniqueCommits([{ commits: [a!, b!] }, { commits: [b!, c!] }]), [a, b, c])
})
