// A session's story as the rows of one long page: the whole in a paragraph, then each day with its turns, in the order they happened. Pure.
import { type StoryText, sessionStory } from '../../folds/story/story.ts'
import type { TurnStory } from '../../wire/live.ts'
import { dayKey } from '../ui/words.ts'
import type { Lanes } from './lanes.ts'

export type StoryRow =
  | { readonly kind: 'whole'; readonly key: 'whole' }
  | { readonly kind: 'day'; readonly key: string; readonly time: string | null }
  | { readonly kind: 'turn'; readonly key: string; readonly turn: TurnStory; readonly number: number | null }
  | { readonly kind: 'end'; readonly key: 'end' }

export function storyRows({ top, numbers }: Pick<Lanes, 'top' | 'numbers'>): readonly StoryRow[] {
  const rows: StoryRow[] = [{ kind: 'whole', key: 'whole' }]
  let day: string | null = null
  for (const turn of top) {
    const key = dayKey(turn.started)
    if (key !== day) rows.push({ kind: 'day', key: `day:${key}:${turn.id}`, time: turn.started })
    day = key
    rows.push({ kind: 'turn', key: turn.id, turn, number: numbers.get(turn.id) ?? null })
  }
  rows.push({ kind: 'end', key: 'end' })
  return rows
}

// The same fold as the server's; what a turn still waits for is no part of a paragraph.
export const paragraphOf = (turns: readonly TurnStory[], label: string): StoryText =>
  sessionStory(
    turns.map((turn) => ({ ...turn, pending: [] })),
    label,
  )
