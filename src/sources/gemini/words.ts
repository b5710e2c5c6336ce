// The text of a message: a string, one part, or a list of parts.
import { isJson, nonEmpty } from '../values.ts'

export interface Words {
  readonly text: string
  readonly pointer: string | null // null: it stands nowhere as one text
  readonly images: number
  readonly isAnswer: boolean // made of tools' answers alone
}

// Behind a prompt that names files with @ stand the files: the model's to read, nobody's words.
const REFERENCED = '--- Content from referenced files ---'

export function wordsIn(content: unknown, at: string): Words {
  if (typeof content === 'string') return { text: content, pointer: at, images: 0, isAnswer: false }
  const parts = Array.isArray(content) ? content : isJson(content) ? [content] : []
  const texts: { text: string; pointer: string }[] = []
  let images = 0
  let answers = 0
  for (const [i, part] of parts.entries()) {
    const pointer = Array.isArray(content) ? `${at}/${i}` : at
    if (typeof part === 'string') texts.push({ text: part, pointer })
    if (!isJson(part)) continue
    if (isJson(part.functionResponse)) answers++
    if (isJson(part.inlineData) || isJson(part.fileData)) images++
    const text = nonEmpty(part.text)
    if (text?.trimStart().startsWith(REFERENCED)) break
    if (text !== undefined) texts.push({ text, pointer: `${pointer}/text` })
  }
  const isAnswer = answers > 0 && texts.length === 0
  if (texts.length === 1) return { ...texts[0]!, images, isAnswer }
  return { text: texts.map(({ text }) => text).join('\n'), pointer: null, images, isAnswer }
}
