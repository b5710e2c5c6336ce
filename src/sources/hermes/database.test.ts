// Hermes' database as it lives: what a person gets of it when it is read once, and while Hermes writes, undoes, compacts and rewrites.
import assert from 'node:assert/strict'
import { mkdirSync, renameSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, type TestContext, test } from 'node:test'
import { type Event, parseEvent, textOf } from '../../event/event.ts'
import { logWith, retellIn } from '../../testing/retold.ts'
import { Den } from '../../testing/watching.ts'
import { hermes } from './source.ts'

const SESSIONS = `CREATE TABLE sessions (id TEXT PRIMARY KEY, source TEXT, model TEXT, model_config TEXT, parent_session_id TEXT,
  started_at REAL, ended_at REAL, end_reason TEXT, input_tokens INTEGER, output_tokens INTEGER, cache_read_tokens INTEGER,
  cache_write_tokens INTEGER, estimated_cost_usd REAL, cwd TEXT, title TEXT)`
const MESSAGES = `CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT, role TEXT, content TEXT, tool_call_id TEXT,
  tool_calls TEXT, tool_name TEXT, timestamp REAL, finish_reason TEXT, reasoning TEXT, _compressed_summary INTEGER DEFAULT 0,
  active INTEGER DEFAULT 1, compacted INTEGER DEFAULT 0, display_kind TEXT, display_identity BLOB)`
const BY_SESSION = 'CREATE INDEX by_session ON messages (session_id, timestamp)'
const LEASES = 'CREATE TABLE session_turn_leases (session_id TEXT PRIMARY KEY, holder TEXT, acquired_at REAL)'
const PER_MODEL =
  'CREATE TABLE session_model_usage (session_id TEXT, model TEXT, task TEXT, input_tokens INTEGER, output_tokens INTEGER, last_seen REAL)'

const NOON = 1_780_000_000
type Values = Readonly<Record<string, string | number | bigint | null | Uint8Array>>

class Hermes {
  readonly den = new Den()
  readonly writer: DatabaseSync
  #seconds = NOON

  constructor(t: TestContext, tables: readonly string[] = [SESSIONS, MESSAGES, BY_SESSION]) {
    mkdirSync(this.den.root, { recursive: true })
    this.writer = new DatabaseSync(this.den.path('state.db'))
    this.writer.exec(`PRAGMA journal_mode = wal; ${tables.join(';')}`)
    t.after(async () => {
      if (this.writer.isOpen) this.writer.close()
      await this.den.remove()
      // Whatever the story was: all of it can be told anew from the log alone.
      const log = logWith(t, this.den.bus.stream)
      assert.deepEqual(retellIn(t, log, { all: true }), { files: 0, lines: 0, left: 0 })
    })
  }

