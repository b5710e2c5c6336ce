// The tools of pi, and of the agents built on it, in the common words.
import type { ToolKind } from '../../event/payload.ts'
import { isJson, lineOf } from '../values.ts'

const KIND_OF: ReadonlyMap<string, ToolKind> = new Map<string, ToolKind>([
  ['read', 'read'],
  ['edit', 'edit'],
  ['edit_file', 'edit'],
  ['multi_edit', 'edit'],
  ['write', 'write'],
  ['apply_patch', 'edit'],
  ['write_file', 'write'],
  ['memory_get', 'read'],
  ['grep', 'search'],
  ['find', 'search'],
  ['ls', 'search'],
  ['glob', 'search'],
  ['memory_search', 'search'],
  ['bash', 'run'],
  ['exec', 'run'],
  ['process', 'run'], // what runs in the background
  ['shell_exec', 'run'],
  ['run_terminal', 'run'],
  ['python', 'run'],
  ['web_search', 'web'],
  ['web_fetch', 'web'],
  ['fetch', 'web'],
  ['browser', 'web'],
  ['task', 'delegate'],
  ['subagent', 'delegate'],
  ['sessions_spawn', 'delegate'],
  ['update_plan', 'plan'],
  ['ask', 'ask'],
  ['todo', 'todo'],
  ['todo_write', 'todo'],
])

export const toolKind = (name: string): ToolKind => KIND_OF.get(name.toLowerCase()) ?? 'other'

const TARGETS = [
  'command',
  'path',
  'file_path',
  'pattern',
  'url',
  'query',
  'description',
  'task',
  'prompt',
  'action',
] as const

export function toolTarget(input: unknown): string | undefined {
  if (!isJson(input)) return undefined
  for (const key of TARGETS) {
    const value = input[key]
    if (typeof value !== 'string') continue
    const line = lineOf(value)
    if (line !== '') return line
  }
  return undefined
}
