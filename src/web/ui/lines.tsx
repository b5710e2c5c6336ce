// biome-ignore-all lint/suspicious/noArrayIndexKey: parts of one text never change their order
// Long texts in mono, cut to what is read at a glance, and whole on demand.
import type { ReactNode } from 'react'
import type { DiffLine } from './diff.ts'
import { useToggle } from './toggle.ts'
import { counted } from './words.ts'

interface Clip<T> {
  readonly items: readonly T[]
  readonly more: ReactNode
}

function useClip<T>(id: string, all: readonly T[], max: number, end: 'head' | 'tail'): Clip<T> {
  const [isOpen, flip] = useToggle(id, false)
  // A button that hides two lines is worse than the two lines.
  if (all.length <= max + 3) return { items: all, more: null }
  const more = (
    <button type="button" className="bare more-lines" onClick={flip} aria-expanded={isOpen}>
      {isOpen ? 'Show less' : `Show ${counted(all.length - max, end === 'tail' ? 'earlier line' : 'more line')}`}
    </button>
  )
  return { items: isOpen ? all : end === 'head' ? all.slice(0, max) : all.slice(-max), more }
}

export function Lines({
  id,
  text,
  max = 12,
  end = 'head',
}: {
  id: string
  text: string
  max?: number
  end?: 'head' | 'tail'
}) {
  const { items, more } = useClip(`${id}:lines`, plainOutput(text).split('\n'), max, end)
  return (
    <>
      {end === 'tail' && more}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className="lines scroller" tabIndex={0}>
        {items.join('\n')}
      </pre>
      {end === 'head' && more}
    </>
  )
}

export function Diff({ id, lines, max = 16 }: { id: string; lines: readonly DiffLine[]; max?: number }) {
  const { items, more } = useClip(`${id}:diff`, lines, max, 'head')
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="diff scroller" tabIndex={0}>
        <div>
          {items.map((line, i) => (
            <div key={`${i}`} className={line.sign === '+' ? 'added' : line.sign === '-' ? 'removed' : 'kept'}>
              <span className="sign" aria-hidden="true">
                {line.sign === '-' ? '−' : line.sign}
              </span>
              {line.sign !== ' ' && <span className="quietly">{line.sign === '+' ? 'added: ' : 'removed: '}</span>}
              <code>{line.text === '' ? ' ' : line.text}</code>
            </div>
          ))}
        </div>
      </div>
      {more}
    </>
  )
}

// Terminal colours mean nothing here.
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is the escape character that is taken out
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007]*\u0007/g
export const plainOutput = (text: string): string => text.replace(ANSI, '').replace(/\n+$/, '')
