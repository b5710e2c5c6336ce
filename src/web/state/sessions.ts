// The sessions the page knows: pages of the list and what the stream said since, whichever is newer.
import type { OutlineTurn } from '../../folds/outline.ts'
import type { LiveItem, SessionSummary, TurnStory } from '../../wire/live.ts'
import type { SessionsAnswer } from '../../wire/rest.ts'

import { type ListFilter, spanMs } from './route.ts'

export interface Sessions {
  readonly rows: ReadonlyMap<string, SessionSummary>
  readonly heardAt: ReadonlyMap<string, number> // seq of the stream's last word on a session
  readonly labels: Readonly<Record<string, string>>
  readonly total: number
  readonly next: string | null
}

export const noSessions: Sessions = { rows: new Map(), heardAt: new Map(), labels: {}, total: 0, next: null }

// `turnPage`: whether this answer goes on where the list ended, or is only a look at some of it.
export function withPage(sessions: Sessions, page: SessionsAnswer, turnPage: boolean): Sessions {
  const rows = new Map(sessions.rows)
  for (const row of page.sessions) if ((sessions.heardAt.get(row.id) ?? -1) <= page.seq) rows.set(row.id, row)
  return {
    rows,
    heardAt: sessions.heardAt,
    labels: { ...sessions.labels, ...page.labels },
    total: turnPage ? Math.max(page.total, rows.size) : Math.max(sessions.total, rows.size),
    next: turnPage ? page.next : sessions.next,
  }
}

export function withHeard(sessions: Sessions, items: readonly LiveItem[]): Sessions {
  const heard = items.filter((item) => item.kind === 'session')
  if (heard.length === 0) return sessions
  const rows = new Map(sessions.rows)
  const heardAt = new Map(sessions.heardAt)
  for (const { seq, session } of heard) {
    rows.set(session.id, session)
    heardAt.set(session.id, seq)
  }
  return { ...sessions, rows, heardAt, total: Math.max(sessions.total, rows.size) }
}

// Turns as a list of their session; a turn only ever grows, so of two tellings the one with more events is the newer.
export type Turns = ReadonlyMap<string, TurnStory>

export function withTurns<T extends OutlineTurn>(
  turns: ReadonlyMap<string, T>,
  told: readonly T[],
): ReadonlyMap<string, T> {
  const fresh = told.filter((turn) => {
    const known = turns.get(turn.id)
    return (
      known === undefined || turn.events > known.events || (turn.events === known.events && known.outcome === 'running')
    )
  })
  if (fresh.length === 0) return turns
  const next = new Map(turns)
  for (const turn of fresh) next.set(turn.id, turn)
  return next
}

// Whether a session is among those the list is narrowed to.
export function isListed(row: SessionSummary, { by, project, active }: ListFilter, nowMs: number): boolean {
  if ((by !== null && row.agent !== by) || (project !== null && row.project !== project)) return false
  const span = spanMs(active)
  return span === null || (row.ended !== null && nowMs - Date.parse(row.ended) <= span)
}
