// Long lists of lines, cut to what is read at a glance, and whole on demand.
import type { ReactNode } from 'react'
import { useFold } from './toggle.ts'
import { counted } from './words.ts'

interface Clip<T> {
  readonly items: readonly T[]
  readonly more: ReactNode
}

export function useClip<T>(id: string, all: readonly T[], max: number, end: 'head' | 'tail'): Clip<T> {
  const [isOpen, flip] = useFold(id, false)
  // A button that hides two lines is worse than the two lines.
  if (all.length <= max + 3) return { items: all, more: null }
  const more = (
    <button type="button" className="bare more-lines" onClick={flip} aria-expanded={isOpen}>
      {isOpen ? 'Show less' : `Show ${counted(all.length - max, end === 'tail' ? 'earlier line' : 'more line')}`}
    </button>
  )
  return { items: isOpen ? all : end === 'head' ? all.slice(0, max) : all.slice(-max), more }
}
