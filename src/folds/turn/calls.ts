// A tool call becomes something waited for: what it means is known only with its result. What there is to know of its input is taken here.
import { type Event, inputOf } from '../../event/event.ts'
import { commandIn, contentIn, type Fields, fieldsIn, patchIn, pathIn, replacementsIn, textIn } from '../input.ts'
import { readCommand } from '../shell/read.ts'
import { lineCounts } from './files.ts'
import { type Change, MAX, type OpenTurn, type PendingAct, type PendingCall } from './turn.ts'

export function callTool(turn: OpenTurn, event: Event): void {
  const tool = event.payload.tool
  if (tool === undefined) return
  turn.tools[tool.kind] = (turn.tools[tool.kind] ?? 0) + 1
  const pending: PendingCall = {
    call: tool.call ?? event.id,
    event: event.id,
    kind: tool.kind,
    name: tool.name.slice(0, MAX.short),
    of: (tool.target ?? '').slice(0, MAX.path),
    time: event.time,
    ...detailsOf(turn, event, tool.kind),
    ...(event.payload.agentType !== undefined && { agentType: event.payload.agentType.slice(0, MAX.short) }),
  }
  if (turn.pending.length >= MAX.pending) turn.pending.shift()
  turn.pending.push(pending)
}

type Details = Partial<Pick<PendingCall, 'cwd' | 'acts' | 'added' | 'removed' | 'topics' | 'patch' | 'of'>>

function detailsOf(turn: OpenTurn, event: Event, kind: PendingCall['kind']): Details {
  switch (kind) {
    case 'run': {
      const command = wholeCommand(event)
      return command === null
        ? {}
        : { ...(turn.cwd !== null && { cwd: turn.cwd }), acts: readCommand(command).slice(0, MAX.acts).map(trimmed) }
    }
    case 'edit':
    case 'write':
      return changesIn(inputOf(event), namesIn(turn))
    case 'delegate':
    case 'ask':
    case 'plan':
      return whatFor(fieldsIn(inputOf(event)))
    case 'web':
      return {}
    default:
      return {}
  }
}

// The whole command: in `target` it is cut and its line ends are gone.
function wholeCommand(event: Event): string | null {
  const input = inputOf(event)
  // The input was not read: the target is the beginning of the command.
  return commandIn(input) ?? (input === undefined || input === null ? (event.payload.tool?.target ?? null) : null)
}

const trimmed = (act: ReturnType<typeof readCommand>[number]): PendingAct => ({
  deed: act.deed,
  words: act.words,
  ...(act.of !== undefined && { of: act.of.slice(0, MAX.path) }),
  ...(act.from !== undefined && { from: act.from.slice(0, MAX.path) }),
  ...(act.how !== undefined && { how: act.how }),
  ...(act.tool !== undefined && { tool: act.tool.slice(0, MAX.short) }),
  ...(act.paths !== undefined && { paths: act.paths.slice(0, 12).map((path) => path.slice(0, MAX.path)) }),
  ...(act.some && { some: true as const }),
  ...(act.hides && { hides: true as const }),
  ...(act.onlyFailures && { onlyFailures: true as const }),
  ...(act.background && { background: true as const }),
})

function changesIn(whole: unknown, names: readonly string[]): Details {
  const input = fieldsIn(whole)
  const path = pathIn(input)
  const of = path === null ? {} : { of: path.slice(0, MAX.path) }
  const patch = patchIn(whole)
  if (patch?.includes('*** ')) {
    const { added, removed, files } = countPatch(patch)
    return { ...of, added, removed, patch: files }
  }
  const content = contentIn(input)
  if (content !== null)
    return { ...of, added: content === '' ? 0 : content.replace(/\n$/, '').split('\n').length, removed: 0 }
  let added = 0
  let removed = 0
  const topics: string[] = []
  for (const { before, after } of replacementsIn(input)) {
    const counts = lineCounts(before, after)
    added += counts.added
    removed += counts.removed
    for (const name of names)
      if (after.includes(name) && !before.includes(name) && !topics.includes(name)) topics.push(name)
  }
  return { ...of, added, removed, ...(topics.length > 0 && { topics }) }
}

const CODE_NAME =
  /[A-Za-z_$][\w$]*(?:\.[A-Za-z_]\w*)+|[a-z]+(?:[A-Z][a-z0-9]+)+|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+|[a-z0-9]+(?:_[a-z0-9]+)+|[A-Z0-9]+(?:_[A-Z0-9]+)+/g

// Names of things in code that the prompt speaks of: when a change brings one in, that is what it was about.
const namesIn = ({ prompt }: OpenTurn): string[] =>
  [...new Set(prompt?.text.match(CODE_NAME) ?? [])]
    .filter((name) => name.length >= 5 && !/\.(?:[a-z]{1,4}|com|org|html|json|yaml)$/.test(name))
    .slice(0, MAX.topics)

const PATCH_FILE = /^\*\*\* (Add|Update|Delete) File: (.+)$/
const CHANGES: Readonly<Record<string, Change>> = { Add: 'created', Update: 'modified', Delete: 'deleted' }

// The patch format that starts each file with `*** Update File: path`.
function countPatch(patch: string): { added: number; removed: number; files: { path: string; change: Change }[] } {
  let added = 0
  let removed = 0
  const files: { path: string; change: Change }[] = []
  for (const line of patch.slice(0, 200_000).split('\n')) {
    const file = PATCH_FILE.exec(line)
    if (file) {
      if (files.length < 40) files.push({ path: file[2]!.trim().slice(0, MAX.path), change: CHANGES[file[1]!]! })
    } else if (line.startsWith('+')) added++
    else if (line.startsWith('-')) removed++
  }
  return { added, removed, files }
}

function whatFor(input: Fields): Details {
  const questions = Array.isArray(input.questions) ? input.questions : []
  const question = textIn(fieldsIn(questions[0]), 'question') ?? textIn(input, 'question')
  if (question !== null) return { of: question.slice(0, MAX.path) }
  const what = textIn(input, 'description', 'task', 'summary', 'skill', 'name', 'title')
  return what === null ? {} : { of: what.slice(0, MAX.path) }
}
