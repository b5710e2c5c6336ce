import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FacetsAnswer } from '../../../wire/facets.ts'
import type { SearchHit } from '../../../wire/rest.ts'
import {
  chipsOf,
  groupsOf,
  heading,
  kindWord,
  looserWays,
  uniqueHits,
  withExample,
  withFilter,
  withoutFilter,
  wordsOf,
} from './model.ts'

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

const presses = [
  ['retry', 'agent', '=pi', 'retry agent:=pi'],
  ['', 'project', '=my shop', 'project:="my shop"'],
  ['retry agent:=pi', 'agent', '=other', 'retry agent:=pi agent:=other'],
  ['retry since:7d x', 'since', '1d', 'retry x since:1d'],
  ['is:error', 'cost', '>1', 'is:error cost:>1'],
  ['retry turn:>1', 'turn', '>5', 'retry turn:>5'],
  ['"two  words" -no', 'tool', '=a,b', '"two  words" -no tool:="a,b"'],
] as const
for (const [q, filter, value, after] of presses)
  test(`pressed, ${filter} ${value} joins ${JSON.stringify(q)}, and pressed again it is gone`, () => {
    assert.equal(withFilter(q, filter, value), after)
    const without = withoutFilter(after, filter, value)
    assert.ok(!chipsOf(without).some((chip) => chip.filter === filter && chip.value === value))
  })

test('a filter that was typed loosely is let go of by pressing what it stands for', () => {
  assert.equal(withoutFilter('retry tool:bash,edit', 'tool', '=Bash'), 'retry tool:edit')
  assert.equal(withoutFilter('retry tool:mcp', 'tool', '=mcp__home__lights'), 'retry')
  assert.equal(withoutFilter('a:b retry -tool:x', 'tool', '=x'), 'a:b retry -tool:x')
})

test('chips are the filters of the words, each value one', () => {
  assert.deepEqual(
    chipsOf('retry tool:Bash,Edit file:="a b.ts" -agent:pi x:y is:error').map(({ filter, label }) => [filter, label]),
    [
      ['tool', 'Bash'],
      ['tool', 'Edit'],
      ['file', 'a b.ts'],
      ['is', 'error'],
    ],
  )
  assert.equal(wordsOf('retry tool:Bash "a b" -x since:1d'), 'retry "a b" -x')
})

test('where nothing was found there is something to let go of', () => {
  assert.deepEqual(
    looserWays('"exactly once" retry agent:pi since:1d').map(({ q }) => q),
    [
      '"exactly once" retry',
      '"exactly once" retry since:1d',
      '"exactly once" retry agent:pi',
      'exactly once retry agent:pi since:1d',
      '"exactly once" retry* agent:pi since:1d',
      'retry agent:pi since:1d',
    ],
  )
  assert.deepEqual(looserWays('zz'), [])
})

const facets = (some: Partial<FacetsAnswer>) =>
  ({ total: 0, sessions: 0, looked: 0, cut: false, ...some }) as FacetsAnswer
test('the heading says how much there is, or how much is known', () => {
  assert.equal(heading(undefined, 50, 6, true), 'The first 50 events in 6 sessions')
  assert.equal(heading(facets({ total: 1_823, sessions: 84 }), 50, 6, true), '1,823 events in 84 sessions')
  assert.equal(heading(facets({ total: 10_000, looked: 10_000, cut: true }), 50, 6, true), 'More than 10,000 events')
  assert.equal(
    heading(facets({ total: 3, looked: 10_000, cut: true }), 50, 6, true),
    'The first 50 events in 6 sessions',
  )
  assert.equal(heading(facets({}), 0, 0, false), 'Nothing found')
})
