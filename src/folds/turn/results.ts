// A result says what became of a call: only now do files count as changed and commands as run. Failed and refused calls change nothing.
import { type Event, headOf, resolveWords, textOf } from '../../event/event.ts'
import type { FileChange } from '../../event/payload.ts'
import { commandResult, readOutput } from './commands.ts'
import { changeFile, changeFiles, readFile, samePath } from './files.ts'
import { MAX, type OpenTurn, type PendingCall, type Refusal, type Touch } from './turn.ts'

export function takeResult(turn: OpenTurn, event: Event): void {
  const result = event.payload.result
  if (result === undefined) return
  const at = turn.pending.findIndex(({ call }) => call === result.call)
  const call = at < 0 ? undefined : turn.pending.splice(at, 1)[0]
  if (result.failed) turn.failures++
  if (call === undefined) return
  if (call.kind === 'ask' || call.kind === 'plan') turn.waitingMs += between(call.time, event.time)
  const refused = refusalIn(event)
  if (refused !== null) return refuse(turn, call, refused, event)
  if (result.interrupted || INTERRUPTED.test(headOf(event.payload.text))) {
    if (call.kind === 'delegate') delegated(turn, call, event, 'failed')
    return
  }
  switch (call.kind) {
    case 'edit':
    case 'write':
      if (!result.failed) changed(turn, call, event)
      return
    case 'read':
      if (result.files) changeFiles(turn, result.files, call.event)
      if (result.failed) return
      readFile(turn, call.of, 'tool', call.event)
      readOutput(turn, call, event)
      return
    case 'run':
      return commandResult(turn, call, event, result.failed)
    case 'search':
      if (/tool_?search/i.test(call.name)) return // it looked for a tool
      turn.looked++
      if (turn.looks.length < MAX.looks && call.of !== '')
        turn.looks.push({ of: call.of.slice(0, MAX.short), event: call.event })
      return
    case 'web':
      if (turn.web.length >= MAX.web) turn.webMore++
      else turn.web.push({ of: call.of, is: /^https?:\/\//.test(call.of) ? 'page' : 'search', event: call.event })
      return
    case 'delegate':
      return delegated(turn, call, event)
    case 'ask':
      if (turn.asks.length < MAX.asks)
        turn.asks.push({ question: call.of, answered: !result.failed, event: call.event })
      return
    case 'plan':
    case 'todo':
      turn.kept = { ...turn.kept, [call.kind]: call.event }
      return
    default:
      return other(turn, call, result.failed, event)
  }
}

const between = (from: string | null, to: string | null): number => {
  const ms = from === null || to === null ? 0 : Date.parse(to) - Date.parse(from)
  return ms > 0 ? ms : 0
}

interface Refused {
  readonly by: Refusal['by']
  readonly feedback: string
}

// Where an agent records no refusal as such, its words to the model say it.
const NOT_WANTED =
  /^(?:The user doesn't want to (?:proceed with this tool use|take this action)|User rejected|The user (?:rejected|declined|denied))/
const NOT_ALLOWED =
  /^(?:Error: )?(?:Permission (?:to|for) .{0,160}(?:denied|requested)|\S{1,20} requested permissions? to .{0,400}haven't granted it)/s
const INTERRUPTED = /^\[Request interrupted by user/
const SAID = /the user said:\s*(.*)$/s

function refusalIn(event: Event): Refused | null {
  const { result } = event.payload
  if (result === undefined) return null
  if (result.refused) return { by: 'person', feedback: resolveWords(event, result.feedback).slice(0, MAX.text) }
  if (!result.failed) return null
  const head = headOf(event.payload.text)
  if (NOT_WANTED.test(head))
    return { by: 'person', feedback: (SAID.exec(textOf(event))?.[1] ?? '').trim().slice(0, MAX.text) }
  return NOT_ALLOWED.test(head) ? { by: 'rule', feedback: '' } : null
}

function refuse(turn: OpenTurn, call: PendingCall, { by, feedback }: Refused, event: Event): void {
  if (by === 'person') turn.outcome = 'rejected'
  if (turn.refusals.length >= MAX.refusals) turn.refusals.shift()
  turn.refusals.push({
    by,
    kind: call.kind,
    name: call.name,
    of: call.of,
    ...(call.acts && { acts: call.acts.slice(0, 6) }),
    feedback,
    event: event.id,
  })
}

const CREATED = /\bcreated\b/i
const OVERWRITTEN = /\b(?:updated|overwritten|modified)\b/i

function changed(turn: OpenTurn, call: PendingCall, event: Event): void {
  for (const topic of call.topics ?? [])
    if (!turn.topics.includes(topic) && turn.topics.length < MAX.topics) turn.topics.push(topic)
  const recorded = event.payload.result?.files
  if (recorded && recorded.length > 0) {
    for (const file of recorded)
      changeFile(
        turn,
        {
          ...file,
          ...(recorded.length === 1 && linesOf(turn, call, file)),
          ...(file.added !== undefined && { added: file.added, removed: file.removed, whole: undefined }),
        },
        'tool',
        call.event,
      )
    return
  }
  if (call.patch && call.patch.length > 0) {
    const share = (n: number | undefined) => (call.patch!.length === 1 ? n : 0)
    for (const file of call.patch)
      changeFile(turn, { ...file, added: share(call.added), removed: share(call.removed) }, 'tool', call.event)
    return
  }
  if (call.of === '') return
  const head = headOf(event.payload.text)
  const wasRead = turn.reads.some(({ path }) => path === call.of)
  const isNew = call.kind === 'write' && !OVERWRITTEN.test(head) && (CREATED.test(head) || !wasRead)
  const told = { path: call.of, change: isNew ? ('created' as const) : ('modified' as const) }
  const lines = linesOf(turn, call, told)
  changeFile(
    turn,
    { ...told, ...(lines.whole === 'made' && CREATED.test(head) ? { added: lines.added } : lines) },
    'tool',
    call.event,
  )
}

// What is written whole has as many lines as it has; how many of them are new, only what was there before says. A file that was made in this
// turn has grown or shrunk by as much as its length says. Of any other that was there the turn does not know, and tells no number.
function linesOf(
  turn: OpenTurn,
  { kind, added, removed, patch }: PendingCall,
  { path, change }: Pick<FileChange, 'path' | 'change'>,
): Lines {
  if (kind !== 'write' || patch !== undefined || added === undefined || removed !== 0) return { added, removed }
  const made = turn.files.find((file) => file.change === 'created' && samePath(turn, file.path, path))
  if (made === undefined) return change === 'created' ? { added, removed, whole: 'made' } : { whole: 'over' }
  const had = made.added - made.removed
  return { added: Math.max(0, added - had), removed: Math.max(0, had - added) }
}
type Lines = {
  readonly added?: number | undefined
  readonly removed?: number | undefined
  readonly whole?: Touch['whole']
}

function delegated(turn: OpenTurn, call: PendingCall, event: Event, state?: 'failed'): void {
  const { result, agentType } = event.payload
  const type = call.agentType ?? agentType ?? (isWorkflow(call.name) ? 'workflow' : null)
  // Skills, messages to other agents and the like are no subagents.
  if (type === null && result?.agentId === undefined && !isSubagentTool(call.name))
    return other(turn, call, result?.failed ?? false, event)
  if (turn.agents.length >= MAX.agents) {
    turn.agentsMore++
    return
  }
  turn.agents.push({
    call: call.call,
    type,
    what: call.of.slice(0, MAX.short),
    agentId: result?.agentId ?? null,
    state: (state ?? result?.failed) ? 'failed' : result?.background ? 'background' : 'done',
    event: call.event,
  })
}

// A call that starts a subagent, and not one that asks after it or does something else by another.
export const isSubagentTool = (name: string): boolean =>
  /^(?:task|agent|subagent|workflow|delegate(?:_task)?|spawn_?agent|sessions_spawn|run_?subagent)$/i.test(name)

// Many subagents at once, as a script says.
export const isWorkflow = (name: string): boolean => /^workflow$/i.test(name)

function other(turn: OpenTurn, call: PendingCall, failed: boolean, event: Event): void {
  const name = call.kind === 'delegate' && call.of !== '' ? `${call.name}: ${call.of}`.slice(0, MAX.short) : call.name
  const known = turn.others.find((each) => each.name === name)
  if (known) {
    known.times++
    if (failed) known.failed++
  } else if (turn.others.length < MAX.others)
    turn.others.push({ name, times: 1, failed: failed ? 1 : 0, event: call.event })
  if (event.payload.result?.files) changeFiles(turn, event.payload.result.files, call.event)
}
