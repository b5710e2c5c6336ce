// What of a commit agents wrote, as the command line says it. Add fields freely, never rename. Money is a decimal string in USD, null where
// nobody knows: what the prompts cost whose lines are in the commit, each as a whole, whatever else came of it.
import type { Confidence } from '../folds/provenance/blame.ts'

// Lines that the commit added.
export interface LineShare {
  readonly added: number
  readonly agent: number // exact, moved and inferred together
  readonly exact: number
  readonly moved: number
  readonly inferred: number
  readonly unknown: number // a person's, or nobody knows whose
}

export interface CommitPrompt {
  readonly turn: string // of the main agent; what it set off is the prompt's
  readonly session: string
  readonly agent: string
  readonly event: string | null
  readonly text: string | null // what was typed, its beginning
  readonly started: string | null
  readonly lines: number
  readonly usd: string | null // of all it did
  readonly lower_bound: boolean
  readonly output_tokens: number | null
}

// Lines one behind the other that one call made, as sure as each other.
export interface CommitRange {
  readonly from: number // 1-based, as the commit has them; both included
  readonly to: number
  readonly confidence: Confidence
  readonly turn: string | null // this and what follows: null with `unknown`
  readonly session: string | null
  readonly agent: string | null
  readonly model: string | null
  readonly event: string | null // the call
  readonly time: string | null
}

export interface CommitFile extends LineShare {
  readonly path: string // from the root of the repository
  readonly from: string | null // before a renaming
  readonly skipped: string | null // why its lines were not looked at
  readonly ranges: readonly CommitRange[]
}

export interface CommitAnswer {
  readonly commit: string
  readonly parents: readonly string[]
  readonly subject: string
  readonly author: string
  readonly authored: string // both in UTC
  readonly committed: string
  readonly lines: LineShare
  readonly share: number | null // of added lines that agents wrote, 0 to 1; null: it added none
  readonly usd: string | null
  readonly lower_bound: boolean // it may have been more
  readonly prompts: readonly CommitPrompt[] // in the order they were given
  readonly sessions: readonly { readonly session: string; readonly agent: string; readonly lines: number }[]
  readonly models: readonly { readonly agent: string; readonly model: string | null; readonly lines: number }[]
  readonly made_by: readonly MadeBy[]
  readonly files: readonly CommitFile[]
  readonly notes: readonly string[] // what lowers the confidence, in sentences
}

export interface CommitsAnswer {
  readonly repo: string // the root of the checkout
  readonly commits: readonly CommitAnswer[] // the newest first
}

// A commit that a turn made, and what it is in this checkout now.
export interface MadeCommitTold {
  readonly turn: string
  readonly event: string
  readonly sha: string | null // as git said when it was made
  readonly subject: string
  readonly now: 'as it was' | 'rewritten' | 'not here'
  readonly commit: CommitAnswer | null // null: not here
}

export interface MadeCommitsAnswer {
  readonly repo: string
  readonly count: number // that it made; the latest are told of
  readonly commits: readonly MadeCommitTold[] // in the order they were made
  readonly holding: HoldingCommits | null // of what is checked out, whoever made them; null: a session was asked about
}

// A commit in which lines of a turn are, or that the turn made.
export interface HoldingCommit {
  readonly commit: string
  readonly subject: string
  readonly author: string
  readonly committed: string
  readonly lines: number // of the turn and what it set off, among those the commit added
  readonly made: boolean // by the turn itself
}

export interface HoldingCommits {
  readonly commits: readonly HoldingCommit[] // the earliest first
  readonly looked: number // commits that changed its files since, the earliest of them
  readonly more: number // that were not looked at
}

export interface Checkout {
  readonly repo: string // its root
  readonly sessions: number // that worked in it
  readonly ended: string | null // the last of them
}

export interface CheckoutsAnswer {
  readonly checkouts: readonly Checkout[] // the one that was worked in last first
  readonly folders: number // that sessions worked in, and were looked at
  readonly more: number // that were not
}

// The turn that ran `git commit`; `rewritten`: it made one of this subject at this time that was rebased, amended or picked since.
export interface MadeBy {
  readonly turn: string
  readonly session: string
  readonly event: string
  readonly sha: string | null // as git said then
  readonly rewritten: boolean
}
