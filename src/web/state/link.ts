// The connection to the live stream as a state machine: pure, so that every order of trouble can be tried in a test.
// A snapshot comes first and says up to where it holds; the stream goes on from there. `seq` is the last number taken:
// after a cut the next hello names it, so nothing is lost, and what comes again is dropped here.
import { unreachable } from '../../base/assert.ts'
import type { LiveItem, ServerMessage } from '../../wire/live.ts'

export type Link =
  | { readonly at: 'loading'; readonly attempt: number }
  | { readonly at: 'opening'; readonly seq: number; readonly attempt: number }
  | { readonly at: 'greeting'; readonly seq: number; readonly attempt: number }
  | { readonly at: 'live'; readonly seq: number; readonly lag: number }
  | { readonly at: 'waiting'; readonly seq: number | null; readonly attempt: number }

export type LinkInput =
  | { readonly what: 'snapshot'; readonly seq: number }
  | { readonly what: 'snapshot_failed' }
  | { readonly what: 'opened' }
  | { readonly what: 'closed' }
  | { readonly what: 'due' } // the wait is over, or the machine is back on the network
  | { readonly what: 'message'; readonly message: ServerMessage }

export type LinkCommand =
  | { readonly do: 'load' } // ask for a snapshot
  | { readonly do: 'open' }
  | { readonly do: 'close' }
  | { readonly do: 'hello'; readonly from: number }
  | { readonly do: 'take'; readonly items: readonly LiveItem[]; readonly to: number }
  | { readonly do: 'forget' } // what was heard no longer joins up with what comes
  | { readonly do: 'wait'; readonly ms: number }

export interface LinkStep {
  readonly link: Link
  readonly commands: readonly LinkCommand[]
}

const RETRY_MS_MIN = 250
const RETRY_MS_MAX = 10_000
export const retryDelayMs = (attempt: number): number =>
  Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(attempt, 10))

export const startLink = (): LinkStep => ({ link: { at: 'loading', attempt: 0 }, commands: [{ do: 'load' }] })

export function stepLink(link: Link, input: LinkInput): LinkStep {
  switch (input.what) {
    case 'snapshot':
      return link.at === 'loading' ? opening(input.seq, link.attempt) : stay(link)
    case 'snapshot_failed':
      return link.at === 'loading' ? waiting(null, link.attempt) : stay(link)
    case 'opened':
      if (link.at !== 'opening') return stay(link)
      return { link: { ...link, at: 'greeting' }, commands: [{ do: 'hello', from: link.seq }] }
    case 'closed':
      if (link.at === 'opening' || link.at === 'greeting') return waiting(link.seq, link.attempt)
      return link.at === 'live' ? waiting(link.seq, 0) : stay(link)
    case 'due':
      if (link.at !== 'waiting') return stay(link)
      return link.seq === null ? loading(link.attempt + 1) : opening(link.seq, link.attempt + 1)
    case 'message':
      return heard(link, input.message)
    default:
      return unreachable(input)
  }
}

function heard(link: Link, message: ServerMessage): LinkStep {
  if (link.at !== 'greeting' && link.at !== 'live') return stay(link)
  switch (message.type) {
    case 'welcome':
      // A server that knows less than we do has begun again (its data folder was replaced): nothing joins up.
      if (message.seq < link.seq) return startAgain()
      return stay({ at: 'live', seq: link.seq, lag: 0 })
    case 'batch':
      return link.at === 'live' ? taken(link, message.items, message.to) : stay(link)
    case 'behind':
      return stay(link.at === 'live' ? { ...link, lag: Math.max(1, message.lag) } : link)
    case 'caught_up':
      return stay(link.at === 'live' ? { ...link, lag: 0 } : link)
    case 'reset':
      return startAgain()
    default:
      return stay(link) // a newer server may say more than we know
  }
}

function taken(link: Link & { at: 'live' }, all: readonly LiveItem[], to: number): LinkStep {
  const items = all.filter((item) => item.seq > link.seq)
  const seq = Math.max(link.seq, to, items.at(-1)?.seq ?? 0)
  return { link: { ...link, seq }, commands: items.length > 0 ? [{ do: 'take', items, to: seq }] : [] }
}

const stay = (link: Link): LinkStep => ({ link, commands: [] })
const loading = (attempt: number): LinkStep => ({ link: { at: 'loading', attempt }, commands: [{ do: 'load' }] })
const opening = (seq: number, attempt: number): LinkStep => ({
  link: { at: 'opening', seq, attempt },
  commands: [{ do: 'open' }],
})
const waiting = (seq: number | null, attempt: number): LinkStep => ({
  link: { at: 'waiting', seq, attempt },
  commands: [{ do: 'close' }, { do: 'wait', ms: retryDelayMs(attempt) }],
})
const startAgain = (): LinkStep => ({
  link: { at: 'loading', attempt: 0 },
  commands: [{ do: 'close' }, { do: 'forget' }, { do: 'load' }],
})
