// biome-ignore-all lint/suspicious/noArrayIndexKey: parts of one text never change their order
// Long texts in mono, cut to what is read at a glance, and whole on demand.
import { type CSSProperties, type ReactNode, useMemo } from 'react'
import { type InkLine, inkLines, type Span } from './ansi.ts'
import type { DiffLine } from './diff.ts'
import { useFold } from './toggle.ts'
import { counted } from './words.ts'

interface Clip<T> {
  readonly items: readonly T[]
  readonly more: ReactNode
}

function useClip<T>(id: string, all: readonly T[], max: number, end: 'head' | 'tail'): Clip<T> {
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

interface LinesProps {
  readonly id: string
  readonly text: string
  readonly max?: number
  readonly end?: 'head' | 'tail'
}
export function Lines({ id, text, max = 12, end = 'head' }: LinesProps) {
  const lines = useMemo(() => inkLines(text), [text])
  const { items, more } = useClip(`${id}:lines`, lines, max, end)
  return (
    <>
      {end === 'tail' && more}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className="lines scroller" tabIndex={0}>
        {drawLines(items)}
      </pre>
      {end === 'head' && more}
    </>
  )
}

// Lines of one look stay one text: most output has no colours, and thousands of elements cost a frame each.
const LINE_CHARS_MAX = 4_000
function drawLines(lines: readonly InkLine[]): ReactNode[] {
  const out: ReactNode[] = []
  let plain = ''
  lines.forEach((line, i) => {
    let left = LINE_CHARS_MAX
    let skipped = 0
    for (const span of line) {
      const text = span.text.slice(0, left)
      left -= text.length
      skipped += span.text.length - text.length
      if (Object.keys(span.look).length === 0) plain += text
      else if (text !== '') {
        out.push(plain, drawSpan({ ...span, text }, out.length))
        plain = ''
      }
    }
    if (skipped > 0) plain += ` … and ${counted(skipped, 'more character')} in this line`
    if (i < lines.length - 1) plain += '\n'
  })
  return [...out, plain]
}

// What is shown inverse without colours of its own takes those of the page.
function drawSpan({ text, look }: Span, key: number): ReactNode {
  const [fg, bg] = look.inverse ? [look.bg, look.fg] : [look.fg, look.bg]
  const classes = [
    'ink',
    fg && 'fg',
    bg && 'bg',
    look.inverse && bg === undefined && 'inverse',
    look.bold && 'bold',
    look.dim && 'dim',
    look.italic && 'italic',
    look.underline && 'underline',
    look.strike && 'strike',
  ]
  const style = { ...(fg && { '--fg': fg }), ...(bg && { '--bg': bg }) } as CSSProperties
  return (
    <span key={key} className={classes.filter(Boolean).join(' ')} style={style}>
      {text}
    </span>
  )
}

const SIGN_CLASS = { '+': 'added', '-': 'removed', ' ': 'kept', '@': 'heading' } as const

export function Diff({ id, lines, max = 16 }: { id: string; lines: readonly DiffLine[]; max?: number }) {
  const { items, more } = useClip(`${id}:diff`, lines, max, 'head')
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="diff scroller" tabIndex={0}>
        <div>
          {items.map((line, i) => (
            <div key={`${i}`} className={SIGN_CLASS[line.sign]}>
              <span className="sign" aria-hidden="true">
                {line.sign === '-' ? '−' : line.sign === '@' ? '' : line.sign}
              </span>
              {line.sign === '+' && <span className="quietly">added: </span>}
              {line.sign === '-' && <span className="quietly">removed: </span>}
              <code>{line.text === '' ? ' ' : line.text.slice(0, LINE_CHARS_MAX)}</code>
            </div>
          ))}
        </div>
      </div>
      {more}
    </>
  )
}
