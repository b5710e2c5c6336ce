// The short torture: a few dozen kills, and each fault of the machine in turn. `npm run torture` is the long one.
import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { eventually, header, turnRecords } from '../../src/testing/scenario.ts'
import type { HealthAnswer } from '../../src/wire/rest.ts'
import { day } from './day.ts'
import { DIALECTS } from './dialect.ts'
import { fullDisk } from './disk.ts'
import type { Fault } from './faults.ts'
import { type Kept, logOf, wrongWith } from './oracle.ts'
import { round, unlikeToldOnce } from './round.ts'
import { Victim } from './victim.ts'

const options = { timeout: 110_000, skip: process.platform === 'win32' && 'nothing is killed like this here' }

function folder(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-torture-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

for (const [name, dialect] of Object.entries(DIALECTS))
  test(
    `nothing is lost and nothing doubled when everything is killed, disks fail and clocks jump while an agent writes, tears, truncates and replaces (lines of the ${name} agent)`,
    options,
    async (t) => {
      const seed = Number(process.env.OPENSTORY_TORTURE_SEED ?? Date.now() % 100_000)
      t.diagnostic(`seed ${seed}: OPENSTORY_TORTURE_SEED=${seed} npm test -- tools/torture`)
      const done = await round({ dir: folder(t), dialect, seed, ms: 9_000, killEveryMs: [30, 700] })
      t.diagnostic(JSON.stringify({ kills: done.kills, agent: done.agent, events: done.events, seconds: done.seconds }))
      assert.deepEqual(done.wrong, [])
      assert.ok(Object.values(done.kills).reduce((sum, n) => sum + n, 0) >= 8, 'it was killed often')
    },
  )

const SUFFERING = ['persist', 'patterns', 'projections'] as const
const FAULTS: readonly Fault[] = ['busy', 'full', 'io', 'crash', 'throwing', 'none']

test(
  'a locked file, a full disk, one that fails, threads that crash and consumers that throw: each is said, waited for, and nothing is missing after it',
  options,
  async (t) => {
    const dir = folder(t)
    const watched = join(dir, 'agent')
    mkdirSync(watched)
    const file = join(watched, 's1.jsonl')
    const write = (records: readonly object[]) =>
      appendFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    write([header('s1')])
    const victim = new Victim({ dataDir: join(dir, 'data'), watched, home: dir })
    victim.start()
    t.after(() => victim.killServer())
    const layers = async () => ((await victim.health())?.layers ?? []) as HealthAnswer['layers']
    const of = (all: HealthAnswer['layers'], name: string) => all.find((layer) => layer.name === name)
    const isWell = async () => {
      const all = await layers()
      return all.length > 0 && all.every(({ ok, says, facts }) => ok && says !== 'is starting' && !facts.lag)
    }
    await eventually('it serves', isWell, 30_000)
    for (const [n, fault] of FAULTS.entries()) {
      for (const name of SUFFERING) victim.fault(name, fault)
      write(turnRecords(n))
      if (fault !== 'none')
        await eventually(
          `${fault} is said of each`,
          async () => {
            const all = await layers()
            const isSaid = (name: string) => of(all, name)?.ok === false || Number(of(all, name)?.facts.dead) > 0
            return SUFFERING.every(isSaid) && of(all, 'persist')!.colour !== 'green'
          },
          30_000,
        )
      for (const name of SUFFERING) victim.fault(name, 'none')
      await eventually(`it goes on by itself after ${fault}`, isWell, 60_000)
    }
    const { layers: last } = (await victim.health())!
    assert.deepEqual(
      last.filter(({ facts }) => Number(facts.dead) > 0).map(({ name, says }) => `${name}: ${says}`),
      [],
    )
    await victim.stop()
    assert.equal(logOf(DIALECTS.example, join(dir, 'data'), 's1').length, FAULTS.length * 5 + 1)
    assert.deepEqual(await unlikeToldOnce(join(dir, 'data'), join(dir, 'anew')), [])
  },
)

test(
  'turns and session rows that are made anew while the log is behind have what comes into it later',
  options,
  async (t) => {
    const dir = folder(t)
    const [dataDir, watched] = [join(dir, 'data'), join(dir, 'agent')]
    mkdirSync(watched)
    const file = join(watched, 's1.jsonl')
    const write = (records: readonly object[]) =>
      appendFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''))
    write([header('s1'), ...turnRecords(1)])
    const victim = new Victim({ dataDir, watched, home: dir })
    victim.start()
    t.after(() => victim.killServer())
    const lagOf = async () =>
      new Map((await victim.health())?.layers.map(({ name, facts }) => [name, facts.lag] as const) ?? [])
    await eventually(
      'all is kept',
      async () => (await lagOf()).get('persist') === 0 && logOf(DIALECTS.example, dataDir, 's1').length === 6,
      30_000,
    )
    victim.fault('persist', 'stopped')
    write([...turnRecords(2), ...turnRecords(3)])
    await eventually('the folds are ahead of the log', async () => {
      const lags = await lagOf()
      return Number(lags.get('persist')) > 0 && lags.get('patterns') === 0 && lags.get('projections') === 0
    })
    for (const name of ['turns', 'sessions'])
      for (const side of ['', '-wal', '-shm']) rmSync(join(dataDir, 'store', `${name}.sqlite${side}`), { force: true })
    for (const thread of ['patterns', 'projections'] as const) victim.terminate(thread)
    await eventually(
      'they are made anew',
      async () => {
        const layers = (await victim.health())?.layers ?? []
        const isAnew = (name: string) =>
          layers.some((layer) => layer.name === name && layer.ok && layer.facts.restarts === 1)
        return isAnew('patterns') && isAnew('projections')
      },
      30_000,
    )
    victim.fault('persist', 'none')
    await eventually(
      'all is kept',
      async () =>
        logOf(DIALECTS.example, dataDir, 's1').length === 16 && [...(await lagOf()).values()].every((lag) => !lag),
      30_000,
    )
    await victim.stop()
    assert.deepEqual(await unlikeToldOnce(dataDir, join(dir, 'anew')), [])
  },
)

