// A session's timeline as a replay uses it: times and cursors of its records, where its turns begin, and what is marked on the line. Pure.
import type { MomentMark, MomentTurn } from '../../../folds/moments.ts'
import type { MomentsAnswer } from '../../../wire/moments.ts'
import type { TimelineAnswer } from '../../../wire/timeline.ts'
import { type Clock, clockOf } from './clock.ts'

export interface Course {
  readonly times: Float64Array // milliseconds
  readonly cursors: Float64Array
  readonly letters: string
  readonly clock: Clock
  readonly turns: readonly CourseTurn[] // of the main agent, in the order they began
  readonly marks: readonly Mark[]
}

export interface CourseTurn {
  readonly index: number // of the record it begins with
  readonly turn: MomentTurn | null // null: only that somebody asked for something is known
}

export type MarkKind = 'prompt' | 'error' | 'commit'
export interface Mark {
  readonly index: number
  readonly kind: MarkKind
  readonly text: string
}

// The records alone: all of it that takes long.
export type Laid = Omit<Course, 'turns' | 'marks'>
export function laidOut(answer: TimelineAnswer): Laid {
  const cursors = new Float64Array(answer.letters.length)
  const times = new Float64Array(answer.letters.length)
  let cursor = answer.first ?? 0
  for (let i = 0; i < cursors.length; i++) {
    cursors[i] = cursor
    times[i] = Math.floor(cursor / answer.per_ms)
    cursor += answer.steps[i] ?? 0
  }
  return { times, cursors, letters: answer.letters, clock: clockOf(times) }
}

type Told = Pick<MomentsAnswer, 'turns' | 'marks'>
const NOTHING: Told = { turns: [], marks: [] }
// `told` null: it is on its way.
export function courseOf(laid: Laid, told: Told | null): Course {
  const { turns, marks } = told ?? NOTHING
  const begun = turnsIn(laid, turns)
  return { ...laid, turns: begun, marks: marksIn(laid, marks, begun) }
}

type Places = Pick<Course, 'times' | 'letters'>

function turnsIn(places: Places, turns: readonly MomentTurn[]): readonly CourseTurn[] {
  const told = turns.flatMap((turn) => {
    const index = indexOfEvent(places, turn.event, 'p') ?? indexOfEvent(places, turn.first)
    return index === null ? [] : [{ index, turn }]
  })
  // A session that nothing was told of, or whose lines have no time, still has prompts.
  if (told.length === 0)
    return [...places.letters].flatMap((letter, index) => (letter === 'p' ? [{ index, turn: null }] : []))
  return told.sort((a, b) => a.index - b.index)
}

function marksIn(places: Places, told: readonly MomentMark[], begun: readonly CourseTurn[]): readonly Mark[] {
  const marks: Mark[] = begun.map(({ index, turn }) => ({ index, kind: 'prompt', text: turn?.prompt ?? 'Prompt' }))
  for (const { kind, event, text } of told) {
    const index = indexOfEvent(places, event)
    if (index !== null) marks.push({ index, kind, text })
  }
  const known = new Set(marks.filter(({ kind }) => kind === 'error').map(({ index }) => index))
  for (let i = 0; i < places.letters.length; i++)
    if ((places.letters[i] === 'e' || places.letters[i] === 'E') && !known.has(i))
      marks.push({ index: i, kind: 'error', text: 'An error' })
  return marks.sort((a, b) => a.index - b.index)
}

// Nobody can tell thousands of marks apart on a line: commits and errors go first into what there is room for, prompts are steps of their own.
const DRAWN_MAX = 600
export function drawnOf(marks: readonly Mark[], max = DRAWN_MAX): readonly Mark[] {
  if (marks.length <= max) return marks
  const prompts = marks.filter(({ kind }) => kind === 'prompt')
  const others = everySo(
    marks.filter(({ kind }) => kind !== 'prompt'),
    max,
  )
  return [...others, ...everySo(prompts, max - others.length)].sort((a, b) => a.index - b.index)
}
function everySo(marks: readonly Mark[], max: number): readonly Mark[] {
  const every = max <= 0 ? Number.POSITIVE_INFINITY : Math.ceil(marks.length / max)
  return every === Number.POSITIVE_INFINITY ? [] : marks.filter((_, i) => i % every === 0)
}

// Ids begin with the time, in 12 digits of base 16; zeros: none.
const TIME_DIGITS = 12
const timeOf = (event: string): number => Number.parseInt(event.slice(0, TIME_DIGITS), 16)

// The record that an event is, as nearly as its time and letter tell; null: no time, or none of the session's.
export function indexOfEvent({ times, letters }: Places, event: string, letter?: string): number | null {
  const ms = timeOf(event)
  if (!(ms > 0)) return null
  let at = firstFrom(times, ms)
  if (times[at] !== ms) return null
  if (letter === undefined) return at
  for (; times[at] === ms; at++) if (letters[at] === letter) return at
  return null
}

// The first record at this time or later.
export function firstFrom(times: Float64Array, ms: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (times[middle]! < ms) low = middle + 1
    else high = middle
  }
  return low
}

// What a step goes to: something said, done or come back, by anyone. Notes come along with it.
const isMove = (letter: string | undefined): boolean => letter !== undefined && 'patcrePATCRE'.includes(letter)

// How many are shown after one step from there.
export function stepped({ letters }: Pick<Course, 'letters'>, shown: number, by: 1 | -1): number {
  for (let next = shown + by; next >= 1 && next <= letters.length; next += by)
    if (isMove(letters[next - 1])) return next
  return by === 1 ? letters.length : Math.min(1, letters.length)
}

// The turn that is going on when so many are shown; -1: none yet.
export const turnAt = ({ turns }: Pick<Course, 'turns'>, shown: number): number =>
  turns.findLastIndex(({ index }) => index < shown)

// How many are shown where the next turn begins, or where this one did (the one before, at its very beginning).
export function turned(course: Pick<Course, 'turns' | 'letters'>, shown: number, by: 1 | -1): number {
  const { turns, letters } = course
  if (by === 1) return (turns.find(({ index }) => index >= shown)?.index ?? letters.length - 1) + 1
  return (turns.findLast(({ index }) => index + 1 < shown)?.index ?? 0) + 1
}

export interface Density {
  readonly all: readonly number[] // records in equal spans of play time
  readonly subagents: readonly number[]
}
export function densityOf({ clock, letters }: Pick<Course, 'clock' | 'letters'>, spans: number): Density {
  const all = new Array<number>(spans).fill(0)
  const subagents = new Array<number>(spans).fill(0)
  for (let i = 0; i < letters.length; i++) {
    const span = clock.totalMs === 0 ? 0 : Math.min(spans - 1, Math.floor((clock.at[i]! / clock.totalMs) * spans))
    all[span]!++
    if (letters[i]! < 'a') subagents[span]!++
  }
  return { all, subagents }
}
