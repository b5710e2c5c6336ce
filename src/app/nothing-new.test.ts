// A second import: told at once that there is nothing new when there is not, and never when there is.
import assert from 'node:assert/strict'
import { appendFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { openDeadLetters } from '../stores/log/dead-letters.ts'
import { header, type Scenario, scenario, turnRecords } from '../testing/scenario.ts'
import { readsBelow } from '../testing/work-counts.ts'
import { importAll } from './import.ts'
import { type Layout, layoutOf } from './layout.ts'
import { standing } from './nothing-new.ts'

const importInto = ({ config }: Scenario) => importAll(config, silentLog, () => undefined)

async function imported(t: TestContext): Promise<Scenario> {
  const machine = scenario()
  t.after(() => machine.remove())
  for (const session of ['s1', 's2']) machine.write(session, [header(session), ...turnRecords(1)])
  const { result } = await importInto(machine)
  assert.equal(result.lines, 12)
  return machine
}

// Every file below a folder with what would change if it were written to, or made anew.
const traceOf = (dir: string) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { size, ino, mtimeNs, ctimeNs } = statSync(join(dir, name), { bigint: true })
      return `${name} ${size} ${ino} ${mtimeNs} ${ctimeNs}`
    })

test('an import with nothing new says so without starting anything, and neither our folder nor theirs changes by a byte', async (t) => {
  const machine = await imported(t)
  const [ours, theirs] = [traceOf(machine.config.dataDir), traceOf(machine.sessions)]
  assert.deepEqual(standing(machine.config), { files: 2, torn: [], sessions: 2 })
  const { result } = await importInto(machine)
  assert.deepEqual(
    { ...result, seconds: 0 },
    { files: 2, lines: 0, events: 0, sessions: 2, damaged: 0, unknown: 0, bytes: 0, seconds: 0 },
  )
  assert.deepEqual(traceOf(machine.config.dataDir), ours)
  assert.deepEqual(traceOf(machine.sessions), theirs)
})

const onLinux = process.platform === 'linux' ? false : 'reads are counted by way of /proc'
test('of a transcript with nothing new its last line is read, however long it is', { skip: onLinux }, async (t) => {
  const machine = scenario()
  t.after(() => machine.remove())
  machine.write('long', [header('long'), ...Array.from({ length: 100 }, (_, n) => turnRecords(n % 60)).flat()])
  await importInto(machine)
  const text = readFileSync(join(machine.sessions, 'long.jsonl'), 'utf8')
  const { bytes } = await readsBelow(machine.sessions, () => assert.notEqual(standing(machine.config), null))
  assert.ok(bytes > 0)
  assert.ok(
    bytes <= 2 * (text.length - text.lastIndexOf('\n', text.length - 2)),
    `${bytes} of ${text.length} bytes read`,
  )
})

test('a line that was not finished at the first import is named again by the second', async (t) => {
  const machine = await imported(t)
  const file = join(machine.sessions, 's1.jsonl')
  const offset = statSync(file).size
  appendFileSync(file, '{"id":"half')
  assert.deepEqual(standing(machine.config)?.torn, [{ file, offset, why: 'the last line is not finished' }])
})

type Change = (machine: Scenario, layout: Layout) => void
const CHANGES: readonly (readonly [string, Change])[] = [
  ['a line more', ({ write }) => write('s1', [{ id: 'x', at: '2026-03-14T10:00:00.000Z', kind: 'ask', text: 'more' }])],
  ['a file more', ({ write }) => write('s3', [header('s3')])],
  [
    'a file of the same length with another last line',
    ({ sessions }) => {
      const file = join(sessions, 's1.jsonl')
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, text.replace('"ms":4000', '"ms":4001'))
    },
  ],
  ['a file cut short', ({ sessions }) => writeFileSync(join(sessions, 's1.jsonl'), '')],
  [
    'prices of one’s own',
    (_, { dataDir }) => writeFileSync(join(dataDir, 'prices.toml'), '[models.m1]\ninput = 1.0\noutput = 2.0\n'),
  ],
  ['another OpenStory on the folder', (_, { running }) => writeFileSync(running, '{"pid":1}')],
  ['a store that is gone', (_, { store }) => rmSync(join(store, 'turns.sqlite'))],
  [
    'a store that is none',
    (_, { store }) => writeFileSync(join(store, 'sessions.sqlite'), 'not a database'.repeat(99)),
  ],
  [
    'a write-ahead log that is not in its store',
    (_, { store }) => writeFileSync(join(store, 'events.sqlite-wal'), 'log'),
  ],
  ['a consumer that is behind', (_, { bus }) => rmSync(join(bus, 'cursors', 'patterns.cursor'))],
  ['a bus that is gone', (_, { bus }) => rmSync(bus, { recursive: true })],
  ['offsets that are gone', (_, { offsets }) => rmSync(offsets)],
  [
    'dead letters to be tried again',
    (_, { deadLetters }) => {
      const dead = openDeadLetters(deadLetters, 'persist')
      const at = '2026-03-14T10:00:00.000Z'
      const data = Buffer.from('{}')
      dead.add([
        {
          consumer: 'persist',
          id: 'x',
          subject: 's',
          seq: 1,
          publishedMs: 0,
          attempts: 1,
          round: 1,
          at,
          error: 'e',
          data,
        },
      ])
      dead.ask()
    },
  ],
]

test('whatever else there is to do is never taken for nothing', async (t) => {
  const machine = await imported(t)
  const { dataDir } = machine.config
  const kept = join(machine.dir, 'kept')
  cpSync(dataDir, kept, { recursive: true })
  const theirs = readdirSync(machine.sessions).map((name) => {
    const file = join(machine.sessions, name)
    return [file, readFileSync(file)] as const
  })
  for (const [what, change] of CHANGES)
    await t.test(what, () => {
      assert.notEqual(standing(machine.config), null, 'as it was')
      change(machine, layoutOf(dataDir))
      assert.equal(standing(machine.config), null)
      rmSync(dataDir, { recursive: true })
      cpSync(kept, dataDir, { recursive: true })
      rmSync(join(machine.sessions, 's3.jsonl'), { force: true })
      for (const [file, bytes] of theirs) writeFileSync(file, bytes) // in place: a file is known by its number, too
    })
})

test('a folder that was never used has everything to do', (t) => {
  const machine = scenario()
  t.after(() => machine.remove())
  assert.equal(standing(machine.config), null)
  mkdirSync(machine.config.dataDir)
  assert.equal(standing(machine.config), null)
  assert.deepEqual(readdirSync(machine.config.dataDir), [])
})
