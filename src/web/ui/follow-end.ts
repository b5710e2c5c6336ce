// Going along with the end of a list, as a hook: the rules are in follow.ts.
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'
import type { VListHandle } from 'virtua'
import { afterScroll, startFollow } from './follow.ts'

const BY_HAND_MS = 800

export function useFollow(list: RefObject<VListHandle | null>, rows: readonly unknown[], atFirst: boolean) {
  const state = useRef(startFollow(atFirst))
  const movedMs = useRef(0)
  const [isFollowing, setFollowing] = useState(atFirst)
  const toEnd = useCallback(() => list.current?.scrollToIndex(rows.length - 1, { align: 'end' }), [list, rows])
  // What grows under a reader who went up must not pull them down again: asked of the state as it is, not as it was drawn.
  const stick = useCallback(() => {
    if (state.current.isFollowing) toEnd()
  }, [toEnd])
  useLayoutEffect(stick, [stick])
  const onScroll = (offset: number) => {
    const handle = list.current
    if (handle === null) return
    const gap = handle.scrollSize - offset - handle.viewportSize
    const byHand = performance.now() - movedMs.current < BY_HAND_MS
    state.current = afterScroll(state.current, { offset, gap, byHand })
    setFollowing(state.current.isFollowing)
  }
  const moved = () => {
    movedMs.current = performance.now()
  }
  const follow = () => {
    state.current = { ...state.current, isFollowing: true }
    movedMs.current = 0
    setFollowing(true)
    toEnd()
  }
  const letGo = () => {
    state.current = { ...state.current, isFollowing: false }
    setFollowing(false)
  }
  const onHand = {
    onWheel: moved,
    onTouchMove: moved,
    onKeyDown: moved,
    onPointerDown: moved,
    onPointerMove: (e: { buttons: number }) => e.buttons > 0 && moved(),
  }
  return { isFollowing, onScroll, stick, onHand, follow, letGo }
}
