// The part of a session that the page holds: a run of records without a gap, in the server's order, each id once.
// It grows at both ends by pages and, when it reaches the end of the session, at the end by the live stream.
// Pure, but for one thing: the set of ids is carried from a window to its successor, so an older window must not be used again.
import type { StoryRecord } from '../../folds/record.ts'
import type { RecordsAnswer } from '../../wire/rest.ts'

// Where the person is: a whole session or one lane of it ('main' or a subagent's id).
export interface Lane {
  readonly session: string
  readonly agent: string | null
}

export interface RecordWindow extends Lane {
  readonly records: readonly StoryRecord[]
  readonly ids: Set<string>
  readonly first: number | null // cursor of the first record; null where it came over the stream
  readonly last: number | null // cursor of the last record that came by page
  readonly more: { readonly before: boolean; readonly after: boolean }
}

// About 50 MB of the largest records; far more than anyone reads upward in one go.
export const RECORDS_KEPT = 40_000
const RECORDS_SLACK = 4_000

export const laneKey = ({ session, agent }: Lane): string => `${session}|${agent ?? ''}`
export const inLane = (lane: Lane, record: StoryRecord): boolean =>
  record.session === lane.session &&
  (lane.agent === null || (lane.agent === 'main' ? record.agentId === null : record.agentId === lane.agent))

export function windowOf(lane: Lane, page: RecordsAnswer): RecordWindow {
  const ids = new Set<string>()
  const records = freshOf(ids, page.records)
  return {
    session: lane.session,
    agent: lane.agent,
    records,
    ids,
    first: page.cursors[0] ?? null,
    last: page.cursors.at(-1) ?? null,
    more: page.more,
  }
}

// Records of the stream. A window that ends before the session does leaves them for its pages to bring.
export function withLive(window: RecordWindow, heard: readonly StoryRecord[]): RecordWindow {
  if (window.more.after) return window
  const fresh = freshOf(
    window.ids,
    heard.filter((record) => inLane(window, record)),
  )
  return fresh.length === 0 ? window : trimmed({ ...window, records: window.records.concat(fresh) })
}

export function withOlder(window: RecordWindow, page: RecordsAnswer): RecordWindow {
  const fresh = freshOf(window.ids, page.records)
  return {
    ...window,
    records: fresh.concat(window.records),
    first: page.cursors[0] ?? window.first,
    more: { ...window.more, before: page.more.before },
  }
}

export function withNewer(window: RecordWindow, page: RecordsAnswer): RecordWindow {
  const fresh = freshOf(window.ids, page.records)
  return {
    ...window,
    records: window.records.concat(fresh),
    last: page.cursors.at(-1) ?? window.last,
    more: { ...window.more, after: page.more.after },
  }
}

function freshOf(ids: Set<string>, records: readonly StoryRecord[]): StoryRecord[] {
  return records.filter((record) => {
    if (ids.has(record.id)) return false
    ids.add(record.id)
    return true
  })
}

// Cut in large steps, so that following a busy session does not copy the list for every record.
function trimmed(window: RecordWindow): RecordWindow {
  const over = window.records.length - RECORDS_KEPT
  if (over < RECORDS_SLACK) return window
  for (const record of window.records.slice(0, over)) window.ids.delete(record.id)
  return { ...window, records: window.records.slice(over), first: null, more: { ...window.more, before: true } }
}

// The records of a page that stand before the window's first: how a window whose first cursor is unknown grows upward.
export function beforeFirst(window: RecordWindow, around: RecordsAnswer): RecordsAnswer {
  const at = around.records.findIndex((record) => record.id === window.records[0]?.id)
  const end = at < 0 ? 0 : at
  return { ...around, records: around.records.slice(0, end), cursors: around.cursors.slice(0, end) }
}
