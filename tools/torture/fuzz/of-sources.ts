// Every source there is, whatever kind of file it reads: lines through the splitter, documents as they are read, databases by the watcher's
// own reader of them. What comes out is told to everybody who takes events.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { silentLog } from '../../../src/base/log.ts'
import { parseJson } from '../../../src/base/nesting.ts'
import type { Message } from '../../../src/bus/bus.ts'
import type { DocumentSource, LineSource, Source, TableSource } from '../../../src/sources/source.ts'
import { SOURCES } from '../../../src/sources/sources.ts'
import { keepsPromises } from '../../../src/testing/promises.ts'
import { TELLING, TELLING_RECORDS } from '../../../src/testing/telling.ts'
import { rawBytesIn } from '../../../src/testing/watching.ts'
import { freshPlace, type Job } from '../../../src/watcher/look.ts'
import type { FilePlace } from '../../../src/watcher/offsets.ts'
import { Databases } from '../../../src/watcher/table/table.ts'
import { Translation } from '../../../src/watcher/translation.ts'
import { areEvents, eventsOfFile, everybodyTakes } from './events.ts'
import { type Property, property } from './property.ts'
import { wildCell, wildFile, wildLine } from './wild.ts'

const PATHS: Readonly<Record<string, readonly string[]>> = {
  lines: [
    'project/0b0e7a4e-0000-4000-8000-000000000001.jsonl',
    'project/0b0e7a4e-0000-4000-8000-000000000001/subagents/agent-a1.jsonl',
    '--home-dev-app--/2026-01-01T10-00-00-000Z_s1.jsonl',
    'h/chats/session-2026-01-01T10-00-0b0e7a4e.jsonl',
    '2026/01/01/rollout-2026-01-01T10-00-00-019b0000-0000-7000-8000-000000000002.jsonl',
    '20260101_100000_ab12cd34.jsonl',
    's1.jsonl',
  ],
  documents: [
    'project/0b0e7a4e-0000-4000-8000-000000000001/subagents/agent-a1.meta.json',
    'project/0b0e7a4e-0000-4000-8000-000000000001/workflows/run1.json',
    'project/0b0e7a4e-0000-4000-8000-000000000001/custom-title.json',
    'project/0b0e7a4e-0000-4000-8000-000000000001/tool-results/t1.txt',
    'h/chats/session-2026-01-01T10-00-0b0e7a4e.json',
    'session_20260101_100000_ab12cd.json',
  ],
}

const HERE = { host: 'here', user: 'dev' }

const pathsOf = (source: LineSource | DocumentSource): readonly string[] =>
  PATHS[source.reads]!.filter((path) => source.owner({ root: '/root', path }) !== null)

function told(messages: readonly Message[], label: string): void {
  everybodyTakes(areEvents(messages), label)
}

export const sourceProperties = (): Property[] => SOURCES.map(propertyOf)

function propertyOf(source: Source): Property {
  switch (source.reads) {
    case 'lines':
      return ofLines(source)
    case 'documents':
      return ofDocuments(source)
    case 'tables':
      return ofTables(source)
  }
}

function ofLines(source: LineSource): Property {
  const telling = TELLING[source.agent]!
  const paths = pathsOf(source)
  assert.ok(paths.length > 0, `${source.agent} has a path here that is its own`)
  const holds = fc.property(
    fc.constantFrom(...paths),
    wildFile(telling),
    fc.array(fc.nat(4_000), { maxLength: 3 }),
    (path, bytes, cuts) => {
      const messages = eventsOfFile(
        source,
        path,
        bytes,
        cuts.map((cut) => Math.min(cut, bytes.length)),
      )
      told(messages, source.label)
    },
  )
  return property(`lines of ${source.agent}`, 60, holds)
}

