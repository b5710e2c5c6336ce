import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SessionSummary } from '../../wire/live.ts'
import { EVERYTHING } from '../state/route.ts'
import { choicesOf, neighbour, sideRows } from './model.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const row = (id: string, minutesAgo: number, more: Partial<SessionSummary> = {}): SessionSummary =>
  ({
    id,
    native: id,
    agent: 'a',
    project: 'home-dev-shop',
    cwd: '/home/dev/shop',
    title: `Title ${id}`,
    state: 'ended',
    started: new Date(NOW - (minutesAgo + 5) * 60_000).toISOString(),
    ended: new Date(NOW - minutesAgo * 60_000).toISOString(),
    branch: null,
    agents: [],
    last: '',
    ...more,
  }) as SessionSummary
const wish = { nowMs: NOW, words: '', list: EVERYTHING, open: null, hasMore: false }
const keys = (rows: readonly { key: string }[]) => rows.map(({ key }) => key)

test('what goes on comes first, in the order in which it began; the rest by day', () => {
  const rows = sideRows(
    [
      row('old', 60 * 30),
      row('busy', 1, { state: 'working' }),
      row('waits', 30, { state: 'waiting' }),
      row('done', 61),
    ],
    wish,
  )
  assert.deepEqual(
    rows.filter((r) => r.kind === 'session').map((r) => r.key),
    ['busy', 'waits', 'done', 'old'],
  )
  assert.deepEqual(
    rows.filter((r) => r.kind === 'head').map((r) => r.text),
    ['Going on', 'Today', 'Yesterday'],
  )
})

test('every word of the filter must be in the title, project, branch or id', () => {
  const rows = [row('one', 90, { branch: 'fix/clock' }), row('two', 100)]
  assert.deepEqual(keys(sideRows(rows, { ...wish, words: 'clock SHOP' })).slice(1), ['one'])
})

test('the list is narrowed to an agent, a project and a span of time', () => {
  const rows = [row('one', 30), row('two', 90, { agent: 'b' }), row('three', 10, { project: 'other' })]
  const ids = (list: Partial<typeof EVERYTHING>) =>
    sideRows(rows, { ...wish, list: { ...EVERYTHING, ...list } }).flatMap((r) => (r.kind === 'session' ? [r.key] : []))
  assert.deepEqual(ids({ by: 'b' }), ['two'])
  assert.deepEqual(ids({ project: 'other' }), ['three'])
  assert.deepEqual(ids({ active: '1h' }), ['three', 'one'])
})

test('projects of one name say where they are, others only what they are called', () => {
  const rows = [
    row('a', 1),
    row('b', 1, { project: 'work-shop', cwd: '/work/shop' }),
    row('c', 1, { project: 'x-y', cwd: '/x/y' }),
  ]
  const { agents, projects } = choicesOf(rows, { a: 'Agent A' })
  assert.deepEqual(
    projects.map(({ name }) => name),
    ['shop (home-dev-shop)', 'shop (work-shop)', 'y'],
  )
  assert.deepEqual(agents, [{ value: 'a', name: 'Agent A' }])
})

test('subagents stand under the open session only', () => {
  const agents = [
    { id: 'x', type: 'Explore', task: null, parentCall: null, calls: [], events: 1, started: null, ended: null },
  ]
  const rows = [row('one', 90, { agents }), row('two', 100, { agents })]
  assert.deepEqual(keys(sideRows(rows, { ...wish, open: 'two' })).slice(1), ['one', 'two', 'agents:two'])
})

test('j and k walk the list as it is shown, and stop at its ends', () => {
  const rows = sideRows([row('a', 90), row('b', 100)], wish)
  assert.deepEqual(
    [neighbour(rows, null, 1), neighbour(rows, 'a', 1), neighbour(rows, 'b', 1), neighbour(rows, 'b', -1)],
    ['a', 'b', null, 'a'],
  )
})

test('twenty thousand sessions are sorted in a moment', () => {
  const many = Array.from({ length: 20_000 }, (_, i) => row(`s${i}`, 90 + i))
  const started = performance.now()
  assert.ok(sideRows(many, wish).length > 20_000)
  assert.ok(performance.now() - started < 1_500)
})
