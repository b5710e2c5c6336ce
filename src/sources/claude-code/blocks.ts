// A message's content as blocks, whatever form it has: a string, a list of blocks, a list with strings in it, or nothing.
// Each block knows its place, so that long texts can be pointed at instead of repeated.
import { isJson, type Json } from '../values.ts'

export interface Block {
  readonly type: string
  readonly value: Json
  readonly text: string | undefined // of text blocks
  readonly pointer: string // of that text, or of the block
}

const EMPTY: Json = {}

export function blocksOf(record: Json): readonly Block[] | null {
  const message = record.message
  if (isJson(message)) return blocksIn(message.content, '/message/content')
  return blocksIn(message, '/message')
}

export function blocksIn(content: unknown, pointer: string): readonly Block[] | null {
  if (typeof content === 'string') return [textBlock(content, pointer)]
  if (!Array.isArray(content)) return null
  const blocks: Block[] = []
  for (let i = 0; i < content.length; i++) {
    const value: unknown = content[i]
    if (typeof value === 'string') blocks.push(textBlock(value, `${pointer}/${i}`))
    else if (isJson(value)) blocks.push(block(value, `${pointer}/${i}`))
  }
  return blocks
}

const textBlock = (text: string, pointer: string): Block => ({ type: 'text', value: EMPTY, text, pointer })

function block(value: Json, pointer: string): Block {
  const type = typeof value.type === 'string' ? value.type : ''
  if (type === 'text' && typeof value.text === 'string')
    return { type, value, text: value.text, pointer: `${pointer}/text` }
  return { type, value, text: undefined, pointer }
}

// All texts of blocks as one: at its place when it is in a single one, else joined and standing for itself.
export function textOfBlocks(blocks: readonly Block[]): { readonly text: string; readonly pointer: string | null } {
  let first: Block | undefined
  let joined: string[] | undefined
  for (const each of blocks) {
    if (each.text === undefined || each.text === '') continue
    if (first === undefined) first = each
    else if (joined === undefined) joined = [first.text ?? '', each.text]
    else joined.push(each.text)
  }
  if (joined !== undefined) return { text: joined.join('\n'), pointer: null }
  return { text: first?.text ?? '', pointer: first?.pointer ?? null }
}

export function imagesIn(blocks: readonly Block[]): number {
  let images = 0
  for (const each of blocks) if (each.type === 'image') images++
  return images
}
