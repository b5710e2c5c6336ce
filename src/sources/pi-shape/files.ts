// What tools did to files. pi's results say how (a diff, or nothing), its calls say where: a call is remembered until its result.
// Whether a write made the file stands nowhere; it is taken to have, unless this session read or changed the file before, and what is taken
// for granted is not counted: no lines are told of a write.
import type { FileChange, ToolKind } from '../../event/payload.ts'
import { cut } from '../../event/payload.ts'
import { isJson, type Json, jsonIn, nonEmpty } from '../values.ts'
import { type Memory, markOf } from './memory.ts'
import { toolKind } from './tools.ts'

const WAITING_MAX = 32
const TOUCHED_CHARS_MAX = 6_000
const PATH_CHARS_MAX = 1_000

type Waiting = readonly [call: string, path: string, kind: ToolKind]

type Files = Pick<Memory, 'edits' | 'touched'>

export function afterCalls(before: Files, message: Json): Files {
  const blocks: readonly unknown[] = Array.isArray(message.content) ? message.content : []
  const fresh = blocks.flatMap((block): Waiting[] => {
    if (!isJson(block) || block.type !== 'toolCall') return []
    const call = nonEmpty(block.id)
    const input = jsonIn(block.arguments)
    const kind = toolKind(nonEmpty(block.name) ?? '')
    const path = nonEmpty(input.path) ?? nonEmpty(input.file_path)
    if (call === undefined || path === undefined || !(kind === 'read' || kind === 'edit' || kind === 'write')) return []
    return [[call, cut(path, PATH_CHARS_MAX), kind]]
  })
  if (fresh.length === 0) return before
  return { ...before, edits: kept([...waitingIn(before.edits), ...fresh].slice(-WAITING_MAX)) }
}

export interface Changed {
  readonly memory: Files
  readonly files: readonly FileChange[]
}

export function afterResult(before: Files, message: Json, failed: boolean): Changed {
  const patched = failed ? [] : patchedFiles(jsonIn(message.details).summary)
  const waiting = waitingIn(before.edits)
  const asked = waiting.find(([call]) => call === message.toolCallId)
  if (asked === undefined) return { memory: before, files: patched }
  const edits = kept(waiting.filter((each) => each !== asked))
  if (failed) return { memory: { ...before, edits }, files: [] }
  const [, path, kind] = asked
  const mark = markOf(path)
  const isKnown = before.touched !== null && ` ${before.touched} `.includes(` ${mark} `)
  const touched = isKnown ? before.touched : withMark(before.touched, mark)
  const memory = { edits, touched }
  if (patched.length > 0 || kind === 'read') return { memory, files: patched }
  if (kind === 'edit') return { memory, files: [{ path, change: 'modified', ...diffLines(message.details) }] }
  return { memory, files: [{ path, change: isKnown ? 'modified' : 'created' }] }
}

// A patch may touch many files, and says which.
function patchedFiles(summary: unknown): readonly FileChange[] {
  if (!isJson(summary)) return []
  return (
    [
      ['created', summary.added],
      ['modified', summary.modified],
      ['deleted', summary.deleted],
    ] as const
  ).flatMap(([change, paths]) =>
    Array.isArray(paths)
      ? paths.flatMap((path) => (typeof path === 'string' && path !== '' ? [{ path, change }] : []))
      : [],
  )
}

// pi's diff: every line begins with its sign, then its number.
function diffLines(details: unknown): Pick<FileChange, 'added' | 'removed'> {
  const diff = nonEmpty(jsonIn(details).diff)
  if (diff === undefined) return {}
  let added = 0
  let removed = 0
  for (let start = 0; start < diff.length; ) {
    if (diff[start] === '+') added++
    else if (diff[start] === '-') removed++
    const end = diff.indexOf('\n', start)
    start = end < 0 ? diff.length : end + 1
  }
  return { added, removed }
}

function withMark(touched: string | null, mark: string): string {
  const marks = touched === null ? mark : `${touched} ${mark}`
  return marks.length <= TOUCHED_CHARS_MAX ? marks : marks.slice(marks.indexOf(' ', TOUCHED_CHARS_MAX / 4) + 1)
}

// The list as it was last written: mostly it is the one that is read next.
let written: { readonly text: string; readonly list: readonly Waiting[] } | null = null

function kept(list: readonly Waiting[]): string | null {
  if (list.length === 0) return null
  written = { text: JSON.stringify(list), list }
  return written.text
}

// Memory may come from another version, or another hand.
function waitingIn(edits: string | null): readonly Waiting[] {
  if (edits === null) return []
  if (written?.text === edits) return written.list
  try {
    const value: unknown = JSON.parse(edits)
    return Array.isArray(value) ? value.filter(isWaiting) : []
  } catch (error) {
    if (error instanceof SyntaxError) return [] // not what we wrote: no call is known
    throw error
  }
}

const isWaiting = (value: unknown): value is Waiting =>
  Array.isArray(value) &&
  typeof value[0] === 'string' &&
  typeof value[1] === 'string' &&
  (value[2] === 'read' || value[2] === 'edit' || value[2] === 'write')
