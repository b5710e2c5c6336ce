// What is kept and how it is asked for. The JSONL log is the truth; everything else is an index over it that can be thrown away.
// Small interfaces: a part asks for the one it needs. Writers are synchronous and live in one thread each; readers answer promises.
import type { EventKey } from '../event/event.ts'
import type { CostRequest, CostRow, Cut, UnknownModel } from '../folds/cost.ts'
import type { DriftCount } from '../folds/drift.ts'
import type { Prices } from '../folds/ledger.ts'
import type { OutlineTurn } from '../folds/outline.ts'
import type { SessionRow } from '../folds/session.ts'
import type { Touch, Turn } from '../folds/turn/turn.ts'
import type { FacetCounts } from './facets.ts'
import type { FilesReader } from './files.ts'
import type { Ledger } from './ledger.ts'
import type { Moments } from './moments.ts'
import type { Timeline, TimelinePart } from './timeline.ts'

// Bytes of one event's line in the log, without its line end. `file` is relative to the log's folder.
export interface LogPlace {
  readonly file: string
  readonly offset: number
  readonly length: number
}

export interface EventLog {
  // One write per call, after which the lines are safe against kill -9. Returns each line's place.
  append(session: string, lines: readonly Uint8Array[]): readonly LogPlace[]
  // `into`: memory of the caller's, long enough, that the bytes are to stand in.
  read(place: LogPlace, into?: Buffer): Uint8Array
  fileOf(session: string): string
  files(): Iterable<{ readonly file: string; readonly bytes: number }>
  // Whole lines of a file from an offset on; a torn last line (a crash while appending) is not among them.
  lines(file: string, from: number): Iterable<{ readonly place: LogPlace; readonly bytes: Uint8Array }>
  // Cuts a torn last line off, so that the next append begins a line. Returns the bytes cut.
  mend(file: string): number
  flush(): Promise<void> // all that was appended before, to stable storage
  unsynced(): number // files that were appended to since
  close(): void
}

export interface IndexedEvent {
  readonly event: EventKey
  readonly place: LogPlace
  readonly seq: number // of the bus; 0 when indexed from the log
  readonly publishedMs: number // when the bus took it; 0 when indexed from the log
}

export interface EventIndex {
  // Which of these ids are there already.
  known(ids: readonly string[]): ReadonlySet<string>
  // One transaction. Ids that are there already are left alone and not counted.
  insert(events: readonly IndexedEvent[], ackedSeq: number): { readonly inserted: number }
  // How far of the stream is in here, said once at the start by whoever knows its cursor; insert moves it on.
  begin(ackedSeq: number): void
  // Up to where each file of the log is indexed, in bytes.
  indexedBytes(): ReadonlyMap<string, number>
  close(): void
}

// Full text over the events of an index; follows it by itself, in its own thread, at its own pace.
export interface SearchIndex {
  // Indexes about `max` more events (what was indexed together stays together); returns how many it took (0: it is up to date).
  follow(max: number): number
  lag(): number // events it has not indexed yet
  close(): void
}

// State of a consumer that folds: which events it has seen and the rows it made of them, in one transaction. `work` is called inside it
// with what is new among `ids` (an event that comes twice counts once) and says what to keep; what it throws undoes everything.
export interface SessionFoldStore {
  fold(ids: readonly string[], work: (isNew: (i: number) => boolean, ledger: Ledger) => readonly SessionRow[]): void
  get(session: string): SessionRow | undefined
  reprice(prices: Prices): void // what was counted costs what these say, from now on
  unannounced(): readonly SessionRow[]
  announced(ids: readonly string[]): void
  isHistory(): void // rows as they are now are no news: none of them is unannounced
  close(): void
}

export interface TurnFoldStore {
  // `open`: lane → id of the turn that is open in it.
  fold(
    ids: readonly string[],
    work: (isNew: (i: number) => boolean) => {
      readonly turns: readonly Turn[]
      readonly open: ReadonlyMap<string, string>
      readonly touches: readonly Touch[]
      readonly places: ReadonlyMap<string, string> // lane → where its agent is
    },
  ): void
  openTurn(lane: string): Turn | undefined
  placeOf(lane: string): string | null
  unannounced(): readonly Turn[]
  announced(ids: readonly string[]): void
  isHistory(): void // rows as they are now are no news: none of them is unannounced
  close(): void
}

// A search as the grammar understood it; see insights/search/grammar.ts for how words become one. A name that begins with `=` is meant
// exactly, else as fits.ts says.
export interface SearchPlan {
  readonly all: readonly SearchTerm[] // every one must be there
  readonly none: readonly SearchTerm[]
  readonly agent: readonly string[] // any of
  readonly project: readonly string[]
  readonly session: readonly string[] // full ids
  readonly model: readonly string[] // of an answer, of a call and of what came back from it
  readonly kind: readonly string[] // type prefixes: message.user, system.error …
  readonly tool: readonly string[]
  readonly file: readonly string[]
  readonly failed: boolean // only errors and what came back as failed
  readonly minNano: number | null // what its session cost, in nano-dollars, both included; unknown is neither
  readonly maxNano: number | null
  readonly minTurnNano: number | null // the same of the turn it lies in
  readonly maxTurnNano: number | null
  readonly sinceMs: number | null // both included
  readonly untilMs: number | null
}
export const ANY_EVENT: SearchPlan = {
  all: [],
  none: [],
  agent: [],
  project: [],
  session: [],
  model: [],
  kind: [],
  tool: [],
  file: [],
  failed: false,
  minNano: null,
  maxNano: null,
  minTurnNano: null,
  maxTurnNano: null,
  sinceMs: null,
  untilMs: null,
}
export interface SearchTerm {
  readonly words: readonly string[] // more than one: a phrase
  readonly prefix: boolean // the last word is only a beginning
}

