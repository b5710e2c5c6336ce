// OpenClaw's database, made here with the tables it really has: what is read of it, in what order, and that nothing is missed when rows
// go and their places are given out again.
import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { type Event, parseEvent } from '../../event/event.ts'
import { messagesOf } from '../../watcher/messages.ts'
import type { Ask, FileMemory, LineIn, LineSource, TableSource } from '../source.ts'
import { openclaw } from './source.ts'

const files = openclaw.find((source): source is LineSource => source.reads === 'lines')!
const table = openclaw.find((source): source is TableSource => source.reads === 'tables')!
const FILE = { root: '/root', path: 'main/agent/openclaw-agent.sqlite', inode: 1 }
const PLACE = { host: 'h', user: 'u' }

const SCHEMA = `
  CREATE TABLE session_nodes (session_key TEXT PRIMARY KEY, current_session_id TEXT NOT NULL, parent_session_key TEXT, spawned_by TEXT, fork_source_session_id TEXT);
  CREATE TABLE session_windows (session_id TEXT PRIMARY KEY, session_key TEXT NOT NULL, previous_session_id TEXT, reason TEXT, created_at INTEGER, parent_session_key TEXT);
  CREATE TABLE transcript_events (session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT, created_at INTEGER NOT NULL, event_zstd BLOB, PRIMARY KEY (session_id, seq)) STRICT;
  CREATE TABLE session_transcript_archives (session_id TEXT, generation TEXT, encoding TEXT, archive_blob BLOB);`

function database(schema = SCHEMA): DatabaseSync {
  const db = new DatabaseSync(':memory:')
  db.exec(schema)
  return db
}

const askOf = (db: DatabaseSync): Ask => ({
  columns: (name) =>
    new Set(
      db
        .prepare('SELECT name FROM pragma_table_info(?)')
        .all(name)
        .map((row) => String(row.name)),
    ),
  rows: (sql, ...values) => db.prepare(sql).iterate(...values),
})

const put = (db: DatabaseSync, session: string, seq: number, event: object | string) =>
  db
    .prepare('INSERT INTO transcript_events (session_id, seq, event_json, created_at) VALUES (?, ?, ?, 0)')
    .run(session, seq, typeof event === 'string' ? event : JSON.stringify(event))

const header = (id: string) => ({
  type: 'session',
  version: 4,
  id,
  timestamp: '2026-09-21T14:13:20.000Z',
  cwd: `/w/${id}`,
})
const says = (id: string, parentId: string | null, text = id) => ({
  type: 'message',
  id,
  parentId,
  timestamp: '2026-09-21T14:13:21.000Z',
  message: { role: 'user', content: text },
})

interface Read {
  readonly events: readonly Event[]
  readonly memory: FileMemory
  readonly pages: number
}

// All there is behind the memory, as the watcher would have it.
function readAll(db: DatabaseSync, from: FileMemory = {}): Read {
  const events: Event[] = []
  let memory = from
  for (let pages = 1; ; pages++) {
    assert.ok(pages < 10_000, 'it comes to an end')
    const page = table.read(askOf(db), FILE, memory)
    memory = page.memory
    for (const row of page.rows) {
      const made = eventsOf(table, row, row.at, memory)
      events.push(...made.events)
      memory = made.memory
    }
    memory = JSON.parse(JSON.stringify(memory))
    if (!page.more) return { events, memory, pages }
  }
}

function eventsOf(source: LineSource | TableSource, line: LineIn, offset: number, memory: FileMemory) {
  const found = { ...line, bytes: Buffer.from(line.bytes), offset, lineEnds: 0, piece: 0, utf8: true }
  const made = messagesOf(found, 1, source as LineSource, FILE, memory, PLACE)
  return { events: made.messages.map(({ data }) => parseEvent(Buffer.from(data).toString())), memory: made.memory }
}

const textsOf = ({ events }: Read) =>
  events.filter(({ kind }) => kind === 'message.user.prompt').map(({ payload }) => payload.text)
const idsOf = ({ events }: Read) => events.map(({ id }) => id)

