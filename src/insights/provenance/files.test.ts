// What a prompt's work left behind: each file once, under its last name, by everybody who was sent.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Lanes } from '../../folds/turn/lanes.ts'
import type { FileTouch, TouchingTurn } from '../../stores/files.ts'
import { Tale } from '../../testing/made-story.ts'
import { filesOf } from './files.ts'

function worked(...tales: readonly Tale[]): TouchingTurn[] {
  const lanes = new Lanes()
  for (const event of tales.flatMap(({ events }) => events)) lanes.add(event)
  return [...lanes.turns.values()].map((turn) => ({
    turn,
    root: turn,
    cost: null,
    touches: lanes.touches
      .filter((touch) => touch.turn === turn.id)
      .map(({ turn: _, whole, ...touch }): FileTouch => ({ ...touch, time: null, counted: whole !== 'over' })),
  }))
}
const begin = (from = 1, agentId: string | null = null) => new Tale({ agentId }, from).ask('go', { cwd: '/w' })
const left = (...tales: readonly Tale[]) =>
  filesOf(worked(...tales)).map(({ path, change, from }) => [path, change, ...(from === null ? [] : [from])])

const CASES: readonly (readonly [string, Tale, readonly (readonly string[])[]])[] = [
  ['made and changed is made', begin().write('a.ts').edit('a.ts'), [['/w/a.ts', 'created']]],
  ['changed and deleted is deleted', begin().edit('a.ts').run('rm a.ts'), [['/w/a.ts', 'deleted']]],
  ['made and deleted is nothing', begin().write('a.ts').run('rm a.ts'), []],
  ['deleted and made anew is changed', begin().edit('a.ts').run('rm a.ts').write('a.ts'), [['/w/a.ts', 'modified']]],
  ['made and renamed is made', begin().write('a.ts').run('mv a.ts b.ts'), [['/w/b.ts', 'created']]],
  [
    'renamed twice was what it was first',
    begin().edit('a.ts').run('mv a.ts b.ts').run('mv b.ts c.ts'),
    [['/w/c.ts', 'renamed', '/w/a.ts']],
  ],
  [
    'renamed over another leaves one',
    begin().edit('a.ts').edit('b.ts').run('mv a.ts b.ts'),
    [['/w/b.ts', 'renamed', '/w/a.ts']],
  ],
  [
    'what was only read stands behind what was changed',
    begin().read('z.ts').read('a.ts').edit('a.ts'),
    [
      ['/w/a.ts', 'modified'],
      ['/w/z.ts', 'read'],
    ],
  ],
]
for (const [what, tale, files] of CASES) test(what, () => assert.deepEqual(left(tale), files))

test('main agent and subagents count for one prompt, in the order of their calls, each named', () => {
  const files = filesOf(worked(begin().write('a.ts'), begin(10, 'helper').edit('/w/a.ts').write('/w/b.ts')))
  assert.deepEqual(
    files.map(({ path, change, agents, events }) => [path, change, agents, events.length]),
    [
      ['/w/a.ts', 'created', [null, 'helper'], 2],
      ['/w/b.ts', 'created', ['helper'], 1],
    ],
  )
})
