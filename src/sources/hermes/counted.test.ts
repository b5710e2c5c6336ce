// What Hermes says in several places, or counts up, is counted once: whichever of its files is read first, and whenever the watcher dies.
import assert from 'node:assert/strict'
import { mkdirSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { foldSessions } from '../../consumers/projections/projections.ts'
import { parseEvent } from '../../event/event.ts'
import type { SessionRow } from '../../folds/session.ts'
import { turnsOf } from '../../folds/turn/lanes.ts'
import { Books } from '../../testing/books.ts'
import { Den } from '../../testing/watching.ts'
import { hermes, hermesGateway, hermesSnapshots } from './source.ts'

const ID = '20260101_100000_abcdef01'
const NOON = 1_780_000_000
const asked = { role: 'user', content: 'hello' }
const again = { role: 'user', content: 'and now?' }
const answer = { role: 'assistant', content: 'hi', finish_reason: 'stop' }
const TALK = [asked, answer, again, answer]

class Home {
  readonly den = new Den()
  readonly #t: TestContext

  constructor(t: TestContext) {
    this.#t = t
    t.after(() => this.den.remove())
  }

  writer(): DatabaseSync {
    mkdirSync(this.den.root, { recursive: true })
    const writer = new DatabaseSync(this.den.path('state.db'))
    this.#t.after(() => writer.isOpen && writer.close())
    return writer
  }

  async look(): Promise<void> {
    const extraRoots = { hermes: [this.den.root] }
    await this.den.lookOnceAndCatchUp({ sources: [hermes, hermesSnapshots, hermesGateway], extraRoots })
  }

  // The watcher goes without having kept how far it was: all it read is on the bus.
  async lookAndDie(events: number): Promise<void> {
    this.den.hooks.flush = () => Promise.reject(new Error('killed'))
    const extraRoots = { hermes: [this.den.root] }
    this.den.watch({ sources: [hermes], extraRoots })
    await this.den.arrived(events)
    await this.den.stop()
    delete this.den.hooks.flush
  }

  row(session: string): SessionRow {
    const books = new Books()
    try {
      foldSessions(books.store, this.den.bus.stream)
      return books.store.get(`hermes:${session}`)!
    } finally {
      books.close()
    }
  }
}

const forms = {
  database(home: Home) {
    const writer = home.writer()
    writer.exec(
      'CREATE TABLE messages (id INTEGER PRIMARY KEY, session_id TEXT, role TEXT, content TEXT, finish_reason TEXT, timestamp REAL)',
    )
    const insert = writer.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?)')
    for (const [i, message] of TALK.entries())
      insert.run(i + 1, ID, message.role, message.content, message === answer ? 'stop' : null, NOON + i)
    writer.close()
  },
  lines(home: Home) {
    const lines = [{ role: 'session_meta', model: 'm' }, ...TALK]
    const at = (i: number) => ({ timestamp: `2026-01-01T10:00:0${i}.000001` })
    home.den.write(`${ID}.jsonl`, lines.map((line, i) => `${JSON.stringify({ ...line, ...at(i) })}\n`).join(''))
  },
  // Of the document there is one turn more: a form that is not the best one says nothing of how much there was.
  document(home: Home) {
    const messages = [...TALK, again, answer]
    const head = { session_id: ID, model: 'm', platform: 'telegram', session_start: '2026-01-01T10:00:00.5' }
    home.den.write(`session_${ID}.json`, JSON.stringify({ ...head, messages }))
  },
}

const orders: readonly (readonly (keyof typeof forms)[])[] = [
  ['document'],
  ['lines'],
  ['document', 'lines'],
  ['lines', 'document'],
  ['database', 'lines', 'document'],
  ['document', 'lines', 'database'],
  ['lines', 'database', 'document'],
  ['document', 'database'],
]
for (const order of orders)
  test(`a session counts once, by the best form there is: ${order.join(', then ')}`, async (t) => {
    const home = new Home(t)
    for (const form of order) {
      forms[form](home)
      await home.look()
    }
    const { prompts, turns } = home.row(ID)
    const talked = order.length === 1 && order[0] === 'document' ? 3 : 2
    assert.deepEqual([prompts, turns], [talked, talked])
    const events = home.den.bus.stream.map(({ data }) => parseEvent(Buffer.from(data).toString()))
    const told = turnsOf(events)
    assert.equal(
      told.length,
      order.reduce((sum, form) => sum + (form === 'document' ? 3 : 2), 0),
    )
    const best = Math.min(...told.map(({ form = 0 }) => form))
    const shown = told.filter(({ form = 0 }) => form === best)
    assert.deepEqual([shown.length, shown.map(({ outcome }) => outcome)], [talked, shown.map(() => 'answered')])
    assert.deepEqual(
      events.filter(({ payload }) => payload.copied),
      [],
      'no event says what stood beside its file',
    )
  })

const SESSIONS =
  'CREATE TABLE sessions (id TEXT PRIMARY KEY, source TEXT, model TEXT, started_at REAL, last_activity_at REAL, input_tokens INTEGER, output_tokens INTEGER)'
const PER_MODEL =
  'CREATE TABLE session_model_usage (session_id TEXT, model TEXT, task TEXT, input_tokens INTEGER, output_tokens INTEGER, last_seen REAL)'

const counters: readonly (readonly [string, string, (n: number) => string])[] = [
  ['of a session', SESSIONS, (n) => `UPDATE sessions SET input_tokens = ${n}, last_activity_at = ${NOON + n}`],
  [
    'of a model of a session',
    `${SESSIONS}; ${PER_MODEL}; INSERT INTO session_model_usage VALUES ('s1', 'm', '', 0, 0, ${NOON}), ('s1', 'm', 'title', 7, 0, ${NOON})`,
    (n) => `UPDATE session_model_usage SET input_tokens = ${n}, last_seen = ${NOON + n} WHERE task = ''`,
  ],
]
for (const [what, tables, upTo] of counters) {
  const begun = async (t: TestContext) => {
    const home = new Home(t)
    const writer = home.writer()
    writer.exec(`${tables}; INSERT INTO sessions VALUES ('s1', 'cli', 'm', ${NOON}, ${NOON}, 0, 0)`)
    await home.look()
    const aside = home.row('s1').tokens.input
    return { home, writer, input: () => home.row('s1').tokens.input - aside, seen: () => home.den.bus.stream.length }
  }

  test(`tokens ${what} count once when the watcher dies between the bus and its journal`, async (t) => {
    const { home, writer, input, seen } = await begun(t)
    writer.exec(upTo(100))
    await home.lookAndDie(seen() + 1)
    assert.equal(input(), 100)
    writer.exec(upTo(150))
    await home.look()
    assert.equal(input(), 150)
  })

  test(`tokens ${what} count once when the journal is lost`, async (t) => {
    const { home, writer, input } = await begun(t)
    for (const n of [100, 150]) {
      writer.exec(upTo(n))
      await home.look()
    }
    rmSync(home.den.journal)
    writer.exec(upTo(180))
    await home.look()
    assert.equal(input(), 180)
  })

  test(`tokens ${what} do not become fewer when an older database is put back`, async (t) => {
    const { home, writer, input } = await begun(t)
    for (const n of [100, 40, 120]) {
      writer.exec(upTo(n))
      await home.look()
      assert.equal(input(), Math.max(n, 100))
    }
  })
}
