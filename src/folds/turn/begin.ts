// How a turn begins and how it is closed: its prompt, what it takes over from the one before, and what it was when the next one came.
import { type Event, headOf, textOf } from '../../event/event.ts'
import { cut } from '../../event/payload.ts'
import { saysWhat } from './speech.ts'
import { MAX, type OpenTurn, type Outcome, type Prompt } from './turn.ts'

export const afterCompaction = ({ id, payload, origin }: Event): Prompt => ({
  event: id,
  text: '',
  by: 'compaction',
  nativeId: payload.nativeId ?? null,
  line: origin.line,
})

export function promptOf(event: Event): Prompt {
  const { payload, kind, origin } = event
  const by =
    kind === 'message.user.prompt'
      ? 'person'
      : payload.injected === 'plan'
        ? 'plan'
        : payload.injected === 'delegated'
          ? 'agent'
          : 'program'
  const text = by === 'plan' ? textOf(event) : headOf(payload.text)
  return {
    event: event.id,
    text: cut(text, MAX.text),
    by,
    nativeId: payload.nativeId ?? null,
    line: origin.line > 0 ? origin.line : null,
    ...(payload.command !== undefined && { command: payload.command }),
    ...(payload.images !== undefined && { images: payload.images }),
  }
}

export function startTurn(event: Event, prompt: Prompt | null, before: OpenTurn | undefined): OpenTurn {
  return {
    id: event.id,
    session: event.session,
    project: event.project,
    agent: event.agent,
    agentId: event.agentId,
    ...(event.payload.form !== undefined && { form: event.payload.form }),
    agentType: event.payload.agentType ?? before?.agentType ?? null,
    cwd: event.payload.cwd ?? before?.cwd ?? null,
    prompt,
    standing: before === undefined ? null : standingOf(before),
    question: before?.askedLast || null,
    queued: [],
    firstEvent: event.id,
    lastEvent: event.id,
    started: event.time,
    ended: event.time,
    events: 0,
    cycles: 0,
    tools: {},
    failures: 0,
    files: [],
    filesMore: 0,
    reads: [],
    readsMore: 0,
    runs: [],
    done: [],
    doneMore: 0,
    looks: [],
    looked: 0,
    web: [],
    webMore: 0,
    agents: [],
    agentsMore: 0,
    asks: [],
    others: [],
    refusals: [],
    errors: [],
    tests: 'none',
    testsBeforeChange: false,
    tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, requests: 0 },
    ...(before?.request && { request: before.request }),
    waitingMs: 0,
    durationMs: null,
    pending: [],
    // What a person typed with `!` needs no answer.
    outcome: prompt?.command === 'shell' ? 'answered' : 'running',
    answer: '',
    answerEvent: null,
    askedLast: '',
    topics: [],
  }
}

// What the person wants, from the last prompt that says so.
function standingOf(before: OpenTurn): string | null {
  const { prompt } = before
  if (prompt === null || prompt.by === 'compaction' || prompt.command === 'shell') return before.standing
  return saysWhat(prompt.text) ? cut(prompt.text, MAX.text) : before.standing
}

// Behind it comes the next prompt: what was never finished is not running any more.
export function close(turn: OpenTurn, as?: Outcome): void {
  if (turn.outcome !== 'running') return
  const said = turn.answer !== '' || Object.keys(turn.tools).length > 0
  const isCutOff = turn.pending.length > 0 || turn.goesOn || (!said && isWork(turn))
  turn.outcome =
    as ?? (turn.pending.some((call) => call.kind === 'ask') ? 'asked' : isCutOff ? 'interrupted' : 'answered')
  if (turn.outcome === 'interrupted') turn.overtaken = true
}
const isWork = ({ prompt }: OpenTurn): boolean => prompt !== null && prompt.command === undefined
