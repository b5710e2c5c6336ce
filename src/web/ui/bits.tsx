// Small parts that every view uses: marks, notices, sheets, icons.
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { PRESENCE_WORDS, type Presence } from './words.ts'

export function Dot({ presence }: { presence: Presence }) {
  return <span className={`dot ${presence}`} role="img" aria-label={PRESENCE_WORDS[presence]} />
}

interface NoticeProps {
  readonly title: string
  readonly bad?: boolean
  readonly isAlone?: boolean // nothing else stands in the view: its heading is the page's
  readonly children?: ReactNode
}
export function Notice({ title, bad = false, isAlone = false, children }: NoticeProps) {
  const Heading = isAlone ? 'h1' : 'h2'
  return (
    <div className={bad ? 'notice bad' : 'notice'} role={bad ? 'alert' : undefined}>
      <Heading>{title}</Heading>
      {children}
    </div>
  )
}

const LINE_WIDTHS = ['38%', '92%', '86%', '64%', '0', '52%', '90%', '78%']
export function WaitingLines({ what }: { what: string }) {
  return (
    <div className="waiting-lines" role="status">
      <b className="quietly">Loading {what}</b>
      {LINE_WIDTHS.map((width, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines never move
        <span key={i} style={{ width }} />
      ))}
    </div>
  )
}

// A modal sheet: Esc and a click beside it close it, focus goes back where it was.
export function Sheet({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the dialog itself answers Esc
    <dialog
      ref={ref}
      className="sheet scroller"
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <header className="sheet-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="icon-button" onClick={onClose} aria-label="Close">
          <Icon name="close" />
        </button>
      </header>
      <div className="sheet-body">{children}</div>
    </dialog>
  )
}

const PATHS = {
  close: 'M4 4l8 8M12 4l-8 8',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  search: 'M7 11.5a4.5 4.5 0 100-9 4.5 4.5 0 000 9zM10.4 10.4L14 14',
  copy: 'M5.5 5.5h7.5v8H5.5zM10.5 5.5v-3H3v8h2.5',
  down: 'M8 3v10M3.8 8.8L8 13l4.2-4.2',
  fold: 'M6 3.5L10.5 8 6 12.5',
  link: 'M6.5 9.5l3-3M7 4.8l1.2-1.2a3 3 0 014.2 4.2L11.2 9M9 11.2l-1.2 1.2a3 3 0 01-4.2-4.2L4.8 7',
  read: 'M3 2.5h6l4 4v7H3zM9 2.5v4h4',
  edit: 'M3 13l.6-3L10.8 2.8l2.4 2.4L6 12.4z',
  write: 'M3 2.5h6l4 4v7H3zM8 7.5v4M6 9.5h4',
  run: 'M2.5 4l4 4-4 4M8 12.5h5.5',
  web: 'M8 14A6 6 0 108 2a6 6 0 000 12zM2 8h12M8 2c2.2 2 2.2 10 0 12M8 2c-2.2 2-2.2 10 0 12',
  delegate: 'M4 3v5.5c0 1.4.6 2 2 2h6.5M10 7.5l3 3-3 3',
  plan: 'M3 4h10M3 8h7M3 12h9',
  ask: 'M5.8 6a2.3 2.3 0 114 1.6C9 8.3 8 8.7 8 10M8 12.6v.4',
  todo: 'M2.5 4.5l1.2 1.2L6 3.4M8.5 4.5h5M2.5 10.5l1.2 1.2L6 9.4M8.5 10.5h5',
  branch: 'M4.5 3v10M4.5 10.5c0-3 7-1.5 7-5M11.5 5.5l-2-2M11.5 5.5l2-2',
  play: 'M5 3l8 5-8 5z',
  pause: 'M5 3v10M11 3v10',
  'step-back': 'M10 3.5L5.5 8l4.5 4.5',
  'step-on': 'M6 3.5L10.5 8 6 12.5',
  'turn-back': 'M3.5 3.5v9M12.5 3.5L8 8l4.5 4.5',
  'turn-on': 'M12.5 3.5v9M3.5 3.5L8 8l-4.5 4.5',
  more: 'M2.9 8a.6.6 0 101.2 0 .6.6 0 10-1.2 0M7.4 8a.6.6 0 101.2 0 .6.6 0 10-1.2 0M11.9 8a.6.6 0 101.2 0 .6.6 0 10-1.2 0',
  other: 'M8 2.5v11M2.5 8h11M4.2 4.2l7.6 7.6M11.8 4.2l-7.6 7.6',
} as const
export type IconName = keyof typeof PATHS

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