function idsOfLines(lines: readonly string[]): readonly string[] {
  let memory = files.owner({ root: '/root', path: 'main/sessions/x.jsonl' })!.memory
  return lines.flatMap((text, i) => {
    const line = { text, value: JSON.parse(text), bytes: Buffer.from(text), damage: null }
    const made = eventsOf(files, line, i * 100, memory)
    memory = made.memory
    return made.events.map(({ id }) => id)
  })
}

test('the rows, session by session as they come, each in its own order', () => {
  const db = database()
  put(db, 's1', 0, header('s1'))
  put(db, 's1', 1, says('a', null))
  put(db, 's2', 0, header('s2'))
  put(db, 's1', 2, says('b', 'a'))
  put(db, 's2', 1, says('c', null))
  const { events } = readAll(db)
  assert.deepEqual(
    events.map(({ session, project, payload }) => [session, project, payload.nativeId]),
    [
      ['openclaw:s1', 'w-s1', undefined],
      ['openclaw:s1', 'w-s1', 'a'],
      ['openclaw:s1', 'w-s1', 'b'],
      ['openclaw:s2', 'w-s2', undefined],
      ['openclaw:s2', 'w-s2', 'c'],
    ],
  )
  assert.ok(
    events.every(({ kind }) => kind !== 'system.branch'),
    'going over to another session is no going back',
  )
})

test('sessions by the dozen at the same time are read as if each stood alone, in one go or as they grow', () => {
  const db = database()
  const sessions = Array.from({ length: 40 }, (_, i) => `s${i}`)
  const lines = (session: string) => [
    header(session),
    ...Array.from({ length: 30 }, (_, i) => says(`${session}-${i}`, i === 0 ? null : `${session}-${i - 1}`)),
  ]
  const grown: string[] = []
  let memory: FileMemory = {}
  for (let seq = 0; seq <= 30; seq++) {
    for (const session of sessions) put(db, session, seq, lines(session)[seq]!)
    if (seq % 7 !== 0) continue
    const read = readAll(db, memory)
    grown.push(...idsOf(read))
    memory = read.memory
  }
  grown.push(...idsOf(readAll(db, memory)))
  const whole = readAll(db)
  const expected = sessions.flatMap((session) => idsOfLines(lines(session).map((line) => JSON.stringify(line)))).sort()
  assert.deepEqual([...idsOf(whole)].sort(), expected)
  assert.deepEqual(grown.sort(), expected)
  assert.deepEqual(new Set(whole.events.map(({ project }) => project)).size, 40)
  assert.ok(JSON.stringify(memory).length < 20_000, 'and little is remembered')
})

test('a session that goes on beside many others keeps what was known of it', () => {
  const db = database()
  const names = Array.from({ length: 31 }, (_, i) => `s${i}`)
  for (const name of names) {
    put(db, name, 0, header(name))
    put(db, name, 1, says(`${name}-1`, null))
  }
  const { memory } = readAll(db)
  db.exec("UPDATE transcript_events SET event_json = '{}' WHERE session_id = 's15' AND seq = 0") // it cannot be asked again
  for (const name of ['s15', ...names.slice(0, 15)]) put(db, name, 2, says(`${name}-2`, `${name}-1`))
  const { events } = readAll(db, memory)
  assert.deepEqual(
    events.map(({ project }) => project),
    ['w-s15', ...names.slice(0, 15).map((name) => `w-${name}`)],
  )
})

test('a row is kept word for word, blanks and all', () => {
  const db = database()
  const text = ' {"type":"message", "id":"a","message":{"role":"user","content":"x"}} '
  put(db, 's1', 7, text)
  const [row] = table.read(askOf(db), FILE, {}).rows
  assert.deepEqual([row!.text, row!.key, row!.at, Buffer.from(row!.bytes).toString()], [text, 's1/7', 7, text])
})

test('rows are the same events as the lines they were in a file', () => {
  const mirror = {
    type: 'message',
    message: { role: 'assistant', provider: 'openclaw', content: 'x', timestamp: 1790000000000 },
  }
  const lines = [header('s1'), says('a', null), mirror, mirror, says('b', 'a')]
  const db = database()
  for (const [i, line] of lines.entries()) put(db, 's1', i, line)
  const ids = idsOf(readAll(db))
  assert.equal(new Set(ids).size, 5)
  assert.deepEqual(ids, idsOfLines(lines.map((line) => JSON.stringify(line))))
})

