// The doorway: what a source of transcripts is. A source knows one agent's files; it is pure, the watcher does the reading.
// Three kinds: append-only lines, documents rewritten whole, tables of a database.

import type { Payload } from '../event/payload.ts'
import type { EventKind } from '../event/types.ts'
import type { Shapes } from './shape.ts'

// What the machine tells a source about where to look. Pure input, so that tests can invent a machine.
export interface Machine {
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: string // process.platform
}

export interface WatchRoot {
  readonly path: string // absolute
  readonly depth?: number // how many folders below it are looked into; all of them where it does not say
}

// What the source must remember of a file between lines: plain JSON, kept durably with the file's offset.
export type FileMemory = Readonly<Record<string, string | number | boolean | null>>

export interface FileFacts {
  readonly root: string
  readonly path: string // relative to root, '/' between folders
}

// Whose file it is, before any line is read. Null: not a transcript.
export interface FileOwner {
  readonly agentId: string | null // the subagent, when the whole file is one's
  readonly memory: FileMemory // the beginning memory
}

// One whole line as the watcher found it. `value` is undefined when the bytes are no JSON.
export interface LineIn {
  readonly text: string
  readonly value: unknown
  readonly bytes: Uint8Array
  readonly damage: string | null // why the bytes are not what they should be: invalid UTF-8, not JSON …
}

// What one line means, in the common vocabulary. The first part carries the raw line.
// Pointers in `payload` resolve against the line; in parts after the first, texts and inputs stand inline.
export interface Part {
  readonly kind: EventKind
  readonly payload: Payload
}

export interface LineMeaning {
  readonly parts: readonly Part[] // at least one: no line is dropped
  readonly session: string // the agent's own id of the session
  readonly project: string
  readonly agentId: string | null
  readonly nativeId: string | null
  // With a native id: what makes it this line where that is less than its bytes, since its agent may write it anew in other bytes.
  readonly identity?: string
  readonly time: string | null // RFC 3339, of the line or carried forward from one before it in the same file
  readonly idTime?: string // what ids begin with, where `time` depends on the time zone of the machine that reads
  readonly memory: FileMemory
}

interface SourceFacts {
  readonly agent: string // safe in a subject, a file name and a URL: [a-z0-9-]+; one agent may have several sources
  readonly label: string // as people call it
  readonly variables: readonly string[] // environment variables it honours, for `init` and `doctor`
  roots(machine: Machine): readonly WatchRoot[]
  // The command line that goes on with a session in this agent, for a shell; null where this session cannot be gone on with.
  resume?(native: string, cwd: string | null): string | null
  // By its path alone. Null: not a file of this source.
  owner(file: FileFacts): FileOwner | null
  // The fields it knows, for the drift radar; of an agent with several sources one has them.
  readonly shapes?: Shapes
  // When the agent itself deletes sessions; one rule a folder it keeps them in. `readText`: null where there is no such file.
  retention?(machine: Machine, readText: (path: string) => string | null): readonly Retention[]
  // Whether what is said of a line or record follows from its bytes, its key, what was found out about it and the memory alone, so that
  // `reindex` can say it again from the log. Lines do, unless they say otherwise; documents and tables do not, unless they say so.
  readonly retells?: boolean
}

export interface Retention {
  readonly root: string // one of its roots: the rule is for the sessions below it
  readonly days: number | null // since a session's file last changed; null: its settings are there and cannot be understood
  readonly says: string // where that is said, as a clause: "cleanupPeriodDays is not set, and 30 is its default"
}

// Append-only text, one object a line.
export interface LineSource extends SourceFacts {
  readonly reads: 'lines'
  // The file is packed whole; what it holds is read as if it stood there plain, at the same offsets.
  packed?(path: string): 'zstd' | null
  // Never throws, whatever the line holds.
  translate(line: LineIn, file: FileFacts, memory: FileMemory): LineMeaning
}

// A record that is no line of a file: its JSON text stands where a line's bytes stand.
// `at`: where it stands among the records of its file, ascending, at least 0: it orders the events of a session as an offset would.
// What reading found out about a record that its text does not say, and that its meaning needs. Plain JSON: it is kept with the record's
// event, so that the record can be told again when the file is gone.
export type Found = Readonly<Record<string, unknown>>

export interface RecordIn extends LineIn {
  readonly key: string // what it is called in its file; the same record has the same key whenever it is read
  readonly at: number
  // What makes it this record where that is less than its whole text: a row whose bookkeeping changes is still the same row.
  readonly identity?: string
  readonly found?: Found
}

// A file that its agent rewrites whole (one JSON document). Read again when it changed, as records; ids know what came before.
export interface DocumentSource extends SourceFacts {
  readonly reads: 'documents'
  // Never throws: what is no document of this agent is one record, damaged.
  records(bytes: Uint8Array, file: FileFacts): Iterable<RecordIn>
  translate(record: RecordIn, file: FileFacts, memory: FileMemory): LineMeaning
}

// A database that another program writes. The watcher opens it read-only, lets the source ask for what is new behind its memory, and
// closes it again.
export interface TableSource extends SourceFacts {
  readonly reads: 'tables'
  // Oldest first, a page at a time. `columns` says what is really there, since schemas drift: a table that is not there has none.
  read(ask: Ask, file: FileFacts, memory: FileMemory): TablePage
  // What is still true when another database stands in the place of the one that was read; all is forgotten where it does not say.
  again?(memory: FileMemory): FileMemory
  translate(row: RecordIn, file: FileFacts, memory: FileMemory): LineMeaning
}

export interface Ask {
  columns(table: string): ReadonlySet<string>
  rows(
    sql: string,
    ...values: readonly (string | number | bigint | null)[]
  ): Iterable<Readonly<Record<string, unknown>>>
}

export interface TablePage {
  readonly rows: readonly RecordIn[]
  readonly memory: FileMemory // its cursor, behind these rows; translate gets it with the first and carries it on
  readonly more: boolean
}

export type Source = LineSource | DocumentSource | TableSource

// Sessions of all agents live in one namespace: `<agent>:<native id>` is unique and readable.
export const sessionId = (agent: string, native: string): string => `${agent}:${native}`
