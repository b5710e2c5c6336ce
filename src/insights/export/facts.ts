// What stands at the head of a told session and of each of its turns, in words. Times are UTC: a document is read anywhere. Pure.
import type { SessionRow } from '../../folds/session.ts'
import type { ToldTurn } from '../../wire/story.ts'
import { plainText } from './speech.ts'

export const titleOf = ({ title, native }: SessionRow): string =>
  plainText(title ?? '')
    .replace(/\s+/g, ' ')
    .trim() || `Session ${native}`

export function factsOf(session: SessionRow, label: string): readonly (readonly [string, string])[] {
  const { tokens, cost } = session
  const all = tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite
  const rows: readonly (readonly [string, string | null])[] = [
    ['Agent', [label, session.version].filter(Boolean).join(' ')],
    ['Model', session.model],
    ['Folder', session.cwd],
    ['Branch', session.branch],
    ['When', spanWords(session.started, session.ended)],
    ['Turns', `${session.turns}, with ${plural(session.prompts, 'prompt')} and ${plural(session.tools, 'tool call')}`],
    ['Errors', session.errors === 0 ? null : String(session.errors)],
    ['Tokens', all === 0 ? null : `${whole(all - tokens.output)} in, ${whole(tokens.output)} out`],
    ['Cost', usdWords(cost.usd, cost.lowerBound) ?? (all === 0 ? null : 'not known')],
    ['Session', session.id],
  ]
  return rows.flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, plainText(value)] as const]))
}

export function turnFacts(turn: ToldTurn): readonly string[] {
  const files = turn.changes.filter(({ aside }) => !aside).length
  return [
    timeWords(turn.started),
    turn.duration_ms === null || turn.duration_ms < 1_000 ? null : durationWords(turn.duration_ms),
    usdWords(turn.usd, turn.lower_bound),
    files === 0 ? null : `${plural(files, 'file')} changed`,
    turn.tests === 'none' || turn.tests === 'unknown' ? null : `tests ${turn.tests}`,
    turn.outcome === 'answered' ? null : turn.outcome,
  ].filter((fact) => fact !== null && fact !== '') as string[]
}

// A heading is one line.
export function headline(text: string, max = 90): string {
  const line = plainText(text).replace(/\s+/g, ' ').trim()
  if (line === '') return 'Work before any prompt'
  if (line.length <= max) return line
  const space = line.lastIndexOf(' ', max)
  return `${line.slice(0, space > max / 2 ? space : max)} …`
}

// A prompt that its heading says whole is not said again under it.
export const isWholeIn = (heading: string, text: string): boolean => heading === plainText(text).trim()

export const timeWords = (time: string | null): string =>
  time === null ? '' : `${time.slice(0, 10)} ${time.slice(11, 16)}`

function spanWords(started: string | null, ended: string | null): string | null {
  if (started === null || ended === null) return null
  const ms = Date.parse(ended) - Date.parse(started)
  const isSameDay = started.slice(0, 10) === ended.slice(0, 10)
  const to = isSameDay ? ended.slice(11, 16) : timeWords(ended)
  return `${timeWords(started)} to ${to} UTC${ms >= 60_000 ? `, ${durationWords(ms)}` : ''}`
}

export function durationWords(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (ms < 60_000) return `${Math.round(ms / 1_000)} s`
  if (minutes < 60) return `${minutes} min`
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  return `${Math.floor(minutes / (24 * 60))} d ${Math.round((minutes % (24 * 60)) / 60)} h`
}

export function usdWords(usd: string | null, isLeast: boolean): string | null {
  const amount = usd === null ? Number.NaN : Number(usd)
  if (!(amount > 0)) return null
  return `${isLeast ? 'at least ' : ''}${amount < 0.01 ? 'under $0.01' : `$${amount.toFixed(2)}`}`
}

const whole = (n: number): string => n.toLocaleString('en-US')
const plural = (n: number, one: string): string => (n === 1 ? `1 ${one}` : `${whole(n)} ${one}s`)

export const untoldWords = (untold: readonly (readonly [string, number])[]): string =>
  untold.length === 0
    ? ''
    : `Not told here: ${untold.map(([kind, count]) => `${whole(count)} × ${kind}`).join(', ')}. The CloudEvents export has every event as it was written.`