test('what is read once is not read again, and what comes is', () => {
  const db = database()
  put(db, 's1', 0, header('s1'))
  put(db, 's1', 1, says('a', null))
  const first = readAll(db)
  assert.deepEqual(readAll(db, first.memory).events, [])
  put(db, 's1', 2, says('b', 'a'))
  put(db, 's1', 3, says('c', 'a'))
  const second = readAll(db, first.memory)
  assert.deepEqual(
    second.events.map(({ kind, payload }) => [kind, payload.nativeId]),
    [
      ['message.user.prompt', 'b'],
      ['message.user.prompt', 'c'],
      ['system.branch', 'c'],
    ],
  )
  assert.deepEqual([...idsOf(first), ...idsOf(second)], idsOf(readAll(db)))
})

test('rows that went and came again in the same places are read', () => {
  const db = database()
  put(db, 's1', 0, header('s1'))
  for (let i = 1; i <= 40; i++) put(db, 's1', i, says(`a${i}`, null))
  const { memory } = readAll(db)
  db.exec('DELETE FROM transcript_events WHERE seq > 20')
  for (let i = 21; i <= 45; i++) put(db, 's1', i, says(`b${i}`, null))
  const texts = textsOf(readAll(db, memory))
  for (let i = 21; i <= 45; i++) assert.ok(texts.includes(`b${i}`), `b${i}`)
})

test('whatever rows go and come, all that stands there when it is looked at was read', () => {
  const step = fc.oneof(
    fc.record({
      does: fc.constant('put' as const),
      session: fc.constantFrom('s1', 's2', 's3'),
      rows: fc.integer({ min: 1, max: 30 }),
    }),
    fc.record({
      does: fc.constant('cut' as const),
      session: fc.constantFrom('s1', 's2', 's3'),
      rows: fc.integer({ min: 1, max: 30 }),
    }),
    fc.record({ does: fc.constant('pack' as const) }),
    fc.record({ does: fc.constant('look' as const) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const db = database()
      const seen = new Set<unknown>()
      const next = { s1: 0, s2: 0, s3: 0 }
      let memory: FileMemory = {}
      let count = 0
      const look = () => {
        const read = readAll(db, memory)
        memory = read.memory
        for (const text of textsOf(read)) seen.add(text)
        for (const row of db.prepare("SELECT json_extract(event_json, '$.id') AS id FROM transcript_events").all())
          assert.ok(seen.has(row.id), `${row.id} was read`)
      }
      for (const each of steps) {
        if (each.does === 'look') look()
        else if (each.does === 'pack') db.exec('VACUUM')
        else if (each.does === 'put')
          for (let i = 0; i < each.rows; i++) put(db, each.session, next[each.session]++, says(`n${count++}`, null))
        else {
          next[each.session] = Math.max(0, next[each.session] - each.rows)
          db.prepare('DELETE FROM transcript_events WHERE session_id = ? AND seq >= ?').run(
            each.session,
            next[each.session],
          )
        }
      }
      look()
    }),
    { numRuns: 60 },
  )
})

test('a packed event is unpacked; one that cannot be is kept as damaged', () => {
  const db = database()
  const add = db.prepare('INSERT INTO transcript_events VALUES (?, ?, ?, 0, ?)')
  add.run('s1', 0, null, zstdCompressSync(Buffer.from(JSON.stringify(says('a', null, 'grüße')))))
  add.run('s1', 1, null, Buffer.from('not packed'))
  add.run('s1', 2, '{"torn":', null)
  const { events } = readAll(db)
  assert.deepEqual(
    events.map(({ kind, payload }) => [kind, payload.text ?? payload.why?.split(' (')[0]]),
    [
      ['message.user.prompt', 'grüße'],
      ['system.damaged_line', 'the row cannot be unpacked'],
      ['system.damaged_line', 'not JSON'],
    ],
  )
  assert.equal(events[1]!.raw, Buffer.from('not packed').toString('base64'), 'its bytes are kept')
})

