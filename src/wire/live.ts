// Every message of the live stream (WebSocket /api/live). The server numbers messages by the bus's sequence; a client says from where,
// and gets everything after it, once, in order. One frame holds many messages; both sides send JSON text.
//
//   client  {"type":"hello","from":<seq>|null}     null: from now on
//   server  {"type":"welcome","seq":<last>,"from":<seq>}
//   server  {"type":"batch","to":<seq>,"items":[…]}   items ascending by seq
//   server  {"type":"behind","lag":<n>}            the client is slow: it is served from the bus until it has caught up
//   server  {"type":"caught_up","seq":<seq>}
//   server  {"type":"reset","first":<seq>,"seq":<last>}   `from` is no longer kept: load a snapshot again, then hello with its seq
import type { StoryRecord } from '../folds/record.ts'
import type { Clause } from '../folds/sentence/clause.ts'
import { tell } from '../folds/sentence/sentence.ts'
import type { SessionRow } from '../folds/session.ts'
import type { Turn } from '../folds/turn/turn.ts'

export type LiveItem =
  | { readonly seq: number; readonly kind: 'record'; readonly record: StoryRecord; readonly project: string }
  | { readonly seq: number; readonly kind: 'session'; readonly session: SessionSummary }
  | { readonly seq: number; readonly kind: 'turn'; readonly turn: TurnStory }

export type ServerMessage =
  | { readonly type: 'welcome'; readonly seq: number; readonly from: number }
  | { readonly type: 'batch'; readonly to: number; readonly items: readonly LiveItem[] }
  | { readonly type: 'behind'; readonly lag: number }
  | { readonly type: 'caught_up'; readonly seq: number }
  | { readonly type: 'reset'; readonly first: number; readonly seq: number }

export type ClientMessage = { readonly type: 'hello'; readonly from: number | null }

// A session row without what only the fold needs.
export type SessionSummary = Omit<SessionRow, 'spent'>
export const summaryOf = ({ spent: _, ...row }: SessionRow): SessionSummary => row

// A turn without what only the fold needs, with its sentence: the text, and the clauses with the events behind each.
export type TurnStory = Omit<Turn, 'pending' | 'request' | 'next' | 'goesOn'> & {
  readonly sentence: string
  readonly verb: string
  readonly clauses: readonly Clause[]
  readonly cost?: { readonly usd: string | null; readonly lowerBound: boolean } // with its subagents; over REST only
}
export function storyOf(turn: Turn, label: string): TurnStory {
  const { pending: _, request: __, next: ___, goesOn: ____, ...told } = turn
  const { text, verb, clauses } = tell(turn, label)
  return { ...told, sentence: text, verb, clauses }
}
