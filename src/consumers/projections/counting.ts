// Counts a batch: what its events claim is put together in memory, held against the ledger once each, and what each session gained or lost
// by it comes out as changes to its row. A claim that turns out to be earlier takes the count with it.
import type { Event } from '../../event/event.ts'
import {
  type AgentFacts,
  beyond,
  type Call,
  type Counts,
  isBefore,
  type Lane,
  laneKey,
  largest,
  look,
  newLane,
  type Prompt,
  type Request,
  type Spent,
  sameSpent,
} from '../../folds/ledger.ts'
import type { Counted } from '../../folds/session.ts'
import type { Ledger, PricedRequest, Shelf } from '../../stores/ledger.ts'
import { mergeLines, withLine, withoutLine } from './lines.ts'

// What a batch says of one request: its best claim and largest numbers, and the calls that stand beside it.
interface Told {
  request: Request | null // null: only its tools changed
  readonly calls: [key: string, tool: string][]
  readonly more: string[] // names of tools whose calls are kept by themselves
  readonly less: string[]
}

export class Counting implements Counts {
  readonly #ledger: Ledger
  readonly #lanes = new Map<string, Lane>()
  readonly #prompts = new Map<string, Prompt>()
  readonly #calls = new Map<string, Call>()
  readonly #requests = new Map<string, Told>()
  readonly #agents = new Map<string, AgentFacts>()
  readonly #accounts = new Map<string, Spent>()
  readonly #changes = new Map<string, Writable<Counted>>()
  #last: Event | null = null
  #lane: Lane = newLane()
  #toldAt = ''
  #told: Told = nothingTold()

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  // Each event once, in the order of its file.
  take(event: Event): void {
    if (this.#last === null || !isSameLane(this.#last, event)) {
      const key = laneKey(event)
      this.#lane = this.#lanes.get(key) ?? this.#ledger.lane(key) ?? newLane()
      this.#lanes.set(key, this.#lane)
    }
    this.#last = event
    look(event, this.#lane, this)
  }

  prompt(prompt: Prompt): void {
    const known = this.#prompts.get(prompt.key)
    if (known === undefined || isBefore(prompt, known)) this.#prompts.set(prompt.key, prompt)
  }

  call(call: Call): void {
    const known = this.#calls.get(call.key)
    if (known === undefined || isBefore(call, known)) this.#calls.set(call.key, call)
  }

  // The call may have been told in a batch before.
  settles(key: string, event: string, request: string): void {
    const known = this.#calls.get(key) ?? this.#ledger.calls.get(key)
    if (known?.event === event) this.#calls.set(key, { ...known, request })
  }

  callOf(request: string, key: string, tool: string): void {
    this.#toldOf(request).calls.push([key, tool])
  }

  request(request: Request): void {
    const told = this.#toldOf(request.key)
    told.request = told.request === null ? request : bestOf(told.request, request)
  }

  exceeding(account: string, soFar: Spent): Spent | null {
    const known = this.#accounts.get(account) ?? this.#ledger.account(account)
    this.#accounts.set(account, known === undefined ? soFar : largest(known, soFar))
    return beyond(soFar, known)
  }

  agent(facts: AgentFacts): void {
    const known = this.#agents.get(facts.key)
    this.#agents.set(facts.key, known === undefined ? facts : together(known, facts))
  }

  // Writes what was taken. Returns what changed for the row of each session.
  settle(): ReadonlyMap<string, Counted> {
    const { prompts, calls, agents } = this.#ledger
    for (const prompt of this.#prompts.values())
      keep(prompts, prompt, earlier, (before, now) => {
        if (before !== undefined) this.#countPrompt(before, -1)
        this.#countPrompt(now, 1)
      })
    for (const call of this.#calls.values())
      keep(calls, call, earlierCall, (before, now) => this.#countCall(before, now))
    for (const [key, told] of this.#requests) this.#settleRequest(key, told)
    for (const facts of this.#agents.values()) keep(agents, facts, together)
    for (const [key, lane] of this.#lanes) this.#ledger.putLane(key, lane)
    for (const [key, soFar] of this.#accounts) this.#ledger.putAccount(key, soFar)
    this.#ledger.settle()
    return this.#changes
  }

  #countPrompt({ session, isPrompt, opens }: Prompt, sign: number): void {
    const change = this.#change(session)
    if (isPrompt) change.prompts += sign
    if (opens) change.turns += sign
  }

  #countCall(before: Call | undefined, now: Call): void {
    if (before?.isWork) this.#change(before.session).tools--
    if (now.isWork) this.#change(now.session).tools++
    if (before?.request === now.request) return
    if (before !== undefined && before.request !== '') this.#toldOf(before.request).less.push(before.tool)
    if (now.request !== '') this.#toldOf(now.request).more.push(now.tool)
  }

  #settleRequest(key: string, told: Told): void {
    const { requests } = this.#ledger
    if (told.request !== null) {
      const fresh = this.#priced(withTools({ ...told.request, tools: '', calls: '', nano: null, computed: null }, told))
      if (requests.add(fresh)) return this.#countRequest(undefined, fresh)
    }
    const before = requests.get(key)
    if (before === undefined) return // its line was a copy that counts nowhere
    const best = told.request === null ? before : bestOf(before, told.request)
    const changed = withTools({ ...before, ...best }, told)
    if (isAlike(before, changed)) return
    const now = isPricedAlike(before, changed) ? changed : this.#priced(changed)
    requests.change(now)
    this.#countRequest(before, now)
  }

  #priced(request: PricedRequest): PricedRequest {
    const computed = this.#ledger.prices.of(request.model, request.at, request.spent)
    return { ...request, computed, nano: request.spent.recorded ?? computed }
  }

  #countRequest(before: PricedRequest | undefined, now: PricedRequest): void {
    this.#ledger.move(before, now)
    if (before !== undefined) count(this.#change(before.session), before, -1)
    count(this.#change(now.session), now, 1)
  }

  #toldOf(request: string): Told {
    if (request === this.#toldAt) return this.#told
    let told = this.#requests.get(request)
    if (told === undefined) {
      told = nothingTold()
      this.#requests.set(request, told)
    }
    this.#toldAt = request
    this.#told = told
    return told
  }

  #change(session: string): Writable<Counted> {
    let change = this.#changes.get(session)
    if (change === undefined) {
      change = nothingCounted()
      this.#changes.set(session, change)
    }
    return change
  }
}

// Most lines stand behind one of their own lane, for which no key need be made.
const isSameLane = (a: Event, b: Event): boolean =>
  a.agentId === b.agentId && a.session === b.session && a.origin.file === b.origin.file

type Writable<T> = { -readonly [K in keyof T]: T[K] }

const nothingTold = (): Told => ({ request: null, calls: [], more: [], less: [] })

const nothingCounted = (): Writable<Counted> => ({
  prompts: 0,
  turns: 0,
  tools: 0,
  requests: 0,
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite: 0,
  nano: 0,
  unpriced: 0,
  partial: 0,
})

function count(change: Writable<Counted>, { spent, nano, calls, isWork }: PricedRequest, sign: number): void {
  change.requests += sign
  change.input += sign * spent.input
  change.output += sign * spent.output
  change.cacheRead += sign * spent.cacheRead
  change.cacheWrite += sign * (spent.cacheWrite5m + spent.cacheWrite1h)
  if (nano === null) change.unpriced += sign
  else change.nano += sign * nano
  if (spent.partial) change.partial += sign
  if (isWork && calls !== '') change.tools += sign * calls.split('\n').length
}

// Adds the thing or, where its key is taken, changes what is there to what both together say.
function keep<T extends { readonly key: string }>(
  shelf: Shelf<T>,
  thing: T,
  both: (before: T, next: T) => T,
  changed: (before: T | undefined, now: T) => void = () => undefined,
): void {
  if (shelf.add(thing)) return changed(undefined, thing)
  const before = shelf.get(thing.key)!
  const now = both(before, thing)
  if (now === before) return
  shelf.change(now)
  changed(before, now)
}

const earlier = (before: Prompt, next: Prompt): Prompt => (isBefore(next, before) ? next : before)

// The same claim again may know the request by now.
const earlierCall = (before: Call, next: Call): Call =>
  isBefore(next, before) || (next.event === before.event && next.request !== before.request) ? next : before

function bestOf<R extends Request>(before: R, next: Request): R {
  const spent = sameSpent(before.spent, next.spent) ? before.spent : largest(before.spent, next.spent)
  if (isBefore(next, before)) return { ...before, ...next, spent }
  return spent === before.spent ? before : { ...before, spent }
}

function withTools(request: PricedRequest, { calls, more, less }: Told): PricedRequest {
  if (calls.length === 0 && more.length === 0 && less.length === 0) return request
  let { tools, calls: kept } = request
  for (const [key, tool] of calls) {
    const after = withLine(kept, key)
    if (after === null) continue
    kept = after
    tools = mergeLines(tools, tool)
  }
  for (const tool of more) tools = mergeLines(tools, tool)
  for (const tool of less) tools = withoutLine(tools, tool)
  return tools === request.tools && kept === request.calls ? request : { ...request, tools, calls: kept }
}

const isPricedAlike = (a: Request, b: Request): boolean =>
  a.model === b.model && a.at === b.at && sameSpent(a.spent, b.spent)

const isAlike = (a: PricedRequest, b: PricedRequest): boolean =>
  a.event === b.event && a.tools === b.tools && a.calls === b.calls && isPricedAlike(a, b)

// Of two words for the same the smaller, so that it does not matter which was heard first.
const oneOf = (a: string, b: string): string => (a === '' ? b : b === '' || a <= b ? a : b)

function together(a: AgentFacts, b: AgentFacts): AgentFacts {
  const first = a.rank < b.rank || (a.rank === b.rank && oneOf(a.call, b.call) === a.call) ? a : b
  const type = oneOf(a.type, b.type)
  const hidden = a.hidden || b.hidden
  if (first === a && a.type === type && a.hidden === hidden) return a
  return { ...a, call: first.call, rank: first.rank, type, hidden }
}
