// What each event says that is counted once over all sessions: a prompt, a tool call, a request to a model and what went into it. Pure.
// The same thing may stand in several transcripts (a session resumed or forked copies its beginning, an aside repeats its parent's
// words): every place that tells it is a claim, and the smallest claim has it, in whichever order the transcripts are read.
import type { Event } from '../event/event.ts'
import { headOf } from '../event/event.ts'
import { isWorldId, timeOfId } from '../event/ids.ts'
import { cut, type Usage } from '../event/payload.ts'
import { hashOf } from './hash.ts'
import { asksForWork } from './turn/fold.ts'

export interface Claim {
  readonly weak: number // 2: the line is known as a copy or a repetition; 1: a subagent's; 0: the main agent's own
  readonly at: number // ms; NEVER where no time is known
  readonly session: string
  readonly agentId: string // '' for the main agent
  readonly event: string
}

export const NEVER = 2 ** 48

// An original before its copies, a parent before its sidechains, then the earliest; the rest only makes it one and the same answer.
export function isBefore(a: Claim, b: Claim): boolean {
  if (a.weak !== b.weak) return a.weak < b.weak
  if (a.at !== b.at) return a.at < b.at
  if (a.session !== b.session) return a.session < b.session
  return a.event < b.event
}

// Requests name their prompt by a number made of its key, for they are many.
export const refOf = hashOf
export const NO_REF = 0

export interface Prompt extends Claim {
  readonly key: string
  readonly isPrompt: boolean // a person typed it; else a program asked
  readonly opens: boolean // a turn; a queued prompt stays inside the one that runs
  readonly turn: number // ref of the prompt that opened the turn
  readonly text: string
}

// A call that is kept by itself: one that begins a subagent, or whose request is told later or never.
export interface Call extends Claim {
  readonly key: string
  readonly tool: string
  readonly calls: string // type of the subagent it asks for
  readonly isWork: boolean // false: a hidden helper's
  readonly prompt: number // in force when the call was made; NO_REF in a subagent, where its own call says it
  readonly request: string // that made the call; '' while it is not told
}

// Numbers of one request. `nano` is money in units of 10⁻⁹ dollars; null: nobody knows.
export interface Spent {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
  readonly webSearches: number
  readonly recorded: number | null // nano, as the agent itself wrote it down
  readonly partial: boolean // only snapshots of the answer while it ran are known
}

export interface Request extends Claim {
  readonly key: string
  readonly model: string // '' where none is named
  readonly prompt: number
  readonly isWork: boolean
  readonly spent: Spent
}

// What is known of a subagent: the call that began it, what it is called, whether nobody asked for it.
export interface AgentFacts {
  readonly key: string
  readonly session: string
  readonly agentId: string
  readonly call: string // or the key of the run it is one of
  readonly rank: number // of `call`: the smallest is the one that began it
  readonly type: string
  readonly hidden: boolean
}

// Where a transcript's lane (its main agent, or one subagent) stands. In the order of the file, which is why each file has its own.
export interface Lane {
  prompt: number
  turn: number
  request: string // told last, by the line at `line`, of the message `message`
  line: number
  message: string
  model: string
  // Calls of agents that account for a request after the calls it made.
  loose: (readonly [key: string, event: string])[]
}

export const newLane = (): Lane => ({
  prompt: NO_REF,
  turn: NO_REF,
  request: '',
  line: -1,
  message: '',
  model: '',
  loose: [],
})
export const laneKey = ({ session, agentId, origin }: Event): string => `${session}\n${agentId ?? ''}\n${origin.file}`

// Whoever counts. `settles` tells the request of a call that was counted before, if the call is still that event's.
export interface Counts {
  prompt(prompt: Prompt): void
  call(call: Call): void
  callOf(request: string, call: string, tool: string): void // a call that stands beside its request
  request(request: Request): void
  agent(facts: AgentFacts): void
  settles(call: string, event: string, request: string): void
  // Notes how far an account has come. Null: no further than was known.
  exceeding(account: string, soFar: Spent): Spent | null
}

const LOOSE_MAX = 200

// Tells `counts` what the event says, and moves the lane on. Each event once, in the order of its file.
export function look(event: Event, lane: Lane, counts: Counts): void {
  const { kind, payload } = event
  if (event.agentId !== null ? tellsOfAgent(event) : beganIn(payload.result) !== undefined) lookForAgent(event, counts)
  const opens = event.agentId === null && asksForWork(event)
  if (opens || (kind === 'message.user.prompt' && event.agentId === null)) lookForPrompt(event, opens, lane, counts)
  else if (payload.usage !== undefined) lookForRequest(event, payload.usage, lane, counts)
  if (kind === 'message.assistant.tool_use') lookForCall(event, lane, counts)
}

const tellsOfAgent = ({ payload }: Event): boolean =>
  payload.parentCall !== undefined ||
  payload.parentRun !== undefined ||
  payload.agentType !== undefined ||
  payload.hidden === true ||
  beganIn(payload.result) !== undefined

