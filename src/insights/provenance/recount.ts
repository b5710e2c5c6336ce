// Files written whole over what was there: how many lines of it are new, worked out from what the file was just before, by the record. What
// the record does not show for certain is not counted.
import { align } from '../../folds/align.ts'
import { linesOfText } from '../../folds/provenance/blame.ts'
import { textOfLines } from '../../folds/provenance/content.ts'
import type { Step } from '../../folds/provenance/doing.ts'
import { nameOf } from '../../folds/provenance/path.ts'
import { type FileState, Replay } from '../../folds/provenance/replay.ts'
import type { FileTouch, TouchingTurn } from '../../stores/files.ts'
import { type BlameReader, stepsOn } from './blame.ts'

interface Lines {
  readonly added: number
  readonly removed: number
}

// The turns, with what could be counted in their touches.
export async function recounted(reader: BlameReader, turns: readonly TouchingTurn[]): Promise<readonly TouchingTurn[]> {
  const unsure = turns.flatMap(({ touches }) => touches).filter(({ counted }) => !counted)
  if (unsure.length === 0) return turns
  const { steps } = await stepsOn(reader, [...new Set(unsure.map(({ path }) => nameOf(path)))])
  const known = writtenIn(steps, new Set(unsure.map(({ event }) => event)))
  const told = (touch: FileTouch): FileTouch => {
    const lines = touch.counted ? undefined : known.get(touch.event)
    if (lines === undefined) return touch
    const { isNew, ...counts } = lines
    const change = isNew ? 'created' : touch.change === 'created' ? 'modified' : touch.change
    return { ...touch, ...counts, change, counted: true }
  }
  return turns.map((turn) => ({ ...turn, touches: turn.touches.map(told) }))
}

// By call.
function writtenIn(
  steps: readonly Step[],
  calls: ReadonlySet<string>,
): ReadonlyMap<string, Lines & { isNew: boolean }> {
  const known = new Map<string, Lines & { isNew: boolean }>()
  const replay = new Replay()
  for (const step of steps) {
    const { doing, call } = step
    if (doing.is === 'write' && doing.text !== null && calls.has(call.event)) {
      const state = replay.files.get(doing.path)
      const before = textBefore(state)
      if (before !== null) known.set(call.event, { ...between(before, doing.text), isNew: state?.gone === true })
    }
    replay.apply(step)
  }
  return known
}

// Null: nobody knows for certain what it was.
function textBefore(state: FileState | undefined): string | null {
  if (state?.gone) return ''
  if (state === undefined || state.touched || state.content.lines === null) return null
  return textOfLines(state.content.lines)
}

function between(before: string, after: string): Lines {
  const [old, now] = [linesOfText(before), linesOfText(after)]
  const kept = align(old, now).filter((from) => from >= 0).length
  return { added: now.length - kept, removed: old.length - kept }
}
