// Codex' tools in the common words: what kind of act each is, and what it acts on as one short line.
import type { FileChange, ToolKind } from '../../event/payload.ts'
import { isJson, type Json, jsonIn, lineOf, nonEmpty } from '../values.ts'
import { filesOfPatch } from './patch.ts'

const KINDS: Readonly<Partial<Record<ToolKind, string>>> = {
  read: 'view_image read_file read_mcp_resource list_mcp_resources list_mcp_resource_templates view_file',
  edit: 'apply_patch edit_file',
  search: 'tool_search grep_files list_dir file_search',
  run: 'exec_command shell shell_command local_shell write_stdin exec js_repl container.exec unified_exec',
  web: 'web_search web_fetch web.run web.search web.open',
  delegate:
    'spawn_agent spawn_agents send_input send_message assign_task followup_task resume_agent wait wait_agent close_agent list_agents spawn_agents_on_csv',
  todo: 'update_plan',
  ask: 'request_user_input request_permissions',
}

const KIND_OF: ReadonlyMap<string, ToolKind> = new Map(
  Object.entries(KINDS).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind as ToolKind] as const)),
)

// A tool of an MCP server has the server's name before its own, as other agents write it too.
export function toolName(name: string, namespace: unknown): string {
  const space = nonEmpty(namespace)
  if (space?.startsWith('mcp__')) return `${space.replace(/_+$/, '')}__${name}`
  return space === 'web' ? `web.${name}` : name
}

export interface Act {
  readonly kind: ToolKind
  readonly target: string | undefined
  readonly files: readonly FileChange[] | undefined // what its patch does, where it holds one
}

export function actOf(name: string, input: unknown): Act {
  const kind = KIND_OF.get(name) ?? 'other'
  const patch = patchIn(name, kind, input)
  const files = patch === undefined ? undefined : filesOfPatch(patch)
  const first = files?.[0]?.path
  if (patch !== undefined && first !== undefined && (kind === 'edit' || patch.trimStart().startsWith('apply_patch')))
    return { kind: files?.every(({ change }) => change === 'created') ? 'write' : 'edit', target: lineOf(first), files }
  return { kind: name === 'wait' && isJson(input) && 'cell_id' in input ? 'run' : kind, target: targetOf(input), files }
}

// The patch of apply_patch itself, or of a shell command that calls it.
function patchIn(name: string, kind: ToolKind, input: unknown): string | undefined {
  if (kind !== 'edit' && kind !== 'run') return undefined
  if (typeof input === 'string') return name === 'exec' ? undefined : input
  const fields = jsonIn(input)
  if (kind === 'run') return commandIn(fields)
  return nonEmpty(fields.input) ?? nonEmpty(fields.patch) ?? commandIn(fields)
}

// `["bash", "-lc", "npm test"]` was typed as `npm test`.
export function commandOfList(list: readonly unknown[]): string | undefined {
  const words = list.filter((word) => typeof word === 'string')
  if (words.length === 0) return undefined
  const isShell =
    words.length === 3 && /^-l?i?c$/.test(words[1]!) && /(?:^|[/\\])(?:ba|z|da|k|fi)?sh(?:\.exe)?$/.test(words[0]!)
  return isShell ? words[2] : words.join(' ')
}

export function commandIn(fields: Json): string | undefined {
  for (const key of ['cmd', 'command'] as const) {
    const value = fields[key]
    if (typeof value === 'string' && value !== '') return value
    if (Array.isArray(value)) return commandOfList(value)
  }
  return undefined
}

// The most telling first.
const TARGETS =
  'path file_path filename query q pattern url task_name message prompt objective input code title name uri id target'
const TARGET_KEYS = TARGETS.split(' ')

export function targetOf(input: unknown): string | undefined {
  if (typeof input === 'string') return lineOf(input) || undefined
  if (!isJson(input)) return undefined
  const command = commandIn(input)
  if (command !== undefined) return lineOf(command) || undefined
  for (const key of TARGET_KEYS) {
    const line = typeof input[key] === 'string' ? lineOf(input[key]) : ''
    if (line !== '') return line
  }
  return stepIn(input) ?? listedIn(input)
}

// Of a plan: what is being done now, or why it was made.
function stepIn(input: Json): string | undefined {
  const steps: readonly unknown[] = Array.isArray(input.plan) ? input.plan : []
  const now = steps.find((step) => jsonIn(step).status === 'in_progress')
  const said = nonEmpty(jsonIn(now).step) ?? nonEmpty(input.explanation) ?? nonEmpty(jsonIn(steps[0]).step)
  return said === undefined ? undefined : lineOf(said)
}

function listedIn(input: Json): string | undefined {
  for (const key of ['targets', 'ids', 'receiver_thread_ids', 'queries', 'questions'] as const) {
    const list: readonly unknown[] = Array.isArray(input[key]) ? input[key] : []
    const words = list
      .map((item) => nonEmpty(item) ?? nonEmpty(jsonIn(item).question))
      .filter((word) => word !== undefined)
    if (words.length > 0) return lineOf(words.join(' '))
  }
  return undefined
}
