// A session's timeline as a replay uses it: times and cursors of its records, where its turns begin, and what is marked on the line. Pure.
import type { TurnStory } from '../../../wire/live.ts'
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
  readonly turn: TurnStory | null // null: only that somebody asked for something is known
}

export type MarkKind = 'prompt' | 'error' | 'commit'
export interface Mark {
  readonly index: number
  readonly kind: MarkKind
  readonly text: string
}

export function courseOf(answer: TimelineAnswer, turns: readonly TurnStory[]): Course {
  const cursors = new Float64Array(answer.letters.length)
  const times = new Float64Array(answer.letters.length)
  let cursor = answer.first ?? 0
  for (let i = 0; i < cursors.length; i++) {
    cursors[i] = cursor
    times[i] = Math.floor(cursor / answer.per_ms)
    cursor += answer.steps[i] ?? 0
  }
  const places = { times, letters: answer.letters }
  const begun = turnsIn(places, turns)
  return {
    times,
    cursors,
    letters: answer.letters,
    clock: clockOf(times),
    turns: begun,
    marks: marksIn(places, turns, begun),
  }
}

type Places = Pick<Course, 'times' | 'letters'>

function turnsIn(places: Places, turns: readonly TurnStory[]): readonly CourseTurn[] {
  const told = turns
    .filter(({ agentId, prompt }) => agentId === null && prompt !== null)
    .flatMap((turn) => {
      const index = indexOfEvent(places, turn.prompt!.event, 'p') ?? indexOfEvent(places, turn.firstEvent)
      return index === null ? [] : [{ index, turn }]
    })
  // A session that nothing was told of, or whose lines have no time, still has prompts.
  if (told.length === 0)
    return [...places.letters].flatMap((letter, index) => (letter === 'p' ? [{ index, turn: null }] : []))
  return told.sort((a, b) => a.index - b.index)
}

const MARKS_MAX = 600
function marksIn(places: Places, turns: readonly TurnStory[], begun: readonly CourseTurn[]): readonly Mark[] {
  const marks: Mark[] = begun.map(({ index, turn }) => ({
    index,
    kind: 'prompt',
    text: turn?.prompt?.text ?? 'Prompt',
  }))
  const add = (kind: MarkKind, event: string, text: string) => {
    const index = indexOfEvent(places, event)
    if (index !== null) marks.push({ index, kind, text })
  }
  for (const turn of turns) {
    for (const { deed, event, of } of turn.done) if (deed === 'commit') add('commit', event, of ?? 'A commit')
    for (const { event, text } of turn.errors) add('error', event, text)
    for (const run of turn.runs)
      for (const { state, event } of run.results) if (state === 'failed') add('error', event, run.words)
  }
  const known = new Set(marks.filter(({ kind }) => kind === 'error').map(({ index }) => index))
  for (let i = 0; i < places.letters.length; i++)
    if ((places.letters[i] === 'e' || places.letters[i] === 'E') && !known.has(i))
      marks.push({ index: i, kind: 'error', text: 'An error' })
  return thinned(marks.sort((a, b) => a.index - b.index))
}

// Nobody can tell thousands of marks apart: commits and errors go first into what there is room for, prompts are steps of their own.
function thinned(marks: readonly Mark[]): readonly Mark[] {
  if (marks.length <= MARKS_MAX) return marks
  const every = Math.ceil(marks.length / MARKS_MAX)
  return marks.filter(({ kind }, i) => kind === 'commit' || i % every === 0)
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
