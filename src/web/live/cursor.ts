// The keys of a session: a place among its rows that moves row by row and turn by turn, following, and holding still.
import { type KeyboardEvent, type RefObject, useState } from 'react'
import type { VListHandle } from 'virtua'
import type { OutlineTurn } from '../../folds/outline.ts'
import { go, useRoute } from '../state/hooks.ts'
import { useActions } from '../ui/actions.ts'
import { indexOfEvent, type Row } from '../ui/rows.ts'
import { type ReaderItem, stepFrom, turnFrom } from './walk.ts'

// Where the keys are, and what they do in a session.
interface Hold {
  readonly letGo: () => void
  readonly isFollowing: boolean
  readonly toEnd: () => void
  readonly hold: () => void
  readonly isHeld: boolean
}
export function useCursor(
  list: RefObject<VListHandle | null>,
  rows: readonly ReaderItem[],
  turns: readonly OutlineTurn[],
  { letGo, isFollowing, toEnd, hold, isHeld }: Hold,
): string | null {
  const route = useRoute()
  const [at, setAt] = useState<string | null>(null)
  const top = () => {
    const handle = list.current
    return handle === null ? 0 : handle.findItemIndex(handle.scrollOffset + 40)
  }
  const placeNow = () => {
    const known = at === null ? -1 : rows.findIndex((row) => row.key === at)
    return known >= 0 ? known : route.event === null ? -1 : indexOfEvent(rows as readonly Row[], route.event)
  }
  const step = (by: 1 | -1) => {
    const known = placeNow()
    // The first step is onto what is seen: the end where the reader follows it, else the top of the page.
    const from = known >= 0 ? known : isFollowing ? rows.length - 1 : top() - by
    const next = stepFrom(rows, from, known < 0 && isFollowing ? -1 : by)
    const row = rows[next]
    if (row?.kind !== 'record') return
    letGo()
    setAt(row.key)
    list.current?.scrollToIndex(next, { align: 'nearest' })
    focusRow(row.key)
  }
  const turn = (by: 1 | -1) => {
    const known = placeNow()
    const row = rows[known >= 0 ? known : stepFrom(rows, top() - 1, 1)]
    const to = turnFrom(turns, row?.kind === 'record' ? row.record.time : null, by)
    if (to === null) return by === 1 ? toEnd() : undefined
    letGo()
    setAt(null)
    go({ ...route, event: to.prompt?.event ?? to.id })
  }
  const toStart = () => {
    const first = turns[0]?.id
    letGo()
    setAt(null)
    if (first === undefined) list.current?.scrollToIndex(0)
    else go({ ...route, event: first, only: [], last: null })
  }
  const clear = () => {
    setAt(null)
    if (route.event !== null) go({ ...route, event: null }, 'replace')
  }
  useActions([
    { name: 'Next record', keys: ['j'], run: () => step(1) },
    { name: 'Previous record', keys: ['k'], run: () => step(-1) },
    { name: 'Next turn', keys: [']'], run: () => turn(1) },
    { name: 'Previous turn', keys: ['['], run: () => turn(-1) },
    { name: 'To the beginning', keys: ['g'], run: toStart },
    { name: 'To the end, and follow it', keys: ['G', 'End'], run: toEnd },
    { name: isFollowing ? 'Stop following' : 'Follow', keys: ['f'], run: () => (isFollowing ? letGo() : toEnd()) },
    { name: isHeld ? 'Go on' : 'Pause', keys: ['p'], run: hold },
    ...(at === null ? [] : [{ name: 'Leave the record', keys: ['Escape'], run: clear }]),
  ])
  return at
}

// A row that was far away is drawn a frame later.
const FRAMES_MAX = 6
function focusRow(key: string, frames = FRAMES_MAX): void {
  requestAnimationFrame(() => {
    const row = document.querySelector<HTMLElement>(`.records [data-event="${CSS.escape(key)}"]`)
    if (row !== null) row.focus({ preventScroll: true })
    else if (frames > 0) focusRow(key, frames - 1)
  })
}

// Enter on a row opens what it folds.
export function openRow(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'Enter' || !(event.target instanceof HTMLElement) || event.target.tagName !== 'ARTICLE') return
  event.target.querySelector<HTMLElement>('.column [aria-expanded]')?.click()
}
