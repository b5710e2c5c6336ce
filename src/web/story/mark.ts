// Where the address points in a story. Pointing at the same place again is pointing again.
import { type MouseEvent, useCallback, useMemo, useState } from 'react'
import { useRoute } from '../state/hooks.ts'
import { type Lanes, wayTo } from './lanes.ts'
import type { Mark } from './scene.ts'

export function useMark(lanes: Lanes): readonly [Mark | null, (event: MouseEvent) => void] {
  const { turn, event } = useRoute()
  const [times, setTimes] = useState(0)
  // The way changes only when a turn turns out to be another's; the mark must not be new each time a turn grows.
  const way = turn === null || !lanes.byId.has(turn) ? '' : wayTo(lanes, turn).join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time it is pointed at is another mark
  const mark = useMemo(
    () => (turn === null || way === '' ? null : { turn, event, way: way.split(' ') }),
    [turn, event, way, times],
  )
  const again = useCallback((click: MouseEvent) => {
    const link = click.target instanceof Element ? click.target.closest('a') : null
    if (link?.href === window.location.href) setTimes((n) => n + 1)
  }, [])
  return [mark, again]
}
