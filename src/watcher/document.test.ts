// Documents that are written anew: what is new of them goes on, what is known costs nothing, what is lost is said.
import assert from 'node:assert/strict'
import { renameSync, rmSync, utimesSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { parseEvent, textOf } from '../event/event.ts'
import type { DocumentSource, RecordIn } from '../sources/source.ts'
import { damagedPart, nonEmpty, saying } from '../sources/values.ts'
import { eventually } from '../testing/scenario.ts'
import { Den } from '../testing/watching.ts'
import type { WatcherParts } from './watcher.ts'

// {"letters":["a","b"]}: each letter is a record.
const letters: DocumentSource = {
  agent: 'letters',
  label: 'Letters',
  reads: 'documents',
  variables: [],
  roots: () => [],
  owner: ({ path }) => (path.endsWith('.json') ? { agentId: null, memory: { before: '' } } : null),
  *records(bytes) {
    const text = Buffer.from(bytes).toString()
    const record = (value: unknown, key: string, at: number): RecordIn => {
      const json = JSON.stringify(value)
      return { text: json, value, bytes: Buffer.from(json), damage: null, key, at }
    }
    try {
      const list: string[] = JSON.parse(text).letters
      for (const [i, letter] of list.entries()) yield record({ letter, twice: letter + letter }, letter.charAt(0), i)
    } catch {
      yield { text, value: undefined, bytes, damage: 'no letters', key: 'whole', at: 0 }
    }
  },
  translate(record, _, memory) {
    const letter = nonEmpty((record.value as { letter?: string } | undefined)?.letter)
    const part =
      letter === undefined ? damagedPart(record) : saying('message.user.prompt', `${memory.before}${letter}`, null)
    return {
      parts: [part],
      session: 's1',
      project: 'alone',
      agentId: null,
      nativeId: record.key,
      time: null,
      memory: { before: letter ?? '' },
    }
  },
}

function den(t: TestContext): Den {
  const den = new Den()
  t.after(() => den.remove())
  return den
}
const parts = (home: Den): Partial<WatcherParts> => ({ sources: [letters], extraRoots: { letters: [home.root] } })
const text = (...list: string[]) => JSON.stringify({ letters: list })
const events = (home: Den) => home.bus.stream.map(({ data }) => parseEvent(Buffer.from(data).toString()))
const told = (home: Den) => events(home).map((event) => textOf(event) || event.payload.why || event.kind)
const old = (home: Den, name: string) => utimesSync(home.path(name), 1, 1)

test('each record is an event, and says where in the document it stood', async (t) => {
  const home = den(t)
  home.write('a.json', text('a', 'b'))
  await home.lookOnceAndCatchUp(parts(home))
  assert.deepEqual(told(home), ['a', 'ab'])
  const { origin } = events(home)[1]!
  const raw = '{"letter":"b","twice":"bb"}'
  assert.equal(home.raws()[1], raw)
  assert.deepEqual([origin.file, origin.offset, origin.line, origin.length], [home.path('a.json'), 1, 2, raw.length])
})

for (const while_ of ['while it is watched', 'while nobody watched'] as const)
  test(`a document that grew ${while_}: what is new goes on, knowing what came before it`, async (t) => {
    const home = den(t)
    home.write('a.json', text('a', 'b'))
    home.watch(parts(home))
    await home.caughtUp()
    if (while_ === 'while nobody watched') await home.stop()
    home.write('next', text('a', 'b', 'c', 'd'))
    renameSync(home.path('next'), home.path('a.json'))
    const watcher = while_ === 'while nobody watched' ? home.watch(parts(home)) : null
    await home.arrived(4)
    await home.caughtUp()
    assert.deepEqual(told(home), ['a', 'ab', 'bc', 'cd'])
    if (watcher) assert.deepEqual([watcher.status().lines, watcher.status().duplicates], [2, 0])
  })

test('a document that is written anew with the same words is not read again', async (t) => {
  const home = den(t)
  home.write('a.json', text('a', 'b'))
  await home.lookOnceAndCatchUp(parts(home))
  home.write('a.json', text('a', 'b'))
  const watcher = home.watch(parts(home))
  await home.caughtUp()
  assert.deepEqual([watcher.status().lines, watcher.status().events], [0, 0])
})

test('a record that says something else goes on again; one that only moved does not', async (t) => {
  const home = den(t)
  home.write('a.json', text('a', 'b', 'c'))
  await home.lookOnceAndCatchUp(parts(home))
  home.write('a.json', text('c', 'a', 'bee'))
  await home.lookOnceAndCatchUp(parts(home))
  assert.deepEqual(told(home), ['a', 'ab', 'bc', 'abee'])
})

test('a document that lost records says how many, in its session, and what was read of them stays', async (t) => {
  const home = den(t)
  home.write('a.json', text('a', 'b', 'c'))
  await home.lookOnceAndCatchUp(parts(home))
  home.write('a.json', text('a', 'd'))
  await home.lookOnceAndCatchUp(parts(home))
  assert.deepEqual(told(home), [
    'a',
    'ab',
    'bc',
    'the document was written anew without 2 of the 3 records that were read before',
    'ad',
  ])
  assert.deepEqual([events(home)[3]?.kind, events(home)[3]?.session], ['system.file_replaced', 'letters:s1'])
  await home.lookOnceAndCatchUp(parts(home))
  assert.equal(home.bus.stream.length, 5, 'said once')
})

test('a document in the middle of its writing is waited for; one that stays so is kept as damaged', async (t) => {
  const home = den(t)
  home.write('a.json', text('a', 'b').slice(0, 12))
  const watcher = home.watch(parts(home))
  await new Promise((resolve) => setTimeout(resolve, 300))
  assert.deepEqual([home.ids(), watcher.status().caughtUp], [[], false])
  home.write('a.json', text('a', 'b'))
  await home.arrived(2)
  assert.deepEqual(told(home), ['a', 'ab'])
  home.write('b.json', '{"letters":')
  old(home, 'b.json')
  await eventually('the damage', () => watcher.status().damaged === 1)
  await home.caughtUp()
  assert.equal(told(home).at(-1), 'no letters')
})

test('a damaged document from the future is of a clock that was set back, and is not waited for until then', async (t) => {
  const home = den(t)
  home.write('a.json', '{"letters":')
  const inAnHour = Date.now() / 1_000 + 3_600
  utimesSync(home.path('a.json'), inAnHour, inAnHour)
  await home.lookOnceAndCatchUp(parts(home))
  assert.deepEqual(told(home), ['no letters'])
})

test('a document that vanishes takes nothing from what was read', async (t) => {
  const home = den(t)
  home.write('a.json', text('a'))
  const watcher = home.watch(parts(home))
  await home.caughtUp()
  rmSync(home.path('a.json'))
  home.write('b.json', text('b'))
  await home.arrived(2)
  assert.deepEqual([told(home), watcher.status().trouble], [['a', 'b'], null])
})