test('a subagent’s session and a fork say where they came from, behind their header', () => {
  const db = database()
  db.exec(`
    INSERT INTO session_nodes VALUES ('agent:main:main', 'p1', NULL, NULL, NULL), ('agent:main:subagent:7', 'c1', 'agent:main:main', NULL, NULL), ('agent:main:fork', 'f1', NULL, NULL, 'p1');
    INSERT INTO session_windows VALUES ('p1', 'agent:main:main', NULL, 'initial', 1790000000000, NULL), ('c1', 'agent:main:subagent:7', NULL, 'initial', 1790000040000, NULL), ('f1', 'agent:main:fork', NULL, 'fork', 1790000050000, NULL), ('r1', 'agent:main:main', 'p1', 'reset', 1790000060000, NULL);`)
  for (const id of ['p1', 'c1', 'f1', 'r1']) put(db, id, 0, header(id))
  put(db, 'c1', 1, says('a', null))
  const { events } = readAll(db)
  assert.deepEqual(
    events
      .filter(({ kind }) => !/prompt|start/.test(kind))
      .map(({ kind, session, project, payload }) => [kind, session, project, payload.parentSession, payload.nativeId]),
    [
      ['system.agent', 'openclaw:c1', 'w-c1', 'p1', 'agent:main:subagent:7'],
      ['system.branch', 'openclaw:f1', 'w-f1', 'p1', 'agent:main:fork'],
    ],
  )
})

test('what was archived when its session went is the same events', () => {
  const lines = [header('s1'), says('a', null)].map((line) => JSON.stringify(line))
  const db = database()
  const add = db.prepare('INSERT INTO session_transcript_archives VALUES (?, ?, ?, ?)')
  add.run('s1', 'g1', 'zstd', zstdCompressSync(Buffer.from(`${lines.join('\n')}\n`)))
  add.run('s1', 'g2', 'identity', Buffer.from(lines.join('\n')))
  const read = readAll(db)
  assert.deepEqual(idsOf(read), [...idsOfLines(lines), ...idsOfLines(lines)])
  assert.deepEqual(readAll(db, read.memory).events, [])
})

test('other tables, and fewer columns, are no trouble', () => {
  assert.deepEqual(readAll(database('CREATE TABLE something (a)')).events, [])
  const old = database(
    'CREATE TABLE transcript_events(session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT NOT NULL, created_at INTEGER, PRIMARY KEY(session_id, seq))',
  )
  put(old, 's1', 1, says('a', null))
  assert.deepEqual(textsOf(readAll(old)), ['a'])
})

test('a long session is read page by page, and comes out as in one', () => {
  const db = database()
  const lines = [header('s1'), ...Array.from({ length: 700 }, (_, i) => says(`a${i}`, i === 0 ? null : `a${i - 1}`))]
  for (const [i, line] of lines.entries()) put(db, 's1', i, line)
  const read = readAll(db)
  assert.ok(read.pages >= 3)
  assert.deepEqual(idsOf(read), idsOfLines(lines.map((line) => JSON.stringify(line))))
  assert.ok(JSON.stringify(read.memory).length < 10_000)
})

const REAL = join(process.env.OPENSTORY_SHARED ?? '../shared', 'corpus/openclaw')
const DERIVED = join(REAL, '_derived/agents/main/agent/openclaw-agent.sqlite')
const LINES = join(REAL, '_scrubbed/176336109__MockClaw/agents/main/sessions')

test('a database filled from real files is those files', {
  skip: existsSync(DERIVED) && existsSync(LINES) ? false : `SKIPPED: no database at ${DERIVED} (set OPENSTORY_SHARED)`,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'openstory-'))
  try {
    cpSync(DERIVED, join(folder, 'copy.sqlite'))
    const db = new DatabaseSync(join(folder, 'copy.sqlite'), { readOnly: true })
    const read = readAll(db)
    db.close()
    const sessions = [...new Set(read.events.map(({ session }) => session.slice('openclaw:'.length)))]
    const ids = sessions.flatMap((session) =>
      idsOfLines(
        readFileSync(join(LINES, `${session}.jsonl`), 'utf8')
          .split('\n')
          .filter((line) => line !== ''),
      ),
    )
    assert.equal(sessions.length, 2)
    assert.deepEqual(idsOf(read), ids)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