test(
  'a day of sessions that begin, end and are deleted leaves no more files open, on the bus, in write-ahead logs or in mind than an hour did',
  options,
  async (t) => {
    const done = await day({ dir: folder(t), sessions: 200, events: 20_000 })
    t.diagnostic(`${done.kept} events in ${Math.round(done.seconds)} s`)
    assert.deepEqual(done.wrong, [])
    assert.equal(done.kept, done.written)
    const [noon, end] = [done.samples[11]!, done.samples.at(-1)!]
    assert.ok(
      end.handles.server <= noon.handles.server + 20,
      `${noon.handles.server}, then ${end.handles.server} handles`,
    )
    assert.ok(end.handles.watcher <= noon.handles.watcher + 5)
    assert.ok(end.known <= noon.known + 5, `${noon.known}, then ${end.known} files in mind`)
  },
)

test(
  'a disk full to its last block, with a start on it: it is said, and once there is room all goes on by itself with nothing lost or doubled',
  options,
  async (t) => {
    const done = await fullDisk(folder(t), 10)
    if (done === null) return t.skip('nothing can be mounted here')
    t.diagnostic(done.said.join('; '))
    assert.deepEqual(done.wrong, [])
    assert.ok(
      done.said.some((sentence) => sentence.startsWith('disk: 0 MB are free — make room')),
      `it said: ${done.said.join('; ')}`,
    )
  },
)

test('the judge of a round sees what is lost, doubled, changed, out of order or invented', () => {
  const kept = (record: string | null, more: Partial<Kept> = {}): Kept => ({
    ...{
      event: `e-${record}`,
      isPart: false,
      record,
      kind: record === null ? 'system.session_start' : 'message.user.prompt',
      text: `text of ${record}`,
    },
    ...more,
  })
  const expected = { session: 's', required: new Set(['a', 'b', 'c']), optional: new Set(['maybe']), destroyed: 0 }
  const good = [kept(null), kept('a'), kept('b'), kept('c')]
  const replaced = kept(null, { kind: 'system.file_replaced', event: 'e-r' })
  const cases: readonly (readonly [string, readonly Kept[], RegExp | null])[] = [
    ['all is well', good, null],
    ['what may be there', [...good, kept('maybe')], null],
    ['lost', [good[0]!, good[1]!, good[3]!], /1 lost: b/],
    ['doubled', [...good, kept('b')], /1 kept more than once: e-b/],
    ['changed', [...good.slice(0, 3), kept('c', { text: 'another' })], /byte for byte/],
    ['out of order', [good[0]!, good[2]!, good[1]!, good[3]!], /order/],
    ['invented', [...good, kept('d')], /that nobody wrote: d/],
    ['said to be replaced', [...good, replaced], /said to be replaced/],
  ]
  for (const [what, victim, says] of cases) {
    const wrong = wrongWith(victim, good, expected).join('\n')
    if (says === null) assert.equal(wrong, '', what)
    else assert.match(wrong, says, what)
  }
  assert.deepEqual(wrongWith([...good, replaced], good, { ...expected, destroyed: 1 }), [])
})
