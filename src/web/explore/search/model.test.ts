import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SearchHit } from '../../../wire/rest.ts'
import { groupsOf, kindWord, uniqueHits, withExample } from './model.ts'

const hit = (event: string, session: string): SearchHit => ({ event, session }) as SearchHit

test('hits stand together by session, in the order in which sessions came', () => {
  const groups = groupsOf([hit('1', 'b'), hit('2', 'a'), hit('3', 'b')])
  assert.deepEqual(
    groups.map((group) => [group.session, group.hits.map(({ event }) => event)]),
    [
      ['b', ['1', '3']],
      ['a', ['2']],
    ],
  )
})

test('what a later page repeats is shown once', () => {
  assert.deepEqual(
    uniqueHits([{ hits: [hit('1', 'a'), hit('2', 'a')] }, { hits: [hit('2', 'a'), hit('3', 'a')] }]).map(
      ({ event }) => event,
    ),
    ['1', '2', '3'],
  )
})

test('an example joins the words that are there', () => {
  assert.equal(withExample(' retry ', 'tool:edit'), 'retry tool:edit')
  assert.equal(withExample('', 'migrat*'), 'migrat*')
})

test('a hit says what it is, by its tool where it has one', () => {
  assert.deepEqual(
    [
      kindWord('message.user.prompt', null),
      kindWord('message.assistant.tool_use', 'Bash'),
      kindWord('other.odd_thing', null),
    ],
    ['Prompt', 'Bash', 'Odd thing'],
  )
})
