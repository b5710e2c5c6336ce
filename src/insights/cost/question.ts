// A question about cost in people's words, as the store understands it. What is no day, no time zone and no cut is said in one sentence.
import { CUTS, isCut } from '../../folds/cost.ts'
import { dayOf, daySpan, isZone, machineZone } from '../../folds/days.ts'
import type { CostQuery } from '../../stores/store.ts'
import { readTime } from '../search/times.ts'

export interface CostWords {
  readonly by?: string | undefined
  readonly since?: string | undefined // a day, a time, 3d, today
  readonly until?: string | undefined
  readonly tz?: string | undefined
  readonly project?: string | undefined
  readonly agent?: string | undefined
  readonly session?: string | undefined // full id
}

export type Understood = { readonly ok: true; readonly query: CostQuery } | { readonly ok: false; readonly why: string }

export function costQuestion(
  words: CostWords,
  page: { readonly limit: number; readonly offset: number },
  nowMs: number,
): Understood {
  const { by = 'day', since, until, tz = machineZone(), project, agent, session } = words
  if (!isCut(by)) return no(`by is one of ${CUTS.join(', ')}, not ${shown(by)}`)
  if (!isZone(tz)) return no(`tz is a time zone such as UTC or Europe/Berlin, not ${shown(tz)}`)
  const from = since === undefined ? null : spanOf(since, tz, nowMs)
  const to = until === undefined ? null : spanOf(until, tz, nowMs)
  if (since !== undefined && from === null) return no(`since is ${TIME}, not ${shown(since)}`)
  if (until !== undefined && to === null) return no(`until is ${TIME}, not ${shown(until)}`)
  const query: CostQuery = {
    by,
    zone: tz,
    sinceMs: from?.firstMs ?? null,
    untilMs: to?.lastMs ?? null,
    ...(project !== undefined && { project }),
    ...(agent !== undefined && { agent }),
    ...(session !== undefined && { session }),
    ...page,
  }
  return { ok: true, query }
}

const TIME = 'a day like 2026-11-25, a time, or like 3d, today, yesterday'

// Days are the time zone's, whatever the machine's is.
function spanOf(typed: string, tz: string, nowMs: number) {
  const named = { today: nowMs, yesterday: nowMs - 24 * 60 * 60_000 }[typed]
  if (named !== undefined) return daySpan(dayOf(named, tz), tz)
  return daySpan(typed, tz) ?? (/^\d{4}-\d{2}-\d{2}$/.test(typed) ? null : readTime(typed, nowMs))
}

const no = (why: string): Understood => ({ ok: false, why })
const shown = (word: string): string => JSON.stringify(word.slice(0, 60))
