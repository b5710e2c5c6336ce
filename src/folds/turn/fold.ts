// Turns, folded from the events of one lane in order: where one begins, what belongs to it, how it ended.
// `growTurn` changes the turn it is given, so that an event costs what it says and not what came before it; `foldTurn` is the same, pure.
import { type Event, headOf, textOf } from '../../event/event.ts'
import { cut, type Usage } from '../../event/payload.ts'
import { readCommand } from '../shell/read.ts'
import { afterCompaction, close, promptOf, startTurn } from './begin.ts'
import { callTool } from './calls.ts'
import { commandResult } from './commands.ts'
import { takeResult } from './results.ts'
import { endsInChoices, keptOf, questionAtEnd } from './speech.ts'
import { withoutColours } from './testoutput.ts'
import { MAX, type OpenTurn, type Outcome, type PendingAct, type Tokens, type Turn } from './turn.ts'

const WORK = /^message\.|^system\.(turn_complete|error|local_command|compact|link)$/

// A prompt opens a turn, but for one queued while the agent was at work, which belongs to what is running. What a parent agent, a program
// or an agreed plan asked opens one as well: it is the reason of the work that follows.
export const opensTurn = ({ kind, payload }: Pick<Event, 'kind' | 'payload'>): boolean =>
  !payload.copied && !payload.hidden && asksForWork({ kind, payload })

// The same, whoever wrote it and however often: a copy whose original nobody saw stands for it.
export const asksForWork = ({ kind, payload }: Pick<Event, 'kind' | 'payload'>): boolean =>
  (kind === 'message.user.prompt' && !payload.queued) ||
  (kind === 'message.user.injected' && OPENING.has(payload.injected ?? ''))
const OPENING = new Set(['delegated', 'sdk', 'plan'])

export interface Step {
  readonly turn: Turn | undefined // the lane's open turn behind the event
  readonly closed: Turn | undefined // the one that this event closed by beginning another
}

export function foldTurn(open: Turn | undefined, event: Event): Step {
  const { turn, closed } = growTurn(open && (structuredClone(open) as OpenTurn), event)
  delete turn?.touched
  return { turn, closed }
}

// What is told in turns: work in the open, the first time it is told.
const counts = ({ kind, payload }: Event): boolean => !payload.copied && !payload.hidden && WORK.test(kind)

export interface Grown {
  readonly turn: OpenTurn | undefined
  readonly closed: OpenTurn | undefined
}

export function growTurn(open: OpenTurn | undefined, event: Event): Grown {
  if (!counts(event)) {
    // A prompt that another session tells ends what was open here; new work behind it is that prompt's.
    if (open && event.payload.copied && asksForWork(event)) open.next = { prompt: promptOf(event), time: event.time }
    if (open && event.payload.cwd !== undefined && !event.payload.copied) open.cwd = event.payload.cwd
    return { turn: open, closed: undefined }
  }
  if (isCompaction(event)) return compacted(open, event)
  if (opensTurn(event) || (event.payload.queued && open === undefined)) {
    if (open) {
      close(open)
      delete open.next
    }
    const turn = startTurn(event, promptOf(event), open)
    grow(turn, event)
    return { turn, closed: open }
  }
  if (open?.next && isOwnWork(event)) {
    const { prompt, time } = open.next
    close(open, prompt.by === 'compaction' ? 'continued' : undefined)
    const turn = startTurn(event, prompt, open)
    turn.id = turn.firstEvent = prompt.event
    turn.started = time ?? turn.started
    delete open.next
    grow(turn, event)
    return { turn, closed: open }
  }
  // Before any prompt only the agent's own work is a turn; what was put into its mouth is not.
  if (open === undefined && !isOwnWork(event)) return { turn: undefined, closed: undefined }
  const turn = open ?? startTurn(event, null, undefined)
  grow(turn, event)
  return { turn, closed: undefined }
}

const isOwnWork = ({ kind }: Event): boolean =>
  kind.startsWith('message.assistant.') || kind === 'message.user.tool_result'
const isCompaction = ({ kind, payload }: Event): boolean =>
  kind === 'message.user.injected' && payload.injected === 'compact_summary'

// The summary that a compaction leaves is nobody's prompt. Work that was cut in two goes on in a turn of its own; a compaction between two
// turns makes none.
function compacted(open: OpenTurn | undefined, event: Event): Grown {
  if (open === undefined) {
    const turn = startTurn(event, afterCompaction(event), undefined)
    turn.events++
    return { turn, closed: undefined }
  }
  open.next = { prompt: afterCompaction(event), time: event.time }
  return { turn: open, closed: undefined }
}

