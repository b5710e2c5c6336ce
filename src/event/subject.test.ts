// Where events stand: every word becomes a safe token, and filters match as NATS matches them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyText } from '../testing/any-text.ts'
import { type Address, matches, patternSubject, projectOfPath, sessionSubject, subjectOf, token } from './subject.ts'

const subjects: readonly (readonly [string, Address, string])[] = [
  ['a main agent', { project: 'web', session: 's1' }, 'events.web.s1.main'],
  ['a main agent said outright', { project: 'web', session: 's1', agentId: null }, 'events.web.s1.main'],
  ['a subagent', { project: 'web', session: 's1', agentId: 'a7' }, 'events.web.s1.agent.a7'],
  ['a session with its agent', { project: 'web', session: 'pi:0197-ab' }, 'events.web.pi:0197-ab.main'],
  ['a dot in a name', { project: 'my.app', session: 's.1' }, 'events.my-app.s-1.main'],
  ['wildcards in a name', { project: '*', session: '>' }, 'events.-.-.main'],
  ['white space and line ends', { project: 'a b', session: 'c\nd\te' }, 'events.a-b.c-d-e.main'],
  ['an empty name', { project: '', session: '' }, 'events._._.main'],
  ['letters of another alphabet', { project: 'дом', session: '家' }, 'events.---.-.main'],
]
for (const [what, address, subject] of subjects)
  test(`subject of ${what}`, () => assert.equal(subjectOf(address), subject))

test('patterns and sessions stand beside the events of their session', () => {
  assert.equal(patternSubject({ project: 'my.app', session: 's1' }), 'patterns.my-app.s1')
  assert.equal(sessionSubject({ project: 'my.app', session: 's1' }), 'sessions.my-app.s1')
})

test('any words give tokens NATS takes, of bounded length, the same each time', () => {
  fc.assert(
    fc.property(anyText(400), (word) => {
      assert.match(token(word), /^[A-Za-z0-9_:~-]{1,160}$/)
      assert.equal(token(token(word)), token(word))
    }),
  )
})

test('an event of a session is found by the filters people use', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.option(fc.string()), (project, session, agentId) => {
      const subject = subjectOf({ project, session, agentId })
      assert.ok(matches('events.>', subject) && matches('>', subject))
      assert.ok(matches(`events.${token(project)}.>`, subject))
      assert.ok(matches(`events.*.${token(session)}.>`, subject))
      assert.equal(matches('events.*.*.main', subject), !agentId)
      assert.equal(matches('events.*.*.agent.*', subject), Boolean(agentId))
      assert.ok(!matches('patterns.>', subject))
    }),
  )
})

// The words of the NATS documentation as a regular expression: `*` is one token, a last `>` one or more.
const reference = (filter: string): RegExp =>
  new RegExp(`^${filter.replaceAll('.', '[.]').replaceAll('*', '[^.]+').replace(/>$/, '.+')}$`)

test('filters match as NATS says', () => {
  const word = fc.constantFrom('a', 'b', 'ab')
  const subject = fc.array(word, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join('.'))
  const filter = fc
    .tuple(fc.array(fc.oneof(word, fc.constant('*')), { maxLength: 4 }), fc.boolean())
    .filter(([tokens, rest]) => rest || tokens.length > 0)
    .map(([tokens, rest]) => [...tokens, ...(rest ? ['>'] : [])].join('.'))
  fc.assert(
    fc.property(filter, subject, (want, have) => assert.equal(matches(want, have), reference(want).test(have))),
    { numRuns: 5_000 },
  )
})

const projects = [
  ['a folder', '/home/dev/my.app', 'home-dev-my-app'],
  ['a folder with a slash behind', '/home/dev/app/', 'home-dev-app-'],
  ['a folder of Windows', 'C:\\work\\app', 'C--work-app'],
  ['the root', '/', 'unknown'],
  ['nothing', '', 'unknown'],
] as const
for (const [what, cwd, project] of projects) test(`project of ${what}`, () => assert.equal(projectOfPath(cwd), project))
