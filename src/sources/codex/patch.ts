// Codex' own patch format, read for what it does to which files: apply_patch says it in the call, its result only says that it went well.
//   *** Begin Patch / *** Update File: a.ts / *** Move to: b.ts / @@ … / *** Add File: c.ts / *** Delete File: d.ts / *** End Patch
import type { FileChange } from '../../event/payload.ts'
import { countIn, isJson, type Json, nonEmpty, type Writable } from '../values.ts'

const BEGIN = '*** Begin Patch'
const END = '*** End Patch'
const FILES_MAX = 500

const HEADS: readonly (readonly [string, FileChange['change']])[] = [
  ['*** Add File: ', 'created'],
  ['*** Update File: ', 'modified'],
  ['*** Delete File: ', 'deleted'],
]
const MOVE = '*** Move to: '

// Undefined: there is no patch in the text.
export function filesOfPatch(text: string): readonly FileChange[] | undefined {
  const start = text.indexOf(BEGIN)
  if (start < 0) return undefined
  const files: Writable<FileChange>[] = []
  for (const line of text.slice(start + BEGIN.length).split('\n')) {
    if (line.startsWith(END) || files.length >= FILES_MAX) break
    const file = files.at(-1)
    const head = HEADS.find(([words]) => line.startsWith(words))
    if (head !== undefined) files.push(begun(line.slice(head[0].length).trim(), head[1]))
    else if (file !== undefined && line.startsWith(MOVE)) moved(file, line.slice(MOVE.length).trim())
    else if (file !== undefined) count(file, line)
  }
  return files.filter(({ path }) => path !== '')
}

const begun = (path: string, change: FileChange['change']): Writable<FileChange> =>
  change === 'deleted' ? { path, change } : { path, change, added: 0, removed: 0 }

function moved(file: Writable<FileChange>, to: string): void {
  file.from = file.path
  file.path = to
  file.change = 'renamed'
}

function count(file: Writable<FileChange>, line: string): void {
  if (file.change === 'deleted') return
  if (line.startsWith('+')) file.added = (file.added ?? 0) + 1
  else if (line.startsWith('-')) file.removed = (file.removed ?? 0) + 1
}

// The same as Codex recorded it behind the patch: { path: { type: add | update | delete, content | unified_diff, move_path } }.
export function filesOfChanges(changes: unknown): readonly FileChange[] {
  if (!isJson(changes)) return []
  return Object.entries(changes)
    .slice(0, FILES_MAX)
    .flatMap(([path, change]) => (isJson(change) && path !== '' ? [fileOfChange(path, change)] : []))
}

function fileOfChange(path: string, change: Json): FileChange {
  const to = nonEmpty(change.move_path)
  if (change.type === 'delete') return { path, change: 'deleted' }
  const diff = typeof change.unified_diff === 'string' ? change.unified_diff : undefined
  const content = typeof change.content === 'string' ? change.content : undefined
  const lines =
    diff !== undefined ? changedLines(diff) : content !== undefined ? { added: linesOf(content), removed: 0 } : {}
  if (change.type === 'add') return { path, change: 'created', ...lines }
  return to === undefined
    ? { path, change: 'modified', ...lines }
    : { path: to, change: 'renamed', from: path, ...lines }
}

const linesOf = (text: string): number => (text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0))

function changedLines(diff: string): { readonly added: number; readonly removed: number } {
  let added = 0
  let removed = 0
  for (const line of diff.split('\n')) {
    if (line.startsWith('+') && !line.startsWith('+++ ')) added++
    else if (line.startsWith('-') && !line.startsWith('--- ')) removed++
  }
  return { added: countIn(added), removed: countIn(removed) }
}
