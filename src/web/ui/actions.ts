// What can be done where one is: views say it while they are there; keys, the palette and the help sheet are told from it.
import { useEffect, useRef } from 'react'
import { useKeys } from './keys.ts'

export interface Action {
  readonly name: string
  readonly keys?: readonly string[] // any of them does it
  readonly run: () => void
}

const told = new Set<{ readonly current: readonly Action[] }>()

export function useActions(actions: readonly Action[]): void {
  const latest = useRef(actions)
  useEffect(() => {
    latest.current = actions
  })
  useEffect(() => {
    told.add(latest)
    return () => void told.delete(latest)
  }, [])
  useKeys(Object.fromEntries(actions.flatMap(({ keys = [], run }) => keys.map((key) => [key, run]))))
}

// As it is at this moment: the palette asks when it is opened.
export const actionsNow = (): readonly Action[] => [...told].flatMap(({ current }) => current)
