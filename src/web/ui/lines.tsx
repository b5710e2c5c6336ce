// biome-ignore-all lint/suspicious/noArrayIndexKey: parts of one text never change their order
// Long texts in mono, cut to what is read at a glance, and whole on demand.
import { type CSSProperties, type ReactNode, useMemo } from 'react'
import { type InkLine, inkLines, type Span } from './ansi.ts'
import { useClip } from './clip.tsx'
import { drawWord, useDiffWords } from './code-lines.tsx'
import type { CodeSpan } from './code-words.ts'
import type { DiffLine } from './diff.ts'
import { counted } from './words.ts'

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

// A line longer than that is data, and shown plain.
const codeOf = ({ text }: DiffLine, words: readonly CodeSpan[] | null): ReactNode =>
  text === ''
    ? ' '
    : words === null || text.length > LINE_CHARS_MAX
      ? text.slice(0, LINE_CHARS_MAX)
      : words.map(drawWord)

const SIGN_CLASS = { '+': 'added', '-': 'removed', ' ': 'kept', '@': 'heading' } as const

interface DiffProps {
  readonly id: string
  readonly lines: readonly DiffLine[]
  readonly language?: string
  readonly max?: number
}
export function Diff({ id, lines, language = '', max = 16 }: DiffProps) {
  const { items, more } = useClip(`${id}:diff`, lines, max, 'head')
  const wordsOf = useDiffWords(language, items)
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
              <code>{codeOf(line, wordsOf(i))}</code>
            </div>
          ))}
        </div>
      </div>
      {more}
    </>
  )
}
