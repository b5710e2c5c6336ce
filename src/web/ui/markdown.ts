// Reads Markdown into a tree of nodes, never into HTML: what a transcript says can be drawn, but not run. Pure.
// HTML in it stays text; images become links, because nothing outside this machine is ever fetched.
import MarkdownIt from 'markdown-it'
import type { Block, Inline } from './markdown-tree.ts'

type Token = ReturnType<InstanceType<typeof MarkdownIt>['parse']>[number]

const parser = new MarkdownIt({ html: false, linkify: true, breaks: true })
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false })

export function markdown(text: string): readonly Block[] {
  return blocksOf(new Tokens(parser.parse(text, {})), null)
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