function grow(turn: OpenTurn, event: Event): void {
  const { kind, payload } = event
  turn.lastEvent = event.id
  turn.ended = event.time ?? turn.ended
  turn.events++
  turn.cwd = payload.cwd ?? turn.cwd
  turn.agentType ??= event.agentId === null ? null : (payload.agentType ?? null)
  count(turn, event)
  if (payload.stop !== undefined && kind.startsWith('message.assistant.')) {
    if (GOES_ON.test(payload.stop)) turn.goesOn = true
    else delete turn.goesOn
  }
  switch (kind) {
    case 'message.assistant.tool_use':
      // Some agents write a command that a person typed as a call, with the prompt: it is still the person's.
      if (event.rawIn !== null && event.rawIn === turn.prompt?.event && isTyped(turn)) return
      callTool(turn, event)
      turn.outcome = 'running'
      return
    case 'message.user.tool_result':
      if (isTyped(turn)) return typed(turn, event)
      turn.outcome = 'running'
      takeResult(turn, event)
      if (payload.result?.interrupted) turn.outcome = 'interrupted'
      return
    case 'message.assistant.thinking':
      turn.outcome = payload.stop === 'aborted' ? 'interrupted' : 'running'
      return
    case 'message.assistant.text':
      said(turn, event)
      return
    case 'message.user.prompt':
      if (payload.queued && event.id !== turn.firstEvent && turn.queued.length < MAX.queued)
        turn.queued.push({ event: event.id, text: headOf(payload.text).slice(0, MAX.text) })
      return
    case 'message.user.injected':
      injected(turn, event)
      return
    case 'system.error':
      if (turn.errors.length < MAX.errors)
        turn.errors.push({ event: event.id, text: headOf(payload.text).slice(0, MAX.short) })
      if (turn.outcome !== 'interrupted') turn.outcome = 'failed'
      return
    case 'system.turn_complete':
      if (payload.durationMs !== undefined) turn.durationMs = payload.durationMs
      if (turn.outcome === 'running')
        turn.outcome = payload.stop === 'aborted' ? 'interrupted' : payload.stop === 'error' ? 'failed' : 'answered'
      return
    case 'system.local_command':
      if (turn.prompt?.command !== undefined && turn.cycles === 0) turn.outcome = 'answered'
      return
  }
}

function injected(turn: OpenTurn, event: Event): void {
  const { payload } = event
  // After a refusal the agent writes the same line as after a key was pressed: the refusal says more.
  if (payload.injected === 'interrupt' && turn.outcome !== 'rejected') turn.outcome = 'interrupted'
  // What a person typed with `!` or as a local command is over when its output is there.
  const isOutput = payload.injected === 'shell_output' || payload.injected === 'command_output'
  if (isOutput && isTyped(turn)) typed(turn, event)
}

// A command that a person typed and that the agent has not begun to work on.
const isTyped = ({ prompt, cycles, tools }: OpenTurn): boolean =>
  prompt?.command !== undefined && cycles === 0 && Object.keys(tools).length === 0

// `! npm test`: the person ran it, and its output is what came of it.
function typed(turn: OpenTurn, event: Event): void {
  turn.outcome = 'answered'
  const output = plainOutput(textOf(event))
  if (turn.prompt?.command === 'slash') turn.answer = cut(output, MAX.answer)
  else if (turn.runs.length === 0 && turn.prompt) {
    const acts = readCommand(turn.prompt.text.replace(/^!\s*/, '')).slice(0, MAX.acts) as PendingAct[]
    const call = {
      call: event.id,
      event: event.id,
      kind: 'run',
      name: 'shell',
      of: '',
      time: event.time,
      acts,
    } as const
    commandResult(turn, { ...call }, event, false)
    for (const run of turn.runs) run.typed = true
  }
}

const plainOutput = (text: string): string =>
  withoutColours(text)
    .replace(/<\/?[a-z-]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

const GOES_ON = /^(?:tool_use|toolUse|pause_turn)$/
const BROKEN_OFF = /^(?:aborted|cancelled|canceled)$/

function said(turn: OpenTurn, event: Event): void {
  const { stop, text } = event.payload
  if (text === undefined) {
    if (stop !== undefined && !GOES_ON.test(stop)) turn.outcome = outcomeOf(stop)
    return
  }
  const whole = textOf(event)
  turn.answer = keptOf(whole, MAX.answer)
  turn.answerEvent = event.id
  turn.askedLast = questionAtEnd(whole)
  // Agents that keep no stop reason go on with a tool call, which says so itself.
  turn.outcome =
    stop !== undefined && GOES_ON.test(stop) ? 'running' : stop === undefined ? 'answered' : outcomeOf(stop)
  if (turn.outcome === 'answered' && turn.files.length === 0 && isOnlyQuestion(whole, turn.askedLast))
    turn.outcome = 'asked'
}

const outcomeOf = (stop: string): Outcome =>
  stop === 'error' ? 'failed' : BROKEN_OFF.test(stop) ? 'interrupted' : 'answered'

// An answer that ends in an offer is an answer. One that is little else than the question waits for the person.
const isOnlyQuestion = (text: string, question: string): boolean =>
  question !== '' && (text.trim().length < Math.max(160, question.length * 2) || endsInChoices(text))

// Lines of one request stand together in a lane, so only the last one must be known.
function count(turn: OpenTurn, { id, payload: { usage, request = id } }: Event): void {
  if (usage === undefined) return
  const now = tokensOf(usage)
  const known = turn.request?.[0] === request ? turn.request[1] : undefined
  const largest: Tokens = { ...now }
  for (const key of ['input', 'output', 'cacheRead', 'cacheWrite'] as const) {
    largest[key] = Math.max(known?.[key] ?? 0, now[key])
    turn.tokens[key] += largest[key] - (known?.[key] ?? 0)
  }
  if (known === undefined) {
    turn.tokens.requests++
    turn.cycles++
  }
  turn.request = [request, largest]
}

const tokensOf = ({ input, output, cacheRead, cacheWrite5m, cacheWrite1h }: Usage): Tokens => ({
  input,
  output,
  cacheRead,
  cacheWrite: cacheWrite5m + cacheWrite1h,
  requests: 1,
})
