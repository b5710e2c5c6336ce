// Whether everything on a stream at rest was taken, told by looking at its files: nothing is opened to write, nothing is read but names,
// sizes and cursors. In doubt it is not.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readCursor } from './cursors.ts'
import { listSegments, segmentBytes } from './segments.ts'

export function isDrained(dir: string, durables: readonly string[]): boolean {
  const cursors = join(dir, 'cursors')
  if (!existsSync(cursors)) return false
  const last = listSegments(dir).at(-1)
  if (last === undefined) return false
  const end = segmentBytes(last)
  try {
    return durables.every((name) => {
      const { segment, at } = readCursor(cursors, name)
      return segment === last.first && at === end
    })
  } catch {
    return false // one that was never there
  }
}
