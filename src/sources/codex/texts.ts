// Texts as Codex writes them: a string, a list of parts, or one part; and the small parts of events made of them.
import type { Payload } from '../../event/payload.ts'
import type { EventKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { isJson, newPayload, nonEmpty, saying, type Writable } from '../values.ts'

export interface TextAt {
  readonly text: string
  readonly pointer: string
}

export interface Content {
  readonly texts: readonly TextAt[]
  readonly images: number
}

export function contentAt(content: unknown, at: string): Content {
  if (typeof content === 'string') return { texts: content === '' ? [] : [{ text: content, pointer: at }], images: 0 }
  if (isJson(content)) return blocksAt([content], () => at)
  return Array.isArray(content) ? blocksAt(content, (i) => `${at}/${i}`) : { texts: [], images: 0 }
}

// Around a picture Codex says to the model that one follows: `<image name=…>` and `</image>` are no words of anybody.
const isFrame = (text: string): boolean => /^<\/?image(?: [^<>]*)?>$/.test(text.trim())

function blocksAt(blocks: readonly unknown[], pointer: (i: number) => string): Content {
  const texts: TextAt[] = []
  let images = 0
  for (const [i, block] of blocks.entries()) {
    if (typeof block === 'string') texts.push({ text: block, pointer: pointer(i) })
    if (!isJson(block)) continue
    const isImage = typeof block.type === 'string' && block.type.toLowerCase().includes('image')
    if (isImage && block.image_url !== null) images++
    const text = nonEmpty(block.text)
    if (text !== undefined && !isFrame(text)) texts.push({ text, pointer: `${pointer(i)}/text` })
  }
  return { texts, images }
}

export const joined = (texts: readonly TextAt[]): string => texts.map(({ text }) => text).join('\n')

// All texts as one: at its place when there is a single one, else joined and standing for itself.
export const sayingAll = (kind: EventKind, texts: readonly TextAt[], carries = true): Part =>
  texts.length === 1
    ? saying(kind, texts[0]!.text, texts[0]!.pointer, carries)
    : saying(kind, joined(texts), null, carries)

export function marked(part: Part, injected: string): Part {
  const payload: Writable<Payload> = part.payload
  payload.injected = injected
  return part
}

export const notice = (injected: string, text?: string, pointer: string | null = null): Part =>
  marked(saying('system.notice', text, pointer), injected)

// Told before: the line is kept, and that is all.
export const repeat = (): Part => ({ kind: 'system.repeat', payload: newPayload() })
