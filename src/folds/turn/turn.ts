// A turn: one human prompt, all the work it set off, and how it ended, with the facts beside it. The one definition for the whole product.
// Plain JSON, bounded: every list says how many it keeps at most, and a count beside it says how many there were. Its id is its first
// event's, so it is the same turn however often it is folded. A main agent and each of its subagents have turns of their own (lanes).
import type { ToolKind } from '../../event/payload.ts'
import type { Deed } from '../shell/read.ts'

export type Outcome = 'answered' | 'asked' | 'interrupted' | 'failed' | 'rejected' | 'running' | 'continued'
export type TestState = 'passed' | 'failed' | 'fixed' | 'none' | 'unknown'

// How many of each a turn remembers. All of it together stays under some 150 kB of JSON, whatever happens in the turn.
export const MAX = {
  files: 200,
  reads: 100,
  runs: 24,
  results: 8, // of one run that was repeated
  done: 40,
  looks: 20,
  web: 20,
  agents: 40,
  asks: 10,
  others: 20,
  errors: 5,
  refusals: 8,
  queued: 8,
  pending: 64,
  acts: 40, // of one command
  events: 3, // behind one fact
  path: 300,
  text: 400,
  short: 160,
  answer: 600,
  topics: 5,
} as const

// Who gave the prompt: a person; a plan that was agreed on; another agent or a program; or nobody, when a compaction cut the work in two.
export type PromptBy = 'person' | 'plan' | 'agent' | 'program' | 'compaction'

export interface Prompt {
  event: string
  text: string // as typed, its beginning
  by: PromptBy
  nativeId: string | null // the agent's own id of the prompt's line
  line: number | null // 1-based
  command?: 'slash' | 'shell'
  images?: number
}

export type Change = 'created' | 'modified' | 'deleted' | 'renamed'

export interface FileFact {
  path: string
  change: Change
  from?: string
  added: number // lines; 0 where nothing tells
  removed: number
  by: 'tool' | 'command'
  aside?: true // a plan, a memory, a scratch file: no part of the work itself
  events: string[]
}

// What one call did to one file, told when its result has come: the same as the turn's lists say, call by call and without their limits.
export interface Touch {
  turn: string
  path: string // from the root, where it is known where the agent was
  change: Change | 'read'
  from?: string
  added: number
  removed: number
  by: FileFact['by']
  event: string // the call
  // Written whole, and the result says no counts: `made` is counted as a new file, which holds unless something touched it before; `over`
  // what was there is not counted at all.
  whole?: 'made' | 'over'
}

// A command, however often it ran.
export interface RunFact {
  deed: Deed
  words: string
  tool: string
  times: number
  results: RunResult[] // the newest ones
  typed?: true // by the person, and not by the agent
}

export interface RunResult {
  event: string
  state: 'passed' | 'failed' | 'none' | 'unknown' | 'missing' | 'running' // none: no tests there; missing: no such command
  passed?: number
  failed?: number
  names?: string[] // of failing tests
  said?: string // an error's first words
}

// What was done that is no file and no run: commits, pushes, pull requests, branches, packages …
export interface DoneFact {
  deed: Deed
  of?: string
  from?: string
  how?: string
  some?: true
  url?: string
  sha?: string
  words: string
  event: string
}

export interface LookFact {
  of: string
  event: string
}

export interface WebFact {
  of: string
  is: 'search' | 'page'
  event: string
}

export interface AgentFact {
  call: string | null
  type: string | null
  what: string
  agentId: string | null
  state: 'running' | 'done' | 'failed' | 'background'
  event: string
}

export interface AskFact {
  question: string
  answered: boolean
  event: string
}

export interface OtherFact {
  name: string
  times: number
  failed: number
  event: string
}

export interface Refusal {
  by: 'person' | 'rule'
  kind: ToolKind
  name: string
  of: string
  acts?: PendingAct[]
  feedback: string
  event: string
}

export interface PendingAct {
  deed: Deed
  words: string
  of?: string
  from?: string
  how?: string
  tool?: string
  paths?: string[]
  some?: true
  hides?: true
  onlyFailures?: true
  background?: true
}

// A call whose result has not come.
export interface PendingCall {
  call: string
  event: string
  kind: ToolKind
  name: string
  of: string
  time: string | null
  cwd?: string // where a command began: its own `cd` is known behind it
  acts?: PendingAct[]
  added?: number
  removed?: number
  topics?: string[]
  patch?: { path: string; change: Change }[]
  agentType?: string
}

export interface Tokens {
  input: number
  output: number
  cacheRead: number
  cacheWrite: number
  requests: number
}

export interface OpenTurn {
  id: string
  session: string
  project: string
  agent: string
  agentId: string | null
  form?: 1 | 2 // of a session that is kept in several: told only while no better one tells turns of it
  agentType: string | null
  cwd: string | null
  prompt: Prompt | null // null: work before any prompt
  standing: string | null // the last prompt that says what it wants, when this one does not
  question: string | null // what the agent had asked before this prompt
  queued: { event: string; text: string }[]
  firstEvent: string
  lastEvent: string
  started: string | null
  ended: string | null
  events: number
  cycles: number // evaluations: requests to the model
  tools: Partial<Record<ToolKind, number>>
  failures: number
  files: FileFact[]
  filesMore: number
  reads: { path: string; event: string }[]
  readsMore: number
  runs: RunFact[]
  done: DoneFact[]
  doneMore: number
  looks: LookFact[] // searches in the code
  looked: number
  web: WebFact[]
  webMore: number
  agents: AgentFact[]
  agentsMore: number
  asks: AskFact[]
  kept?: { plan?: string; todo?: string } // the last call that made a plan or kept a list of what there is to do
  others: OtherFact[]
  refusals: Refusal[]
  errors: { event: string; text: string }[]
  tests: TestState
  testsBeforeChange: boolean // the first run that failed came before any change: there was something to fix
  tokens: Tokens
  request?: [id: string, tokens: Tokens] // counted last: its lines repeat what it used, and it grows
  waitingMs: number // for the person, inside the turn
  durationMs: number | null // as the agent measured it
  pending: PendingCall[]
  touched?: Touch[] // by the event folded last; whoever folds takes it away, it is no part of what is kept
  next?: { prompt: Prompt; time: string | null } // whose the next work is: behind a compaction, behind a prompt told elsewhere
  topics: string[] // names from the prompt that its changes brought in
  outcome: Outcome
  answer: string // the beginning of the last thing it said, and what sums it up where it says so further down
  answerEvent: string | null
  askedLast: string // the question its last words end with
  goesOn?: true // what it did last it did to go on: it has not ended of itself
  overtaken?: true // the next prompt came first: nobody recorded how it ended
}

type Deep<T> = T extends (infer Item)[]
  ? readonly Deep<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Deep<T[Key]> }
    : T
export type Turn = Deep<OpenTurn>
