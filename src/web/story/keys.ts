// The keys of a story: through what is on the page, into a card and out of it, and from turn to turn.
import type { KeyboardEvent } from 'react'
import { go, useRoute } from '../state/hooks.ts'
import { useActions } from '../ui/actions.ts'
import type { Lanes } from './lanes.ts'
import { stopElement } from './sight.ts'
import { neighbourOf, outOf, type Stop, stepTo } from './steps.ts'

interface Wish {
  readonly lanes: Lanes
  readonly current: string | null
  readonly goTo: (turn: string | null) => void
  readonly toEnd: () => void
}

export function useStoryKeys({ lanes, current, goTo, toEnd }: Wish): void {
  const route = useRoute()
  const standAt = (turn: string | null) => {
    goTo(turn)
    go({ ...route, turn, event: null }, 'replace')
  }
  const turn = (by: 1 | -1) => {
    const next = neighbourOf(lanes.top, placeNow() === null ? null : (rowTurnNow() ?? current), by)
    if (next !== null) standAt(next.id)
  }
  const step = (by: 1 | -1) => {
    const at = placeNow()
    // The first step is onto what is seen.
    if (at === null) return standAt(current ?? lanes.top[0]?.id ?? null)
    const next = stepTo(stopsNow(), at, by)
    if (next === null) return turn(by)
    if (next.depth === 0) return standAt(next.id)
    stand(next)
    if (next.isTurn) go({ ...route, turn: next.id, event: null }, 'replace')
  }
  const leave = () => {
    const out = outOf(stopsNow(), placeNow())
    if (out !== null) return out.depth === 0 ? standAt(out.id) : stand(out)
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
    if (route.turn !== null) go({ ...route, turn: null, event: null }, 'replace')
  }
  useActions([
    { name: 'Next place in the story', keys: ['j'], run: () => step(1) },
    { name: 'Previous place in the story', keys: ['k'], run: () => step(-1) },
    { name: 'Next turn', keys: [']'], run: () => turn(1) },
    { name: 'Previous turn', keys: ['['], run: () => turn(-1) },
    { name: 'To the beginning of the story', keys: ['g'], run: () => standAt(null) },
    { name: 'To the end of the story', keys: ['G', 'End'], run: toEnd },
    { name: 'Step out', keys: ['Escape'], run: leave },
  ])
}

const placeNow = (): string | null =>
  document.activeElement?.closest('.turns [data-stop]')?.getAttribute('data-stop') ?? null
const rowTurnNow = (): string | null =>
  document.activeElement?.closest('.turns [data-depth="0"]')?.getAttribute('data-stop') ?? null

const stopsNow = (): Stop[] =>
  [...document.querySelectorAll<HTMLElement>('.turns [data-stop]')].map((element) => ({
    id: element.dataset.stop ?? '',
    depth: Number(element.dataset.depth),
    isTurn: element.dataset.turn !== undefined,
  }))

function stand({ id }: Stop): void {
  const element = stopElement(id)
  element?.scrollIntoView({ block: 'nearest' })
  element?.focus({ preventScroll: true })
}

// Enter on a card unfolds it, and on a record opens what that folds; on a link or a button inside it is theirs.
export function openStop(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'Enter' || !(event.target instanceof HTMLElement)) return
  const stop = event.target.closest<HTMLElement>('[data-stop]')
  if (stop === null || event.target.closest('a, button') !== null) return
  stop
    .querySelector<HTMLElement>(
      stop.dataset.turn === undefined ? '.column [aria-expanded]' : ':scope > .turn-body > .unfold',
    )
    ?.click()
}
