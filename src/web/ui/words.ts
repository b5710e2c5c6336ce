// Times, numbers and names as people read them. Pure; the time zone is the reader's, the words are English.
import type { SessionSummary, TurnStory } from '../../wire/live.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export function ago(time: string | null, nowMs: number): string {
  if (time === null) return ''
  const ms = nowMs - Date.parse(time)
  if (Number.isNaN(ms)) return ''
  if (ms < 45 * SECOND) return 'now'
  if (ms < HOUR) return `${Math.max(1, Math.round(ms / MINUTE))} min`
  if (ms < DAY) return `${Math.round(ms / HOUR)} h`
  if (ms < 30 * DAY) return `${Math.round(ms / DAY)} d`
  return ms < 365 * DAY ? `${Math.round(ms / (30 * DAY))} mo` : `${Math.round(ms / (365 * DAY))} y`
}

const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const fullFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
const nearDay = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })
const farDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
const shortDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })

// Lists ask for the same few thousand times again and again.
const parsed = new Map<string, number>()
const PARSED_MAX = 50_000
function msOf(time: string): number {
  const known = parsed.get(time)
  if (known !== undefined) return known
  if (parsed.size >= PARSED_MAX) parsed.clear()
  const ms = Date.parse(time)
  parsed.set(time, ms)
  return ms
}

const at = (time: string | null): Date | null => {
  const date = time === null ? null : new Date(time)
  return date === null || Number.isNaN(date.getTime()) ? null : date
}
export const clock = (time: string | null): string => withDate(time, (date) => clockFormat.format(date))
export const fullTime = (time: string | null): string => withDate(time, (date) => fullFormat.format(date))
export const dayKey = (time: string | null): string =>
  withDate(time, (date) => `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`)
const withDate = (time: string | null, say: (date: Date) => string): string => {
  const date = at(time)
  return date === null ? '' : say(date)
}

export function dayName(time: string | null, nowMs: number): string {
  const date = at(time)
  if (date === null) return 'No date'
  const key = dayKey(time)
  if (key === dayKey(new Date(nowMs).toISOString())) return 'Today'
  if (key === dayKey(new Date(nowMs - DAY).toISOString())) return 'Yesterday'
  return nowMs - date.getTime() < 300 * DAY ? nearDay.format(date) : farDay.format(date)
}

// Short enough for a column: the hour today, the day before that.
export const when = (time: string | null, nowMs: number): string =>
  withDate(time, (date) =>
    dayKey(time) === dayKey(new Date(nowMs).toISOString())
      ? clockFormat.format(date)
      : nowMs - date.getTime() < 300 * DAY
        ? shortDay.format(date)
        : `${shortDay.format(date)} ${date.getFullYear()}`,
  )

