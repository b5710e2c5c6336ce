// Bringing a place on the page into sight. What is above it may still be measured and the list still on its way, so the place is looked
// after for a moment, until the reader moves by hand.
const LOOKED_AFTER_MS = [0, 60, 160, 320, 640]
const HANDS = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const

export function bringIntoSight(element: Element, block: 'start' | 'center'): void {
  let isOver = false
  const end = () => {
    isOver = true
    for (const hand of HANDS) window.removeEventListener(hand, end)
  }
  for (const hand of HANDS) window.addEventListener(hand, end, { passive: true, once: true })
  for (const ms of LOOKED_AFTER_MS)
    setTimeout(() => {
      if (!isOver && element.isConnected && !isInSight(element)) element.scrollIntoView({ block })
    }, ms)
  setTimeout(end, LOOKED_AFTER_MS.at(-1)! + 1)
}

// Its beginning lies in the upper three quarters of the list that it scrolls in.
function isInSight(element: Element): boolean {
  const list = element.closest('.turns')?.getBoundingClientRect()
  if (list === undefined) return true
  const { top } = element.getBoundingClientRect()
  return top >= list.top - 1 && top <= list.top + list.height * 0.75
}

// A card that was far away is drawn some frames later.
const FRAMES_MAX = 8
export function focusSoon(stop: string, frames = FRAMES_MAX): void {
  requestAnimationFrame(() => {
    const found = stopElement(stop)
    if (found !== null) found.focus({ preventScroll: true })
    else if (frames > 0) focusSoon(stop, frames - 1)
  })
}

export const stopElement = (stop: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`.turns [data-stop="${CSS.escape(stop)}"]`)
