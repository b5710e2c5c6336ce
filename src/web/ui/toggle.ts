// What a person unfolded stays unfolded while the row is scrolled out of sight and drawn anew.
import { createContext, useContext, useEffect, useState } from 'react'

const KEPT_MAX = 5_000
const kept = new Map<string, boolean>()

function keep(key: string, isOpen: boolean): void {
  const [oldest] = kept.keys()
  if (kept.size >= KEPT_MAX && oldest !== undefined) kept.delete(oldest)
  kept.set(key, isOpen)
}

export function useToggle(key: string, atFirst: boolean): readonly [boolean, () => void] {
  const [, draw] = useState(0)
  const isOpen = kept.get(key) ?? atFirst
  const flip = () => {
    keep(key, !isOpen)
    draw((n) => n + 1)
  }
  return [isOpen, flip]
}

// Whether the row is the one that an address points at: whoever came for it finds it open, and it stays so.
export const AskedFor = createContext(false)
export function useFold(key: string, atFirst: boolean): readonly [boolean, () => void] {
  const isAsked = useContext(AskedFor)
  useEffect(() => {
    if (isAsked && !kept.has(key)) keep(key, true)
  }, [isAsked, key])
  return useToggle(key, isAsked || atFirst)
}
