// A session as it is told in a document: what it is, then turn by turn its prompt, its sentence and the trace behind it, subagents under the
// call that sent them. Piece by piece, so that a session of any length is told in little memory.
import { type Event, inputOf, parseEvent, resolveWords, textOf } from '../../event/event.ts'
import type { ToolKind } from '../../event/payload.ts'
import type { AgentRow, SessionRow } from '../../folds/session.ts'
import { sessionStory } from '../../folds/story/story.ts'
import type { Turn } from '../../folds/turn/turn.ts'
import type { StoreReader } from '../../stores/store.ts'
import { type ToldTurn, toldTurn } from '../../wire/story.ts'
import { spentByTurn } from '../cost/turns.ts'

export type Piece =
  | {
      readonly as: 'head'
      readonly session: SessionRow
      readonly label: string
      readonly story: string
      readonly turns: readonly ToldTurn[]
    }
  | {
      readonly as: 'turn'
      readonly n: number
      readonly turn: ToldTurn
      readonly prompt: string
      readonly images: number
    }
  | { readonly as: 'lane'; readonly name: string; readonly task: string }
  | { readonly as: 'lane end' }
  | { readonly as: 'step'; readonly step: Step }
  | { readonly as: 'end'; readonly untold: readonly (readonly [kind: string, count: number])[] } // what happened beside the work

export type Step =
  | {
      readonly as: 'prompt' | 'said' | 'thought' | 'error' | 'mark'
      readonly text: string
      readonly time: string | null
    }
  | {
      readonly as: 'call'
      readonly tool: string
      readonly kind: ToolKind
      readonly target: string
      readonly input: unknown
      readonly time: string | null
    }
  | {
      readonly as: 'result'
      readonly of: string // its call, where that does not stand right above it
      readonly failed: boolean
      readonly refused: boolean
      readonly exit: number | null
      readonly feedback: string
      readonly text: string
    }

interface Call {
  readonly step: Extract<Step, { as: 'call' }>
  readonly id: string | null
}

export type TaleReader = Pick<StoreReader, 'session' | 'turns' | 'records' | 'cost'>

const PAGE = 100
const CALLS_MAX = 5_000
const HELD_MAX = 50 // calls made together, whose results come one after the other
const LANES_DEEP_MAX = 12

// Null: there is no such session.
export async function taleOf(
  reader: TaleReader,
  session: string,
  labelOf: (agent: string) => string,
): Promise<AsyncIterable<Piece> | null> {
  const row = await reader.session(session)
  return row === null ? null : new Tale(reader, row, labelOf(row.agent)).pieces()
}

class Tale {
  readonly #reader: TaleReader
  readonly #row: SessionRow
  readonly #label: string
  readonly #calls = new Map<string, string>() // call → what it was, for those that are told already
  readonly #untold = new Map<string, number>()
  readonly #toldLanes = new Set<string>()
  #turns = new Map<string, ToldTurn>() // by their first event

  constructor(reader: TaleReader, row: SessionRow, label: string) {
    this.#reader = reader
    this.#row = row
    this.#label = label
  }