// Documents that hold the telling lines as their messages, and others that are one of them.
function documentTexts(source: DocumentSource): readonly string[] {
  const lines = TELLING[source.agent] ?? []
  const chat = `{"sessionId":"s","session_id":"s","projectHash":"h","startTime":"2026-01-01T10:00:00.000Z","session_start":"2026-01-01T10:00:00.5","model":"m","messages":[${lines.join(',')}]}`
  return [
    chat,
    JSON.stringify(JSON.parse(chat), null, 2),
    '{"agentType":"Explore","description":"Find the oven","toolUseId":"t1","workflow":"w"}',
    '{"runId":"run1","status":"completed","result":"done","totalTokens":7,"durationMs":9,"steps":[{"name":"a","agentId":"a1"}]}',
    '{"customTitle":"Bread","sessionId":"s"}',
    ...lines.slice(0, 2),
  ]
}

function ofDocuments(source: DocumentSource): Property {
  const paths = pathsOf(source)
  assert.ok(paths.length > 0, `${source.agent} has a path here that is its own`)
  const holds = fc.property(fc.constantFrom(...paths), wildLine(documentTexts(source)), (path, bytes) => {
    const file = { root: '/root', path }
    const translation = new Translation({ source, ...file }, freshPlace({ source, ...file }, 1), HERE, () => undefined)
    for (const record of source.records(bytes, file)) {
      keepsPromises(source, record, file, translation.place(1, {}).memory)
      translation.addRecord(record, 1)
    }
    const { messages } = translation
    assert.ok(messages.length > 0, 'no document is dropped')
    nothingSaidIsMissing(bytes, messages)
    told(messages, source.label)
  })
  return property(`documents of ${source.agent}`, 60, holds)
}

// Each text in the document is in a record's line; what is no JSON is in one whole.
function nothingSaidIsMissing(bytes: Buffer, messages: readonly Message[]): void {
  const raws = messages.flatMap(({ data }) => rawBytesIn(data) ?? [])
  const value = parseJson(bytes.toString().replace(/^\ufeff/, ''))
  if (value === undefined) {
    assert.ok(Buffer.concat(raws).equals(bytes), 'what cannot be read is kept as it is')
    return
  }
  const said = raws.map((raw) => textsIn(parsed(raw.toString().replace(/^\ufeff/, ''))))
  for (const text of textsIn(value))
    assert.ok(
      said.some((texts) => texts.has(text)),
      `${JSON.stringify(text.slice(0, 80))} is in no event`,
    )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function textsIn(value: unknown): Set<string> {
  const texts = new Set<string>()
  const left = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string') texts.add(next)
    else if (typeof next === 'object' && next !== null) for (const inner of Object.values(next)) left.push(inner)
  }
  return texts
}

const TABLES: Readonly<
  Record<
    string,
    { readonly path: string; readonly sql: string; readonly tables: Readonly<Record<string, readonly string[]>> }
  >
> = {
  hermes: {
    path: 'state.db',
    sql: `CREATE TABLE sessions (id, source, model, model_config, parent_session_id, started_at, ended_at, end_reason, input_tokens, output_tokens,
        cache_read_tokens, cache_write_tokens, estimated_cost_usd, cwd, title, system_prompt, system_prompt_hash, tool_names);
      CREATE TABLE messages (id INTEGER PRIMARY KEY AUTOINCREMENT, session_id, role, content, tool_call_id, tool_calls, tool_name, timestamp,
        finish_reason, reasoning, _compressed_summary, active, compacted, display_kind, display_identity);
      CREATE TABLE session_turn_leases (session_id, holder, acquired_at);
      CREATE TABLE session_model_usage (session_id, model, task, input_tokens, output_tokens, last_seen);
      CREATE TABLE system_prompts (hash, prompt)`,
    tables: {
      sessions: [
        'id',
        'source',
        'model',
        'model_config',
        'parent_session_id',
        'started_at',
        'ended_at',
        'end_reason',
        'input_tokens',
        'estimated_cost_usd',
        'cwd',
        'title',
        'system_prompt_hash',
      ],
      messages: [
        'session_id',
        'role',
        'content',
        'tool_call_id',
        'tool_calls',
        'tool_name',
        'timestamp',
        'finish_reason',
        'reasoning',
        '_compressed_summary',
        'active',
        'compacted',
        'display_identity',
      ],
      session_turn_leases: ['session_id', 'acquired_at'],
      session_model_usage: ['session_id', 'model', 'task', 'input_tokens', 'output_tokens', 'last_seen'],
      system_prompts: ['hash', 'prompt'],
    },
  },
  openclaw: {
    path: 'main/agent/openclaw-agent.sqlite',
    sql: `CREATE TABLE session_nodes (session_key, current_session_id, parent_session_key, spawned_by, fork_source_session_id);
      CREATE TABLE session_windows (session_id, session_key, previous_session_id, reason, created_at, parent_session_key);
      CREATE TABLE transcript_events (session_id, seq, event_json, created_at, event_zstd);
      CREATE TABLE session_transcript_archives (session_id, generation, encoding, archive_blob)`,
    tables: {
      session_nodes: [
        'session_key',
        'current_session_id',
        'parent_session_key',
        'spawned_by',
        'fork_source_session_id',
      ],
      session_windows: [
        'session_id',
        'session_key',
        'previous_session_id',
        'reason',
        'created_at',
        'parent_session_key',
      ],
      transcript_events: ['session_id', 'seq', 'event_json', 'created_at', 'event_zstd'],
      session_transcript_archives: ['session_id', 'generation', 'encoding', 'archive_blob'],
    },
  },
}
const LIKELY = [
  's',
  's',
  's',
  't',
  'k',
  'user',
  'assistant',
  'tool',
  1,
  2,
  0,
  1_780_000_000,
  1_780_000_001.5,
  'stop',
  'zstd',
  'cli',
  'm',
  'x'.repeat(300),
]