// Whom a result is of: a subagent, or a run of several.
const beganIn = (result: Event['payload']['result']): string | undefined => result?.agentId ?? result?.run

// What results say of a subagent is weaker than what it says itself: later calls talk to it, wait for it or stop it.
const HEARD = 2 ** 50
// Of a run only its own call is known, which stands where a subagent's would.
const IN_RUN = 2 ** 51

function lookForAgent(event: Event, counts: Counts): void {
  const { session, agent, agentId, payload } = event
  const { result } = payload
  const began = beganIn(result)
  if (began !== undefined && result!.call !== null) {
    const call = callKey(agent, result!.call, session)
    counts.agent({ ...factsOf(session, began), call, rank: HEARD + momentOf(event) })
  }
  if (agentId === null) return
  // The type beside a call is that of whom it calls, not of who calls.
  const type = payload.tool === undefined ? (payload.agentType ?? '') : ''
  const call = payload.parentCall === undefined ? '' : callKey(agent, payload.parentCall, session)
  const hidden = payload.hidden === true
  if (call === '' && payload.parentRun !== undefined) {
    const { key } = factsOf(session, payload.parentRun)
    return counts.agent({ ...factsOf(session, agentId), call: key, rank: IN_RUN, type, hidden })
  }
  if (type === '' && call === '' && !hidden) return
  const rank = call === '' ? Number.MAX_SAFE_INTEGER : momentOf(event)
  counts.agent({ ...factsOf(session, agentId), call, rank, type, hidden })
}

const factsOf = (session: string, agentId: string): AgentFacts => ({
  key: `${session}\n${agentId}`,
  session,
  agentId,
  call: '',
  rank: Number.MAX_SAFE_INTEGER,
  type: '',
  hidden: false,
})

const REPEATS = /^(?:system\.repeat$|progress\.)/

const weaknessOf = ({ kind, payload, agentId }: Event): number =>
  (payload.copied === true || REPEATS.test(kind) ? 2 : 0) + (agentId === null ? 0 : 1)

const momentOf = ({ id }: Event): number => timeOfId(id) || NEVER

const claimOf = (event: Event): Claim => ({
  weak: weaknessOf(event),
  at: momentOf(event),
  session: event.session,
  agentId: event.agentId ?? '',
  event: event.id,
})

const TEXT_MAX = 160

function lookForPrompt(event: Event, opens: boolean, lane: Lane, counts: Counts): void {
  const { agent, payload } = event
  if (payload.form !== undefined) return // counted by the session itself, form by form
  const words = headOf(payload.text)
  // A copy without a name of its own is counted where it was made, and nowhere else.
  const key = keyOf(agent, payload.nativeId, () => cut(words, 60)) ?? (payload.copied ? null : `${agent} @${event.id}`)
  lane.loose = []
  if (key === null) return
  lane.prompt = refOf(key)
  if (opens || lane.turn === NO_REF) lane.turn = lane.prompt
  counts.prompt({
    ...claimOf(event),
    key,
    isPrompt: event.kind === 'message.user.prompt',
    opens,
    turn: lane.turn,
    text: words.length > TEXT_MAX ? `${cut(words, TEXT_MAX - 1)}…` : words,
  })
}

function lookForCall(event: Event, lane: Lane, counts: Counts): void {
  const { agent, session, payload, origin } = event
  const { tool } = payload
  if (tool === undefined) return
  const key = tool.call !== null ? callKey(agent, tool.call, session) : payload.copied ? null : `${agent} @${event.id}`
  if (key === null) return
  const isOfLast = lane.line === origin.offset || (lane.message !== '' && lane.message === payload.nativeId)
  const request = isOfLast ? lane.request : ''
  // The lines of a request are copied together, so most calls go where their request goes.
  if (request !== '' && tool.kind !== 'delegate') return counts.callOf(request, key.slice(agent.length + 1), tool.name)
  const isWork = payload.hidden !== true
  const calls = payload.agentType ?? ''
  counts.call({ ...claimOf(event), key, tool: tool.name, calls, isWork, prompt: lane.prompt, request })
  if (request === '' && lane.loose.length < LOOSE_MAX) lane.loose.push([key, event.id])
}

function lookForRequest(event: Event, usage: Usage, lane: Lane, counts: Counts): void {
  const { agent, payload, origin } = event
  if (payload.model !== undefined) lane.model = payload.model
  const spent = payload.account === undefined ? spentOf(usage) : newlySpent(event, payload.account, usage, counts)
  if (spent === null) return
  const input = () => `${lane.model} ${inputOf(usage)}`
  const key = keyOf(agent, payload.request, input) ?? (payload.copied ? null : `${agent} @${event.id}`)
  if (key === null) return
  lane.request = key
  lane.line = origin.offset
  lane.message = payload.nativeId ?? ''
  counts.request({
    weak: weaknessOf(event),
    at: momentOf(event),
    session: event.session,
    agentId: event.agentId ?? '',
    event: event.id,
    key,
    model: lane.model,
    prompt: lane.prompt,
    isWork: payload.hidden !== true,
    spent,
  })
  // The account of a request may stand behind the calls that the request made.
  if (event.kind !== 'system.usage' || lane.loose.length === 0) return
  for (const [call, said] of lane.loose) counts.settles(call, said, key)
  lane.loose = []
}

