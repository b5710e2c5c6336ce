// What came of a tool: Hermes marks no failure, so it is read from the result the way Hermes itself does it, and from exit codes.
import type { FileChange, ToolResult } from '../../event/payload.ts'
import { isJson, type Json, nonEmpty, type Writable } from '../values.ts'
import { parsed } from './tools.ts'

const FAILED_STATES: ReadonlySet<unknown> = new Set(['error', 'failed', 'failure', 'timeout', 'blocked', 'interrupted'])
const FAILED_STARTS = ['error:', 'failed:', 'traceback ', 'exception:']
// Behind so many letters of a result that is no JSON nobody looks.
const RESULT_JSON_MAX = 4_000_000

export interface Outcome {
  readonly result: Writable<ToolResult>
  readonly said: string | undefined // what the tool put out, where the result is more than that
}

export function outcomeOf(content: unknown, call: string | null): Outcome {
  const text = typeof content === 'string' ? content : ''
  const value = text.startsWith('{') && text.length <= RESULT_JSON_MAX ? parsed(text) : content
  const result: Writable<ToolResult> = { call, failed: false }
  if (!isJson(value)) {
    const start = text.slice(0, 40).trimStart().toLowerCase()
    result.failed = FAILED_STARTS.some((word) => start.startsWith(word))
    return { result, said: undefined }
  }
  const exit = value.exit_code
  if (typeof exit === 'number' && Number.isInteger(exit)) result.exit = exit
  result.failed =
    (Boolean(value.error) && value.error !== 'None') || FAILED_STATES.has(value.status) || (result.exit ?? 0) !== 0
  if (value.status === 'blocked' && /user denied/i.test(String(value.error))) result.refused = true
  if (value.status === 'interrupted' || value.interrupted === true) result.interrupted = true
  if (value.status === 'dispatched') result.background = true
  const files = filesOf(value)
  if (files.length > 0) result.files = files
  return { result, said: [value.output, value.content, value.error].map(nonEmpty).find((said) => said !== undefined) }
}

const LISTS = [
  ['files_modified', 'modified'],
  ['files_created', 'created'],
  ['files_deleted', 'deleted'],
] as const

// A patch names its files and shows what it did to them as a unified diff.
function filesOf(value: Json): readonly FileChange[] {
  const counts = typeof value.diff === 'string' ? linesOf(value.diff) : new Map<string, Lines>()
  const only = counts.size === 1 ? [...counts.values()][0] : undefined
  return LISTS.flatMap(([key, change]) => {
    const paths: readonly unknown[] = Array.isArray(value[key]) ? value[key] : []
    return paths
      .filter((path) => typeof path === 'string')
      .map((path): FileChange => {
        const lines = counts.get(withoutRoot(path)) ?? (paths.length === 1 ? only : undefined)
        return lines === undefined ? { path, change } : { path, change, ...lines }
      })
  })
}

interface Lines {
  added: number
  removed: number
}

function linesOf(diff: string): Map<string, Lines> {
  const files = new Map<string, Lines>()
  let here: Lines = { added: 0, removed: 0 }
  let before = ''
  for (const line of diff.split('\n')) {
    if (line.startsWith('+++ ') && before.startsWith('--- ')) {
      const name = [line, before]
        .map((each) => each.slice(4).split('\t')[0]!.trim())
        .find((each) => each !== '/dev/null')
      here = { added: 0, removed: 0 }
      files.set(withoutRoot((name ?? '').replace(/^[ab]\//, '')), here)
    } else if (line.startsWith('+')) here.added++
    else if (line.startsWith('-') && !line.startsWith('--- ')) here.removed++
    before = line
  }
  return files
}

const withoutRoot = (path: string): string => path.replace(/^\/+/, '')
