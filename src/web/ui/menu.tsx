// A button with what else can be done, in the top layer: Esc and a press beside it close it, arrows walk it, focus goes back.
import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'
import './menu.css'

interface Props {
  readonly label: string // for those who do not see the mark
  readonly mark: ReactNode
  readonly children: ReactNode // links and buttons, each with role="menuitem"
}
export function Menu({ label, mark, children }: Props) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])]
  const toggled = (isOpen: boolean) => {
    button.current?.setAttribute('aria-expanded', String(isOpen))
    if (!isOpen) return
    place(button.current, list.current)
    items()[0]?.focus()
  }
  const walk = (event: KeyboardEvent) => {
    const all = items()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const next =
      event.key === 'ArrowDown'
        ? at + 1
        : event.key === 'ArrowUp'
          ? at - 1
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? all.length - 1
              : null
    if (next === null) return
    event.preventDefault()
    all[(next + all.length) % all.length]?.focus()
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className="icon-button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded="false"
        popoverTarget={id}
      >
        {mark}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        className="menu"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        onToggle={(event) => toggled(event.newState === 'open')}
        onKeyDown={walk}
        onClick={(event) =>
          event.target instanceof Element && event.target.closest('[role="menuitem"]') && list.current?.hidePopover()
        }
      >
        {children}
      </div>
    </>
  )
}

// Under the button, its right edge on the button's, inside the window.
const GAP_PX = 6
function place(button: HTMLElement | null, list: HTMLElement | null): void {
  if (button === null || list === null) return
  const at = button.getBoundingClientRect()
  const { width, height } = list.getBoundingClientRect()
  const left = Math.min(Math.max(GAP_PX, at.right - width), window.innerWidth - width - GAP_PX)
  const below = at.bottom + GAP_PX
  list.style.left = `${left}px`
  list.style.top = `${below + height > window.innerHeight ? Math.max(GAP_PX, at.top - height - GAP_PX) : below}px`
}
