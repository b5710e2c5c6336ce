// biome-ignore-all lint/suspicious/noArrayIndexKey: parts of one text never change their order
// Lines of code in their colours: what a diff shows, and what was read from a file. The colours come a moment later, from the worker;
// only lines that are shown are asked for.
import { type ReactNode, useMemo } from 'react'
import { useClip } from './clip.tsx'
import type { CodeSpan } from './code-words.ts'
import type { DiffLine } from './diff.ts'
import { useHighlighted } from './highlight.ts'
import { lineSpans, readLines } from './language.ts'

export const drawWord = ({ text, as }: CodeSpan, key: number): ReactNode =>
  as === null ? (
    text
  ) : (
    <span key={key} className={`word-${as}`}>
      {text}
    </span>
  )

// The lines of one side of a diff, each at its place: old and new are two texts, and neither is code together with the other.
export function useDiffWords(language: string, lines: readonly DiffLine[]): (i: number) => readonly CodeSpan[] | null {
  const { before, after } = useMemo(() => sidesOf(lines), [lines])
  const old = useSide(lines.some(({ sign }) => sign === '-') ? language : '', before.text)
  const now = useSide(language, after.text)
  return (i) => (lines[i]?.sign === '-' ? old?.[before.at[i]!] : now?.[after.at[i]!]) ?? null
}

function useSide(language: string, text: string) {
  const spans = useHighlighted(language, text)
  return useMemo(() => (spans === null ? null : lineSpans(spans)), [spans])
}

interface Side {
  readonly text: string
  readonly at: readonly number[] // line of the diff → line of the text
}
function sidesOf(lines: readonly DiffLine[]): { readonly before: Side; readonly after: Side } {
  const side = (mine: '-' | '+'): Side => {
    const texts: string[] = []
    const at = lines.map(({ sign, text }) => (sign === mine || sign === ' ' ? texts.push(text) - 1 : -1))
    return { text: texts.join('\n'), at }
  }
  return { before: side('-'), after: side('+') }
}

interface CodeLinesProps {
  readonly id: string
  readonly text: string
  readonly language: string
  readonly max: number
}
export function CodeLines({ id, text, language, max }: CodeLinesProps) {
  const lines = useMemo(() => readLines(text), [text])
  const { items, more } = useClip(`${id}:lines`, lines, max, 'head')
  const code = useMemo(() => items.map((line) => line.code).join('\n'), [items])
  const words = useSide(language, code)
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className="lines scroller" tabIndex={0}>
        {items.map((line, i) => (
          <span key={i}>
            {line.number !== '' && <span className="line-number">{line.number}</span>}
            {words?.[i]?.map(drawWord) ?? line.code}
            {i < items.length - 1 && '\n'}
          </span>
        ))}
      </pre>
      {more}
    </>
  )
}
