// A session in the address that no page of the list has brought is asked for by its id.
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { askSession } from './api.ts'
import { go, useLive, useRoute, useStore } from './hooks.ts'

export function useMissingSession(id: string | null, name: 'session' | 'a' | 'b' = 'session'): Error | null {
  const store = useStore()
  const route = useRoute()
  const isMissing = useLive((state) => id !== null && state.loaded && !state.sessions.rows.has(id))
  const { data, error } = useQuery({
    queryKey: ['session', id],
    queryFn: ({ signal }) => askSession(id ?? '', signal),
    enabled: isMissing,
    retry: false,
  })
  useEffect(() => {
    if (!isMissing || !data) return
    // The address may hold a part of the id, or the agent's own: the page goes on under the whole one.
    if (data.id !== id) go({ ...route, [name]: data.id }, 'replace')
    else store.keepSessions({ sessions: [data], next: null, total: 0, seq: Number.MAX_SAFE_INTEGER, labels: {} })
  }, [data, isMissing, store, id, route, name])
  return isMissing ? error : null
}
