// What was spent, cut in any way people ask for. Sums come in, rows come out; every cut of the same requests adds up to the same whole.
// Tools: what a request cost is shared among the calls it made, in equal parts; what cannot be divided goes to the first by name.
import { usdOf } from './money.ts'

export const CUTS = ['day', 'session', 'project', 'model', 'agent', 'prompt', 'turn', 'tool', 'subagent'] as const
export type Cut = (typeof CUTS)[number]
export const isCut = (word: string): word is Cut => (CUTS as readonly string[]).includes(word)

// Lines of their own for what belongs to none of the others. No id and no name of anything looks like these.
export const NO_PROMPT = '(no prompt)' // work before anybody asked for anything
export const UNLINKED = '(subagents whose call is not known)'
export const NO_MODEL = '(no model named)'
export const NO_TIME = '(no time known)'
export const NO_TOOL = '(no tool)'
export const MAIN = '(main agent)'
export const helperLine = (name: string): string => `(helper: ${name})`

// What a sum holds, in this order. `compared`: requests of which a recorded and a computed price are known, and both over them.
export const SUMS = [
  'requests',
  'input',
  'output',
  'cache_read',
  'cache_write_5m',
  'cache_write_1h',
  'web_searches',
  'nano',
  'unpriced',
  'partial',
  'compared',
  'recorded',
  'computed',
] as const

// A sum of SUMS, and behind it how much of it subagents did: requests and nano-dollars.
export type Sum = readonly number[]
export const SUM_LENGTH = SUMS.length + 2
const at = Object.fromEntries(SUMS.map((name, i) => [name, i])) as Readonly<Record<(typeof SUMS)[number], number>>

// The names scripts rely on. Money is a decimal string in USD; null: nobody knows.
export interface CostRow {
  readonly key: string
  readonly requests: number
  readonly input: number
  readonly output: number
  readonly cache_write_5m: number
  readonly cache_write_1h: number
  readonly cache_read: number
  readonly usd: string | null
  readonly lower_bound: boolean // it may have been more: a price is unknown, or an answer's end was never written down
  readonly web_searches: number
  readonly unpriced: number // requests whose price nobody knows
  readonly partial: number // requests of whose answer only snapshots are known
  readonly subagent_requests: number
  readonly subagent_usd: string
  // Where the agent wrote down what it cost and the list of prices says as well.
  readonly compared: { readonly requests: number; readonly recorded_usd: string; readonly computed_usd: string } | null
  readonly text?: string // the words of a prompt or a turn, the title of a session
  // Of a prompt or a turn.
  readonly session?: string
  readonly time?: string | null
  readonly asked_by?: 'person' | 'program'
}

// A request that a row is made of.
export interface CostRequest {
  readonly event: string
  readonly session: string
  readonly agent_id: string | null
  readonly time: string | null
  readonly model: string | null
  readonly prompt: string | null // event of the prompt in force; null: none, or a subagent's (its call says which)
  readonly tools: readonly string[]
  readonly input: number
  readonly output: number
  readonly cache_write_5m: number
  readonly cache_write_1h: number
  readonly cache_read: number
  readonly web_searches: number
  readonly usd: string | null
  readonly recorded_usd: string | null // by the agent
  readonly computed_usd: string | null // by the list of prices
  readonly lower_bound: boolean
  readonly partial: boolean // only snapshots of the answer are known: what was put out is at least `output`
}

export interface UnknownModel {
  readonly model: string
  readonly requests: number // without a price
}

interface Total {
  readonly sum: number[]
  isPriced: boolean
  isUnpriced: boolean
  isPartial: boolean
}

export class Totals {
  readonly #totals = new Map<string, Total>()

  // The array may be kept: it is not the caller's any more.
  add(key: string, sum: number[]): void {
    const known = this.#totals.get(key)
    const total = known ?? { sum, isPriced: false, isUnpriced: false, isPartial: false }
    mark(total, sum)
    if (known === undefined) this.#totals.set(key, total)
    else for (let i = 0; i < SUM_LENGTH; i++) total.sum[i]! += sum[i]!
  }

