// The replay of real sessions held against what was recorded in them: every check, and of every miss its cause.
import { type Event, parseEvent } from '../event/event.ts'
import { type Check, Replay } from '../folds/provenance/replay.ts'
import { inOrder, stepsOf } from '../folds/provenance/steps.ts'
import { SOURCES } from '../sources/sources.ts'
import type { Home } from './corpus.ts'
import { Den } from './watching.ts'

export interface Replayed {
  readonly sessions: number
  readonly steps: number
  readonly checks: readonly Check[] // of content that was worked out from edits, and that the replay was sure of
  readonly doubtful: readonly Check[] // something may have changed the file in between, and the replay knew
  readonly unedited: readonly Check[] // seen twice, with no edit in between
  readonly madeUp: readonly string[] // sessions whose results were drawn at random: what they show of a file does not belong together
}

// Every session of every agent in a home folder, read as the watcher reads it.
export async function eventsOfHome({ machine }: Pick<Home, 'machine'>): Promise<readonly Event[]> {
  const events = new Map<string, Event>()
  const den = new Den()
  den.hooks.publish = (messages) => {
    for (const { id, data } of messages) if (!events.has(id)) events.set(id, parseEvent(Buffer.from(data).toString()))
  }
  den.watch({ sources: SOURCES, machine, extraRoots: {}, onlyExtra: false })
  await den.caughtUp()
  await den.stop()
  await den.remove()
  return [...events.values()]
}

export function replayAll(events: readonly Event[]): Replayed {
  const sessions = Map.groupBy(events, ({ session }) => session)
  const all: Check[] = []
  const madeUp: string[] = []
  let steps = 0
  for (const [session, own] of sessions) {
    const checks: Check[] = []
    const replay = new Replay((check) => checks.push(check))
    for (const step of stepsOf(inOrder(own))) {
      steps++
      replay.apply(step)
    }
    if (checks.some(isAbsurd)) madeUp.push(session)
    else all.push(...checks)
  }
  return {
    sessions: sessions.size,
    steps,
    checks: all.filter(({ edits, touched }) => edits > 0 && !touched),
    doubtful: all.filter(({ edits, touched }) => edits > 0 && touched),
    unedited: all.filter(({ edits }) => edits === 0),
    madeUp,
  }
}

// Read twice with nothing in between, and not one line is the same.
function isAbsurd({ what, hit, edits, touched, expected, replayed }: Check): boolean {
  if (hit || edits > 0 || touched || (what !== 'whole' && what !== 'part')) return false
  const lines = new Set(replayed.split('\n').filter((line) => line.trim() !== ''))
  return !expected.split('\n').some((line) => lines.has(line))
}

export function causeOf({ what, expected, call, since }: Check): string {
  if (what === 'places') return 'the tool put in something else than it was asked to: the record is believed'
  if (/^[xX0\s\p{P}\p{S}\p{Lo}]*$/u.test(expected))
    return 'the transcript was scrubbed, and its numbers of lines with it'
  const minutes = since?.time && call.time ? (Date.parse(call.time) - Date.parse(since.time)) / 60_000 : null
  const later = minutes === null ? 'later' : `${minutes < 1 ? 'seconds' : `${Math.round(minutes)} min`} later`
  return `changed by somebody or something that left no record: seen ${later}`
}

// `+` and `-` lines a person can look at.
export function differenceOf({ expected, replayed }: Check): string {
  const [now, then] = [expected.split('\n'), replayed.split('\n')]
  let at = 0
  while (at < now.length && now[at] === then[at]) at++
  return `line ${at + 1}: recorded ${JSON.stringify((now[at] ?? '').slice(0, 80))}, replayed ${JSON.stringify((then[at] ?? '').slice(0, 80))}`
}
