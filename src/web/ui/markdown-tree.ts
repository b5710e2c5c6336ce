// Markdown as a tree of nodes, and its words alone. The parser that makes the tree is large and lives in a worker (markdown.ts); what has
// no mark of Markdown in it needs none. Pure.

export type Inline =
  | { readonly as: 'text'; readonly text: string }
  | { readonly as: 'code'; readonly text: string }
  | { readonly as: 'break' }
  | { readonly as: 'strong' | 'em' | 's'; readonly inside: readonly Inline[] }
  | { readonly as: 'link'; readonly href: string; readonly inside: readonly Inline[] }
export type Block =
  | { readonly as: 'p'; readonly inside: readonly Inline[] }
  | { readonly as: 'heading'; readonly level: number; readonly inside: readonly Inline[] }
  | { readonly as: 'code'; readonly language: string; readonly text: string }
  | { readonly as: 'rule' }
  | { readonly as: 'quote'; readonly blocks: readonly Block[] }
  | { readonly as: 'list'; readonly start: number | null; readonly items: readonly (readonly Block[])[] }
  | {
      readonly as: 'table'
      readonly head: readonly (readonly Inline[])[]
      readonly rows: readonly (readonly (readonly Inline[])[])[]
    }

// What Markdown means nothing by: one paragraph, as it stands. Null: it has to be parsed.
const MARKS = /[\\`*_[\]#<>|~&\n\r\t\0]|\/\/|mailto:|^\s|\s$| {2}|^(?:[-+]|\d+[.)]|=+)(?:\s|$)|^-+$/i
export const plainTree = (text: string): readonly Block[] | null =>
  MARKS.test(text) ? null : text === '' ? [] : [{ as: 'p', inside: [{ as: 'text', text }] }]

// The words alone, on one line: for places too small for paragraphs.
export const wordsIn = (blocks: readonly Block[]): string => blocks.map(flatBlock).join(' ').replace(/\s+/g, ' ').trim()

function flatBlock(block: Block): string {
  switch (block.as) {
    case 'p':
    case 'heading':
      return block.inside.map(flatInline).join('')
    case 'code':
      return block.text
    case 'rule':
      return ''
    case 'quote':
      return block.blocks.map(flatBlock).join(' ')
    case 'list':
      return block.items.map((item) => `· ${item.map(flatBlock).join(' ')}`).join(' ')
    case 'table':
      return [block.head, ...block.rows]
        .map((row) => row.map((cell) => cell.map(flatInline).join('')).join(' '))
        .join('; ')
  }
}
function flatInline(node: Inline): string {
  if (node.as === 'break') return ' '
  return node.as === 'text' || node.as === 'code' ? node.text : node.inside.map(flatInline).join('')
}
