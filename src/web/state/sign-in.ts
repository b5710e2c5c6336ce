// Whether the server asks for its token, and how the page gives it: once, for a cookie that no script can read.
import { useSyncExternalStore } from 'react'

let isAsked = false
const listeners = new Set<() => void>()

// Some answer was: not without a token.
export function tokenIsAsked(): void {
  if (isAsked) return
  isAsked = true
  for (const listener of listeners) listener()
}

export const useTokenAsked = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => isAsked,
  )

// Null: the page is signed in, and begins anew. Else why not, as a sentence.
export async function signIn(token: string): Promise<string | null> {
  try {
    const answer = await fetch('/api/login', { headers: { authorization: `Bearer ${token.trim()}` } })
    if (answer.ok) {
      window.location.reload()
      return null
    }
    const { error } = (await answer.json()) as { error: string }
    return `${error[0]?.toUpperCase()}${error.slice(1)}.`
  } catch (error) {
    console.warn('openstory: signing in', error)
    return 'OpenStory does not answer, or this cannot be a token.'
  }
}
