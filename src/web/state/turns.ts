// The turns of a session, whole or in short: what REST knew, and what the stream told since.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { OutlineTurn } from '../../folds/outline.ts'
import type { TurnStory } from '../../wire/live.ts'
import { askOutline, askTurns } from './api.ts'
import { useLive } from './hooks.ts'
import { withTurns } from './sessions.ts'

interface Told<T> {
  readonly turns: readonly T[] // oldest first
  readonly isPending: boolean
  readonly error: Error | null
  readonly retry: () => void
}
type Ask<T> = (session: string, signal: AbortSignal) => Promise<{ readonly turns: readonly T[] }>

export const useTurns = (session: string | null): Told<TurnStory> => useTold('turns', session, askTurns)

// A tenth of it all: a session of 6,000 turns is 20 MB of them.
export const useOutline = (session: string): Told<OutlineTurn> => useTold<OutlineTurn>('outline', session, askOutline)

function useTold<T extends OutlineTurn>(what: string, session: string | null, ask: Ask<T>): Told<T | TurnStory> {
  const { data, dataUpdatedAt, isPending, error, refetch } = useQuery({
    queryKey: [what, session],
    queryFn: ({ signal }) => ask(session ?? '', signal),
    enabled: session !== null,
  })
  const heard = useLive((state) => (session === null ? undefined : state.turns.get(session)))
  const turns = useMemo(
    () => toldTurns<T | TurnStory>(data?.turns ?? [], dataUpdatedAt, [...(heard?.values() ?? [])]),
    [data, dataUpdatedAt, heard],
  )
  // What was heard and is not listed is asked for once more: a turn that is news is listed then.
  const unlisted = useMemo(() => {
    if (data === undefined || heard === undefined) return ''
    const listed = new Set(data.turns.map(({ id }) => id))
    return [...heard.keys()].filter((id) => !listed.has(id)).join(' ')
  }, [data, heard])
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
export function toldTurns<T extends OutlineTurn>(
  listed: readonly T[],
  listedMs: number,
  heard: readonly T[],
): readonly T[] {
  const known = new Map(listed.map((turn) => [turn.id, turn]))
  const news = heard.filter(
    ({ id, started }) => known.has(id) || started === null || Date.parse(started) > listedMs - SLACK_MS,
  )
  return [...withTurns(known, news).values()].sort(byTime)
}

const byTime = (a: OutlineTurn, b: OutlineTurn): number =>
  (a.started ?? '') < (b.started ?? '') ? -1 : (a.started ?? '') > (b.started ?? '') ? 1 : 0
