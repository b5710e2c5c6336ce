// Gemini CLI's tools in the common words: what kind of act each is, and what it acts on as one short line.
import type { ToolKind } from '../../event/payload.ts'
import { isJson, lineOf } from '../values.ts'

const KINDS: Readonly<Partial<Record<ToolKind, string>>> = {
  read: 'read_file read_many_files get_internal_docs',
  edit: 'replace edit smart_edit',
  write: 'write_file',
  search: 'glob grep_search grep_search_ripgrep search_file_content list_directory',
  run: 'run_shell_command',
  web: 'google_web_search web_fetch',
  delegate: 'delegate_to_agent invoke_agent codebase_investigator generalist cli_help browser_agent activate_skill',
  plan: 'enter_plan_mode exit_plan_mode',
  todo: 'write_todos tracker_create_task tracker_update_task tracker_list_tasks',
  ask: 'ask_user',
}

const KIND_OF: ReadonlyMap<string, ToolKind> = new Map(
  Object.entries(KINDS).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind as ToolKind] as const)),
)

export const toolKind = (name: string): ToolKind => KIND_OF.get(name) ?? 'other'

const TARGETS =
  'command file_path absolute_path path pattern query url agent_name name objective request question prompt dir_path title description sql'
const TARGET_KEYS = TARGETS.split(' ')

export function toolTarget(args: unknown): string | undefined {
  if (!isJson(args)) return undefined
  for (const key of TARGET_KEYS) {
    const line = typeof args[key] === 'string' ? lineOf(args[key]) : ''
    if (line !== '') return line
  }
  return undefined
}
