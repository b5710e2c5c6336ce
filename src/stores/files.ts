// What is kept of files, and how it is asked for: every touch (one call, one file, what became of it), from which a file's history, a
// prompt's files and the list of all files are read. Turns that a resumed or forked session repeats are told where they were first.
import type { CostRow } from '../folds/cost.ts'
import type { Touch, Turn } from '../folds/turn/turn.ts'

export interface FileTouch extends Omit<Touch, 'turn' | 'whole'> {
  readonly time: string | null // of the call
  readonly counted: boolean // false: it was written whole over what was there, and nothing beside the call says what changed
}

// `root`: the turn whose prompt set this one off: itself, for a subagent's the main agent's, behind a compaction the one before it; null
// where nobody knows. What the work cost stands with the root.
export interface TouchingTurn {
  readonly turn: Turn
  readonly root: Turn | null
  readonly cost: CostRow | null // of the root
  readonly touches: readonly FileTouch[] // oldest first
}

// What the prompts cost that changed a file, all of it: nobody knows which part of a prompt's work went into which of its files.
export interface PromptsCost {
  readonly prompts: number
  readonly nano: number | null // null: nobody knows
  readonly lowerBound: boolean
}

export interface FileTotals {
  readonly turns: number
  readonly sessions: number
  readonly changes: number // calls that changed it
  readonly reads: number // calls that read it
  readonly added: number // lines
  readonly removed: number
  readonly uncounted: number // calls of which nothing beside them says how many lines they changed: not in the lines
  readonly first: string | null // time of the first and of the last touch
  readonly last: string | null
  readonly changed: string | null // and of the last change
}

// A path from the root is that file. Any other is every file whose path ends with it, whole names only: `src/x.ts`, not `c/x.ts`.
export interface FileQuery {
  readonly path: string
  readonly what: 'all' | 'changed' | 'read'
  readonly limit: number // turns
  readonly offset: number
}

export interface FileHistory {
  readonly paths: readonly string[] // the files that are meant, by path
  readonly totals: FileTotals & PromptsCost // of all its turns, whatever is asked for
  readonly count: number // of turns that fit, on all pages
  readonly turns: readonly TouchingTurn[] // the one that touched it last first
}

export const FILE_SORTS = ['changed', 'touched', 'lines', 'turns', 'cost'] as const
export type FileSort = (typeof FILE_SORTS)[number]

export interface FilesQuery {
  readonly words?: string // every one is in its path
  readonly under?: string // only what is in this folder
  readonly session?: string // full id: only files touched there, counted there
  readonly sort: FileSort
  readonly read: boolean // files that were only read as well
  readonly aside: boolean // plans, memories, scratch files as well
  readonly limit: number
  readonly offset: number
}

export interface FileRow extends FileTotals, PromptsCost {
  readonly path: string
  readonly change: Touch['change'] // the last change; read: it was never changed
}

export interface FilesPage {
  readonly files: readonly FileRow[]
  readonly count: number
}

// All that a prompt's work did to files: the turn's own touches and those of the subagents it sent, each turn once.
export interface TurnFiles {
  readonly turn: Turn
  readonly root: Turn | null
  readonly cost: CostRow | null // of the root
  readonly turns: readonly TouchingTurn[] // in the order they began
}

// A session that touched a file, and under which names.
export interface SessionTouching {
  readonly session: string
  readonly agent: string
  readonly project: string
  readonly paths: readonly string[] // as wanted; before and after a renaming both
  readonly changes: number // calls
  readonly reads: number
  readonly firstEvent: string // of the calls: the earliest and the latest
  readonly lastEvent: string
}

// What the fold hands over, inside its transaction.
export interface FileTouches {
  put(touches: readonly Touch[]): void
}

export interface FilesReader {
  files(query: FilesQuery): Promise<FilesPage>
  fileHistory(query: FileQuery): Promise<FileHistory>
  turnFiles(turn: string): Promise<TurnFiles | null>
  // The session that touched it first comes first. A path as in FileQuery; sessions that renamed it are among them.
  sessionsTouching(path: string): Promise<readonly SessionTouching[]>
}
