// Reads Markdown away from the page's thread: the parser is as large as half the page, and an answer can be as long as a book.
import { markdown } from './markdown.ts'
import type { Block } from './markdown-tree.ts'

export interface MarkdownAsked {
  readonly n: number
  readonly text: string
}
export interface MarkdownAnswer {
  readonly n: number
  readonly blocks: readonly Block[]
}

self.onmessage = ({ data: { n, text } }: MessageEvent<MarkdownAsked>) =>
  self.postMessage({ n, blocks: markdown(text) } satisfies MarkdownAnswer)