  insert(table: string, values: Values): number {
    const names = Object.keys(values)
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`
    return Number(this.writer.prepare(sql).run(...Object.values(values)).lastInsertRowid)
  }
  session(id: string, more: Values = {}): void {
    this.insert('sessions', { id, source: 'cli', model: 'm-1', started_at: NOON, cwd: '/home/dev/app', ...more })
  }
  message(session: string, role: string, content: string | null, more: Values = {}): number {
    this.#seconds += 10
    return this.insert('messages', { session_id: session, role, content, timestamp: this.#seconds, ...more })
  }
  turn(session: string, prompt: string, answer: string): readonly [number, number] {
    return [
      this.message(session, 'user', prompt),
      this.message(session, 'assistant', answer, { finish_reason: 'stop' }),
    ]
  }

  // Reads on, and gives what is new.
  async news(): Promise<readonly Event[]> {
    const before = this.den.bus.stream.length
    await this.den.lookOnceAndCatchUp({ sources: [hermes], extraRoots: { hermes: [this.den.root] } })
    return this.den.bus.stream.slice(before).map(({ data }) => parseEvent(Buffer.from(data).toString()))
  }
}

const told = (events: readonly Event[]) =>
  events.map(({ kind, payload, ...event }) => [kind, textOf({ kind, payload, ...event }), payload.copied ?? false])
const brief = (events: readonly Event[]) => events.map(({ kind }) => kind.slice(kind.indexOf('.') + 1))

// Each waits for a journal, none for another.
describe('a database of Hermes', { concurrency: 8 }, () => {
  test('integers that no double holds stand digit by digit, as words, as bookkeeping and as counts', async (t) => {
    const home = new Hermes(t, [SESSIONS, MESSAGES.replace('content TEXT', 'content'), BY_SESSION])
    home.session('s1', { input_tokens: 9_007_199_254_740_995n })
    home.message('s1', 'user', 'count', { active: 9_007_199_254_740_997n })
    const said = { session_id: 's1', role: 'assistant', timestamp: NOON + 60, content: 9_007_199_254_740_993n }
    home.insert('messages', said)
    home.turn('s1', 'and now', 'done')
    home.insert('messages', { ...said, content: 9_007_199_254_740_992n })
    const raws = (await home.news()).map((event) => JSON.stringify(event.payload)).join()
    const log = home.den.bus.stream.map(({ data }) => Buffer.from(data).toString()).join()
    for (const digits of ['9007199254740995', '9007199254740997', '9007199254740993', '9007199254740992'])
      assert.ok(log.includes(digits), `${digits} is not in ${raws}`)
    assert.equal((await home.news()).length, 0)
  })

  test('a turn with a tool: who spoke, what was thought, which call, what came of it', async (t) => {
    const home = new Hermes(t)
    home.session('s1', { title: 'Mend add()' })
    home.message('s1', 'user', 'mend add()')
    const call = { id: 'c1', function: { name: 'terminal', arguments: '{"command":"npm test"}' } }
    home.message('s1', 'assistant', 'I run it.', {
      reasoning: 'First the test.',
      tool_calls: JSON.stringify([call]),
      finish_reason: 'tool_calls',
    })
    home.message('s1', 'tool', '{"output":"1 failed","exit_code":1,"error":null}', {
      tool_call_id: 'c1',
      tool_name: 'terminal',
    })
    home.message('s1', 'assistant', 'It fails.', { finish_reason: 'stop' })
    const events = await home.news()
    assert.deepEqual(told(events), [
      ['system.session_start', '', false],
      ['message.user.prompt', 'mend add()', false],
      ['message.assistant.thinking', 'First the test.', false],
      ['message.assistant.text', 'I run it.', false],
      ['message.assistant.tool_use', '', false],
      ['message.user.tool_result', '1 failed', false],
      ['message.assistant.text', 'It fails.', false],
      ['system.title', '', false],
    ])
    assert.deepEqual(events[4]?.payload.tool, {
      name: 'terminal',
      kind: 'run',
      call: 'c1',
      input: { value: { command: 'npm test' } },
      target: 'npm test',
    })
    assert.deepEqual(events[5]?.payload.result, { call: 'c1', failed: true, exit: 1 })
    assert.deepEqual(
      [events[6]?.payload.stop, events[6]?.session, events[6]?.project, events[6]?.time],
      ['stop', 'hermes:s1', 'home-dev-app', new Date((NOON + 40) * 1000).toISOString()],
    )
  })

  test('the row stands in its event with all its columns in order, bytes as base64', async (t) => {
    const home = new Hermes(t)
    home.session('s1')
    home.message('s1', 'user', 'naïve\u0000 "quoted" 🎉', { display_identity: new Uint8Array([0, 255]) })
    await home.news()
    const raw = home.den.raws()[1]!
    const value = JSON.parse(raw)
    assert.deepEqual(Object.keys(value), [
      ...[
        'id',
        'session_id',
        'role',
        'content',
        'tool_call_id',
        'tool_calls',
        'tool_name',
        'timestamp',
        'finish_reason',
      ],
      ...['reasoning', '_compressed_summary', 'active', 'compacted', 'display_kind', 'display_identity'],
    ])
    assert.equal(value.content, 'naïve\u0000 "quoted" 🎉')
    assert.deepEqual(value.display_identity, { base64: 'AP8=' })
    assert.deepEqual([value.timestamp, value.tool_calls, value.active], [NOON + 10, null, 1])
  })

  test('compaction in place: the rows that are written again are copies, the folded ones are told again and counted nowhere', async (t) => {
    const home = new Hermes(t)
    home.session('s1')
    home.turn('s1', 'one', 'done one')
    home.turn('s1', 'two', 'done two')
    await home.news()
    home.writer.exec('UPDATE messages SET active = 0, compacted = 1')
    home.message('s1', 'user', '[CONTEXT COMPACTION — REFERENCE ONLY] one was done', { _compressed_summary: 1 })
    const again = 'INSERT INTO messages (session_id, role, content, timestamp, finish_reason)'
    home.writer.exec(
      `${again} SELECT session_id, role, content, timestamp, finish_reason FROM messages WHERE id IN (3, 4)`,
    )
    home.turn('s1', 'two', 'done two once more') // the same words at another time are no copy
    assert.deepEqual(told(await home.news()), [
      ['system.compact', '[CONTEXT COMPACTION — REFERENCE ONLY] one was done', false],
      ['message.user.prompt', 'two', true],
      ['message.assistant.text', 'done two', true],
      ['message.user.prompt', 'two', false],
      ['message.assistant.text', 'done two once more', false],
      ...Array.from({ length: 4 }, () => ['system.repeat', '', false]),
    ])
  })

  test('a conversation that goes on in another session: the tail it takes along is known, with and without an index', async (t) => {
    for (const tables of [
      [SESSIONS, MESSAGES, BY_SESSION],
      [SESSIONS, MESSAGES],
    ]) {
      const home = new Hermes(t, tables)
      home.session('s1')
      home.turn('s1', 'one', 'done one')
      home.session('s2', { parent_session_id: 's1' })
      home.writer.exec("UPDATE sessions SET ended_at = started_at + 100, end_reason = 'compression' WHERE id = 's1'")
      home.writer.exec(
        "INSERT INTO messages (session_id, role, content, timestamp) SELECT 's2', role, content, timestamp FROM messages WHERE id = 1",
      )
      home.message('s2', 'assistant', 'on we go', { finish_reason: 'stop' })
      const events = await home.news()
      const second = events.filter(({ session }) => session === 'hermes:s2')
      assert.deepEqual(told(second), [
        ['system.session_start', '', false],
        ['message.user.prompt', 'one', true],
        ['message.assistant.text', 'on we go', false],
      ])
      assert.equal(second[0]?.payload.parentSession, 's1')
      assert.equal(events.find(({ kind }) => kind === 'system.session_end')?.payload.stop, 'compression')
    }
  })

  test('undo, by a mark: what was said stays, one event says how much was taken back and where it goes on', async (t) => {
    const home = new Hermes(t)
    home.session('s1')
    home.turn('s1', 'keep', 'kept')
    home.turn('s1', 'delete everything', 'sure?')
    await home.news()
    home.writer.exec('UPDATE messages SET active = 0 WHERE id IN (3, 4)')
    const events = await home.news()
    assert.deepEqual(brief(events), ['repeat', 'branch'])
    const { payload } = events[1]!
    assert.deepEqual([payload.text, payload.nativeId, payload.nativeParent], ['2 messages were taken back', '3', '2'])
  })

  test('undo, by a mark, before anybody looked: told with the last message that was taken back', async (t) => {
    const home = new Hermes(t)
    home.session('s1')
    home.turn('s1', 'keep', 'kept')
    home.turn('s1', 'delete everything', 'sure?')
    home.writer.exec('UPDATE messages SET active = 0 WHERE id IN (3, 4)')
    const events = await home.news()
    const branch = events.at(-1)!
    assert.deepEqual([branch.kind, branch.rawIn], ['system.branch', events.at(-2)!.id])
    assert.deepEqual([branch.payload.nativeId, branch.payload.nativeParent], ['3', '2'])
  })

  test('undo, by removal: the same, though nothing of the rows is left', async (t) => {
    const home = new Hermes(t)
    home.session('s1')
    home.turn('s1', 'keep', 'kept')
    home.turn('s1', 'delete everything', 'sure?')
    await home.news()
    home.writer.exec('DELETE FROM messages WHERE id IN (3, 4)')
    const events = await home.news()
    assert.deepEqual(brief(events), ['branch'])
    const { payload, session } = events[0]!
    assert.deepEqual(
      [payload.text, payload.nativeId, payload.nativeParent, session],
      ['2 messages were taken back', '3', '2', 'hermes:s1'],
    )
    assert.deepEqual(await home.news(), [])
  })

  test('a session whose rows are all written anew, with new ids and new times, is not counted twice', async (t) => {
    const home = new Hermes(t)
    home.session('s1')
    home.turn('s1', 'one', 'done one')
    await home.news()
    home.writer.exec('DELETE FROM messages')
    home.turn('s1', 'one', 'done one')
    home.turn('s1', 'two', 'done two')
    assert.deepEqual(told(await home.news()), [
      ['message.user.prompt', 'one', true],
      ['message.assistant.text', 'done one', true],
      ['message.user.prompt', 'two', false],
      ['message.assistant.text', 'done two', false],
    ])
  })

  test('a session that Hermes removes takes nothing from what was read, and says nothing', async (t) => {
    const home = new Hermes(t)
    home.session('s1')
    home.turn('s1', 'one', 'done one')
    await home.news()
    home.writer.exec('DELETE FROM messages; DELETE FROM sessions')
    assert.deepEqual(await home.news(), [])
  })

  test('a subagent’s work stands in the session that asked for it, under its own name, linked to the call', async (t) => {
    const home = new Hermes(t)
    home.session('s1')
    home.message('s1', 'user', 'mend it')
    const call = { id: 'd1', function: { name: 'delegate_task', arguments: '{"goal":"mend a.ts"}' } }
    home.message('s1', 'assistant', '', { tool_calls: JSON.stringify([call]), finish_reason: 'tool_calls' })
    home.session('sub', {
      source: 'subagent',
      parent_session_id: 's1',
      started_at: NOON + 25,
      ended_at: NOON + 35,
      end_reason: 'completed',
    })
    home.message('sub', 'user', 'mend a.ts')
    home.message('s1', 'tool', '{"results":[]}', { tool_call_id: 'd1', tool_name: 'delegate_task' })
    const events = await home.news()
    const its = events.filter(({ agentId }) => agentId === 'sub')
    assert.deepEqual(
      its.map(({ kind, session, payload }) => [kind, session, payload.parentCall ?? payload.injected ?? payload.stop]),
      [
        ['system.agent', 'hermes:s1', 'd1'],
        ['message.user.injected', 'hermes:s1', 'delegated'],
        ['system.turn_complete', 'hermes:s1', 'completed'],
      ],
    )
    assert.equal(events.find(({ kind }) => kind === 'message.user.tool_result')?.payload.result?.agentId, 'sub')
  })

  test('tokens are told as far as they were counted up, each time they are more', async (t) => {
    const home = new Hermes(t)
    home.session('s1', { input_tokens: 100, output_tokens: 10, estimated_cost_usd: 0.5 })
    home.turn('s1', 'one', 'done one')
    const usages = async () =>
      (await home.news()).flatMap(({ kind, payload }) => (kind === 'system.usage' ? [payload] : []))
    const [first] = await usages()
    assert.deepEqual(
      [first?.usage, first?.model],
      [{ input: 100, output: 10, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, costUsd: '0.5' }, 'm-1'],
    )
    home.writer.exec('UPDATE sessions SET input_tokens = 150, cache_read_tokens = 7, estimated_cost_usd = 0.75')
    const [second] = await usages()
    assert.deepEqual(second?.usage, { ...first?.usage, input: 150, cacheRead: 7, costUsd: '0.75' })
    assert.deepEqual([first?.account, second?.account], ['sessions:s1', 'sessions:s1'])
    assert.deepEqual(await usages(), [])
  })

  test('where tokens are counted per model, each model gets its own', async (t) => {
    const home = new Hermes(t, [SESSIONS, MESSAGES, BY_SESSION, PER_MODEL])
    home.session('s1', { input_tokens: 30 })
    home.insert('session_model_usage', {
      session_id: 's1',
      model: 'a',
      task: '',
      input_tokens: 10,
      output_tokens: 1,
      last_seen: NOON,
    })
    home.insert('session_model_usage', {
      session_id: 's1',
      model: 'b',
      task: '',
      input_tokens: 20,
      output_tokens: 2,
      last_seen: NOON + 1,
    })
    const usages = async () =>
      (await home.news()).flatMap(({ payload: { usage, model } }) =>
        usage ? [[model, usage.input, usage.output]] : [],
      )
    assert.deepEqual(await usages(), [
      ['a', 10, 1],
      ['b', 20, 2],
    ])
    home.writer.exec(`UPDATE session_model_usage SET input_tokens = 15, last_seen = ${NOON + 2} WHERE model = 'a'`)
    assert.deepEqual(await usages(), [['a', 15, 1]])
  })

  test('a turn that is over though its last message does not say so: its lease does', async (t) => {
    const home = new Hermes(t, [SESSIONS, MESSAGES, BY_SESSION, LEASES])
    home.session('s1')
    home.message('s1', 'user', 'one')
    home.insert('session_turn_leases', { session_id: 's1', holder: 'p', acquired_at: NOON })
    await home.news()
    home.message('s1', 'assistant', 'cut off')
    home.writer.exec('DELETE FROM session_turn_leases')
    const events = await home.news()
    assert.deepEqual(brief(events), ['assistant.text', 'turn_complete'])
    assert.deepEqual([events[1]?.time, events[1]?.session], [events[0]?.time, 'hermes:s1'])
    home.insert('session_turn_leases', { session_id: 's1', holder: 'p', acquired_at: NOON + 50 })
    await home.news()
    home.message('s1', 'assistant', 'done', { finish_reason: 'stop' })
    home.writer.exec('DELETE FROM session_turn_leases')
    assert.deepEqual(brief(await home.news()), ['assistant.text'])
  })

  test('what a session is called and which model it uses is told when it changes', async (t) => {
    const home = new Hermes(t)
    home.session('s1', { title: 'First' })
    home.turn('s1', 'one', 'done one')
    await home.news()
    home.writer.exec("UPDATE sessions SET title = 'Second', model = 'm-2'")
    assert.deepEqual(
      (await home.news()).map(({ kind, payload }) => [kind, payload.title ?? payload.model]),
      [
        ['system.title', 'Second'],
        ['system.model_change', 'm-2'],
      ],
    )
  })

  test('a reader that forgot everything makes the same events again, whatever Hermes changed meanwhile', async (t) => {
    const home = new Hermes(t)
    home.session('s1')
    home.turn('s1', 'one', 'done one')
    home.turn('s1', 'two', 'done two')
    const before = await home.news()
    home.writer.exec('UPDATE messages SET active = 0, compacted = 1 WHERE id < 3')
    const other = new Den()
    t.after(() => other.remove())
    await other.lookOnceAndCatchUp({ sources: [hermes], extraRoots: { hermes: [home.den.root] } })
    assert.deepEqual(
      other.ids(),
      before.map(({ id }) => id),
    )
  })

  test('Hermes looking back on a conversation is not work of the conversation', async (t) => {
    const home = new Hermes(t)
    home.session('s1')
    home.turn('s1', 'one', 'done one')
    home.message('s1', 'user', 'Review the conversation above and consider saving to memory.')
    await home.news()
    home.message('s1', 'assistant', 'Nothing to save.', { finish_reason: 'stop' })
    home.turn('s1', 'two', 'done two')
    await home.news()
    const hidden = home.den.bus.stream
      .map(({ data }) => parseEvent(Buffer.from(data).toString()))
      .filter(({ payload }) => payload.hidden)
    assert.deepEqual(told(hidden), [
      ['message.user.injected', 'Review the conversation above and consider saving to memory.', false],
      ['message.assistant.text', 'Nothing to save.', false],
    ])
  })

  test('a database that was put back does not count again what it had counted', async (t) => {
    const home = new Hermes(t)
    home.session('s1', { input_tokens: 100 })
    home.turn('s1', 'one', 'done one')
    await home.news()
    home.writer.exec('UPDATE sessions SET input_tokens = 130')
    home.writer.exec(`VACUUM INTO '${home.den.path('again')}'`)
    home.writer.close()
    renameSync(home.den.path('again'), home.den.path('state.db'))
    const events = await home.news()
    assert.deepEqual(
      events.map(({ kind, payload }) => [kind.replace(/^.*\./, ''), payload.usage?.input ?? null]),
      [
        ['file_replaced', null],
        ['usage', 130], // what of it is new is for the ledger to say
      ],
    )
  })

  test('many pages: every row once, in order', async (t) => {
    const home = new Hermes(t)
    home.session('s1')
    home.writer.exec('BEGIN')
    for (let n = 0; n < 1_201; n++) home.message('s1', 'user', `prompt ${n}`)
    home.writer.exec('COMMIT')
    const events = await home.news()
    assert.deepEqual(
      events.slice(1).map((event) => textOf(event)),
      Array.from({ length: 1_201 }, (_, n) => `prompt ${n}`),
    )
  })

  const schemas: readonly (readonly [string, readonly string[]])[] = [
    [
      'the first ones, without compaction or costs',
      [
        'CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT, role TEXT, content TEXT, tool_call_id TEXT, tool_calls TEXT, tool_name TEXT, timestamp REAL)',
        'CREATE TABLE sessions (id TEXT PRIMARY KEY, source TEXT, model TEXT, started_at REAL)',
      ],
    ],
    ['messages alone', [MESSAGES]],
    [
      'columns nobody knows',
      [
        SESSIONS.replace('title TEXT', 'title TEXT, mood TEXT'),
        MESSAGES.replace('reasoning TEXT', 'reasoning TEXT, "odd ""name" TEXT'),
      ],
    ],
  ]
  for (const [what, tables] of schemas)
    test(`another schema: ${what}`, async (t) => {
      const home = new Hermes(t, tables)
      if (tables.length > 1) home.insert('sessions', { id: 's1', source: 'cli', model: 'm', started_at: NOON })
      home.message('s1', 'user', 'hello')
      home.message('s1', 'assistant', 'hi')
      const events = (await home.news()).filter(({ kind }) => kind.startsWith('message.'))
      assert.deepEqual(told(events), [
        ['message.user.prompt', 'hello', false],
        ['message.assistant.text', 'hi', false],
      ])
    })
})
