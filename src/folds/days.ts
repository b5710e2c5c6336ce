// Days as a time zone has them. A day has 23 to 25 hours and begins at a quarter of an hour; asking the calendar is slow, so few moments are.
const DAY_MS = 24 * 60 * 60_000
const QUARTER_MS = 15 * 60_000

const formats = new Map<string, Intl.DateTimeFormat>()

// Throws RangeError where there is no such time zone.
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formats.set(zone, format)
  }
  return format
}

export function isZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch {
    return false // the answer that was asked for
  }
}

export const machineZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

export const dayOf = (ms: number, zone: string): string => formatOf(zone).format(ms)

// The day of many moments, given in ascending order.
export function dayTeller(zone: string): (ms: number) => string {
  let day = ''
  let end = Number.NEGATIVE_INFINITY
  return (ms) => {
    if (ms < end) return day
    day = dayOf(ms, zone)
    end = endOfDay(ms, day, zone)
    return day
  }
}

// The first quarter of an hour that is of a later day.
function endOfDay(ms: number, day: string, zone: string): number {
  let [low, high] = [Math.floor(ms / QUARTER_MS), Math.floor((ms + DAY_MS + DAY_MS / 8) / QUARTER_MS)]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (dayOf(middle * QUARTER_MS, zone) === day) low = middle
    else high = middle
  }
  return high * QUARTER_MS
}

// First and last moment of a day written 2026-11-25; null where it is no day.
export function daySpan(day: string, zone: string): { readonly firstMs: number; readonly lastMs: number } | null {
  const noon = Date.parse(`${day}T12:00:00Z`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(noon) || new Date(noon).toISOString().slice(0, 10) !== day)
    return null
  // From two days before, so that the search meets the beginning wherever the zone is.
  let end = noon - 2 * DAY_MS
  for (let i = 0; i < 5; i++) {
    const first = end
    const here = dayOf(first, zone)
    end = endOfDay(first, here, zone)
    if (here === day) return { firstMs: first, lastMs: end - 1 }
    if (here > day) return null // a day that the zone skipped
  }
  return null
}

// When each day begins, from the one of `firstMs`, which the first of them is put at, to the one of `lastMs`.
export function daysBetween(firstMs: number, lastMs: number, zone: string): number[] {
  const starts: number[] = []
  for (let ms = firstMs; ms <= lastMs; ms = endOfDay(ms, dayOf(ms, zone), zone)) starts.push(ms)
  return starts
}
