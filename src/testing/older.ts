// Sources as an invented older version of the house had them: they knew fewer words, made fewer parts of some lines and more of others.
import { otherKind } from '../event/types.ts'
import type { LineSource, Part } from '../sources/source.ts'

export const OLDER = 1

export const older = (source: LineSource): LineSource => ({
  ...source,
  translate(line, file, memory) {
    const meaning = source.translate(line, file, memory)
    return { ...meaning, parts: fewerWords(meaning.parts, line.text.length) }
  },
})

function fewerWords(parts: readonly Part[], chars: number): readonly Part[] {
  const first: Part = { kind: otherKind(`old ${chars % 3}`), payload: { v: OLDER } }
  if (parts.length > 1) return [first]
  const more: Part = { kind: 'other.more', payload: { v: OLDER, text: `${chars} letters` } }
  return chars % 2 === 0 ? [first, more, more] : [first]
}