export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)} s`
  if (ms < MINUTE) return `${Math.round(ms / SECOND)} s`
  if (ms < HOUR) return withRest(Math.floor(ms / MINUTE), 'min', Math.round((ms % MINUTE) / SECOND), 's')
  if (ms < DAY) return withRest(Math.floor(ms / HOUR), 'h', Math.round((ms % HOUR) / MINUTE), 'min')
  return withRest(Math.floor(ms / DAY), 'd', Math.round((ms % DAY) / HOUR), 'h')
}
const withRest = (big: number, unit: string, rest: number, restUnit: string) =>
  rest === 0 || big >= 10 ? `${big} ${unit}` : `${big} ${unit} ${rest} ${restUnit}`

export function spanOf(started: string | null, ended: string | null): string {
  const [from, to] = [at(started), at(ended)]
  return from === null || to === null || to < from ? '' : duration(to.getTime() - from.getTime())
}

export function compact(n: number): string {
  if (n < 1_000) return String(n)
  if (n < 10_000) return `${(Math.floor(n / 100) / 10).toFixed(1)}k`
  if (n < 1_000_000) return `${Math.floor(n / 1_000)}k`
  if (n >= 100_000_000 && n < 1_000_000_000) return `${Math.floor(n / 1_000_000)}M`
  return n < 1_000_000_000 ? `${(Math.floor(n / 100_000) / 10).toFixed(1)}M` : `${(n / 1e9).toFixed(1)}G`
}

const whole = new Intl.NumberFormat('en-US')
export const counted = (n: number, one: string, many = `${one}s`): string =>
  n === 1 ? `1 ${one}` : `${n < 1_000 ? n : whole.format(n)} ${many}`

export const baseName = (path: string): string =>
  path
    .replace(/[\\/]+$/, '')
    .split(/[\\/]/)
    .at(-1) ?? path

// A project is a folder; its last part is what people call it.
export const projectName = (row: Pick<SessionSummary, 'cwd' | 'project'>): string =>
  row.cwd === null || baseName(row.cwd) === '' ? row.project : baseName(row.cwd)

// Folds keep beginnings: a text exactly as long as one of the limits (or one less, for half a surrogate pair) went on.
const TITLE_CUT = 100
export const elided = (text: string, ...limits: readonly number[]): string =>
  limits.some((limit) => text.length === limit || text.length === limit - 1) ? `${text.trimEnd()}…` : text

export const titleOf = (row: Pick<SessionSummary, 'title' | 'native' | 'last'>): string =>
  row.title !== null ? elided(row.title, TITLE_CUT) : row.last === '' ? `Session ${row.native.slice(0, 8)}` : row.last

export const tokensOf = ({ tokens }: Pick<SessionSummary, 'tokens'>): number =>
  tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite

// Without the date of its making and the house it comes from.
export const modelName = (model: string): string =>
  model
    .split('/')
    .at(-1)!
    .replace(/-\d{8}$/, '')

// What a session or a turn cost, where it is known. Nothing known and nothing spent say nothing.
export function costOf({ cost }: Pick<TurnStory, 'cost'>): string | null {
  const amount = typeof cost?.usd === 'string' ? Number(cost.usd) : Number.NaN
  if (!(amount > 0)) return null
  const isAtLeast = cost?.lowerBound === true
  if (amount < 0.01) return isAtLeast ? atLeastTiny(amount) : '<$0.01'
  const said = `$${amount.toFixed(amount < 1_000 ? 2 : 0)}`
  return isAtLeast ? `≥ ${said}` : said
}

// At least less than a cent says nothing: the first digit that is not zero does.
function atLeastTiny(amount: number): string {
  const places = Math.ceil(-Math.log10(amount))
  return `≥ $${(Math.floor(amount * 10 ** places + 1e-6) / 10 ** places).toFixed(places)}`
}

export interface Money {
  readonly usd: string | null
  readonly lower_bound: boolean
}
// What nobody knows is never $0, and what may have been more says so.
export function dollars({ usd, lower_bound }: Money): string {
  if (usd === null) return 'unknown'
  const amount = Number(usd)
  if (lower_bound && amount > 0 && amount < 0.0001) return atLeastTiny(amount)
  const digits = amount >= 1_000 ? 0 : amount >= 0.1 || amount === 0 ? 2 : 4
  const said =
    amount > 0 && amount < 0.0001
      ? '<$0.0001'
      : `$${amount.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
  return lower_bound ? `≥ ${said}` : said
}

// A path as it looks from the session's folder.
export const relativePath = (path: string, cwd: string | null): string =>
  cwd !== null && cwd !== '' && path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path

// Whether a session still goes on is for the reader, who knows the time: silence makes it idle.
export type Presence = 'working' | 'waiting' | 'errored' | 'idle'
const WORKING_MS_MAX = 15 * MINUTE
const WAITING_MS_MAX = 60 * MINUTE

export function presenceOf(row: Pick<SessionSummary, 'state' | 'ended'>, nowMs: number): Presence {
  const ms = row.ended === null ? Number.NaN : msOf(row.ended)
  if (row.state === 'ended' || Number.isNaN(ms)) return 'idle'
  const silentMs = nowMs - ms
  return silentMs > (row.state === 'working' ? WORKING_MS_MAX : WAITING_MS_MAX) ? 'idle' : row.state
}
export const PRESENCE_WORDS: Readonly<Record<Presence, string>> = {
  working: 'Working',
  waiting: 'Waiting for you',
  errored: 'Stopped by an error',
  idle: 'Idle',
}
