// A log of an older version becomes what a fresh import of the same files gives today, to the last byte; what cannot stays as it is.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Message } from '../../bus/bus.ts'
import { parseEvent } from '../../event/event.ts'
import { PAYLOAD_VERSION } from '../../event/payload.ts'
import { claudeCode } from '../../sources/claude-code/source.ts'
import { example } from '../../sources/example/source.ts'
import { geminiDocuments } from '../../sources/gemini/source.ts'
import type { LineSource, Machine, Source } from '../../sources/source.ts'
import { SOURCES } from '../../sources/sources.ts'
import { corpusHome, HERE, newPlace, noCorpus, readOn } from '../../testing/corpus.ts'
import { made } from '../../testing/made-events.ts'
import { OLDER, older } from '../../testing/older.ts'
import { logWith, retellIn } from '../../testing/retold.ts'
import { Den, record, records } from '../../testing/watching.ts'
import { messagesOf } from '../../watcher/messages.ts'

// File by file; lines in an order of their own, since files are read side by side.
const contentOf = (dir: string, sorted: boolean): Record<string, string[]> =>
  Object.fromEntries(
    readdirSync(dir, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.includes('.jsonl'))
      .map((name) => [name, readFileSync(join(dir, name), 'utf8').split('\n')] as const)
      .map(([name, lines]) => [name, sorted ? lines.sort() : lines]),
  )

test('real sessions: every line of an older log says what it says today, wherever the log comes from', {
  skip: noCorpus,
}, (t) => {
  const home = corpusHome()
  t.after(() => home.remove())
  const read = (as: (source: LineSource) => LineSource) =>
    home.lineFiles.flatMap((job) => readOn({ ...job, source: as(job.source) }, newPlace(job)).messages)
  const today = logWith(
    t,
    read((source) => source),
  )
  const old = logWith(t, read(older))
  assert.notDeepEqual(contentOf(old, false), contentOf(today, false))
  const retold = retellIn(t, old)
  assert.equal(retold.left, 0)
  assert.ok(retold.lines > 10_000 && retold.files > 100, JSON.stringify(retold))
  assert.deepEqual(contentOf(old, false), contentOf(today, false))
})

async function logOfHome(t: TestContext, machine: Machine, sources: readonly Source[]): Promise<string> {
  const den = new Den()
  t.after(() => den.remove())
  den.watch({ sources, machine, extraRoots: {}, onlyExtra: false })
  await den.caughtUp()
  return logWith(t, den.bus.stream)
}

test('real sessions: lines, documents and databases of an older log say what they say today, every one of them', {
  skip: noCorpus,
}, async (t) => {
  const home = corpusHome()
  t.after(() => home.remove())
  const today = await logOfHome(t, home.machine, SOURCES)
  const old = await logOfHome(t, home.machine, SOURCES.map(older))
  assert.notDeepEqual(contentOf(old, true), contentOf(today, true))
  assert.equal(retellIn(t, old).left, 0)
  assert.deepEqual(contentOf(old, true), contentOf(today, true))
  assert.deepEqual(retellIn(t, today, { all: true }), { files: 0, lines: 0, left: 0 })
})

// Two watchers of one folder: one of an older version, one of today.
async function twoVersions(
  t: TestContext,
  source: LineSource,
  happen: (then: Den, until: (events: number) => Promise<void>) => Promise<void>,
) {
  const [then, now] = [new Den(), new Den()]
  t.after(() => Promise.all([then.remove(), now.remove()]))
  const extraRoots = { [source.agent]: [then.root] }
  then.watch({ sources: [older(source)], extraRoots })
  now.watch({ sources: [source], extraRoots })
  const settled = async (events: number) => {
    await now.arrived(events)
    await Promise.all([then.caughtUp(), now.caughtUp()])
  }
  await happen(then, settled)
  const old = logWith(t, then.bus.stream)
  const today = logWith(t, now.bus.stream)
  return { old, today, watch: extraRoots }
}

test('damaged lines, bytes that are no text, glued objects and replaced files come out as they would today', async (t) => {
  const { old, today, watch } = await twoVersions(t, example as LineSource, async (den, settled) => {
    const odd = Buffer.from(
      `oops\n\n${record(8)}${record(9)}{"torn\n{"id":"\xff\xfe\n{"kind":"say","text":"caf\xe9"}\r\n`,
      'latin1',
    )
    den.write('p/s1.jsonl', Buffer.concat([Buffer.from(records(0, 4)), odd, Buffer.from(records(4, 6))]))
    await settled(4 + 4 + 2 + 2)
    den.write('new', records(0, 3) + records(7, 8) + records(20, 22))
    renameSync(den.path('new'), den.path('p/s1.jsonl'))
    await settled(12 + 1 + 3)
  })
  assert.equal(retellIn(t, old, { watch }).left, 0)
  assert.deepEqual(contentOf(old, true), contentOf(today, true))
  assert.ok(readFileSync(join(old, 'example/s1.jsonl'), 'utf8').includes('system.file_replaced'))
})

