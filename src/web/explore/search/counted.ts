// The counts of a search, as the server has them.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { FacetsAnswer } from '../../../wire/facets.ts'
import { askFacets } from '../../state/api.ts'

// Asked when the hits are there, so that they never wait for it. What was counted last stays until the new counts come.
export function useFacets(
  q: string,
  isDue: boolean,
): {
  readonly now: FacetsAnswer | undefined // of these words
  readonly shown: FacetsAnswer | undefined
  readonly error: Error | null
} {
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['facets', q],
    queryFn: ({ signal }) => askFacets(q, signal),
    enabled: isDue,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  })
  return { now: isPlaceholderData ? undefined : data, shown: data, error }
}
