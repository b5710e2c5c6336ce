// The hands and keys of a replay: the same moves from buttons, the line, the keyboard and the palette.
import { type KeyboardEvent as ReactKeyboardEvent, useEffect, useMemo, useRef } from 'react'
import { useActions } from '../../ui/actions.ts'
import { useKeys } from '../../ui/keys.ts'
import { type Course, stepped, turned } from './course.ts'
import { faster, scrubbed, stoodAt, toggled } from './player.ts'
import type { Hands } from './transport.tsx'
import type { Change } from './use-player.ts'

export function useHands(course: Course, change: (how: Change) => void): Hands {
  const hands = useMemo(() => {
    const { clock, letters } = course
    const step = (by: 1 | -1) => change((now) => stoodAt(now, clock, stepped(course, now.shown, by)))
    const turn = (by: 1 | -1) => change((now) => stoodAt(now, clock, turned(course, now.shown, by)))
    const speed = (by: 1 | -1) => change((now) => ({ ...now, speed: faster(now, by) }))
    const keys: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
      ArrowRight: ({ shiftKey }) => (shiftKey ? turn(1) : step(1)),
      ArrowLeft: ({ shiftKey }) => (shiftKey ? turn(-1) : step(-1)),
      ']': () => turn(1),
      '[': () => turn(-1),
      '+': () => speed(1),
      '=': () => speed(1),
      '-': () => speed(-1),
      Home: () => change((now) => stoodAt(now, clock, 1)),
      End: () => change((now) => stoodAt(now, clock, letters.length)),
    }
    return {
      keys,
      step,
      turn,
      speed,
      toggle: () => change((now) => toggled(now, clock)),
      scrub: (playMs: number) => change((now) => scrubbed(now, clock, playMs)),
      setSpeed: (wanted: Parameters<Hands['setSpeed']>[0]) => change((now) => ({ ...now, speed: wanted })),
      toEnd: () => change((now) => stoodAt(now, clock, letters.length)),
      toStart: () => change((now) => stoodAt(now, clock, 1)),
    }
  }, [course, change])
  useKeys(hands.keys)
  useSpace(hands.toggle)
  useActions([
    { name: 'Play, or pause', run: hands.toggle },
    { name: 'Next move', run: () => hands.step(1) },
    { name: 'Previous move', run: () => hands.step(-1) },
    { name: 'Next turn', run: () => hands.turn(1) },
    { name: 'Previous turn', run: () => hands.turn(-1) },
    { name: 'Faster', run: () => hands.speed(1) },
    { name: 'Slower', run: () => hands.speed(-1) },
    { name: 'To the beginning', run: hands.toStart },
    { name: 'To the end', run: hands.toEnd },
  ])
  // The handle of the line has keys of its own, which go by pixels: here they are the same moves as everywhere.
  const onKey = (event: ReactKeyboardEvent) => {
    const run = event.key === ' ' ? hands.toggle : hands.keys[event.key]
    if (run === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    run(event.nativeEvent)
  }
  return { ...hands, onKey }
}

// Space presses the button one stands on; anywhere else it plays.
const PRESSED = 'button, a, input, select, textarea, summary, [contenteditable]'
function useSpace(toggle: () => void): void {
  const latest = useRef(toggle)
  latest.current = toggle
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== ' ' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof Element && event.target.closest(PRESSED) !== null) return
      if (document.querySelector('dialog[open]') !== null) return
      event.preventDefault()
      latest.current()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
