// What a person has looked at: events of a session at the last look. Pure; hooks keep it in localStorage.
import type { SessionSummary } from '../../wire/live.ts'

export type Seen = Readonly<Record<string, number>>

const SEEN_MAX = 1_500

type Row = Pick<SessionSummary, 'id' | 'events'>

// A session met for the first time in a snapshot is not news; one that begins while the page is open is, from its first event.
export function meet(seen: Seen, rows: Iterable<Row>): Seen {
  const fresh = [...rows].filter((row) => seen[row.id] === undefined)
  return fresh.length === 0
    ? seen
    : pruned({ ...seen, ...Object.fromEntries(fresh.map((row) => [row.id, row.events])) })
}

export const look = (seen: Seen, row: Row): Seen =>
  seen[row.id] === row.events ? seen : pruned({ ...seen, [row.id]: row.events })

export const unreadOf = (seen: Seen, row: Row): number => Math.max(0, row.events - (seen[row.id] ?? 0))

export function parseSeen(text: string | null): Seen {
  if (text === null) return {}
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  )
}

// The newest stay: entries keep the order in which they were first written.
function pruned(seen: Seen): Seen {
  const entries = Object.entries(seen)
  return entries.length <= SEEN_MAX ? seen : Object.fromEntries(entries.slice(entries.length - SEEN_MAX))
}