const said = (n: number, more: object) =>
  `${JSON.stringify({ type: 'user', uuid: `u${n}`, message: { content: `say ${n}` }, ...more })}\n`
const about = {
  sessionId: 's1',
  cwd: '/home/dev/app',
  version: '2.1.0',
  gitBranch: 'main',
  timestamp: '2026-03-14T09:00:00.000Z',
}

test('a copy of a file that went on by itself remembers what stood in it before', async (t) => {
  const { old, today, watch } = await twoVersions(t, claudeCode, async (den, settled) => {
    const begun = said(1, about) + said(2, about)
    den.write('-home-dev-app/s1.jsonl', begun)
    await settled(2)
    den.write('-home-dev-app/elsewhere/copy.jsonl', begun + said(3, {}) + said(4, {}))
    await settled(4)
  })
  assert.equal(retellIn(t, old, { watch }).left, 0)
  assert.deepEqual(contentOf(old, true), contentOf(today, true))
})

test('records of a document are told anew by what they are called in it', (t) => {
  const file = { root: '/home/dev/.gemini/tmp', path: 'h/chats/session-1.json', inode: 3 }
  const messages = [
    { id: 'a', type: 'user', content: 'bake it' },
    { id: 'b', type: 'gemini', content: 'so', thoughts: [{ subject: 'Plan', description: 'hm' }] },
  ]
  const bytes = Buffer.from(JSON.stringify({ sessionId: 's1', startTime: '2026-01-01T10:00:00.000Z', messages }))
  let { memory } = geminiDocuments.owner(file)!
  const told = [...geminiDocuments.records(bytes, file)].flatMap((record) => {
    const found = { ...record, offset: record.at, lineEnds: 0, piece: 0, utf8: true }
    const out = messagesOf(found, record.at + 1, geminiDocuments, file, memory, HERE)
    memory = out.memory
    return out.messages
  })
  const today = logWith(t, told)
  const old = logWith(
    t,
    told.map((message) => ({ ...message, data: ofOldVersion(message) })),
  )
  const { lines, left } = retellIn(t, old)
  assert.deepEqual({ lines, left }, { lines: 3, left: 0 })
  assert.deepEqual(contentOf(old, false), contentOf(today, false))
})

const ofOldVersion = ({ data }: Message): Uint8Array =>
  Buffer.from(
    Buffer.from(data).toString().replace(`"payload":{"v":${PAYLOAD_VERSION}`, `"payload":{"v":${OLDER},"why":"old"`),
  )

test('lines of an agent nobody knows any more stay as they are, byte for byte', (t) => {
  const old = logWith(t, [made(1), made(2), made(3, { native: 's2' })])
  const before = contentOf(old, false)
  assert.deepEqual(retellIn(t, old), { files: 0, lines: 0, left: 0 })
  assert.deepEqual(contentOf(old, false), before)
})

test('a line that would no longer be the same event stays as it is, and is counted; its neighbours are told anew', async (t) => {
  const renamed: LineSource = {
    ...(example as LineSource),
    translate(line, file, memory) {
      const meaning = older(example as LineSource).translate(line, file, memory)
      return line.text.includes('words 2') ? { ...meaning, nativeId: 'another' } : meaning
    },
  }
  const den = new Den()
  t.after(() => den.remove())
  den.write('s1.jsonl', records(0, 5))
  await den.lookOnce({ sources: [renamed] })
  const old = logWith(t, den.bus.stream)
  const eventsIn = () =>
    contentOf(old, false)
      ['example/s1.jsonl']!.filter((text) => text !== '')
      .map(parseEvent)
  const before = eventsIn().filter(({ origin }) => origin.line === 3)
  const { left, lines } = retellIn(t, old, { watch: { example: [den.root] } })
  assert.deepEqual({ left, lines }, { left: 1, lines: 4 })
  assert.deepEqual(
    eventsIn().filter(({ origin }) => origin.line === 3),
    before,
  )
  assert.deepEqual(eventsIn().filter(({ payload }) => payload.v === PAYLOAD_VERSION).length, 4)
})

test('a source whose reading needs more than its lines is not asked', async (t) => {
  const den = new Den()
  t.after(() => den.remove())
  den.write('s1.jsonl', records(0, 2))
  await den.lookOnce({ sources: [older(example as LineSource)] })
  const old = logWith(t, den.bus.stream)
  const before = contentOf(old, false)
  assert.deepEqual(retellIn(t, old, { sources: [{ ...example, retells: false }] }), { files: 0, lines: 0, left: 2 })
  assert.deepEqual(contentOf(old, false), before)
})
