// The turns of a session: what REST knew, and what the stream told since.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { TurnStory } from '../../wire/live.ts'
import { askTurns } from './api.ts'
import { useLive } from './hooks.ts'
import { withTurns } from './sessions.ts'

export function useTurns(session: string | null): {
  readonly turns: readonly TurnStory[] // oldest first
  readonly isPending: boolean
  readonly error: Error | null
  readonly retry: () => void
} {
  const { data, dataUpdatedAt, isPending, error, refetch } = useQuery({
    queryKey: ['turns', session],
    queryFn: ({ signal }) => askTurns(session ?? '', signal),
    enabled: session !== null,
  })
  const heard = useLive((state) => (session === null ? undefined : state.turns.get(session)))
  const turns = useMemo(
    () => toldTurns(data?.turns ?? [], dataUpdatedAt, [...(heard?.values() ?? [])]),
    [data, dataUpdatedAt, heard],
  )
  // What was heard and is not listed is asked for once more: a turn that is news is listed then.
  const listed = new Set(data?.turns.map(({ id }) => id))
  const unlisted = data === undefined ? '' : [...(heard?.keys() ?? [])].filter((id) => !listed.has(id)).join(' ')
  useEffect(() => {
    if (unlisted === '') return
    const timer = setTimeout(() => void refetch(), ASK_AGAIN_MS)
    return () => clearTimeout(timer)
  }, [unlisted, refetch])
  return { turns, isPending, error, retry: () => void refetch() }
}

const ASK_AGAIN_MS = 1_500
const SLACK_MS = 60_000 // of clocks, and of an answer on its way

// The turns of a session: as they were listed, grown by what was heard since. The list leaves out turns that only repeat another session's (a
// resumed session begins with them), the stream cannot know: so a turn that began before the list was made and is not in it is left out too.
export function toldTurns(
  listed: readonly TurnStory[],
  listedMs: number,
  heard: readonly TurnStory[],
): readonly TurnStory[] {
  const known = new Map(listed.map((turn) => [turn.id, turn]))
  const news = heard.filter(
    ({ id, started }) => known.has(id) || started === null || Date.parse(started) > listedMs - SLACK_MS,
  )
  return [...withTurns(known, news).values()].sort(byTime)
}

const byTime = (a: TurnStory, b: TurnStory): number =>
  (a.started ?? '') < (b.started ?? '') ? -1 : (a.started ?? '') > (b.started ?? '') ? 1 : 0
