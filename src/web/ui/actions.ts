// What can be done where one is: views say it while they are there; keys, the palette and the help sheet are told from it.
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { useKeys } from './keys.ts'

export interface Action {
  readonly name: string
  readonly keys?: readonly string[] // any of them does it
  readonly run: () => void
}

type Told = { readonly current: readonly Action[] }
let told: readonly Told[] = [] // a new list with every view that comes or goes
const listeners = new Set<() => void>()
const tell = (next: readonly Told[]): void => {
  told = next
  for (const listen of listeners) listen()
}

export function useActions(actions: readonly Action[]): void {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    tell([...told, latest])
    return () => tell(told.filter((one) => one !== latest))
  }, [])
  useKeys(Object.fromEntries(actions.flatMap(({ keys = [], run }) => keys.map((key) => [key, run]))))
}

// All that can be done at this moment. A view that comes while the palette is open is in it too.
export function useActionsNow(): readonly Action[] {
  const all = useSyncExternalStore(listen, () => told)
  return all.flatMap(({ current }) => current)
}

function listen(change: () => void): () => void {
  listeners.add(change)
  return () => listeners.delete(change)
}
