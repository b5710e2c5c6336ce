// Days as their reader has them: by the clock of this machine. Pure.
const two = (n: number): string => String(n).padStart(2, '0')

export const localDay = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`

// A day of 23 or 25 hours is one as well.
export function spanOfDay(day: string): { readonly since: string; readonly until: string } {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return {
    since: new Date(year, month - 1, date).toISOString(),
    until: new Date(year, month - 1, date + 1).toISOString(),
  }
}
