// A session's turns as a list to read, and the records of one of them out of the pages they came in. Pure.
import type { StoryRecord } from '../../folds/record.ts'
import { type Clause, render } from '../../folds/sentence/clause.ts'
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

// A sentence in its three parts, for the eye: what was done, why, how it ended.
export function partsOf({ clauses }: Pick<TurnStory, 'clauses'>): {
  readonly did: string
  readonly why: string
  readonly end: string
} {
  const of = (role: Clause['role']) => clauses.find((clause) => clause.role === role)?.text ?? ''
  const did = render(clauses.filter(({ role }) => role !== 'because' && role !== 'outcome'))
  return { did, why: of('because'), end: of('outcome') }
}

// The files a turn changed, then those it only read.
export const filesOf = ({ files, reads }: Pick<TurnStory, 'files' | 'reads'>): readonly string[] => [
  ...new Set([...files.map(({ path }) => path), ...reads.map(({ path }) => path)]),
]

export interface Chip {
  readonly text: string
  readonly tone: 'plain' | 'bad'
}
export function chipsOf(turn: TurnStory): readonly Chip[] {
  const { tools } = turn
  const chips: (string | false)[] = [
    turn.files.length > 0 && `${counted(turn.files.length + turn.filesMore, 'file')} changed`,
    turn.reads.length > 0 && `${counted(turn.reads.length + turn.readsMore, 'file')} read`,
    (tools.run ?? 0) > 0 && counted(tools.run ?? 0, 'command'),
    (tools.delegate ?? 0) > 0 && counted(tools.delegate ?? 0, 'subagent'),
    turn.tokens.output > 0 && `${counted(turn.tokens.output, 'token')} written`,
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
