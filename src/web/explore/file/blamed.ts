// Lines of a file as runs that one turn made, as sure as each other, and what is counted of them. Pure.
import { CONFIDENCES, type Confidence } from '../../../folds/provenance/blame.ts'
import type { BlameLine } from '../../../wire/blame.ts'

export interface Run {
  readonly first: BlameLine // what all of them share
  readonly lines: readonly BlameLine[]
}

export function runsOf(lines: readonly BlameLine[]): Run[] {
  const runs: { first: BlameLine; lines: BlameLine[] }[] = []
  for (const line of lines) {
    const last = runs.at(-1)
    if (last !== undefined && isOfOne(last.first, line)) last.lines.push(line)
    else runs.push({ first: line, lines: [line] })
  }
  return runs
}

const isOfOne = (a: BlameLine, b: BlameLine): boolean =>
  a.turn === b.turn &&
  a.confidence === b.confidence &&
  a.agent_id === b.agent_id &&
  a.model === b.model &&
  a.elsewhere === b.elsewhere &&
  (a.turn !== null || a.event === b.event)

export const WORDS: Readonly<Record<Confidence, { readonly word: string; readonly means: string }>> = {
  exact: { word: 'exact', means: 'the replayed file has the line in this place' },
  moved: { word: 'moved', means: 'the replayed file has the line in another place' },
  inferred: { word: 'inferred', means: 'it had the line before something happened that nobody recorded' },
  unknown: { word: 'human or unknown', means: 'a person wrote it, or nobody knows who' },
}

// Most sure first; what there is none of is left out.
export function countsOf(lines: readonly BlameLine[]): readonly { readonly of: Confidence; readonly count: number }[] {
  return CONFIDENCES.map((of) => ({ of, count: lines.filter(({ confidence }) => confidence === of).length })).filter(
    ({ count }) => count > 0,
  )
}

// What is no text has bytes that no text has.
export const isText = (lines: readonly BlameLine[]): boolean => lines.every(({ text }) => !text.includes('\0'))
