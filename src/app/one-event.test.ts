// Read this first: one line of a transcript, followed through the seven stops, with the real parts at each of them.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import WebSocket from 'ws'
import { silentLog } from '../base/log.ts'
import { connectEmbeddedBus } from '../bus/embedded/client.ts'
import { inputOf, parseEvent, textOf } from '../event/event.ts'
import type { Stop } from '../insights/trace.ts'
import { eventually, header, scenario, turnRecords } from '../testing/scenario.ts'
import type { LiveItem, ServerMessage } from '../wire/live.ts'
import type { RecordsAnswer, SearchAnswer } from '../wire/rest.ts'
import { type Serving, serve } from './serve.ts'

const get = async <T>(serving: Serving, path: string): Promise<T> =>
  (await fetch(serving.url + path)).json() as Promise<T>

test('one line of a transcript goes through the seven stops and comes out whole', async () => {
  const machine = scenario()
  machine.write('s1', [header('s1'), ...turnRecords(1)])
  const serving = await serve(machine.config, silentLog)
  try {
    await eventually(
      'history is kept',
      async () => (await get<RecordsAnswer>(serving, '/api/sessions/example:s1/records')).records?.length === 6,
    )
    const { seq } = await get<RecordsAnswer>(serving, '/api/sessions/example:s1/records')
    const live = await listen(serving, seq)

    // Stop 1: the agent appends a line; odd spacing shows that nobody re-writes it.
    const line =
      '{"id":"x",  "at":"2026-03-14T10:00:00.000Z", "kind":"call","call":"cx","tool":"Shell","does":"run","target":"git push","input":{"command":"git push \\u00fc"}}'
    const file = join(machine.sessions, 's1.jsonl')
    const offset = readFileSync(file).length
    appendFileSync(file, line.slice(0, 40)) // a torn line waits …
    appendFileSync(file, `${line.slice(40)}\n`) // … for its end

    // Stop 6 and 7: the page hears of it with the stream's number, after what it had, and shows it with the same fold.
    const item = await eventually('the page hears of it', () =>
      live.items.find((one) => one.kind === 'record' && one.record.tool?.target === 'git push'),
    )
    assert.ok(item.kind === 'record' && item.seq > seq)
    assert.deepEqual(item.record.tool?.input, { command: 'git push ü' })
    const row = await eventually('the page hears of its session', () =>
      live.items.findLast((one) => one.kind === 'session' && one.session.events === 7),
    )
    assert.equal(row.kind === 'session' && row.session.tools, 2)
    assert.equal(
      live.items.filter((one) => one.kind === 'record').length,
      1,
      'nothing it had already, and nothing twice',
    )
    live.close()

    // Stop 2: the meaning stands beside the line, and the line is verbatim.
    const text = await (await fetch(`${serving.url}/api/events/${item.record.id}`)).text()
    assert.ok(text.includes(`"raw":${line}}}`), 'the very bytes')
    const event = parseEvent(text)
    assert.equal(event.type, 'live.openstory.message.assistant.tool_use')
    assert.deepEqual(inputOf(event), { command: 'git push ü' })
    assert.deepEqual(
      { ...event.origin, inode: 0 },
      {
        file,
        inode: 0,
        offset,
        length: Buffer.byteLength(line),
        line: 7,
        sha256: createHash('sha256').update(line).digest('hex'),
      },
    )

    // Stop 3: the bus has it under the number the page was told, at its place in the hierarchy.
    const bus = connectEmbeddedBus(serving.pipeline.layout.bus)
    for await (const messages of bus.read(item.seq, 'events.>', AbortSignal.timeout(5_000))) {
      assert.equal(messages[0]?.id, event.id)
      assert.equal(messages[0]?.subject, 'events.home-dev-bakery.example:s1.main')
      break
    }
    await bus.close()

    // Stop 4: the log, one event a line, the same text.
    const log = readFileSync(join(machine.config.dataDir, 'log', 'example', 's1.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
    assert.equal(log.length, 7)
    assert.equal(log.at(-1), text)

    // Stop 5: a row, and its words.
    const found = await eventually('it can be searched for', async () => {
      const { hits } = await get<SearchAnswer>(serving, '/api/search?q=push')
      return hits.length > 0 && hits
    })
    assert.deepEqual(
      found.map((hit) => hit.event),
      [event.id],
    )

    // All of it can be asked for.
    const { stops } = await get<{ stops: Stop[] }>(serving, `/api/events/${event.id}/trace`)
    assert.deepEqual(
      stops.map(({ stop }) => stop),
      [1, 2, 3, 4, 5, 6, 7],
    )
    assert.equal(stops[2]?.says, `sequence ${item.seq}`)
    assert.match(stops[0]!.says, new RegExp(`line 7 of .*s1.jsonl, byte ${offset}`))
    assert.equal(
      textOf(parseEvent(log[3]!)).length,
      16 * 40 + 8,
      'a long text is pointed at in the raw line, and whole',
    )
  } finally {
    await serving.stop()
    machine.remove()
  }
})

async function listen(serving: Serving, from: number): Promise<{ items: LiveItem[]; close(): void }> {
  const items: LiveItem[] = []
  const socket = new WebSocket(`${serving.url.replace('http', 'ws')}/api/live`)
  const welcome = Promise.withResolvers<void>()
  socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', from })))
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as ServerMessage
    if (message.type === 'welcome') welcome.resolve()
    if (message.type === 'batch') items.push(...message.items)
  })
  await welcome.promise
  return { items, close: () => socket.close() }
}
