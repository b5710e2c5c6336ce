// The turns of a session: what REST knew, and what the stream told since.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
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
  const { data, isPending, error, refetch } = useQuery({
    queryKey: ['turns', session],
    queryFn: ({ signal }) => askTurns(session ?? '', signal),
    enabled: session !== null,
  })
  const heard = useLive((state) => (session === null ? undefined : state.turns.get(session)))
  const turns = useMemo(() => {
    const known = new Map((data?.turns ?? []).map((turn) => [turn.id, turn]))
    return [...withTurns(known, [...(heard?.values() ?? [])]).values()].sort(byTime)
  }, [data, heard])
  return { turns, isPending, error, retry: () => void refetch() }
}

const byTime = (a: TurnStory, b: TurnStory): number =>
  (a.started ?? '') < (b.started ?? '') ? -1 : (a.started ?? '') > (b.started ?? '') ? 1 : 0
