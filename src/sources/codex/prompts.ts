// Who speaks in a text of the user's role: the person, or Codex in their place. Codex wraps what it writes itself in a pair of marks,
// so the shape of a text decides more than a list of names that would go stale.

export type Speech =
  | { readonly by: 'person'; readonly text: string }
  | { readonly by: 'person'; readonly shell: ShellRun } // ran by the person, told to the model
  | { readonly by: 'codex'; readonly injected: string }

export interface ShellRun {
  readonly command: string
  readonly output: string
  readonly exit: number | undefined
}

const OPENINGS: readonly (readonly [string, string])[] = [
  ['# AGENTS.md instructions', 'agents_md'],
  ['Another language model started to solve this problem', 'compact_summary'],
  ['Warning: apply_patch was requested via', 'warning'],
  ['Warning: The maximum number of unified exec processes', 'warning'],
  ['Warning: Your account was flagged', 'warning'],
]

// Marks that are Codex' own whatever stands between and behind them.
const NAMES: ReadonlyMap<string, string> = new Map([
  ['turn_aborted', 'interrupt'],
  ['hook_prompt', 'hook'],
  ['user_action', 'review'],
  ...[
    'environment_context user_instructions subagent_notification skill permissions collaboration_mode multi_agent_mode model_switch',
    'app-context apps_instructions plugins_instructions skills_instructions environments_instructions personality_spec additional_context',
    'context_window context_window_guidance rollout_budget token_budget codex_internal_context internal_model_context goal_context',
    'recommended_plugins realtime_conversation INSTRUCTIONS',
  ]
    .join(' ')
    .split(' ')
    .map((name) => [name, name.toLowerCase().replaceAll('-', '_')] as const),
])

const SHELL = 'user_shell_command'
const IDE = '# Context from my IDE setup:'
const REQUEST = '## My request for Codex:'

// `alone`: nobody but this text says whether it is the person's, so a text that is one marked whole counts as Codex'.
export function speechIn(text: string, alone: boolean): Speech {
  const trimmed = text.trim()
  for (const [opening, injected] of OPENINGS) if (trimmed.startsWith(opening)) return { by: 'codex', injected }
  const mark = markOf(trimmed)
  if (mark === undefined) return { by: 'person', text: requestIn(text) }
  if (mark.name === SHELL) return { by: 'person', shell: shellRun(trimmed) }
  const known = NAMES.get(mark.name) ?? (mark.name.startsWith('external_') ? mark.name : undefined)
  if (known !== undefined) return { by: 'codex', injected: known }
  return alone && mark.isWhole ? { by: 'codex', injected: mark.name.toLowerCase() } : { by: 'person', text }
}

const MARK_MAX = 200

// `<name …> … </name>`: the mark a text begins with, and whether it ends with the same.
function markOf(text: string): { readonly name: string; readonly isWhole: boolean } | undefined {
  if (!text.startsWith('<')) return undefined
  const end = text.slice(0, MARK_MAX).indexOf('>')
  const inside = end < 0 ? '' : text.slice(1, end)
  const name = inside.split(' ', 1)[0]!
  if (!/^[A-Za-z][\w-]*$/.test(name)) return undefined
  return { name, isWhole: text.endsWith(`</${name}>`) || text.endsWith(`</${inside}>`) }
}

// What an editor says of itself stands before what its person asked.
function requestIn(text: string): string {
  if (!text.startsWith(IDE)) return text
  const at = text.indexOf(REQUEST)
  return at < 0 ? text : text.slice(at + REQUEST.length).trim()
}

const EXIT = 'Exit code: '
const OUTPUT = 'Output:\n'

function shellRun(text: string): ShellRun {
  const result = between(text, 'result') ?? ''
  const code = result.startsWith(EXIT) ? Number.parseInt(result.slice(EXIT.length), 10) : Number.NaN
  const at = result.indexOf(OUTPUT)
  return {
    command: between(text, 'command') ?? '',
    output: at < 0 ? result : result.slice(at + OUTPUT.length).trim(),
    exit: Number.isInteger(code) ? code : undefined,
  }
}

function between(text: string, tag: string): string | undefined {
  const start = text.indexOf(`<${tag}>`)
  const end = text.lastIndexOf(`</${tag}>`)
  return start < 0 || end < start ? undefined : text.slice(start + tag.length + 2, end).trim()
}
