// What the folding consumers keep: the ids they have seen, the rows they made, in one transaction with their place in the stream.
// Each consumer has a file of its own; nobody else writes to it.
import type { DatabaseSync } from 'node:sqlite'
import { NO_PRICES, NO_REF, type Prices, promptKeyOf, refOf } from '../../folds/ledger.ts'
import { verbOf } from '../../folds/sentence/sentence.ts'
import type { SessionRow } from '../../folds/session.ts'
import type { Turn } from '../../folds/turn/turn.ts'
import type { SessionFoldStore, TurnFoldStore } from '../store.ts'
import { idBytes, type Known, openDatabase, transaction } from './database.ts'
import { FILES_SQL, openFiles } from './files.ts'
import { LEDGER_SQL, openLedger } from './ledger.ts'
import { reprice } from './reprice.ts'

const SEEN = 'CREATE TABLE seen (id BLOB PRIMARY KEY) WITHOUT ROWID'

export const SESSIONS_SCHEMA = {
  // A row is longer than an ordered table keeps on its page: there each took a page of its own beside it, 94 MB for 20,000.
  version: 5,
  sql: `${SEEN};
    CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, native TEXT NOT NULL, agent TEXT NOT NULL, project TEXT NOT NULL,
      ended TEXT NOT NULL, words TEXT NOT NULL, row TEXT NOT NULL, announced INTEGER NOT NULL);
    CREATE INDEX sessions_by_end ON sessions (ended DESC, id, agent, project);
    CREATE INDEX sessions_by_native ON sessions (native);
    CREATE INDEX sessions_unannounced ON sessions (announced) WHERE announced = 0;
    ${LEDGER_SQL}`,
}
export const TURNS_SCHEMA = {
  // Rows are a page long and more: a table ordered by their id would keep the most of each on a page of its own.
  version: 7, // files written whole over something are told from those that were made
  sql: `${SEEN};
    CREATE TABLE turns (n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, session TEXT NOT NULL, started TEXT NOT NULL, row TEXT NOT NULL, announced INTEGER NOT NULL,
      project TEXT NOT NULL, verb TEXT NOT NULL, files TEXT NOT NULL, agent_id TEXT NOT NULL,
      form INTEGER NOT NULL, asked INTEGER NOT NULL, goes_on INTEGER NOT NULL);
    CREATE INDEX turns_by_session ON turns (session, started, id, agent_id, form, asked, goes_on);
    CREATE INDEX turns_by_start ON turns (started DESC, id);
    CREATE INDEX turns_unannounced ON turns (announced) WHERE announced = 0;
    CREATE TABLE open (lane TEXT PRIMARY KEY, turn BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE places (lane TEXT PRIMARY KEY, cwd TEXT NOT NULL) WITHOUT ROWID;
    ${FILES_SQL}`,
}

// In KiB. Requests and calls are found by hashes, which are in no order: with the 2 MB that are enough elsewhere, an import of 500 MB read
// 330,000 pages again, with 8 it reads a tenth.
const LEDGER_CACHE = -8_000

export interface FoldFile {
  // Not made whole from the log yet: it is new, or its making was cut short.
  readonly isPartial: boolean
  readonly setAside: string | null
  whole(): void
}

const WHOLE = 1 // in SQLite's application_id

const wholeness = (db: DatabaseSync) => ({
  isPartial: (db.prepare('PRAGMA application_id').get() as { application_id: number }).application_id !== WHOLE,
  whole: () => db.exec(`PRAGMA application_id = ${WHOLE}`),
})

export function openSessionFolds(
  path: string,
  prices: Prices = NO_PRICES,
  known: Known = {},
): SessionFoldStore & FoldFile {
  const { db, setAside } = openDatabase(path, SESSIONS_SCHEMA, known)
  db.exec(`PRAGMA cache_size = ${LEDGER_CACHE}`)
  reprice(db, prices)
  let ledger = openLedger(db, prices)
  const get = db.prepare('SELECT row FROM sessions WHERE id = ?')
  const put = db.prepare(
    `INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (id) DO UPDATE SET
       project = excluded.project, ended = excluded.ended, words = excluded.words, row = excluded.row, announced = 0`,
  )
  const unannounced = db.prepare('SELECT row FROM sessions WHERE announced = 0')
  const announce = db.prepare('UPDATE sessions SET announced = 1 WHERE id = ?')
  const isNewIn = seenMarks(db)
  return {
    ...wholeness(db),
    setAside,
    get: (session) => rowOf<SessionRow>(get.get(session)),
    fold: (ids, work) =>
      transaction(db, () => {
        ledger.forget()
        for (const row of work(isNewIn(ids), ledger))
          put.run(row.id, row.native, row.agent, row.project, row.ended ?? '', searchWords(row), JSON.stringify(row))
      }),
    reprice(next) {
      if (reprice(db, next)) ledger = openLedger(db, next)
    },
    unannounced: () => unannounced.all().map((found) => rowOf<SessionRow>(found)!),
    announced: (ids) =>
      transaction(db, () => {
        for (const id of ids) announce.run(id)
      }),
    isHistory: () => db.exec('UPDATE sessions SET announced = 1 WHERE announced = 0'),
    close: () => db.close(),
  }
}

