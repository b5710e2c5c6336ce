// Times as people type them in a search: 2026-11-01, 2026-11-01T10:00, 30m, 2h, 3d, 1w, today, yesterday; in the local time of this machine.

export interface TimeSpan {
  readonly firstMs: number // what `since` means
  readonly lastMs: number // what `until` means: a day is meant with all its hours
}

const MINUTE_MS = 60_000
const UNIT_MS: Readonly<Record<string, number>> = {
  m: MINUTE_MS,
  h: 60 * MINUTE_MS,
  d: 24 * 60 * MINUTE_MS,
  w: 7 * 24 * 60 * MINUTE_MS,
}

// Null where it is not a time.
export function readTime(typed: string, nowMs: number): TimeSpan | null {
  const text = typed.trim().toLowerCase()
  if (text === 'today' || text === 'yesterday') {
    const now = new Date(nowMs)
    return day(now.getFullYear(), now.getMonth(), now.getDate() - (text === 'today' ? 0 : 1))
  }
  const ago = /^(\d{1,6})([mhdw])$/.exec(text)
  if (ago) return instant(nowMs - Number(ago[1]) * UNIT_MS[ago[2]!]!)
  const date = /^(\d{4})-(\d{2})-(\d{2})(?:[t ](.+))?$/.exec(text)
  if (!date) return null
  const [year, month, dayOfMonth] = [Number(date[1]), Number(date[2]) - 1, Number(date[3])]
  const start = new Date(year, month, dayOfMonth)
  // 2026-02-31 would become a day in March.
  if (start.getMonth() !== month || start.getDate() !== dayOfMonth) return null
  if (date[4] === undefined) return day(year, month, dayOfMonth)
  if (!/^\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(z|[+-]\d{2}:?\d{2})?$/.test(date[4])) return null
  const ms = Date.parse(`${date[1]}-${date[2]}-${date[3]}T${date[4].toUpperCase()}`)
  return Number.isNaN(ms) ? null : instant(ms)
}

export function localText(ms: number): string {
  const at = new Date(ms)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`
}

const instant = (ms: number): TimeSpan => ({ firstMs: ms, lastMs: ms })

const day = (year: number, month: number, date: number): TimeSpan => ({
  firstMs: new Date(year, month, date).getTime(),
  lastMs: new Date(year, month, date + 1).getTime() - 1,
})
