// A session in the address that no page of the list has brought is asked for by its id.
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { askSession } from './api.ts'
import { useLive, useStore } from './hooks.ts'

export function useMissingSession(id: string | null): Error | null {
  const store = useStore()
  const isMissing = useLive((state) => id !== null && state.loaded && !state.sessions.rows.has(id))
  const { data, error } = useQuery({
    queryKey: ['session', id],
    queryFn: ({ signal }) => askSession(id ?? '', signal),
    enabled: isMissing,
    retry: false,
  })
  useEffect(() => {
    if (isMissing && data)
      store.keepSessions({ sessions: [data], next: null, total: 0, seq: Number.MAX_SAFE_INTEGER, labels: {} })
  }, [data, isMissing, store])
  return isMissing ? error : null
}