  // `tools`: sorted, one a line, as often as each was called; none: ''.
  addShared(tools: string, sum: Sum): void {
    if (tools === '') return this.add(NO_TOOL, [...sum])
    const calls = tools.split('\n')
    const given = sum.map(() => 0)
    for (const [n, tool] of calls.entries()) {
      const total = this.#totalOf(tool)
      for (let i = 0; i < SUM_LENGTH; i++) {
        // The n-th share ends where n + 1 of the shares end: nothing is lost between them, and the first get what is left over.
        const share = Math.ceil((sum[i]! * (n + 1)) / calls.length) - given[i]!
        total.sum[i]! += share
        given[i]! += share
      }
      mark(total, sum)
    }
  }

  #totalOf(key: string): Total {
    let total = this.#totals.get(key)
    if (total === undefined) {
      total = { sum: Array.from({ length: SUM_LENGTH }, () => 0), isPriced: false, isUnpriced: false, isPartial: false }
      this.#totals.set(key, total)
    }
    return total
  }

  // The dearest first; days newest first.
  keys(cut: Cut): readonly string[] {
    const entries = [...this.#totals]
    if (cut === 'day') entries.sort(([a], [b]) => (a < b ? 1 : -1))
    else
      entries.sort(
        ([a, x], [b, y]) =>
          y.sum[at.nano]! - x.sum[at.nano]! || y.sum[at.output]! - x.sum[at.output]! || (a < b ? -1 : 1),
      )
    return entries.map(([key]) => key)
  }

  row(key: string): CostRow {
    const total = this.#totalOf(key)
    const { sum } = total
    const compared = sum[at.compared]!
    return {
      key,
      requests: sum[at.requests]!,
      input: sum[at.input]!,
      output: sum[at.output]!,
      cache_write_5m: sum[at.cache_write_5m]!,
      cache_write_1h: sum[at.cache_write_1h]!,
      cache_read: sum[at.cache_read]!,
      usd: total.isUnpriced && !total.isPriced ? null : usdOf(sum[at.nano]!),
      lower_bound: total.isUnpriced || total.isPartial,
      web_searches: sum[at.web_searches]!,
      unpriced: sum[at.unpriced]!,
      partial: sum[at.partial]!,
      subagent_requests: sum[SUMS.length]!,
      subagent_usd: usdOf(sum[SUMS.length + 1]!),
      compared:
        compared === 0
          ? null
          : {
              requests: compared,
              recorded_usd: usdOf(sum[at.recorded]!),
              computed_usd: usdOf(sum[at.computed]!),
            },
    }
  }
}

function mark(total: Total, sum: Sum): void {
  const [requests, unpriced] = [sum[at.requests]!, sum[at.unpriced]!]
  if (requests > unpriced) total.isPriced = true
  if (unpriced > 0) total.isUnpriced = true
  if (sum[at.partial]! > 0) total.isPartial = true
}

// What a subagent's work belongs to: followed from call to call up to the main agent.
export interface SubagentLink {
  readonly name: string
  readonly hidden: boolean
  readonly parent: { readonly prompt: string; readonly lane: string } | null // where the call stands; lane '': the main agent's
}

const DEPTH_MAX = 32

// The prompt that set a lane's work off, or the line it stands in.
export function promptOfLane(lane: string, link: (lane: string) => SubagentLink | undefined): string {
  let here = lane
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const found = link(here)
    if (found?.hidden) return helperLine(found.name)
    if (found === undefined || found.parent === null) return UNLINKED
    if (found.parent.lane === '') return found.parent.prompt === '' ? NO_PROMPT : found.parent.prompt
    here = found.parent.lane
  }
  return UNLINKED
}

// What a helper is for stands before the hyphen of its id, where it has one.
export const helperName = (agentId: string): string => {
  const end = agentId.lastIndexOf('-')
  return end > 0 ? agentId.slice(0, end) : 'unnamed'
}

// A request that counts in this session: copies are counted where they were first. `cached`: read and written. `nano`: in nano-dollars,
// null where nobody knows. `partial`: of its answer only snapshots are known, so it may have been more.
export type SpentThen = readonly [
  ms: number | null,
  input: number,
  output: number,
  cached: number,
  nano: number | null,
  partial: 0 | 1,
]
