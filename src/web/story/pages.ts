// The records behind a turn, page by page, for as long as the turn is unfolded: bounded, and going on while the turn does.
// What was loaded is kept while the card is scrolled out of sight.
import { useEffect, useRef, useState } from 'react'
import type { TurnStory } from '../../wire/live.ts'
import type { RecordsAnswer } from '../../wire/rest.ts'
import { askRecords } from '../state/api.ts'
import { type Rows, rowsOf } from '../ui/rows.ts'

export interface Held {
  readonly rows: Rows
  readonly ids: ReadonlySet<string>
  readonly cursor: number | null // of the last record asked for; null: none yet
  readonly isAtEnd: boolean // the session had nothing more when it was asked
  readonly tries: number // in a row that brought nothing, towards the same end
  readonly triedFor: string | null
  readonly max: number // records to show; more on demand
  readonly error: Error | null
}

const PAGE = 120
const SHOWN_MAX = 200
const TRIES_MAX = 8
const RETRY_MS = 400
const KEPT_MAX = 60

export const nothingHeld: Held = {
  rows: rowsOf([]),
  ids: new Set(),
  cursor: null,
  isAtEnd: false,
  tries: 0,
  triedFor: null,
  max: SHOWN_MAX,
  error: null,
}

type Ends = Pick<TurnStory, 'firstEvent' | 'lastEvent'>

export const isWhole = (held: Held, { lastEvent }: Ends): boolean => held.ids.has(lastEvent)

// Pages are of the turn's lane only. The first one holds some of what was before the turn; the last one some of what came after it.
export function withPage(held: Held, turn: Ends, { records, cursors, more }: RecordsAnswer): Held {
  const first = held.cursor === null ? records.findIndex(({ id }) => id === turn.firstEvent) : 0
  const tries = (held.triedFor === turn.lastEvent ? held.tries : 0) + 1
  if (first < 0) return { ...held, tries, triedFor: turn.lastEvent }
  const last = records.findIndex(({ id }) => id === turn.lastEvent)
  const end = last < first ? records.length : last + 1
  const fresh = records.slice(first, end).filter(({ id }) => !held.ids.has(id))
  const all = held.rows.records.concat(fresh)
  return {
    ...held,
    rows: rowsOf(all, held.rows),
    ids: fresh.length === 0 ? held.ids : new Set(all.map(({ id }) => id)),
    // Records behind the last event are asked for again when the turn has grown to them.
    cursor: cursors[end - 1] ?? held.cursor,
    isAtEnd: !more.after || last >= first,
    tries: fresh.length === 0 ? tries : 0,
    triedFor: turn.lastEvent,
  }
}

// Whether another page is wanted now: until the turn is whole or enough is shown; on to the event that was asked for; and, where the end
// was reached, along with the turn. The index may trail the stream, so what does not come is asked for again a few times.
export function isDue(held: Held, turn: Ends, wanted: string | null): boolean {
  const isGivenUp = held.tries >= TRIES_MAX && held.triedFor === turn.lastEvent
  if (held.error !== null || isGivenUp || isWhole(held, turn)) return false
  const isMissing = wanted !== null && !held.ids.has(wanted)
  return held.rows.records.length < held.max || held.isAtEnd || isMissing
}

const kept = new Map<string, Held>()
function keep(turn: string, held: Held): void {
  kept.delete(turn)
  kept.set(turn, held)
  const [oldest] = kept.keys()
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
}

export function useTurnRecords(turn: TurnStory, wanted: string | null) {
  const [, draw] = useState(0)
  const isBusy = useRef(false)
  const held = kept.get(turn.id) ?? nothingHeld
  const set = (next: Held) => {
    keep(turn.id, next)
    draw((n) => n + 1)
  }
  // A busy stream changes the turn faster than pages come: a question that is under way is never taken back for it.
  const stop = useRef<AbortController | null>(null)
  useEffect(() => {
    stop.current = new AbortController()
    return () => stop.current?.abort()
  }, [])
  useEffect(() => {
    if (isBusy.current || !isDue(held, turn, wanted) || stop.current === null) return
    const { signal } = stop.current
    isBusy.current = true
    const ask = async () => {
      if (held.tries > 0) await new Promise((resolve) => setTimeout(resolve, RETRY_MS * held.tries))
      if (!signal.aborted) set(withPage(held, turn, await askPage(turn, held, signal)))
    }
    ask()
      .catch((error: Error) => {
        if (!signal.aborted) set({ ...held, error })
      })
      .finally(() => {
        isBusy.current = false
        if (!signal.aborted) draw((n) => n + 1)
      })
  })
  return {
    rows: held.rows,
    isWhole: isWhole(held, turn),
    isWaiting: isDue(held, turn, wanted),
    error: held.error,
    more: () => set({ ...held, max: held.rows.records.length + SHOWN_MAX, tries: 0, error: null }),
  }
}

const askPage = (turn: TurnStory, held: Held, signal: AbortSignal): Promise<RecordsAnswer> =>
  askRecords(
    {
      session: turn.session,
      agent: turn.agentId ?? 'main',
      limit: PAGE,
      ...(held.cursor === null ? { around: turn.firstEvent } : { after: held.cursor }),
    },
    signal,
  )
