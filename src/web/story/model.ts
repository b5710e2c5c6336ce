// A session's turns as a list to read, and the records of one of them out of the pages they came in. Pure.
import type { StoryRecord } from '../../folds/record.ts'
import type { TurnStory } from '../../wire/live.ts'
import { counted, dayKey, spanOf } from '../ui/words.ts'

export type StoryRow =
  | { readonly kind: 'day'; readonly key: string; readonly time: string | null }
  | { readonly kind: 'turn'; readonly key: string; readonly turn: TurnStory; readonly number: number | null }

// Turns that a person began are numbered; subagents' turns and work before any prompt stand where they happened, without a number.
export function storyRows(turns: readonly TurnStory[], oldestFirst: boolean): readonly StoryRow[] {
  let number = 0
  const numbered = turns.map((turn) => ({
    turn,
    number: turn.agentId === null && turn.prompt !== null ? ++number : null,
  }))
  const rows: StoryRow[] = []
  let day: string | null = null
  for (const { turn, number } of oldestFirst ? numbered : numbered.reverse()) {
    const key = dayKey(turn.started)
    if (key !== day) rows.push({ kind: 'day', key: `day:${key}:${turn.id}`, time: turn.started })
    day = key
    rows.push({ kind: 'turn', key: turn.id, turn, number })
  }
  return rows
}

// "… did this and that, because “…” → answered" in its three parts, for the eye. A sentence of another shape stays whole.
export function partsOf(sentence: string): { readonly did: string; readonly why: string; readonly end: string } {
  const arrow = sentence.lastIndexOf(' → ')
  const [before, end] = arrow < 0 ? [sentence, ''] : [sentence.slice(0, arrow), sentence.slice(arrow + 3)]
  const because = before.indexOf(', because “')
  return because < 0
    ? { did: before, why: '', end }
    : { did: before.slice(0, because), why: before.slice(because + 2), end }
}

export interface Chip {
  readonly text: string
  readonly tone: 'plain' | 'bad'
}
export function chipsOf(turn: TurnStory): readonly Chip[] {
  const { tools } = turn
  const chips: (string | false)[] = [
    turn.targets.length > 0 && counted(turn.targets.length, 'file'),
    (tools.edit ?? 0) + (tools.write ?? 0) > 0 && counted((tools.edit ?? 0) + (tools.write ?? 0), 'change'),
    (tools.run ?? 0) > 0 && counted(tools.run ?? 0, 'command'),
    (tools.delegate ?? 0) > 0 && counted(tools.delegate ?? 0, 'subagent'),
    turn.outputTokens > 0 && `${counted(turn.outputTokens, 'token')} written`,
    spanOf(turn.started, turn.ended),
  ]
  const plain = chips.flatMap((text): Chip[] => (text ? [{ text, tone: 'plain' }] : []))
  return turn.failures === 0 ? plain : [...plain, { text: counted(turn.failures, 'failure'), tone: 'bad' }]
}

export const isInLane = (turn: TurnStory, record: StoryRecord): boolean => record.agentId === turn.agentId

// From the turn's first record to its last; `isWhole` says whether the last was among them.
export function recordsOfTurn(
  turn: TurnStory,
  records: readonly StoryRecord[],
): { readonly records: readonly StoryRecord[]; readonly isWhole: boolean } {
  const lane = records.filter((record) => isInLane(turn, record))
  const first = lane.findIndex((record) => record.id === turn.firstEvent)
  const last = lane.findIndex((record) => record.id === turn.lastEvent)
  if (first < 0) return { records: [], isWhole: false }
  return last < first
    ? { records: lane.slice(first), isWhole: false }
    : { records: lane.slice(first, last + 1), isWhole: true }
}
