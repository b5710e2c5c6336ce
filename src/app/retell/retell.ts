// The events of the log made anew from the lines they carry, where the vocabulary has grown since. A line's event keeps its id and its
// bytes; its further parts may be more or fewer. What cannot be told anew (its agent is not known any more, its reading needed more than
// the line) stays as it is. Nothing of the log is changed here: files that become others are written beside it.
import { PAYLOAD_VERSION } from '../../event/payload.ts'
import type { LogRewriter } from '../../stores/log/rewrite.ts'
import type { EventLog } from '../../stores/store.ts'
import { type Known, ownersOf } from './owners.ts'
import { planFor, tellAgain } from './telling.ts'
import { hasOlder, type ToldLine, type ToldLog, toldIn } from './told.ts'

export interface RetellParts {
  readonly log: EventLog
  readonly scratch: EventLog // what was made, until its file is written
  readonly rewriter: Pick<LogRewriter, 'write'>
  readonly known: Known
  readonly all: boolean // also what was made with the vocabulary of today
  readonly onProgress: (lines: number) => void
}

export interface Retold {
  readonly files: number // of the log that become others
  readonly lines: number // that now say something else, or say it in other words
  readonly left: number // that cannot be told anew
}

const PROGRESS_LINES = 1_000

export function retell(parts: RetellParts): Retold {
  const { log, known, all } = parts
  const agents = [...new Set(known.sources.map(({ agent }) => agent))]
  if (!all && !hasOlder(log, agents, PAYLOAD_VERSION)) return { files: 0, lines: 0, left: 0 }
  const logs = toldIn(log, agents)
  let [lines, left, seen] = [0, 0, 0]
  for (const [agent, of] of Map.groupBy(logs, (one) => one.agent))
    for (const [file, having] of havingEach(of))
      for (const became of retellFile(parts, agent, file, having)) {
        if (became === 'other') lines++
        if (became === 'left') left++
        if (++seen % PROGRESS_LINES === 0) parts.onProgress(seen)
      }
  return { files: writeChanged(parts, logs), lines, left }
}

// A file may have lines of several sessions, each in a log of its own.
function havingEach(logs: readonly ToldLog[]): Map<string, ToldLog[]> {
  const having = new Map<string, ToldLog[]>()
  for (const log of logs)
    for (const file of log.byFile.keys()) {
      const others = having.get(file)
      if (others === undefined) having.set(file, [log])
      else others.push(log)
    }
  return having
}

function* retellFile(
  { log, scratch, known, all }: RetellParts,
  agent: string,
  file: string,
  having: readonly ToldLog[],
): Iterable<'same' | 'other' | 'left'> {
  const told = having.map(({ byFile }) => byFile.get(file)!)
  const lines = told.flat()
  if (!all && lines.every(({ version }) => version >= PAYLOAD_VERSION)) return
  const plan = planFor(log, ownersOf(known, agent, file), told, besideOf(having, file, lines))
  if (plan === null) {
    for (const _ of lines) yield 'left'
    return
  }
  for (const { line, events } of tellAgain(log, plan)) {
    if (events === null) yield 'left'
    else if (isSame(log, line, events)) yield 'same'
    else {
      line.again = scratch.append(`${agent}:retold`, events)
      yield 'other'
    }
  }
}

// A file whose beginning is missing said there what another had said before it: the one of its session that has most of those lines.
function besideOf(logs: readonly ToldLog[], file: string, lines: readonly ToldLine[]): readonly ToldLine[] {
  const first = lines.reduce((least, { line }) => Math.min(least, line), Number.POSITIVE_INFINITY)
  if (first <= 1) return []
  const others = logs.flatMap(({ byFile }) => [...byFile].flatMap(([name, others]) => (name === file ? [] : [others])))
  const covering = others.map((other) => other.filter(({ line }) => line < first))
  return covering.reduce((most, other) => (other.length > most.length ? other : most), [])
}

function isSame(log: EventLog, { places }: ToldLine, events: readonly Uint8Array[]): boolean {
  return (
    places.length === events.length && places.every((place, i) => Buffer.compare(log.read(place), events[i]!) === 0)
  )
}

function writeChanged({ log, scratch, rewriter }: RetellParts, logs: readonly ToldLog[]): number {
  let files = 0
  for (const { file, lines } of logs) {
    if (lines.every(({ again }) => again === null)) continue
    const version = lines.reduce((least, line) => Math.min(least, line.version), PAYLOAD_VERSION)
    rewriter.write(file, version, eventsOf(log, scratch, lines))
    files++
  }
  return files
}

function* eventsOf(log: EventLog, scratch: EventLog, lines: readonly ToldLine[]): Iterable<Uint8Array> {
  for (const { places, again } of lines)
    if (again === null) for (const place of places) yield log.read(place)
    else for (const place of again) yield scratch.read(place)
}
