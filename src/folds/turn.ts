// A turn: one human prompt, all the work it set off, and how it ended. Folded from the events of one lane (a main agent or one subagent),
// in order, heads only. The one definition of a turn for the whole product. Its id is its first event's, so it is stable under replay.
import type { Event } from '../event/event.ts'
import { headOf } from '../event/event.ts'
import { cut, type ToolKind, type Words } from '../event/payload.ts'

export type Outcome = 'answered' | 'interrupted' | 'failed' | 'running'

export interface Turn {
  readonly id: string
  readonly session: string
  readonly project: string
  readonly agent: string
  readonly agentId: string | null
  readonly prompt: { readonly event: string; readonly text: string } | null // null: work before any prompt
  readonly firstEvent: string
  readonly lastEvent: string
  readonly started: string | null
  readonly ended: string | null
  readonly events: number
  readonly tools: Readonly<Partial<Record<ToolKind, number>>>
  readonly targets: readonly string[] // files it read, edited or wrote, each once, at most TARGETS_MAX
  readonly failures: number
  readonly outputTokens: number
  readonly request?: readonly [id: string, output: number] // counted last: its lines repeat what it wrote, and it grows
  readonly outcome: Outcome
  readonly answer: string // beginning of the last thing it said
}

const TARGETS_MAX = 50
const PROMPT_MAX = 400
const ANSWER_MAX = 280

const startTurn = (event: Event, isPrompt: boolean, before: Turn | undefined): Turn => ({
  ...(before?.request && { request: before.request }),
  id: event.id,
  session: event.session,
  project: event.project,
  agent: event.agent,
  agentId: event.agentId,
  prompt: isPrompt ? { event: event.id, text: beginning(event.payload.text, PROMPT_MAX) } : null,
  firstEvent: event.id,
  lastEvent: event.id,
  started: event.time,
  ended: event.time,
  events: 0,
  tools: {},
  targets: [],
  failures: 0,
  outputTokens: 0,
  outcome: 'running',
  answer: '',
})

const WORK = /^message\.|^system\.(turn_complete|error|local_command|compact)$/

// A prompt opens a turn, but for one queued while the agent was at work, which belongs to what is running. What a parent agent or a
// program asked opens one as well: it is the reason of the work that follows.
export const opensTurn = ({ kind, payload }: Event): boolean =>
  (kind === 'message.user.prompt' && !payload.queued) ||
  (kind === 'message.user.injected' && (payload.injected === 'delegated' || payload.injected === 'sdk'))

// The lane's open turn after this event, and the one that this event closed by beginning another.
export function foldTurn(
  open: Turn | undefined,
  event: Event,
): { readonly turn: Turn | undefined; readonly closed: Turn | undefined } {
  const isPrompt = opensTurn(event)
  if (!WORK.test(event.kind)) return { turn: open, closed: undefined }
  if (open === undefined || isPrompt) {
    const closed = open && open.outcome === 'running' ? { ...open, outcome: 'answered' as const } : open
    return { turn: grow(startTurn(event, isPrompt, open), event), closed }
  }
  return { turn: grow(open, event), closed: undefined }
}

function grow(turn: Turn, event: Event): Turn {
  const { kind, payload } = event
  const tool = payload.tool
  const isFile =
    tool !== undefined && (tool.kind === 'read' || tool.kind === 'edit' || tool.kind === 'write') && tool.target
  return {
    ...turn,
    lastEvent: event.id,
    ended: event.time ?? turn.ended,
    events: turn.events + 1,
    tools: tool ? { ...turn.tools, [tool.kind]: (turn.tools[tool.kind] ?? 0) + 1 } : turn.tools,
    targets:
      isFile && !turn.targets.includes(isFile) && turn.targets.length < TARGETS_MAX
        ? [...turn.targets, isFile]
        : turn.targets,
    failures: turn.failures + (payload.result?.failed ? 1 : 0),
    ...writtenAfter(turn, event),
    outcome: outcomeAfter(turn.outcome, event),
    answer: kind === 'message.assistant.text' ? beginning(payload.text, ANSWER_MAX) : turn.answer,
  }
}

// The lines of one request stand together in a lane, so only the last one must be known.
function writtenAfter(turn: Turn, { id, payload: { usage, request = id } }: Event) {
  if (usage === undefined) return {}
  const known = turn.request?.[0] === request ? turn.request[1] : 0
  const output = Math.max(known, usage.output)
  return { outputTokens: turn.outputTokens + output - known, request: [request, output] as const }
}

// At a word's end, with an ellipsis where something was left out.
function beginning(words: Words | undefined, max: number): string {
  const head = headOf(words)
  const whole = typeof words === 'object' ? words.chars : head.length
  if (head.length === whole && whole <= max) return head
  const short = cut(head, max)
  const end = short.lastIndexOf(' ')
  return `${end > max / 2 ? short.slice(0, end) : short}…`
}

function outcomeAfter(outcome: Outcome, { kind, payload }: Event): Outcome {
  if (kind === 'system.error' || payload.stop === 'error') return 'failed'
  if (payload.injected === 'interrupt' || payload.stop === 'aborted') return 'interrupted'
  if (kind === 'system.turn_complete') return outcome === 'running' ? 'answered' : outcome
  if (kind === 'message.assistant.text')
    return payload.stop !== undefined && payload.stop !== 'tool_use' && payload.stop !== 'toolUse'
      ? 'answered'
      : 'running'
  if (
    kind === 'message.assistant.tool_use' ||
    kind === 'message.user.tool_result' ||
    kind === 'message.assistant.thinking'
  )
    return 'running'
  return outcome
}