// The name under which a prompt stands in the ledger, where its own id is one in the world.
export const promptKeyOf = (agent: string, id: string | null): string | null =>
  id !== null && isWorldId(id) ? `${agent} ${id}` : null

// What is no id of the world is told apart from its namesakes by what else is known from the first line on.
function keyOf(agent: string, id: string | undefined, more: () => string): string | null {
  if (id === undefined) return null
  return isWorldId(id) ? `${agent} ${id}` : `${agent} ${id} ${more()}`
}

// What went in stands in the first line of a request as in its last.
const inputOf = ({ input, cacheRead, cacheWrite5m, cacheWrite1h }: Usage): string =>
  `${input}/${cacheRead}/${cacheWrite5m + cacheWrite1h}`

// A short id of a call is one in its session.
const callKey = (agent: string, call: string, session: string): string =>
  isWorldId(call) ? `${agent} ${call}` : `${agent} ${call} ${session}`

const TOKENS_MAX = 1e9 // no request has more; what is written beyond it is no count
const RECORDED_USD_MAX = 100_000
const NANO = 1e9

function spentOf(usage: Usage, max = TOKENS_MAX): Spent {
  const tokens = (count: number): number => Math.min(count, max)
  const usd = usage.costUsd === undefined ? 0 : Number(usage.costUsd)
  return {
    input: tokens(usage.input),
    output: tokens(usage.output),
    cacheRead: tokens(usage.cacheRead),
    cacheWrite5m: tokens(usage.cacheWrite5m),
    cacheWrite1h: tokens(usage.cacheWrite1h),
    webSearches: tokens(usage.webSearches ?? 0),
    // A recorded price of nothing is what agents write for a model whose price they do not know.
    recorded: usd > 0 && usd <= RECORDED_USD_MAX ? Math.round(usd * NANO) : null,
    partial: usage.partial === true,
  }
}

// Of an account that counts up: what of it nobody has counted. An account told again after a crash, or from its beginning because the place
// it was read to was lost, costs nothing twice.
const newlySpent = ({ agent, session }: Event, account: string, usage: Usage, counts: Counts): Spent | null =>
  counts.exceeding(`${agent} ${session} ${account}`, spentOf(usage, Number.MAX_SAFE_INTEGER))

export function beyond(soFar: Spent, known: Spent | undefined): Spent | null {
  const more = (of: (spent: Spent) => number): number =>
    Math.min(TOKENS_MAX, Math.max(0, of(soFar) - (known === undefined ? 0 : of(known))))
  const nano = Math.max(0, (soFar.recorded ?? 0) - (known?.recorded ?? 0))
  const spent: Spent = {
    input: more(({ input }) => input),
    output: more(({ output }) => output),
    cacheRead: more(({ cacheRead }) => cacheRead),
    cacheWrite5m: more(({ cacheWrite5m }) => cacheWrite5m),
    cacheWrite1h: more(({ cacheWrite1h }) => cacheWrite1h),
    webSearches: more(({ webSearches }) => webSearches),
    recorded: nano > 0 ? nano : null,
    partial: false,
  }
  return sameSpent(spent, NOTHING_SPENT) ? null : spent
}

const NOTHING_SPENT: Spent = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  webSearches: 0,
  recorded: null,
  partial: false,
}

// Of two snapshots of one request the larger in each class. A whole answer ends the doubt that a snapshot of it left.
export const largest = (a: Spent, b: Spent): Spent => ({
  input: Math.max(a.input, b.input),
  output: Math.max(a.output, b.output),
  cacheRead: Math.max(a.cacheRead, b.cacheRead),
  cacheWrite5m: Math.max(a.cacheWrite5m, b.cacheWrite5m),
  cacheWrite1h: Math.max(a.cacheWrite1h, b.cacheWrite1h),
  webSearches: Math.max(a.webSearches, b.webSearches),
  recorded: a.recorded === null ? b.recorded : b.recorded === null ? a.recorded : Math.max(a.recorded, b.recorded),
  partial: a.partial && b.partial,
})

export const sameSpent = (a: Spent, b: Spent): boolean =>
  a.output === b.output &&
  a.input === b.input &&
  a.cacheRead === b.cacheRead &&
  a.cacheWrite5m === b.cacheWrite5m &&
  a.cacheWrite1h === b.cacheWrite1h &&
  a.webSearches === b.webSearches &&
  a.recorded === b.recorded &&
  a.partial === b.partial

// What a request costs by a list of prices: nano-dollars, or null where the model is unknown. `edition` changes with any price in it.
export interface Prices {
  readonly edition: string
  readonly of: (model: string, at: number, spent: Spent) => number | null
}

export const NO_PRICES: Prices = { edition: 'none', of: () => null }
