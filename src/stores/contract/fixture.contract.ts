// What the promises of the store contract share: the fixture, and filling it as the consumers do.
import { foldTurns } from '../../consumers/patterns/patterns.ts'
import { foldSessions } from '../../consumers/projections/projections.ts'
import { delivered, type Made } from '../../testing/made-events.ts'
import {
  ANY_EVENT,
  type EventIndex,
  type EventLog,
  type IndexedEvent,
  type SearchIndex,
  type SearchPlan,
  type SearchTerm,
  type SessionFoldStore,
  type StoreReader,
  type TurnFoldStore,
} from '../store.ts'

export interface StoreFixture {
  readonly log: EventLog
  readonly index: EventIndex
  readonly search: SearchIndex
  readonly sessions: SessionFoldStore
  readonly turns: TurnFoldStore
  readonly reader: StoreReader
  destroy(): Promise<void>
}

export type Promised = (what: string, keep: (store: StoreFixture) => Promise<void>) => void

// Appends the events and gives the rows of the index for them, numbered by the stream from `seq` on.
export function rowsOf({ log }: Pick<StoreFixture, 'log'>, events: readonly Made[], seq = 1): IndexedEvent[] {
  return events.map(({ event, data }, i) => ({
    event,
    place: log.append(event.session, [data])[0]!,
    seq: seq + i,
    publishedMs: 1_000 + i,
  }))
}

// All that the consumers and the search thread do with events; returns how many the index took.
export function keep(store: StoreFixture, events: readonly Made[], seq = 1): number {
  const { inserted } = store.index.insert(rowsOf(store, events, seq), seq + events.length - 1)
  const messages = delivered(events, seq)
  foldSessions(store.sessions, messages)
  foldTurns(store.turns, messages)
  while (store.search.follow(1_000) > 0);
  return inserted
}

export const idsOf = (texts: readonly string[]): string[] => texts.map((text) => JSON.parse(text).id as string)
export const ids = (events: readonly Made[]): string[] => events.map(({ id }) => id)

export const word = (...words: string[]): SearchTerm => ({ words, prefix: false })
export const begin = (...words: string[]): SearchTerm => ({ words, prefix: true })
export const plan = (wanted: Partial<SearchPlan> = {}): SearchPlan => ({ ...ANY_EVENT, ...wanted })
