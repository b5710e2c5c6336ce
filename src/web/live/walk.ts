// Moving about in a session and holding it still. Pure.

import type { OutlineTurn } from '../../folds/outline.ts'
import type { StoryRecord } from '../../folds/record.ts'
import type { Row } from '../ui/rows.ts'

// What stands at the very end of the list: what the session does now.
export const END_ROW = { kind: 'end', key: 'end' } as const
export type ReaderItem = Row | typeof END_ROW

// What a held page shows: everything up to the record that was last when it was held, and how many wait behind it.
// Where that record is gone (a long session lets go of its beginning) nothing is held back any more.
export function heldBack(
  records: readonly StoryRecord[],
  last: string | null,
): { readonly shown: readonly StoryRecord[]; readonly waiting: number } {
  const at = last === null ? records.length - 1 : records.findLastIndex((record) => record.id === last)
  if (at < 0 || at === records.length - 1) return { shown: records, waiting: 0 }
  return { shown: records.slice(0, at + 1), waiting: records.length - 1 - at }
}

// The rows of the session's last while, counted from its end, so that it means something in an old session too.
export function lastRows(rows: readonly Row[], ended: string | null, span: number | null): readonly Row[] {
  if (span === null || ended === null) return rows
  const from = new Date(Date.parse(ended) - span).toISOString()
  const at = rows.findIndex((row) => (row.kind === 'day' ? row.time : (row.record.time ?? '')) >= from)
  return at < 0 ? [] : rows.slice(at)
}

// The next row that is a record, from a place in the list; the place itself where there is none.
export function stepFrom(rows: readonly { readonly kind: string }[], at: number, step: 1 | -1): number {
  for (let i = at + step; i >= 0 && i < rows.length; i += step) if (rows[i]?.kind === 'record') return i
  return at
}

// The turn before or after a moment. Before: the one it lies in, unless the moment is that turn's own beginning.
export function turnFrom(turns: readonly OutlineTurn[], time: string | null, step: 1 | -1): OutlineTurn | null {
  const told = turns.filter((turn) => turn.agentId === null && turn.prompt !== null)
  if (step === 1) return told.find((turn) => (turn.started ?? '') > (time ?? '')) ?? null
  return told.findLast((turn) => time === null || (turn.started ?? '') < time) ?? null
}
