// The ledger's tables, written by the thread of projections alone: prompts, calls and requests, each once, and sums of requests small
// enough to answer any question from. Rows stand in the order they came in.
import type { DatabaseSync } from 'node:sqlite'
import { hashOf } from '../../folds/hash.ts'
import {
  type AgentFacts,
  type Call,
  type Lane,
  type Prices,
  type Prompt,
  refOf,
  type Spent,
} from '../../folds/ledger.ts'
import type { Ledger, PricedRequest, Shelf } from '../ledger.ts'
import { idText } from './database.ts'
import { openSums, SUMS_SQL } from './sums.ts'

export const LEDGER_SQL = `
  CREATE TABLE lanes (key TEXT PRIMARY KEY, lane TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE accounts (key TEXT PRIMARY KEY, so_far TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE prompts (h INTEGER NOT NULL UNIQUE, key TEXT NOT NULL, weak INTEGER NOT NULL, at INTEGER NOT NULL, session TEXT NOT NULL, event BLOB NOT NULL,
    is_prompt INTEGER NOT NULL, opens INTEGER NOT NULL, turn INTEGER NOT NULL, text TEXT NOT NULL);
  CREATE TABLE calls (h INTEGER NOT NULL UNIQUE, key TEXT NOT NULL, weak INTEGER NOT NULL, at INTEGER NOT NULL, session TEXT NOT NULL, agent_id TEXT NOT NULL,
    event BLOB NOT NULL, tool TEXT NOT NULL, calls TEXT NOT NULL, is_work INTEGER NOT NULL, prompt INTEGER NOT NULL, request TEXT NOT NULL);
  CREATE TABLE agents (h INTEGER NOT NULL UNIQUE, key TEXT NOT NULL, session TEXT NOT NULL, agent_id TEXT NOT NULL, call TEXT NOT NULL, rank INTEGER NOT NULL, type TEXT NOT NULL,
    hidden INTEGER NOT NULL);
  CREATE TABLE requests (h INTEGER NOT NULL UNIQUE, key TEXT NOT NULL, weak INTEGER NOT NULL, at INTEGER NOT NULL, session TEXT NOT NULL, agent_id TEXT NOT NULL,
    event BLOB NOT NULL, model TEXT NOT NULL, prompt INTEGER NOT NULL, is_work INTEGER NOT NULL, tools TEXT NOT NULL, calls TEXT NOT NULL,
    input INTEGER NOT NULL, output INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write_5m INTEGER NOT NULL,
    cache_write_1h INTEGER NOT NULL, web_searches INTEGER NOT NULL, recorded INTEGER, partial INTEGER NOT NULL, nano INTEGER, computed INTEGER);
  ${SUMS_SQL}
  CREATE TABLE ledger_facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`

export type Row = Readonly<Record<string, string | number | null | Uint8Array>>
type Value = string | number | null | Uint8Array

// SQLite copies what it is given, so one piece of memory is enough for all ids.
const eventBytes = Buffer.alloc(16)
function idBytes(event: string): Uint8Array {
  eventBytes.write(event, 'hex')
  return eventBytes
}

// `forget` drops what a batch that failed had moved.
export function openLedger(db: DatabaseSync, prices: Prices): Ledger & { forget(): void } {
  const sums = openSums(db)
  const lane = db.prepare('SELECT lane FROM lanes WHERE key = ?')
  const account = db.prepare('SELECT so_far FROM accounts WHERE key = ?')
  const putAccount = db.prepare(
    'INSERT INTO accounts VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET so_far = excluded.so_far',
  )
  const putLane = db.prepare('INSERT INTO lanes VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET lane = excluded.lane')
  return {
    prices,
    prompts: shelf(db, 'prompts', PROMPT_COLUMNS, promptOf, promptValues, refOf),
    calls: shelf(db, 'calls', CALL_COLUMNS, callOf, callValues),
    agents: shelf(db, 'agents', AGENT_COLUMNS, agentOf, agentValues),
    requests: shelf(db, 'requests', REQUEST_COLUMNS, requestOf, requestValues),
    lane(key) {
      const found = lane.get(key) as Row | undefined
      return found === undefined ? undefined : (JSON.parse(found.lane as string) as Lane)
    },
    putLane: (key, now) => void putLane.run(key, JSON.stringify(now)),
    account(key) {
      const found = account.get(key) as Row | undefined
      return found === undefined ? undefined : (JSON.parse(found.so_far as string) as Spent)
    },
    putAccount: (key, soFar) => void putAccount.run(key, JSON.stringify(soFar)),
    move(before, now) {
      for (const each of sums) {
        if (before !== undefined) each.move(before, -1)
        each.move(now, 1)
      }
    },
    settle() {
      for (const each of sums) each.settle()
    },
    forget() {
      for (const each of sums) each.forget()
    },
  }
}

