// Markdown as a tree of nodes, never as HTML: what a transcript says can be drawn, but not run. Pure.
// HTML in it stays text; images become links, because nothing outside this machine is ever fetched.
import MarkdownIt from 'markdown-it'

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

type Token = ReturnType<InstanceType<typeof MarkdownIt>['parse']>[number]

const parser = new MarkdownIt({ html: false, linkify: true, breaks: true })
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false })

export function markdown(text: string): readonly Block[] {
  return blocksOf(new Tokens(parser.parse(text, {})), null)
}

// The words alone, on one line: for places too small for paragraphs.
export const flat = (text: string): string => markdown(text).map(flatBlock).join(' ').replace(/\s+/g, ' ').trim()

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

class Tokens {
  #at = 0
  readonly #all: readonly Token[]
  constructor(all: readonly Token[]) {
    this.#all = all
  }
  next(): Token | undefined {
    return this.#all[this.#at++]
  }
}

function blocksOf(tokens: Tokens, end: string | null): Block[] {
  const blocks: Block[] = []
  for (let token = tokens.next(); token !== undefined && token.type !== end; token = tokens.next()) {
    const block = blockOf(token, tokens)
    if (block !== null) blocks.push(block)
  }
  return blocks
}

function blockOf(token: Token, tokens: Tokens): Block | null {
  switch (token.type) {
    case 'inline':
      return { as: 'p', inside: inlineOf(token) }
    case 'paragraph_open':
      return { as: 'p', inside: inlinesUntil(tokens, 'paragraph_close') }
    case 'heading_open':
      return { as: 'heading', level: Number(token.tag.slice(1)), inside: inlinesUntil(tokens, 'heading_close') }
    case 'fence':
    case 'code_block':
      return { as: 'code', language: token.info.trim().split(/\s+/)[0] ?? '', text: token.content.replace(/\n$/, '') }
    case 'html_block':
      return { as: 'p', inside: [{ as: 'text', text: token.content }] }
    case 'hr':
      return { as: 'rule' }
    case 'blockquote_open':
      return { as: 'quote', blocks: blocksOf(tokens, 'blockquote_close') }
    case 'bullet_list_open':
      return { as: 'list', start: null, items: itemsOf(tokens, 'bullet_list_close') }
    case 'ordered_list_open':
      return { as: 'list', start: Number(token.attrGet('start') ?? 1), items: itemsOf(tokens, 'ordered_list_close') }
    case 'table_open':
      return tableOf(tokens)
    default:
      return null
  }
}

function itemsOf(tokens: Tokens, end: string): (readonly Block[])[] {
  const items: (readonly Block[])[] = []
  for (let token = tokens.next(); token !== undefined && token.type !== end; token = tokens.next())
    if (token.type === 'list_item_open') items.push(blocksOf(tokens, 'list_item_close'))
  return items
}

function tableOf(tokens: Tokens): Block {
  const rows: (readonly Inline[])[][] = []
  for (let token = tokens.next(); token !== undefined && token.type !== 'table_close'; token = tokens.next()) {
    if (token.type === 'tr_open') rows.push([])
    if (token.type === 'inline') rows.at(-1)?.push(inlineOf(token))
  }
  return { as: 'table', head: rows[0] ?? [], rows: rows.slice(1) }
}

function inlinesUntil(tokens: Tokens, end: string): readonly Inline[] {
  const found: Inline[] = []
  for (let token = tokens.next(); token !== undefined && token.type !== end; token = tokens.next())
    if (token.type === 'inline') found.push(...inlineOf(token))
  return found
}

const inlineOf = (token: Token): readonly Inline[] => insideOf(new Tokens(token.children ?? []), null)

function insideOf(tokens: Tokens, end: string | null): Inline[] {
  const found: Inline[] = []
  for (let token = tokens.next(); token !== undefined && token.type !== end; token = tokens.next())
    found.push(inlineNode(token, tokens))
  return found.filter((node) => node.as !== 'text' || node.text !== '')
}

function inlineNode(token: Token, tokens: Tokens): Inline {
  switch (token.type) {
    case 'code_inline':
      return { as: 'code', text: token.content }
    case 'softbreak':
    case 'hardbreak':
      return { as: 'break' }
    case 'strong_open':
    case 'em_open':
    case 's_open':
      return { as: token.tag as 'strong' | 'em' | 's', inside: insideOf(tokens, token.type.replace('_open', '_close')) }
    case 'link_open':
      return { as: 'link', href: safeHref(token.attrGet('href')), inside: insideOf(tokens, 'link_close') }
    case 'image':
      return {
        as: 'link',
        href: safeHref(token.attrGet('src')),
        inside: [{ as: 'text', text: `image: ${token.content || 'untitled'}` }],
      }
    default:
      return { as: 'text', text: token.content }
  }
}

// Only what a person can follow with open eyes; anything else is shown as text with an empty address.
const safeHref = (href: string | number | null): string =>
  /^(https?:|mailto:)/i.test(String(href)) ? String(href) : ''
