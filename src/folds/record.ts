// An event as a list shows it: one shape for REST, the live stream and the page, whichever agent wrote it.
// Texts are cut at RECORD_TEXT_MAX; `more` says so, and the event itself has the rest.
import { type Event, headOf, inputOf, resolveWords, textOf } from '../event/event.ts'
import { cut, type ToolKind, type ToolResult, type Usage, type Words } from '../event/payload.ts'

export const RECORD_TEXT_MAX = 6_000
export const RECORD_INPUT_MAX = 6_000
const ENTRIES_MAX = 100 // of one array or object inside the input

export interface StoryRecord {
  readonly id: string
  readonly session: string
  readonly agent: string
  readonly agentId: string | null
  readonly kind: string
  readonly time: string | null
  readonly sequence: string
  readonly text: string
  readonly more: boolean // text or tool input was cut
  readonly tool?: {
    readonly name: string
    readonly kind: ToolKind
    readonly call: string | null
    readonly target: string
    readonly input: unknown
  }
  readonly result?: Omit<ToolResult, 'feedback'> & { readonly feedback?: string }
  readonly injected?: string
  readonly command?: 'slash' | 'shell'
  readonly images?: number
  readonly model?: string
  readonly stop?: string
  readonly usage?: Usage
  readonly agentType?: string
  readonly parentCall?: string
  readonly durationMs?: number
  readonly url?: string
  readonly queued?: true // a prompt given while the agent was at work
  readonly copied?: true // it stands in another session as well, or stood here before
  readonly hidden?: true // an agent's own helper at work
  readonly origin: { readonly file: string; readonly line: number }
}

export function recordOf(event: Event): StoryRecord {
  const { payload } = event
  const whole = event.payload.title ?? (event.raw === undefined ? headOf(payload.text) : textOf(event))
  const text = cut(whole, RECORD_TEXT_MAX)
  const chars = payload.title?.length ?? charsOf(payload.text)
  const input = payload.tool === undefined ? null : toolInput(event)
  return {
    id: event.id,
    session: event.session,
    agent: event.agent,
    agentId: event.agentId,
    kind: event.kind,
    time: event.time,
    sequence: event.sequence,
    text: text === '' && payload.why !== undefined ? payload.why : text,
    more: text.length < chars || (input?.cut ?? false),
    ...(payload.tool && {
      tool: {
        name: payload.tool.name,
        kind: payload.tool.kind,
        call: payload.tool.call,
        target: payload.tool.target ?? '',
        input: input?.value ?? null,
      },
    }),
    ...(payload.result && { result: resultOf(event, payload.result) }),
    ...(payload.injected !== undefined && { injected: payload.injected }),
    ...(payload.command !== undefined && { command: payload.command }),
    ...(payload.images !== undefined && { images: payload.images }),
    ...(payload.model !== undefined && { model: payload.model }),
    ...(payload.stop !== undefined && { stop: payload.stop }),
    ...(payload.usage && { usage: payload.usage }),
    ...(payload.agentType !== undefined && { agentType: payload.agentType }),
    ...(payload.parentCall !== undefined && { parentCall: payload.parentCall }),
    ...(payload.durationMs !== undefined && { durationMs: payload.durationMs }),
    ...(payload.url !== undefined && { url: payload.url }),
    ...(payload.queued && { queued: true as const }),
    ...(payload.copied && { copied: true as const }),
    ...(payload.hidden && { hidden: true as const }),
    origin: { file: event.origin.file, line: event.origin.line },
  }
}

function resultOf(event: Event, { feedback, ...result }: ToolResult): NonNullable<StoryRecord['result']> {
  const said = feedback === undefined ? '' : event.raw === undefined ? headOf(feedback) : resolveWords(event, feedback)
  return { ...result, ...(said !== '' && { feedback: cut(said, RECORD_TEXT_MAX) }) }
}

const charsOf = (words: Words | undefined): number => (typeof words === 'object' ? words.chars : (words?.length ?? 0))

// Strings inside the input are cut one by one, so that the shape of the input stays readable.
function toolInput(event: Event): { value: unknown; cut: boolean } {
  const value = inputOf(event)
  if (value === undefined) return { value: null, cut: true } // it stands in the raw line, which was not read
  let left = RECORD_INPUT_MAX
  let wasCut = false
  const shorten = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') {
      const kept = cut(value, Math.max(0, left))
      left -= kept.length
      if (kept.length < value.length) wasCut = true
      return kept
    }
    if (typeof value !== 'object' || value === null) return value
    if (depth > 6 || left <= 0) {
      wasCut = true
      return null
    }
    const entries = Object.entries(value)
    if (entries.length > ENTRIES_MAX) wasCut = true
    const kept = entries.slice(0, ENTRIES_MAX).map(([key, item]) => [key, shorten(item, depth + 1)] as const)
    return Array.isArray(value) ? kept.map(([, item]) => item) : Object.fromEntries(kept)
  }
  return { value: shorten(value, 0), cut: wasCut }
}
