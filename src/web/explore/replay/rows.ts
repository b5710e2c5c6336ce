// Rows of a replay: those of Live, and between them what passed unseen. Pure.
import type { StoryRecord } from '../../../folds/record.ts'
import { type Row, type Rows, rowsOf } from '../../ui/rows.ts'
import { beatBefore } from './clock.ts'
import type { Reel } from './reel.ts'

export interface GapRow {
  readonly kind: 'gap'
  readonly key: string
  readonly ms: number
}
export type ReplayRow = Row | GapRow

export interface ReplayRows {
  readonly rows: Rows
  readonly list: readonly ReplayRow[]
}

export function replayRows(
  { from, records }: Reel,
  shown: number,
  times: ArrayLike<number>,
  before?: ReplayRows,
): ReplayRows {
  const seen = records.slice(0, Math.max(0, shown - from))
  const rows = rowsOf(seen, before?.rows)
  if (rows === before?.rows) return before
  return { rows, list: withGaps(rows.list, from, seen, times) }
}

function withGaps(
  list: readonly Row[],
  from: number,
  records: readonly StoryRecord[],
  times: ArrayLike<number>,
): readonly ReplayRow[] {
  const gaps = new Map<string, number>()
  for (let i = 0; i < records.length; i++) {
    const ms = beatBefore(times, from + i)
    if (ms !== null) gaps.set(records[i]!.id, ms)
  }
  if (gaps.size === 0) return list
  const out: ReplayRow[] = []
  for (const row of list) {
    const ms = row.kind === 'record' ? gaps.get(row.record.id) : undefined
    // Behind the heading of a day that began meanwhile.
    if (ms !== undefined) out.push({ kind: 'gap', key: `gap:${row.key}`, ms })
    out.push(row)
  }
  return out
}
