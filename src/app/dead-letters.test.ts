// One event that nobody can read, on the real bus of a running OpenStory: what a person sees of it, and what goes on.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { connectEmbeddedBus } from '../bus/embedded/client.ts'
import { runCli } from '../testing/cli.ts'
import { made } from '../testing/made-events.ts'
import { eventually, header, scenario, turnRecords } from '../testing/scenario.ts'
import type { ServerMessage } from '../wire/live.ts'
import type { HealthAnswer, SearchAnswer, TurnsAnswer } from '../wire/rest.ts'
import { layoutOf } from './layout.ts'
import { serve } from './serve.ts'

// Its attributes are whole, so it can be kept; what it says cannot be read.
function poison() {
  const { id, subject, text } = made(7, { agent: 'example', native: 's1' })
  const data = Buffer.from(`${text.slice(0, text.indexOf(',"data":{'))},"data":{"origin":{},"payload":null}}`)
  return { id, subject, data }
}

// A page that follows from a number on.
function pageAt(url: string, from: number | null) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/live`)
  const page = { records: 0, isThere: false, close: () => socket.close() }
  socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', from }))
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as ServerMessage
    if (message.type === 'welcome') page.isThere = true
    if (message.type === 'batch') page.records += message.items.filter(({ kind }) => kind === 'record').length
  }
  return page
}

test('an event that cannot be read is kept, set aside by each who cannot read it, said with the remedy, and holds up nobody', async () => {
  const machine = scenario()
  const { dataDir } = machine.config
  const layout = layoutOf(dataDir)
  machine.write('s1', [header('s1'), ...turnRecords(1)])
  const serving = await serve(machine.config, silentLog)
  const ask = async <T>(path: string) => (await (await fetch(`${serving.url}/api/${path}`)).json()) as T
  const setAside = async () => {
    const { layers } = await ask<HealthAnswer>('health')
    return Object.fromEntries(
      layers.flatMap(({ name, facts }) => (facts.dead === undefined ? [] : [[name, facts.dead]])),
    )
  }
  try {
    await eventually(
      'the first turn is there',
      async () => (await ask<TurnsAnswer>('sessions/example:s1/turns')).turns?.length === 1,
    )
    const page = pageAt(serving.url, null)
    await eventually('a page looks on', () => page.isThere)
    const bus = connectEmbeddedBus(layout.bus)
    const bad = poison()
    await bus.publish([bad])
    await bus.close()
    machine.write('s1', turnRecords(2))
    await eventually(
      'the turn behind it is there',
      async () => (await ask<TurnsAnswer>('sessions/example:s1/turns')).turns.length === 2,
      40_000,
    )
    const all = { persist: 0, patterns: 1, projections: 1, broadcast: 1, search: 1 }
    await eventually(
      'it is set aside by all but persist',
      async () => JSON.stringify(await setAside()) === JSON.stringify(all),
      40_000,
    )
    await eventually(
      'health is well again, and says what is worth a look',
      async () => {
        const { ok, colour, sentences } = await ask<HealthAnswer>('health')
        return (
          ok && colour === 'yellow' && /patterns: 1 event set aside.*openstory retry patterns/.test(sentences.join())
        )
      },
      40_000,
    )
    assert.equal((await ask<SearchAnswer>('search?q=bake')).hits.length, 2)
    await eventually('the page that looked on hears what came behind it', () => page.records === 5)
    const late = pageAt(serving.url, 0)
    await eventually('a page that comes later hears all but it', () => late.records === 11)
    assert.equal(
      layoutText(layout.log).filter((line) => line === bad.data.toString()).length,
      1,
      'it is in the log as it came',
    )
    const letter = JSON.parse(readFileSync(join(layout.deadLetters, 'patterns.jsonl'), 'utf8'))
    assert.deepEqual([letter.id, letter.event], [bad.id, bad.data.toString()])

    const doctor = await runCli(['doctor', '--data-dir', dataDir])
    assert.equal(doctor.code, 1)
    assert.match(doctor.stdout, /✗ set aside: 1 event that patterns cannot handle.*openstory retry patterns/)

    const ran = await runCli(['retry', '--data-dir', dataDir])
    assert.match(ran.stdout, /1 event goes to broadcast again; see: openstory doctor/)
    await eventually(
      'each has tried it again in vain',
      () =>
        ['patterns', 'projections', 'broadcast', 'search'].every(
          (name) => JSON.parse(readOr(join(layout.deadLetters, `${name}.jsonl`)) || '{"round":0}').round >= 2,
        ),
      40_000,
    )
    await eventually(
      'all is as it was',
      async () => {
        const { turns } = await ask<TurnsAnswer>('sessions/example:s1/turns')
        return turns?.length === 2 && JSON.stringify(await setAside()) === JSON.stringify(all)
      },
      30_000,
    )
    for (const each of [page, late]) each.close()
  } finally {
    await serving.stop()
  }
  try {
    const ran = await runCli(['reindex', '--data-dir', dataDir])
    assert.equal(ran.code, 0, ran.stderr)
    const letter = JSON.parse(readFileSync(join(layout.deadLetters, 'patterns.jsonl'), 'utf8'))
    assert.ok(letter.round >= 3, 'reindex tries it as well, and is not stopped by it')
  } finally {
    machine.remove()
  }
})

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // not yet
  }
}
const layoutText = (log: string): string[] => readFileSync(join(log, 'example', 's1.jsonl'), 'utf8').split('\n')
