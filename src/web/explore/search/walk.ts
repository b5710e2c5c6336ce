// Keys among what was found: next and previous hit, back to the words.
import type { RefObject } from 'react'
import { useActions } from '../../ui/actions.ts'

export function useWalk(list: RefObject<HTMLElement | null>): void {
  const step = (by: 1 | -1) => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>('a.hit') ?? [])]
    const at = all.indexOf(document.activeElement as HTMLElement)
    // The first step is onto what is seen first.
    const seen = all.findIndex(
      (hit) => hit.getBoundingClientRect().bottom > (list.current?.getBoundingClientRect().top ?? 0),
    )
    const next = all[at < 0 ? seen : at + by]
    next?.focus()
    next?.scrollIntoView({ block: 'nearest' })
  }
  useActions([
    { name: 'Next result', keys: ['j', 'ArrowDown'], run: () => step(1) },
    { name: 'Previous result', keys: ['k', 'ArrowUp'], run: () => step(-1) },
    {
      name: 'Back to the words',
      keys: ['Escape'],
      run: () => document.querySelector<HTMLInputElement>('.search input')?.select(),
    },
  ])
}
