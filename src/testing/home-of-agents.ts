// A home with a session of every agent that is read, in each kind of file, all invented: lines, packed lines, documents, a database with a
// write-ahead log and one with a rollback journal. Some of it lies still; `work` is what agents do while they are watched.
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdCompressSync } from 'node:zlib'

export interface AgentsHome {
  readonly home: string
  readonly agents: readonly string[]
  // Says something more in every agent's own way.
  work(words: string): void
  remove(): void
}

const T = '2026-03-14T09:00:00.000Z'
const UUID = (n: number) => `0f0e0d0c-0b0a-4900-8807-06050403020${n}`
const STATE = '.hermes/state.db'
const CLAW = '.openclaw/agents/main/agent/openclaw-agent.sqlite'

// `words` stands in each prompt, so that it can be looked for.
export function homeOfAgents(words: string): AgentsHome {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'openstory-agents-')))
  const put = (path: string, bytes: string | Uint8Array) => {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    writeFileSync(join(home, path), bytes)
  }
  const lines = (...records: readonly object[]) => records.map((record) => `${JSON.stringify(record)}\n`).join('')
  const still = claudeLines(2, words)
  put(`.claude/projects/-home-dev-app/${UUID(1)}.jsonl`, lines(...claudeLines(1, words)))
  put(`.claude/projects/-home-dev-app/${UUID(2)}.jsonl`, `${lines(...still)}{"torn": "${words}\n`)
  put(`.codex/sessions/2026/03/14/${rollout(3)}.jsonl`, lines(...codexLines(3, words)))
  put(`.codex/archived_sessions/${rollout(4)}.jsonl.zst`, zstdCompressSync(Buffer.from(lines(...codexLines(4, words)))))
  put(`.pi/agent/sessions/--home-dev-app--/2026-03-14T09-00-00-000Z_${UUID(5)}.jsonl`, lines(...piLines(5, words)))
  put(`.openclaw/agents/main/sessions/${UUID(6)}.jsonl`, lines(...piLines(6, words)))
  put('.gemini/tmp/app/chats/session-2026-03-14T09-00-0f0e0d0c.json', JSON.stringify(geminiChat(7, words), null, 2))
  put('.gemini/tmp/app/chats/session-2026-03-14T09-01-0f0e0d0d.jsonl', lines(...geminiLines(8, words)))
  put('.hermes/sessions/session_20260314_090000_aaaaaa.json', JSON.stringify(hermesChat(words), null, 2))
  put('.claude/settings.json', '{}\n')
  mkdirSync(dirname(join(home, CLAW)), { recursive: true })
  const state = new DatabaseSync(join(home, STATE))
  state.exec(`PRAGMA journal_mode = wal; ${HERMES_TABLES}`)
  const claw = new DatabaseSync(join(home, CLAW))
  claw.exec(`PRAGMA journal_mode = delete; ${CLAW_TABLES}`)
  hermesSession(state, words)
  clawSession(claw, words)
  let n = 0
  return {
    home,
    agents: ['claude-code', 'codex', 'gemini', 'hermes', 'openclaw', 'pi'],
    work(more) {
      n++
      const add = (path: string, record: object) => appendFileSync(join(home, path), `${JSON.stringify(record)}\n`)
      add(`.claude/projects/-home-dev-app/${UUID(1)}.jsonl`, claudePrompt(1, more, n))
      add(`.codex/sessions/2026/03/14/${rollout(3)}.jsonl`, codexPrompt(more))
      add(`.pi/agent/sessions/--home-dev-app--/2026-03-14T09-00-00-000Z_${UUID(5)}.jsonl`, piPrompt(more, n))
      put('.gemini/tmp/app/next', JSON.stringify(geminiChat(7, words, more, n)))
      renameSync(
        join(home, '.gemini/tmp/app/next'),
        join(home, '.gemini/tmp/app/chats/session-2026-03-14T09-00-0f0e0d0c.json'),
      )
      hermesPrompt(state, more)
      clawEvent(claw, n + 10, piPrompt(more, n))
      if (n % 3 === 0) state.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    },
    remove() {
      state.close()
      claw.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

const claudePrompt = (session: number, words: string, n: number) => ({
  type: 'user',
  uuid: `u-${session}-${n}`,
  parentUuid: null,
  sessionId: UUID(session),
  timestamp: T,
  cwd: '/home/dev/app',
  version: '2.0.0',
  message: { role: 'user', content: words },
})
const claudeLines = (session: number, words: string) => [
  claudePrompt(session, words, 0),
  {
    type: 'assistant',
    uuid: `a-${session}`,
    parentUuid: `u-${session}-0`,
    sessionId: UUID(session),
    timestamp: T,
    message: {
      id: `m-${session}`,
      role: 'assistant',
      model: 'm1',
      content: [
        { type: 'text', text: 'Done.' },
        { type: 'tool_use', id: `t-${session}`, name: 'Bash', input: { command: `echo ${words}` } },
      ],
    },
  },
]

const rollout = (n: number) => `rollout-2026-03-14T09-00-00-${UUID(n)}`
const codexPrompt = (words: string) => ({
  timestamp: T,
  type: 'response_item',
  payload: { type: 'message', role: 'user', content: [{ type: 'input_text', text: words }] },
})
const codexLines = (n: number, words: string) => [
  {
    timestamp: T,
    type: 'session_meta',
    payload: { id: UUID(n), cwd: '/home/dev/app', cli_version: '0.150.0', timestamp: T },
  },
  codexPrompt(words),
]

const piPrompt = (words: string, n: number) => ({
  type: 'message',
  id: `p${n}`,
  parentId: null,
  timestamp: T,
  message: { role: 'user', content: [{ type: 'text', text: words }], timestamp: Date.parse(T) },
})
const piLines = (n: number, words: string) => [
  { type: 'session', version: 3, id: UUID(n), timestamp: T, cwd: '/home/dev/app' },
  piPrompt(words, 0),
]

const geminiChat = (n: number, words: string, more = '', rest = 0) => ({
  sessionId: UUID(n),
  projectHash: 'h',
  startTime: T,
  lastUpdated: T,
  messages: [
    { id: 'u0', timestamp: T, type: 'user', content: words },
    ...Array.from({ length: rest }, (_, i) => ({ id: `u${i + 1}`, timestamp: T, type: 'user', content: more })),
  ],
})
const geminiLines = (n: number, words: string) => [
  { sessionId: UUID(n), projectHash: 'h', startTime: T, lastUpdated: T },
  { id: 'u0', timestamp: T, type: 'user', content: words },
]

const hermesChat = (words: string) => ({
  session_id: '20260314_090000_aaaaaa',
  model: 'm1',
  session_start: T,
  last_updated: T,
  messages: [{ role: 'user', content: words }],
})

const HERMES_TABLES = `
  CREATE TABLE sessions (id TEXT PRIMARY KEY, source TEXT, model TEXT, started_at REAL, ended_at REAL, cwd TEXT, title TEXT);
  CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id TEXT, role TEXT, content TEXT, tool_call_id TEXT,
    tool_calls TEXT, tool_name TEXT, timestamp REAL, finish_reason TEXT)`
function hermesSession(db: DatabaseSync, words: string): void {
  db.prepare('INSERT INTO sessions (id, source, model, started_at, cwd) VALUES (?, ?, ?, ?, ?)').run(
    'h1',
    'cli',
    'm1',
    Date.parse(T) / 1_000,
    '/home/dev/app',
  )
  hermesPrompt(db, words)
}
const hermesPrompt = (db: DatabaseSync, words: string) =>
  db
    .prepare('INSERT INTO messages (session_id, role, content, timestamp) VALUES (?, ?, ?, ?)')
    .run('h1', 'user', words, Date.parse(T) / 1_000)

const CLAW_TABLES = `
  CREATE TABLE session_nodes (session_key TEXT PRIMARY KEY, current_session_id TEXT NOT NULL, parent_session_key TEXT, spawned_by TEXT, fork_source_session_id TEXT);
  CREATE TABLE session_windows (session_id TEXT PRIMARY KEY, session_key TEXT NOT NULL, previous_session_id TEXT, reason TEXT, created_at INTEGER, parent_session_key TEXT);
  CREATE TABLE transcript_events (session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT, created_at INTEGER NOT NULL, event_zstd BLOB, PRIMARY KEY (session_id, seq)) STRICT;
  CREATE TABLE session_transcript_archives (session_id TEXT, generation TEXT, encoding TEXT, archive_blob BLOB)`
const clawEvent = (db: DatabaseSync, seq: number, event: object) =>
  db
    .prepare('INSERT INTO transcript_events (session_id, seq, event_json, created_at) VALUES (?, ?, ?, 0)')
    .run('in-database', seq, JSON.stringify(event))
function clawSession(db: DatabaseSync, words: string): void {
  clawEvent(db, 0, { type: 'session', version: 4, id: 'in-database', timestamp: T, cwd: '/home/dev/app' })
  clawEvent(db, 1, piPrompt(words, 0))
}