  async *pieces(): AsyncIterable<Piece> {
    const [turns, spent] = await Promise.all([
      this.#reader.turns(this.#row.id),
      spentByTurn(this.#reader, this.#row.id),
    ])
    const main = turns.filter(({ agentId }) => agentId === null)
    const told = main.map((turn: Turn) => toldTurn(turn, this.#label, spent.get(turn.id)))
    this.#turns = new Map(told.map((turn) => [turn.first_event, turn]))
    yield {
      as: 'head',
      session: this.#row,
      label: this.#label,
      story: sessionStory(turns, this.#label).text,
      turns: told,
    }
    yield* this.#lane('main', 0)
    // Which call sent them is not written.
    for (const agent of this.#row.agents) yield* this.#subagent(agent, 1)
    yield { as: 'end', untold: [...this.#untold].sort((a, b) => b[1] - a[1]) }
  }

  async *#lane(agentId: string, depth: number): AsyncIterable<Piece> {
    const held: Call[] = [] // calls whose result is to stand under them
    let n = 0
    for (let after = -1; ; ) {
      const page = await this.#reader.records(this.#row.id, { after, agentId, limit: PAGE })
      for (const text of page.texts) {
        const event = parseEvent(text)
        const turn = agentId === 'main' ? this.#turns.get(event.id) : undefined
        const isPrompt = turn?.prompt?.event === event.id
        if (turn) {
          for (const call of held.splice(0)) yield* this.#call(call, depth)
          const { images = 0 } = event.payload
          yield { as: 'turn', n: ++n, turn, prompt: isPrompt ? textOf(event) : (turn.prompt?.text ?? ''), images }
        }
        if (!isPrompt) yield* this.#event(event, held, depth)
      }
      if (!page.more.after) break
      after = page.cursors.at(-1)!
    }
    for (const call of held) yield* this.#call(call, depth)
  }

  async *#event(event: Event, held: Call[], depth: number): AsyncIterable<Piece> {
    const step = stepOf(event)
    if (step === null) return this.#leave(event)
    if (step.as === 'call') {
      held.push({ step, id: event.payload.tool?.call ?? null })
      if (held.length > HELD_MAX) yield* this.#call(held.shift()!, depth)
    } else if (step.as === 'result') {
      const id = event.payload.result?.call ?? null
      const at = id === null ? -1 : held.findIndex((call) => call.id === id)
      if (at >= 0) yield* this.#call(held.splice(at, 1)[0]!, depth)
      yield { as: 'step', step: at >= 0 ? step : { ...step, of: this.#calls.get(id ?? '') ?? 'A call' } }
    } else {
      for (const call of held.splice(0)) yield* this.#call(call, depth)
      yield { as: 'step', step }
    }
  }

  async *#call({ step, id }: Call, depth: number): AsyncIterable<Piece> {
    yield { as: 'step', step }
    if (id === null) return
    if (this.#calls.size >= CALLS_MAX) this.#calls.clear()
    this.#calls.set(id, `${step.tool} ${step.target}`.trim())
    for (const agent of this.#row.agents) if (agent.parentCall === id) yield* this.#subagent(agent, depth + 1)
  }

  async *#subagent(agent: AgentRow, depth: number): AsyncIterable<Piece> {
    if (agent.hidden || agent.events === 0 || this.#toldLanes.has(agent.id) || depth > LANES_DEEP_MAX) return
    this.#toldLanes.add(agent.id)
    yield { as: 'lane', name: agent.type ?? 'Subagent', task: agent.task ?? '' }
    yield* this.#lane(agent.id, depth)
    yield { as: 'lane end' }
  }

  #leave({ kind, payload }: Event): void {
    const name = payload.copied ? 'copied from another session' : (kind.split('.').at(-1) ?? kind).replaceAll('_', ' ')
    this.#untold.set(name, (this.#untold.get(name) ?? 0) + 1)
  }
}

// Null: no part of the work itself.
function stepOf(event: Event): Step | null {
  const { payload, kind, time } = event
  if (payload.hidden || payload.copied) return null
  const text = textOf(event)
  switch (kind) {
    case 'message.user.prompt':
      return { as: 'prompt', text, time }
    case 'message.assistant.text':
      return text.trim() === '' ? null : { as: 'said', text, time }
    case 'message.assistant.thinking':
      return text.trim() === '' ? null : { as: 'thought', text, time }
    case 'system.error':
      return { as: 'error', text: text || (payload.why ?? 'An error without words'), time }
    case 'system.compact':
      return { as: 'mark', text: 'The context was compacted', time }
    case 'system.model_change':
      return { as: 'mark', text: `The model is ${payload.model ?? 'another'} from here on`, time }
    case 'system.branch':
      return { as: 'mark', text: text || 'It goes on from an earlier point', time }
    case 'message.assistant.tool_use': {
      const { tool } = payload
      if (tool === undefined) return null
      return { as: 'call', tool: tool.name, kind: tool.kind, target: tool.target ?? '', input: inputOf(event), time }
    }
    case 'message.user.tool_result': {
      const { result } = payload
      return {
        as: 'result',
        of: '',
        failed: result?.failed ?? false,
        refused: result?.refused ?? false,
        exit: result?.exit ?? null,
        feedback: resolveWords(event, result?.feedback),
        text,
      }
    }
    default:
      return null
  }
}
