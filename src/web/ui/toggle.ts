// What a person unfolded stays unfolded while the row is scrolled out of sight and drawn anew.
import { useState } from 'react'

const KEPT_MAX = 5_000
const kept = new Map<string, boolean>()

export function useToggle(key: string, atFirst: boolean): readonly [boolean, () => void] {
  const [, draw] = useState(0)
  const isOpen = kept.get(key) ?? atFirst
  const flip = () => {
    const [oldest] = kept.keys()
    if (kept.size >= KEPT_MAX && oldest !== undefined) kept.delete(oldest)
    kept.set(key, !isOpen)
    draw((n) => n + 1)
  }
  return [isOpen, flip]
}
