// What a result shows of a file's content: the file before an edit, the places changed, the lines read. Pointers into `toolUseResult`.
import type { FileShown } from '../../event/payload.ts'
import { countIn, type Json, jsonIn, nonEmpty, type Writable } from '../values.ts'

const AT = '/toolUseResult'

// Undefined: nothing of a file is shown.
export function shownIn(recorded: Json): FileShown | undefined {
  const shown = recordedIn(recorded)
  return shown !== undefined && Object.keys(shown).length > 1 ? shown : undefined
}

function recordedIn(recorded: Json): FileShown | undefined {
  const notebook = nonEmpty(recorded.notebook_path)
  if (notebook !== undefined) return texts(notebook, recorded, 'original_file', 'updated_file')
  const path = nonEmpty(recorded.filePath)
  if (path !== undefined && Array.isArray(recorded.structuredPatch)) return changed(path, recorded)
  return linesOf(jsonIn(recorded.file))
}

// `content` is what Write wrote; Edit and MultiEdit keep what was there before, unless the file is large.
function changed(path: string, recorded: Json): FileShown {
  const before = typeof recorded.originalFile === 'string' ? 'originalFile' : 'originalFileContents'
  const shown: Writable<FileShown> = texts(path, recorded, before, 'content')
  if ((recorded.structuredPatch as unknown[]).length > 0) shown.hunks = `${AT}/structuredPatch`
  return shown
}

function texts(path: string, recorded: Json, before: string, after: string): FileShown {
  const shown: Writable<FileShown> = { path }
  if (typeof recorded[before] === 'string') shown.before = `${AT}/${before}`
  if (typeof recorded[after] === 'string') shown.after = `${AT}/${after}`
  return shown
}

function linesOf(file: Json): FileShown | undefined {
  const path = nonEmpty(file.filePath)
  if (path === undefined || typeof file.content !== 'string' || typeof file.startLine !== 'number') return undefined
  const from = Math.max(1, countIn(file.startLine)) // asked for from line 0 on, it says 0 and shows the first
  const total = countIn(file.totalLines)
  return { path, lines: { at: `${AT}/file/content`, from, ...(total > 0 && { total }) } }
}
