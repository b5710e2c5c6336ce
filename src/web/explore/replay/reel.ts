// The records of a replay, by pages of a course that is known: what is on the reel around a place, and what has to come next. The rules are
// pure; the hook asks for pages and keeps them.
import { useQueries } from '@tanstack/react-query'
import { useRef } from 'react'
import type { StoryRecord } from '../../../folds/record.ts'
import type { RecordsAnswer } from '../../../wire/rest.ts'
import { askRecords } from '../../state/api.ts'
import type { Course } from './course.ts'

export const RECORDS_A_PAGE = 200
const PAGES_BACK = 2 // on the reel before a place that was jumped to
const PAGES_KEPT = 24 // then the oldest are let go

// Pages from `first` to the one of the place, `last`.
export interface Span {
  readonly first: number
  readonly last: number
}
export const pageOf = (shown: number): number => Math.floor(Math.max(0, shown - 1) / RECORDS_A_PAGE)

// The reel goes on with a place that moves, and begins anew around one that was jumped to.
export function spanAfter(before: Span | null, last: number): Span {
  const isNear = before !== null && last >= before.first && last <= before.last + 1
  if (!isNear || last - before.first > PAGES_KEPT) return { first: Math.max(0, last - PAGES_BACK), last }
  return last === before.last ? before : { first: before.first, last }
}

// What can be shown without a hole: from the first record of the run of pages that the place lies in to behind its last.
export interface Reel {
  readonly from: number // index of the first record
  readonly records: readonly StoryRecord[]
}
export function reelOf(span: Span, pages: ReadonlyMap<number, readonly StoryRecord[]>): Reel {
  let first = span.last
  while (first > span.first && pages.has(first) && pages.has(first - 1)) first--
  const records: StoryRecord[] = []
  for (let page = first; pages.has(page) && page <= span.last + 1; page++)
    for (const record of pages.get(page)!) records.push(record)
  return { from: first * RECORDS_A_PAGE, records }
}

// A page is what stands between two cursors, whatever else the answer brought: an import may have put something between them since.
export function pageIn({ cursors: own }: Pick<Course, 'cursors'>, page: number, answer: RecordsAnswer) {
  const at = new Map(answer.cursors.map((cursor, i) => [cursor, answer.records[i]!]))
  const [from, to] = [page * RECORDS_A_PAGE, Math.min(own.length, (page + 1) * RECORDS_A_PAGE)]
  const records: StoryRecord[] = []
  for (let i = from; i < to; i++) {
    const record = at.get(own[i]!)
    if (record !== undefined) records.push(record)
  }
  return records
}

export interface Reeling extends Reel {
  readonly error: Error | null
  readonly isWaiting: boolean // the page of the place is on its way
  readonly retry: () => void
}

export function useReel(session: string, course: Course, span: Span): Reeling {
  const end = Math.min(pageOf(course.cursors.length), span.last + 1)
  const wanted = Array.from({ length: end - span.first + 1 }, (_, i) => span.first + i)
  const answers = useQueries({
    queries: wanted.map((page) => ({
      queryKey: ['replay', session, course.cursors[page * RECORDS_A_PAGE] ?? 0],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const first = course.cursors[page * RECORDS_A_PAGE]
        if (first === undefined) return []
        const wish = { session, agent: null, after: first - 1, limit: RECORDS_A_PAGE }
        return pageIn(course, page, await askRecords(wish, signal))
      },
      staleTime: Number.POSITIVE_INFINITY,
    })),
  })
  const pages = new Map(wanted.flatMap((page, i) => (answers[i]?.data ? [[page, answers[i].data] as const] : [])))
  const reel = useSame({ ...reelOf(span, pages) }, [span.first, ...pages.values()])
  const failed = answers.find(({ error }) => error !== null)
  return {
    ...reel,
    error: failed?.error ?? null,
    isWaiting: !pages.has(span.last),
    retry: () => void failed?.refetch(),
  }
}

// The value of the last time while what it was made of is the same.
function useSame<T>(value: T, of: readonly unknown[]): T {
  const kept = useRef({ value, of })
  if (of.length !== kept.current.of.length || of.some((each, i) => each !== kept.current.of[i]))
    kept.current = { value, of }
  return kept.current.value
}
