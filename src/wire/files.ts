// Files as REST and the command line tell of them. Add fields freely, never rename. Money is a decimal string in USD, null where nobody
// knows: what the prompts cost that changed a file, all of it, for nobody knows which part of the work went into which file.
import type { Touch } from '../folds/turn/turn.ts'

interface Prompts {
  readonly prompts: number // that changed it, each once
  readonly usd: string | null
  readonly lower_bound: boolean
}

interface Totals extends Prompts {
  readonly turns: number // that changed or read it
  readonly sessions: number
  readonly changes: number // calls
  readonly reads: number
  readonly added: number // lines, where results tell
  readonly removed: number
  readonly uncounted: number // calls that wrote the file whole over something nobody knows: not in these lines
  readonly first: string | null // times of the first and the last touch
  readonly last: string | null
  readonly changed: string | null // and of the last change
}

export type FileChange = Touch['change']

export interface ListedFile extends Totals {
  readonly path: string
  readonly change: FileChange // the last; read: never changed
  readonly aside: boolean // a plan, a memory, a scratch file
}

export interface FilesAnswer {
  readonly files: readonly ListedFile[]
  readonly count: number
  readonly next: number | null // offset of the next page
}

export interface ToldTouch {
  readonly path: string
  readonly from: string | null
  readonly change: FileChange
  readonly added: number
  readonly removed: number
  readonly counted: boolean // false: it wrote the file whole over something nobody knows
  readonly by: 'tool' | 'command'
  readonly event: string // the call
  readonly time: string | null
}

// The prompt that set the work off: a person's, in the main agent, whoever did the work.
export interface AskedBy {
  readonly turn: string
  readonly event: string
  readonly text: string
  readonly by: 'person' | 'plan' | 'agent' | 'program' | 'compaction'
}

export interface FileTurn {
  readonly turn: string
  readonly session: string
  readonly title: string | null // of the session
  readonly project: string
  readonly agent: string
  readonly agent_id: string | null
  readonly agent_type: string | null
  readonly started: string | null
  readonly ended: string | null
  readonly running: boolean
  readonly sentence: string
  readonly prompt: AskedBy | null
  readonly usd: string | null // of the prompt, subagents included
  readonly lower_bound: boolean
  readonly output_tokens: number | null // of the prompt
  readonly change: FileChange // what it came to; read: it changed nothing
  readonly added: number
  readonly removed: number
  readonly uncounted: number
  readonly reads: number
  readonly touches: readonly ToldTouch[] // oldest first
}

export interface FileAnswer {
  readonly paths: readonly string[] // the files that are meant
  readonly totals: Totals
  readonly turns: readonly FileTurn[] // that touched it, the latest first
  readonly count: number
  readonly next: number | null
}

// A file as a prompt's work left it.
export interface MadeFile {
  readonly path: string
  readonly from: string | null
  readonly change: FileChange
  readonly added: number
  readonly removed: number
  readonly uncounted: number
  readonly reads: number
  readonly aside: boolean
  readonly agents: readonly (string | null)[] // who touched it: subagents by id, null the main agent
  readonly events: readonly string[] // the calls, oldest first
}

export interface TurnFilesAnswer {
  readonly turn: string
  readonly session: string
  readonly project: string
  readonly sentence: string
  readonly prompt: AskedBy | null
  readonly started: string | null
  readonly usd: string | null
  readonly lower_bound: boolean
  readonly tokens: {
    readonly requests: number
    readonly input: number
    readonly output: number
    readonly cache_read: number
    readonly cache_write: number
    readonly lower_bound: boolean // of some answers only the beginning was written down
  } | null
  readonly made: Readonly<Record<FileChange, number>> // files, without those aside
  readonly files: readonly MadeFile[] // changed first, in the order of their first change; then what was only read
}