function ofTables(source: TableSource): Property {
  const { path, sql, tables } = TABLES[source.agent]!
  const telling = [...(TELLING[source.agent] ?? []), ...TELLING_RECORDS.map((record) => JSON.stringify(record))]
  const packed = zstdCompressSync(Buffer.from(telling.join('\n')))
  const cell = fc.oneof(
    { weight: 12, arbitrary: wildCell(LIKELY, telling) },
    { weight: 1, arbitrary: fc.constant(packed) },
  )
  const row = fc
    .constantFrom(...Object.entries(tables))
    .chain(([table, columns]) =>
      fc.tuple(
        fc.constant(table),
        fc.constant(columns),
        fc.array(cell, { minLength: columns.length, maxLength: columns.length }),
      ),
    )
  const rounds = fc.array(fc.array(row, { maxLength: 8 }), { minLength: 1, maxLength: 3 })
  const holds = fc.property(rounds, (rounds) => {
    const root = mkdtempSync(join(tmpdir(), 'openstory-fuzz-'))
    const file = join(root, path)
    mkdirSync(dirname(file), { recursive: true })
    const db = new DatabaseSync(file)
    try {
      db.exec(sql)
      const job: Job<TableSource> = { source, root, path }
      const messages: Message[] = []
      let place = freshPlace(job, 0)
      for (const rows of rounds) {
        for (const [table, columns, values] of rows)
          db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`).run(
            ...values,
          )
        utimesSync(file, 1_700_000_000, 1_700_000_000) // what changed just now may be in the middle of its change
        const read = readAll(job, place, join(root, 'copies'))
        const written = rows.filter(([table]) => table === 'messages' || table === 'transcript_events').length
        assert.ok(read.messages.length >= written, `${written} rows, ${read.messages.length} events`)
        messages.push(...read.messages)
        place = read.place
      }
      told(messages, source.label)
    } finally {
      db.close()
      rmSync(root, { recursive: true, force: true })
    }
  })
  return property(`database of ${source.agent}`, 3, holds)
}

// By a watcher that was just started: it rests between two looks at the same database.
function readAll(job: Job<TableSource>, from: FilePlace, copies: string): { messages: Message[]; place: FilePlace } {
  const reader = new Databases({ place: HERE, log: silentLog, copies, onDamage: () => undefined })
  const messages: Message[] = []
  let place = from
  try {
    for (let looks = 0; looks < 200; looks++) {
      const look = reader.look(job, place)
      if (look.is === 'same') return { messages, place }
      assert.ok(look.is === 'read', JSON.stringify(look))
      messages.push(...look.messages)
      place = JSON.parse(JSON.stringify(look.place)) as FilePlace // as the journal keeps it
      if (!look.more) return { messages, place }
    }
  } finally {
    reader.close()
  }
  assert.fail('reading does not come to an end')
}
