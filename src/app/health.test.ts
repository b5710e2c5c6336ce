// What /api/health tells of each layer, by the names of its facts: the page's corner shows those that are numbers, words or true.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { eventually, header, scenario, turnRecords } from '../testing/scenario.ts'
import type { HealthAnswer } from '../wire/rest.ts'
import { serve } from './serve.ts'

const FACTS: readonly (readonly [string, readonly string[]])[] = [
  ['watcher', ['lastChangeMs', 'waiting', 'files', 'lines', 'bytes']],
  ['bus', ['kind', 'firstSeq', 'lastSeq', 'bytes', 'oldestMs']],
  ['persist', ['lag', 'retries', 'dead', 'restarts']],
  ['patterns', ['lag', 'retries', 'dead', 'restarts']],
  ['projections', ['lag', 'retries', 'dead', 'restarts']],
  ['broadcast', ['lag', 'retries', 'dead']],
  ['store', ['schema', 'events', 'sessions', 'turns', 'lastIndexedMs']],
  ['log', ['bytes', 'unsynced', 'unsyncedMs']],
  ['search', ['lag', 'dead', 'restarts']],
  ['page', ['built']],
]

test('health tells of each layer what a person would ask', async () => {
  const machine = scenario()
  const serving = await serve(machine.config, silentLog)
  try {
    const kept = (events: number) =>
      eventually(
        `${events} events are kept`,
        async () => {
          const health = (await (await fetch(`${serving.url}/api/health`)).json()) as HealthAnswer
          const of = (name: string) => health.layers.find((layer) => layer.name === name)?.facts
          // The watcher tells of itself a few times a second.
          return of('store')?.events === events && Number(of('watcher')?.lines) === events && health
        },
        60_000,
      )
    machine.write('s1', [header('s1')])
    await kept(1)
    machine.write('s1', turnRecords(1))
    const { layers } = await kept(6)
    for (const [name, facts] of FACTS) {
      const layer = layers.find((each) => each.name === name)
      assert.deepEqual(
        facts.filter((fact) => layer?.facts[fact] === undefined),
        [],
        `facts of ${name} that are missing`,
      )
    }
    assert.match(String(layers.find(({ name }) => name === 'store')?.facts.schema), /^events \d+, search \d+, /)
  } finally {
    await serving.stop()
    machine.remove()
  }
})