// Things by their key, over an index of its hash: agents' ids are in no order, and an index of whole ids was four fifths of all that a
// commit wrote. Two keys of one hash stand one after another; nothing is ever taken out, so no gap hides the second.
export function shelf<T extends { readonly key: string }>(
  db: DatabaseSync,
  table: string,
  columns: readonly string[],
  read: (row: Row) => T,
  values: (thing: T) => Value[],
  hash: (key: string) => number = shortHash,
): Shelf<T> {
  const add = db.prepare(
    `INSERT OR IGNORE INTO ${table} (h, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`,
  )
  const keyAt = db.prepare(`SELECT key FROM ${table} WHERE h = ?`)
  const change = db.prepare(
    `UPDATE ${table} SET ${columns.map((name, i) => `${name} = ?${i + 2}`).join(', ')} WHERE h = ?1`,
  )
  const isAt = (h: number, key: string) => (keyAt.get(h) as Row).key === key
  return {
    add(thing) {
      const row = values(thing)
      for (let h = hash(thing.key); ; h++) {
        if (add.run(h, ...row).changes === 1) return true
        if (isAt(h, thing.key)) return false
      }
    },
    get: finder(db, table, read, hash),
    change(thing) {
      let h = hash(thing.key)
      while (!isAt(h, thing.key)) h++
      change.run(h, ...values(thing))
    },
  }
}

// An index in no order is written nearly whole with every commit of an import, so it is kept small: SQLite holds 31 bits in four bytes.
const shortHash = (key: string): number => hashOf(key) % 2 ** 31

export function finder<T>(db: DatabaseSync, table: string, read: (row: Row) => T, hash = shortHash): Shelf<T>['get'] {
  const rowAt = db.prepare(`SELECT * FROM ${table} WHERE h = ?`)
  return (key) => {
    for (let h = hash(key); ; h++) {
      const row = rowAt.get(h) as Row | undefined
      if (row === undefined) return undefined
      if (row.key === key) return read(row)
    }
  }
}

const PROMPT_COLUMNS = ['key', 'weak', 'at', 'session', 'event', 'is_prompt', 'opens', 'turn', 'text']
const promptValues = ({ key, weak, at, session, event, isPrompt, opens, turn, text }: Prompt): Value[] => [
  key,
  weak,
  at,
  session,
  idBytes(event),
  Number(isPrompt),
  Number(opens),
  turn,
  text,
]

const CALL_COLUMNS = [
  'key',
  'weak',
  'at',
  'session',
  'agent_id',
  'event',
  'tool',
  'calls',
  'is_work',
  'prompt',
  'request',
]
const callValues = ({
  key,
  weak,
  at,
  session,
  agentId,
  event,
  tool,
  calls,
  isWork,
  prompt,
  request,
}: Call): Value[] => [key, weak, at, session, agentId, idBytes(event), tool, calls, Number(isWork), prompt, request]

const AGENT_COLUMNS = ['key', 'session', 'agent_id', 'call', 'rank', 'type', 'hidden']
const agentValues = ({ key, session, agentId, call, rank, type, hidden }: AgentFacts): Value[] => [
  key,
  session,
  agentId,
  call,
  rank,
  type,
  Number(hidden),
]

const REQUEST_COLUMNS = [
  'key',
  'weak',
  'at',
  'session',
  'agent_id',
  'event',
  'model',
  'prompt',
  'is_work',
  'tools',
  'calls',
  'input',
  'output',
  'cache_read',
  'cache_write_5m',
  'cache_write_1h',
  'web_searches',
  'recorded',
  'partial',
  'nano',
  'computed',
]
function requestValues(request: PricedRequest): Value[] {
  const { key, weak, at, session, agentId, event, model, prompt, isWork, tools, calls, spent, nano, computed } = request
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h, webSearches, recorded, partial } = spent
  // biome-ignore format: as many lines as values would hide which is which
  return [
    key, weak, at, session, agentId, idBytes(event), model, prompt, Number(isWork), tools, calls,
    input, output, cacheRead, cacheWrite5m, cacheWrite1h, webSearches, recorded, Number(partial), nano, computed,
  ]
}

const claimOf = (row: Row) => ({
  weak: row.weak as number,
  at: row.at as number,
  session: row.session as string,
  agentId: (row.agent_id ?? '') as string,
  event: idText(row.event),
  key: row.key as string,
})

export const promptOf = (row: Row): Prompt => ({
  ...claimOf(row),
  isPrompt: row.is_prompt === 1,
  opens: row.opens === 1,
  turn: row.turn as number,
  text: row.text as string,
})

export const callOf = (row: Row): Call => ({
  ...claimOf(row),
  tool: row.tool as string,
  calls: row.calls as string,
  isWork: row.is_work === 1,
  prompt: row.prompt as number,
  request: row.request as string,
})

export const agentOf = (row: Row): AgentFacts => ({
  key: row.key as string,
  session: row.session as string,
  agentId: row.agent_id as string,
  call: row.call as string,
  rank: row.rank as number,
  type: row.type as string,
  hidden: row.hidden === 1,
})

export const requestOf = (row: Row): PricedRequest => ({
  ...claimOf(row),
  model: row.model as string,
  prompt: row.prompt as number,
  isWork: row.is_work === 1,
  tools: row.tools as string,
  calls: row.calls as string,
  spent: {
    input: row.input as number,
    output: row.output as number,
    cacheRead: row.cache_read as number,
    cacheWrite5m: row.cache_write_5m as number,
    cacheWrite1h: row.cache_write_1h as number,
    webSearches: row.web_searches as number,
    recorded: row.recorded as number | null,
    partial: row.partial === 1,
  },
  nano: row.nano as number | null,
  computed: row.computed as number | null,
})
