// Markdown for whoever draws it: its tree, a moment after its bare words. Asked of a worker, kept for when it is scrolled into sight again.
import { useLayoutEffect, useState } from 'react'
import { type Block, plainTree, wordsIn } from './markdown-tree.ts'
import type { MarkdownAnswer, MarkdownAsked } from './markdown-worker.ts'

type Tree = readonly Block[]
const KEPT_CHARS_MAX = 2_000_000
const kept = new Map<string, Tree>() // the one that was drawn last is last
let keptChars = 0

const waiting = new Map<string, { readonly n: number; readonly draws: Set<() => void> }>()
const asked = new Map<number, string>()
let worker: Worker | null = null
let count = 0

// Started before the first text comes, so that it is ready then.
export function startReading(): Worker {
  if (worker !== null) return worker
  worker = new Worker(new URL('./markdown-worker.ts', import.meta.url), { type: 'module' })
  worker.onmessage = ({ data: { n, blocks } }: MessageEvent<MarkdownAnswer>) => {
    const text = asked.get(n)
    if (text === undefined) return
    asked.delete(n)
    keep(text, blocks)
    const draws = waiting.get(text)?.draws ?? []
    waiting.delete(text)
    for (const draw of draws) draw()
  }
  // Words without their form are still words.
  worker.onerror = (event) => console.warn('openstory: answers are shown as they were written', event.message)
  return worker
}

function keep(text: string, blocks: Tree): void {
  kept.set(text, blocks)
  keptChars += text.length
  for (const [oldest] of kept) {
    if (keptChars <= KEPT_CHARS_MAX || oldest === text) break
    kept.delete(oldest)
    keptChars -= oldest.length
  }
}

function ask(text: string, draw: () => void): () => void {
  let wait = waiting.get(text)
  if (wait === undefined) {
    wait = { n: ++count, draws: new Set() }
    waiting.set(text, wait)
    asked.set(wait.n, text)
    startReading().postMessage({ n: wait.n, text } satisfies MarkdownAsked)
  }
  const { draws } = wait
  draws.add(draw)
  return () => void draws.delete(draw)
}

// Null: on its way.
export function useMarkdown(text: string): Tree | null {
  const [, draw] = useState(0)
  const known = plainTree(text) ?? kept.get(text)
  useLayoutEffect(() => (known === undefined ? ask(text, () => draw((n) => n + 1)) : undefined), [known, text])
  return known ?? null
}

// The words alone, on one line; until they are there, as they were written.
export function Flat({ text }: { text: string }): string {
  const tree = useMarkdown(text)
  return tree === null ? text : wordsIn(tree)
}
