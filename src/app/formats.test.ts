// A new version of an agent writes what nobody knows: it is told, with its version and since when, and no line of it is lost.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { header, scenario, turnRecords } from '../testing/scenario.ts'
import { openAsking } from './asking.ts'
import type { Config } from './config.ts'
import { formatsOf } from './formats.ts'
import { importAll } from './import.ts'
import { layoutOf } from './layout.ts'
import { reindex } from './reindex.ts'

const asked = async ({ dataDir }: Config) => {
  const asking = openAsking(dataDir)
  try {
    return { formats: await formatsOf(asking.reader), facts: await asking.reader.facts() }
  } finally {
    asking.close()
  }
}

const at = (minute: number) => new Date(Date.UTC(2026, 2, 14, 10, minute)).toISOString()
const NEW_LINES = [
  { ...header('s2'), version: '9.0' },
  { id: 'a', at: at(1), kind: 'ask', text: 'bake a rye bread', mood: 'my secret mood' },
  { id: 'b', at: at(2), kind: 'sing', text: 'a song that nobody may read', notes: [1, 2] },
  {
    id: 'c',
    at: at(3),
    kind: 'call',
    call: 'c1',
    tool: 'Proof',
    input: { dough: 'sour' },
    tokens: { input: 1, dreams: 7 },
  },
  { id: 'd', at: at(4), kind: 'call', call: 'c2', tool: 'mcp__oven__heat', input: { to: 'high' } },
  { id: 'e', at: at(5), kind: 'ask', text: 'and now?', mood: 'another one' },
]

test('new types, fields and tools of an agent are counted, and counted the same after a second import and a reindex', async (t) => {
  const machine = scenario()
  t.after(() => machine.remove())
  const { config } = machine
  machine.write('s1', [{ ...header('s1'), version: '8.2' }, ...turnRecords(1)])
  machine.write('s2', NEW_LINES)
  await importAll(config, silentLog, () => undefined)
  const { formats, facts } = await asked(config)
  assert.equal(facts.events, 6 + NEW_LINES.length, 'no line is dropped')
  assert.equal(formats.waiting, 0)
  const [example] = formats.agents
  assert.deepEqual(example?.servers, [{ name: 'oven', calls: 1 }])
  const seen = example.unknown.map(({ what, name, count, firstSeen, versions, sample }) => [
    what,
    name,
    count,
    firstSeen,
    versions.map(({ version }) => version),
    sample,
  ])
  assert.deepEqual(seen, [
    [
      'type',
      'sing',
      1,
      at(2),
      ['9.0'],
      '{"id":"<string 1>","at":"<string 24>","kind":"<string 4>","text":"<string 27>","notes":[0,0]}',
    ],
    ['field', 'record.mood', 2, at(1), ['9.0'], '"<string 14>"'],
    ['field', 'tokens.dreams', 1, at(3), ['9.0'], '0'],
    ['tool', 'Proof', 1, at(3), ['9.0'], '{"dough":"<string 4>"}'],
  ])

  rmSync(layoutOf(config.dataDir).offsets) // read from the beginning once more
  const { result } = await importAll(config, silentLog, () => undefined)
  assert.equal(result.events, 0)
  assert.deepEqual((await asked(config)).formats, formats)

  rmSync(join(config.dataDir, 'store'), { recursive: true })
  await reindex(config, silentLog, () => undefined)
  assert.deepEqual((await asked(config)).formats, formats)
})
