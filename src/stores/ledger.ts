// What the ledger keeps of each thing that is counted once, and how the counting consumer reads and writes it. The sums that questions are
// answered from are kept with it, in the same transaction.
import type { AgentFacts, Call, Lane, Prices, Prompt, Request, Spent } from '../folds/ledger.ts'

// A request as it is kept, with its price and what it called.
export interface PricedRequest extends Request {
  readonly tools: string // names of all it called, sorted, one a line
  readonly calls: string // ids of those calls that are kept with it, sorted, one a line
  readonly nano: number | null // recorded by the agent, else computed
  readonly computed: number | null // by the list of prices
}

// Of most things a batch tells for the first time, so each is added without a look; only what is there already is read and changed.
export interface Shelf<T> {
  add(thing: T): boolean // false: its key is taken, nothing was done
  get(key: string): T | undefined
  change(thing: T): void
}

// Inside the transaction of SessionFoldStore.fold.
export interface Ledger {
  readonly prices: Prices
  readonly prompts: Shelf<Prompt>
  readonly calls: Shelf<Call>
  readonly agents: Shelf<AgentFacts>
  readonly requests: Shelf<PricedRequest>
  lane(key: string): Lane | undefined
  putLane(key: string, lane: Lane): void
  account(key: string): Spent | undefined // how far it has come
  putAccount(key: string, soFar: Spent): void
  // Moves the sums: a request is there now as `now` and no longer as `before`.
  move(before: PricedRequest | undefined, now: PricedRequest): void
  // Called last: the sums that moved are written.
  settle(): void
}
