// The last of what the stream said, kept so that a page of records that arrives late can be joined to it without a gap.
// `floor`: everything after it is here. A page that holds less than up to the floor must be asked for again.
import type { StoryRecord } from '../../folds/record.ts'
import type { LiveItem } from '../../wire/live.ts'

export interface Tail {
  readonly floor: number
  readonly to: number
  readonly items: readonly { readonly seq: number; readonly record: StoryRecord }[]
}

const TAIL_MAX = 8_000

export const emptyTail = (seq: number): Tail => ({ floor: seq, to: seq, items: [] })

export function withItems(tail: Tail, heard: readonly LiveItem[], to: number, max = TAIL_MAX): Tail {
  const items = tail.items.concat(heard.filter((item) => item.kind === 'record'))
  if (items.length <= max) return { floor: tail.floor, to, items }
  // Half is dropped at once: the copy then costs little per record.
  const kept = items.slice(items.length - Math.ceil(max / 2))
  const dropped = items[items.length - kept.length - 1]
  return { floor: Math.max(tail.floor, dropped?.seq ?? 0), to, items: kept }
}

// Null: the tail does not reach back far enough.
export const recordsAfter = (tail: Tail, seq: number): readonly StoryRecord[] | null =>
  seq < tail.floor ? null : tail.items.filter((item) => item.seq > seq).map((item) => item.record)
