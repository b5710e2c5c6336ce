// Code in its colours, a moment after it is shown plain. Asked of a worker, kept for when it is scrolled into sight again.
import { useEffect, useState } from 'react'
import type { CodeSpan } from './code-words.ts'
import type { CodeAnswer, CodeAsked } from './highlight-worker.ts'

const CHARS_MAX = 40_000 // more than that is data
const KEPT_MAX = 300

type Spans = readonly CodeSpan[] | null
const kept = new Map<string, Spans>()
const waiting = new Map<number, (spans: Spans) => void>()
let worker: Worker | null = null
let asked = 0

function ask(language: string, text: string, answer: (spans: Spans) => void): () => void {
  worker ??= started()
  const n = ++asked
  waiting.set(n, answer)
  worker.postMessage({ n, language, text } satisfies CodeAsked)
  return () => void waiting.delete(n)
}

function started(): Worker {
  const made = new Worker(new URL('./highlight-worker.ts', import.meta.url), { type: 'module' })
  made.onmessage = ({ data }: MessageEvent<CodeAnswer>) => {
    waiting.get(data.n)?.(data.spans)
    waiting.delete(data.n)
  }
  // Code without colours is still code.
  made.onerror = (event) => console.warn('openstory: code is shown plain', event.message)
  return made
}

export function useHighlighted(language: string, text: string): Spans {
  const key = `${language}\n${text}`
  const [, draw] = useState(0)
  const known = kept.get(key)
  useEffect(() => {
    if (known !== undefined || language === '' || text.length > CHARS_MAX) return
    return ask(language.toLowerCase(), text, (spans) => {
      const [oldest] = kept.keys()
      if (kept.size >= KEPT_MAX && oldest !== undefined) kept.delete(oldest)
      kept.set(key, spans)
      draw((n) => n + 1)
    })
  }, [known, key, language, text])
  return known ?? null
}