export interface SearchRow {
  readonly id: string
  readonly session: string
  readonly timeMs: number
  readonly kind: string
  readonly score: number
  readonly text: string // the event's line in the log
}

export interface ToolCalls {
  readonly tool: string
  readonly calls: number
}

export interface RecordsPage {
  readonly texts: readonly string[] // event lines, in the order of the session
  readonly cursors: readonly number[] // one per text; for `before` and `after`
  readonly more: { readonly before: boolean; readonly after: boolean }
  readonly seq: number // the stream up to this sequence number is in the page's session
}

export interface SessionQuery {
  readonly agent?: string
  readonly project?: string
  readonly words?: string // in title, project or id
  readonly limit: number
  readonly before?: string // cursor from the page before
}

export interface TurnQuery {
  readonly since?: string // RFC 3339: began then or later
  readonly until?: string // RFC 3339: began before then
  readonly oldest?: boolean // the oldest first; then there is no cursor
  readonly project?: string
  readonly verb?: string
  readonly file?: string // it changed or read a file whose path has this in it
  readonly limit: number
  readonly before?: string // cursor from the page before
}

// Which requests are meant; null or not given: all. Times are exact to the quarter of an hour.
export interface CostFilter {
  readonly sinceMs: number | null // both included
  readonly untilMs: number | null
  readonly project?: string
  readonly agent?: string
  readonly session?: string // full id
}

export interface CostQuery extends CostFilter {
  readonly by: Cut
  readonly zone: string // time zone of the days
  readonly limit: number
  readonly offset: number
}

export interface CostPage {
  readonly rows: readonly CostRow[]
  readonly count: number // of rows, on all pages
  readonly total: CostRow // over all of them
  readonly unknownModels: readonly UnknownModel[]
}

export interface CostRequests {
  readonly requests: readonly CostRequest[] // latest first
  readonly count: number
}

// What the API and the command line ask. Every method names what it does not find with null or an empty list, and throws StoreError for trouble.
export interface StoreReader extends FilesReader {
  sessions(query: SessionQuery): Promise<{
    readonly rows: readonly SessionRow[]
    readonly next: string | null
    readonly total: number
    readonly seq: number
  }>
  session(id: string): Promise<SessionRow | null>
  // Full ids for a full or a native session id, or a unique beginning of one.
  resolveSession(idOrNative: string): Promise<readonly string[]>
  records(
    session: string,
    page: {
      readonly after?: number
      readonly before?: number
      readonly around?: string
      readonly agentId?: string
      readonly limit: number
    },
  ): Promise<RecordsPage>
  turns(session: string): Promise<readonly Turn[]>
  outline(session: string): Promise<readonly OutlineTurn[]> // the same in short
  // Turns over all sessions, newest first.
  sentences(query: TurnQuery): Promise<{ readonly turns: readonly Turn[]; readonly next: string | null }>
  eventText(id: string): Promise<string | null>
  // Of a session, as they came: calls that say one of the names, commands that may change files unnamed, their results, what was noticed.
  work(session: string, names: readonly string[]): Promise<readonly string[]>
  // At most `max` of its events, the oldest; null: there is no such session.
  timeline(session: string, max: number, part?: TimelinePart): Promise<Timeline | null>
  // What a replay of it tells beside its records; null: there is no such session.
  moments(session: string): Promise<Moments | null>
  trace(id: string): Promise<EventTrace | null>
  search(
    plan: SearchPlan,
    page: { readonly limit: number; readonly offset: number; readonly ranked: boolean },
  ): Promise<readonly SearchRow[]>
  // Calls of each tool in a session, each counted once over all sessions, the most first.
  tools(session: string): Promise<readonly ToolCalls[]>
  facets(plan: SearchPlan, nowMs: number): Promise<FacetCounts>
  cost(query: CostQuery): Promise<CostPage>
  // What the row `key` of a cut is made of.
  costRequests(query: CostQuery, key: string | null): Promise<CostRequests>
  facts(): Promise<StoreFacts>
  // What agents write that their sources do not know.
  drift(): Promise<DriftFound>
  close(): Promise<void>
}

// What the store knows of one event's way. Times are wall time in ms; 0 where it was indexed from the log.
export interface EventTrace {
  readonly text: string
  readonly place: LogPlace
  readonly seq: number
  readonly publishedMs: number
  readonly indexedMs: number
  readonly searchable: boolean
}

export interface DriftFound {
  readonly counts: readonly DriftCount[] // by agent, kind and name; of one name the version that had it first stands first
  readonly agents: readonly string[] // of the whole record
  readonly waiting: number // events that were not looked at yet
}

export interface StoreFacts {
  readonly events: number
  readonly sessions: number
  readonly turns: number
  readonly searchLag: number // events not yet in full text
  readonly otherKinds: number
  readonly damaged: number
  readonly logBytes: number
  readonly storeBytes: number
  readonly lastIndexedMs: number // wall time; 0 where nothing is indexed
  readonly schemas: Readonly<Record<string, number>> // file → version
  readonly setAside: readonly string[] // files that were corrupt, and are kept beside
}

export class StoreError extends Error {}
