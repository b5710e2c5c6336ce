// The doorway: what a source of transcripts is. A source knows one agent's files; it is pure, the watcher does the reading.
// Line sources (append-only text) are served now; table sources (SQLite rows) have their doorway here and are read by watcher/table.

import type { Payload } from '../event/payload.ts'
import type { EventKind } from '../event/types.ts'

// What the machine tells a source about where to look. Pure input, so that tests can invent a machine.
export interface Machine {
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: string // process.platform
}

export interface WatchRoot {
  readonly path: string // absolute
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
  readonly time: string | null // RFC 3339, of the line or carried forward from one before it in the same file
  readonly memory: FileMemory
}

export interface LineSource {
  readonly agent: string // safe in a subject, a file name and a URL: [a-z0-9-]+
  readonly label: string // as people call it
  readonly reads: 'lines'
  readonly variables: readonly string[] // environment variables it honours, for `init` and `doctor`
  roots(machine: Machine): readonly WatchRoot[]
  owner(file: FileFacts): FileOwner | null
  // Never throws, whatever the line holds.
  translate(line: LineIn, file: FileFacts, memory: FileMemory): LineMeaning
}

// A database another program writes. The watcher opens it read-only, asks for rows after the cursor, closes it again.
// The row's JSON text stands where a line's bytes stand; `rowKey` is its native id.
export interface TableSource {
  readonly agent: string
  readonly label: string
  readonly reads: 'tables'
  readonly variables: readonly string[]
  databases(machine: Machine): readonly WatchRoot[]
  // Built from the columns that are really there (PRAGMA table_info), since schemas drift.
  queries(
    columns: Readonly<Record<string, readonly string[]>>,
    cursor: FileMemory,
  ): readonly { sql: string; values: readonly (string | number)[] }[]
  translateRow(row: Readonly<Record<string, unknown>>, cursor: FileMemory): LineMeaning
}

export type Source = LineSource | TableSource

// Sessions of all agents live in one namespace: `<agent>:<native id>` is unique and readable.
export const sessionId = (agent: string, native: string): string => `${agent}:${native}`
export const nativeOf = (session: string): string => session.slice(session.indexOf(':') + 1)
