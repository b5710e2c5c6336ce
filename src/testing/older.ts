// Sources as an invented older version of the house had them: they knew fewer words, made fewer parts of some lines and more of others.
import { otherKind } from '../event/types.ts'
import type { FileFacts, FileMemory, Part, RecordIn, Source } from '../sources/source.ts'

export const OLDER = 1

export const older = <S extends Source>(source: S): S => ({
  ...source,
  translate(line: RecordIn, file: FileFacts, memory: FileMemory) {
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
