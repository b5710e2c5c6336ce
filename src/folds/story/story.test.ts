// A session in one paragraph and a day over all sessions of a project, from invented turns.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Tale } from '../../testing/made-story.ts'
import { turnsOf } from '../turn/lanes.ts'
import { dayStory, sessionStory } from './story.ts'

const day = () =>
  turnsOf(
    new Tale()
      .ask('The oven gets too hot, please fix it')
      .edit('src/oven.ts')
      .run('npm test', 'Tests: 2 failed, 10 passed, 12 total', { failed: true })
      .say('Two tests fail.')
      .ask('then fix them')
      .edit('src/oven.ts')
      .write('src/dial.ts')
      .run('npm test', 'Tests: 12 passed, 12 total')
      .say('They pass.')
      .ask('commit and open a PR')
      .run('git commit -am "Cool the oven"', '[main abc1234] Cool the oven')
      .run('gh pr create --title x', 'https://example.org/bakery/bread/pull/42')
      .say('Opened.').events,
  )

test('a session is told by what was wanted, the way and the end', () => {
  const { text, parts } = sessionStory(day(), 'Baker Code')
  assert.equal(
    text,
    'You asked Baker "The oven gets too hot, please fix it", and 2 more things. ' +
      'It edited oven.ts, wrote dial.ts, committed "Cool the oven" and then opened PR #42. ' +
      'In all: 2 files changed, one commit and one pull request. ' +
      'It ended with an answer, at "commit and open a PR".',
  )
  assert.ok(parts.every(({ turns }) => turns.length > 0))
})

test('what was wanted is what somebody said, and not the name of a command', () => {
  const turns = turnsOf(
    new Tale()
      .ask('/brainstorm', { command: 'slash' })
      .read('a.md')
      .say('I know the bakery now. What is wanted?')
      .ask('a second oven door')
      .say('That can be done.').events,
  )
  assert.match(sessionStory(turns, 'Baker').text, /^You asked Baker "a second oven door", and one more thing\./)
  assert.match(sessionStory(turns.slice(0, 1), 'Baker').text, /^You asked Baker "\/brainstorm"\./)
})

test('what is unfinished is said: tests that fail, changes that are not committed, questions', () => {
  const turns = turnsOf(
    new Tale()
      .ask('bake rye bread')
      .run('git commit -m one', '[main abc1234] one')
      .say('ok')
      .ask('make it crisp')
      .edit('a.ts')
      .run('npm test', 'Tests: 1 failed, 1 total', { failed: true })
      .say('It fails.')
      .ask('and now?')
      .say('Shall I undo it?').events,
  )
  assert.match(
    sessionStory(turns, 'Baker').text,
    /It ended with a question to you.* Unfinished: the tests still fail, the last changes are not committed and its question "Shall I undo it\?"\.$/,
  )
})

test('a session without any asking says so', () => {
  assert.equal(sessionStory([], 'Baker').text, 'Nothing was asked yet.')
  const own = turnsOf(new Tale().ask('/model', { command: 'slash' }).injected('command_output', 'rye').events)
  assert.equal(sessionStory(own, 'Baker').text, 'Only commands were typed; nothing was asked.')
})

test('a day is told over its sessions, the idle ones left out', () => {
  const other = turnsOf(new Tale({ native: 's2' }).ask('how hot?').say('It is at 230 degrees.').events)
  const { text } = dayStory('14 March', 'bakery', [
    { label: 'Baker Code', title: 'Cool the oven', turns: day() },
    { label: 'Pi', title: null, turns: other },
    { label: 'Pi', title: null, turns: [] },
  ])
  assert.equal(
    text,
    '14 March in bakery: 2 sessions, 4 turns; 2 files changed, one commit and one pull request. ' +
      'Baker ("Cool the oven") wrote dial.ts and opened PR #42. Pi answered.',
  )
  assert.equal(dayStory('15 March', 'bakery', []).text, '15 March: nothing happened in bakery.')
})
