// Claude Code's tools in the common words: what kind of act each is, and what it acts on as one short line.
import type { ToolKind } from '../../event/payload.ts'
import { isJson, lineOf } from '../values.ts'

const KINDS: Readonly<Partial<Record<ToolKind, string>>> = {
  read: 'Read NotebookRead ReadMcpResource ReadMcpResourceTool ListMcpResources ListMcpResourcesTool',
  edit: 'Edit MultiEdit NotebookEdit Update',
  write: 'Write Create',
  search: 'Grep Glob LS ToolSearch LSP Search',
  run: 'Bash BashOutput BashOutputTool KillShell KillBash PowerShell Monitor REPL',
  web: 'WebFetch WebSearch web_search web_fetch WebBrowser',
  delegate:
    'Task Agent Workflow SendMessage TaskOutput AgentOutputTool TaskStop TeamCreate TeamDelete Skill SlashCommand RemoteTrigger',
  plan: 'EnterPlanMode ExitPlanMode exit_plan_mode VerifyPlanExecution',
  ask: 'AskUserQuestion',
  todo: 'TodoWrite TodoRead TaskCreate TaskUpdate TaskGet TaskList',
}

// By names in small letters: programs that drive the agent write them so.
const KIND_OF: ReadonlyMap<string, ToolKind> = new Map(
  Object.entries(KINDS).flatMap(([kind, names]) =>
    names.split(' ').flatMap((name) => [name, name.toLowerCase()].map((each) => [each, kind as ToolKind] as const)),
  ),
)

export const toolKind = (name: string): ToolKind => KIND_OF.get(name) ?? 'other'

// The most telling first: a shell command has a description too, a search has a path too.
const TARGETS = [
  'file_path',
  'notebook_path',
  'command',
  'pattern',
  'url',
  'query',
  'description',
  'subject',
  'skill',
  'name',
  'path',
  'prompt',
  'taskId',
  'task_id',
  'bash_id',
  'shell_id',
] as const

export function toolTarget(input: unknown): string | undefined {
  if (!isJson(input)) return undefined
  for (const key of TARGETS) {
    const value = input[key]
    if (typeof value !== 'string') continue
    const line = lineOf(value)
    if (line !== '') return line
  }
  return firstQuestion(input.questions)
}

function firstQuestion(questions: unknown): string | undefined {
  const first: unknown = Array.isArray(questions) ? questions[0] : undefined
  return isJson(first) && typeof first.question === 'string' ? lineOf(first.question) || undefined : undefined
}
