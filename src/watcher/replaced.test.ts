// Agents rewrite, shorten, rename and remove their files. What was read of them stays, what is new is read, and the change itself is an event.
import assert from 'node:assert/strict'
import { renameSync, rmSync, truncateSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { parseEvent } from '../event/event.ts'
import { Den, record, records } from '../testing/watching.ts'

function den(t: TestContext): Den {
  const den = new Den()
  t.after(() => den.remove())
  return den
}
const events = (home: Den) => home.bus.stream.map(({ data }) => parseEvent(Buffer.from(data).toString()))
const told = (home: Den) =>
  events(home).map(({ kind, payload }) => (kind === 'message.user.prompt' ? payload.nativeId : kind))
const HEADER = '{"example":1,"session":"s1","cwd":"/home/dev/app"}'
const REPLACED = 'system.file_replaced'

const changes: readonly (readonly [string, (home: Den) => void, readonly string[]])[] = [
  ['rewritten in place', (home) => home.write('a.jsonl', records(7, 10)), [REPLACED, '7', '8', '9']],
  ['shortened to its first line', (home) => truncateSync(home.path('a.jsonl'), record(0).length + 1), [REPLACED]],
  ['shortened, and written on', (home) => home.write('a.jsonl', `${record(0)}\n${record(7)}\n`), [REPLACED, '7']],
  ['replaced by another one under its name', (home) => put(home, [0, 7, 8, 9]), [REPLACED, '7', '8', '9']],
  ['replaced by one that differs in the middle only', (home) => put(home, [0, 7, 2, 8]), ['7', '8']],
]
function put(home: Den, numbers: readonly number[]): void {
  home.write('next', numbers.map((n) => `${record(n)}\n`).join(''))
  renameSync(home.path('next'), home.path('a.jsonl'))
}
for (const while_ of ['while it is watched', 'while nobody watched'] as const)
  for (const [what, change, added] of changes)
    test(`a file ${what} ${while_}: what was read stays, and what is new is read`, async (t) => {
      const home = den(t)
      home.write('a.jsonl', records(0, 3))
      home.watch()
      await home.arrived(3)
      if (while_ === 'while nobody watched') await home.stop()
      change(home)
      if (while_ === 'while nobody watched') home.watch()
      await home.arrived(3 + added.length)
      // Whether a rewritten file is seen once or, in the middle of its writing, twice, is not in our hands.
      await home.stop()
      assert.deepEqual([...new Set(told(home))], ['0', '1', '2', ...added])
      const before = home.ids()
      await home.lookOnce()
      assert.deepEqual(home.ids(), before, 'a restart adds nothing')
    })

test('the event of a replaced file says which file, how far it had been read, and why, in its own session', async (t) => {
  const home = den(t)
  home.write('a.jsonl', `${HEADER}\n${records(0, 2)}`)
  await home.lookOnce()
  home.write('a.jsonl', `${record(9, 'other')}\n`)
  await home.lookOnce()
  const replaced = events(home).find(({ kind }) => kind === REPLACED)
  const before = events(home)[2]
  const end = `${HEADER}\n${records(0, 2)}`.length
  assert.equal(replaced?.payload.why, `the file shrank from ${end} to ${record(9, 'other').length + 1} bytes`)
  assert.deepEqual(
    [replaced.session, replaced.time, replaced.subject],
    [before?.session, before?.time, before?.subject],
  )
  assert.deepEqual(
    [replaced.origin.file, replaced.origin.offset, replaced.origin.line, replaced.origin.sha256],
    [home.path('a.jsonl'), end, 3, before?.origin.sha256],
  )
  const again = events(home).at(-1)
  assert.deepEqual([again?.payload.nativeId, again?.origin.offset, again?.origin.line], ['9', 0, 1])
})

test('a file that goes and comes back the same is not read again; one that comes back longer is read on', async (t) => {
  const home = den(t)
  home.write('a.jsonl', records(0, 2))
  const watcher = home.watch()
  await home.caughtUp()
  rmSync(home.path('a.jsonl'))
  home.write('b.jsonl', records(5, 6))
  await home.arrived(3)
  home.write('a.jsonl', records(0, 3))
  await home.arrived(4)
  assert.deepEqual(told(home), ['0', '1', '5', '2'])
  assert.equal(watcher.status().trouble, null)
})

test('a folder that is removed takes nothing from what was read, and what comes in its place is read', async (t) => {
  const home = den(t)
  home.write('p/a.jsonl', records(0, 2))
  home.watch()
  await home.caughtUp()
  rmSync(home.path('p'), { recursive: true })
  home.write('p/b.jsonl', records(2, 4))
  await home.arrived(4)
  assert.deepEqual(told(home), ['0', '1', '2', '3'])
})
