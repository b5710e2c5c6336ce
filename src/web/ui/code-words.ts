// Highlighted code as spans of text, read from the highlighter's markup: nothing of it is ever set as HTML. Pure.
export interface CodeSpan {
  readonly text: string
  readonly as: CodeWord | null
}
export type CodeWord = 'keyword' | 'string' | 'comment' | 'number'

// What is told apart on paper: few things, so that code stays calm.
const WORDS: Readonly<Record<string, CodeWord>> = {
  keyword: 'keyword',
  'selector-tag': 'keyword',
  tag: 'keyword',
  string: 'string',
  regexp: 'string',
  addition: 'string',
  symbol: 'string',
  comment: 'comment',
  quote: 'comment',
  deletion: 'comment',
  number: 'number',
  literal: 'number',
}

const LETTERS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#39': "'" }

// The markup is text, `<span class="hljs-…">` and `</span>`, with five letters escaped.
export function codeSpans(markup: string): readonly CodeSpan[] {
  const out: CodeSpan[] = []
  const open: (CodeWord | null)[] = []
  for (const [part] of markup.matchAll(/<span class="[^"]*">|<\/span>|[^<]+/g)) {
    if (part === '</span>') open.pop()
    else if (part.startsWith('<span')) open.push(wordOf(part) ?? open.at(-1) ?? null)
    else
      add(
        out,
        part.replace(/&([a-z#0-9]+);/g, (all, name: string) => LETTERS[name] ?? all),
        open.at(-1) ?? null,
      )
  }
  return out
}

const wordOf = (part: string): CodeWord | undefined => WORDS[/hljs-([\w-]+)/.exec(part)?.[1] ?? '']

function add(out: CodeSpan[], text: string, as: CodeWord | null): void {
  const last = out.at(-1)
  if (last?.as === as) out[out.length - 1] = { text: last.text + text, as }
  else out.push({ text, as })
}