export function openTurnFolds(path: string, known: Known = {}): TurnFoldStore & FoldFile {
  const { db, setAside } = openDatabase(path, TURNS_SCHEMA, known)
  const open = db.prepare('SELECT row FROM open JOIN turns ON turns.id = open.turn WHERE lane = ?')
  const put = db.prepare(
    // A turn that closes as it was is not news.
    `INSERT INTO turns (id, session, started, row, announced, project, verb, files, agent_id, form, asked, goes_on)
     VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
       row = excluded.row, announced = 0, verb = excluded.verb, files = excluded.files
     WHERE row <> excluded.row`,
  )
  const putOpen = db.prepare('INSERT INTO open VALUES (?, ?) ON CONFLICT (lane) DO UPDATE SET turn = excluded.turn')
  const place = db.prepare('SELECT cwd FROM places WHERE lane = ?')
  const putPlace = db.prepare('INSERT INTO places VALUES (?, ?) ON CONFLICT (lane) DO UPDATE SET cwd = excluded.cwd')
  const unannounced = db.prepare('SELECT row FROM turns WHERE announced = 0')
  const announce = db.prepare('UPDATE turns SET announced = 1 WHERE id = ?')
  const isNewIn = seenMarks(db)
  const files = openFiles(db)
  return {
    ...wholeness(db),
    setAside,
    openTurn: (lane) => rowOf<Turn>(open.get(lane)),
    placeOf: (lane) => (place.get(lane) as { cwd: string } | undefined)?.cwd ?? null,
    fold: (ids, work) =>
      transaction(db, () => {
        const { turns, open: lanes, touches, places } = work(isNewIn(ids))
        for (const turn of turns)
          put.run(
            idBytes(turn.id),
            turn.session,
            turn.started ?? '',
            JSON.stringify(turn),
            turn.project,
            verbOf(turn),
            pathsOf(turn),
            turn.agentId ?? '',
            turn.form ?? 0,
            askedOf(turn),
            Number(goesOn(turn)),
          )
        files.put(touches)
        for (const [lane, cwd] of places) putPlace.run(lane, cwd)
        for (const [lane, turn] of lanes) putOpen.run(lane, idBytes(turn))
      }),
    unannounced: () => unannounced.all().map((found) => rowOf<Turn>(found)!),
    announced: (ids) =>
      transaction(db, () => {
        for (const id of ids) announce.run(idBytes(id))
      }),
    isHistory: () => db.exec('UPDATE turns SET announced = 1 WHERE announced = 0'),
    close: () => db.close(),
  }
}

// A folding consumer counts; what comes twice (a file read again, a batch handed out again) must count once.
function seenMarks(db: DatabaseSync) {
  const add = db.prepare('INSERT OR IGNORE INTO seen VALUES (?)')
  const bytes = Buffer.alloc(16) // SQLite copies what it is given
  return (ids: readonly string[]) => {
    const fresh = ids.map((id) => {
      bytes.write(id, 'hex')
      return add.run(bytes).changes === 1
    })
    return (i: number) => fresh[i]!
  }
}

// The prompt's number in the ledger, which knows whose it was first. Subagents are not copied.
function askedOf({ agent, agentId, prompt }: Turn): number {
  const key = agentId === null && prompt ? promptKeyOf(agent, prompt.nativeId) : null
  return key === null ? NO_REF : refOf(key)
}

// Its work was asked for before: a compaction cut it in two.
const goesOn = ({ agentId, prompt }: Turn): boolean =>
  agentId === null && (prompt === null || prompt.by === 'compaction')

// One path a line, for looking a file up.
const pathsOf = ({ files, reads }: Turn): string =>
  [...files.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from])), ...reads.map(({ path }) => path)]
    .join('\n')
    .toLowerCase()

const rowOf = <T>(found: unknown): T | undefined =>
  found === undefined ? undefined : (JSON.parse((found as { row: string }).row) as T)

// What the session list's filter box looks through.
const searchWords = (row: SessionRow): string =>
  [row.title, row.project, row.cwd, row.id, row.branch, row.model]
    .filter((word) => word !== null)
    .join(' ')
    .toLowerCase()
