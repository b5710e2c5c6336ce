// Hermes' tools in the common words, and what their calls act on.
import { parseJson } from '../../base/nesting.ts'
import type { ToolKind } from '../../event/payload.ts'
import { isJson, type Json, jsonIn, lineOf } from '../values.ts'

const KINDS: Readonly<Record<Exclude<ToolKind, 'other' | 'plan'>, string>> = {
  read: 'read_file read skill_view skills_list vision_analyze memory_read',
  edit: 'patch edit edit_file skill_manage',
  write: 'write_file write',
  search: 'search_files grep glob find list_files session_search',
  run: 'terminal execute_code bash shell process python',
  web: 'web_search web_extract web_crawl fetch',
  delegate: 'delegate_task mixture_of_agents',
  ask: 'clarify ask_user',
  todo: 'todo todo_write',
}
const KIND_OF: ReadonlyMap<string, ToolKind> = new Map(
  Object.entries(KINDS).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind as ToolKind] as const)),
)

export function toolKind(name: string): ToolKind {
  const lower = name.toLowerCase()
  return KIND_OF.get(lower) ?? (lower.startsWith('browser_') ? 'web' : 'other')
}

const TARGETS = ['command', 'path', 'file_path', 'pattern', 'query', 'url', 'goal', 'code', 'name', 'question'] as const

export function toolTarget(input: unknown): string | undefined {
  const named = targetIn(input)
  if (named !== undefined || !isJson(input)) return named
  return Array.isArray(input.tasks) ? targetIn(input.tasks[0]) : undefined
}

function targetIn(input: unknown): string | undefined {
  for (const key of TARGETS) {
    const value = jsonIn(input)[key]
    const line = typeof value === 'string' ? lineOf(value) : ''
    if (line !== '') return line
  }
  return undefined
}

export interface Call {
  readonly id: string | null
  readonly name: string
  readonly input: unknown
}

// Calls stand as a list, or as the JSON text of one; arguments as the JSON text of an object, mostly.
export function callsIn(value: unknown): readonly Call[] {
  const list = typeof value === 'string' ? parsed(value) : value
  return Array.isArray(list) ? list.filter(isJson).map(callOf) : []
}

function callOf(call: Json): Call {
  const named = isJson(call.function) ? call.function : call
  const { arguments: input } = named
  const id = [call.id, call.call_id].find((id) => typeof id === 'string' && id !== '')
  return {
    id: (id as string | undefined) ?? null,
    name: typeof named.name === 'string' && named.name !== '' ? named.name : 'unnamed',
    input: (typeof input === 'string' ? (parsed(input) ?? input) : input) ?? null,
  }
}

export const parsed = parseJson
