// One vocabulary for all agents. It stands beside the raw line and never repeats its long texts:
// in the event that carries the raw line, a text longer than WORDS_INLINE_MAX is a pointer (RFC 6901) into it.
// An event that does not carry the raw line holds its own texts, so that any event can be read alone.

// Grows when the vocabulary does; `openstory reindex` makes older events anew from their raw lines.
export const PAYLOAD_VERSION = 4
export const WORDS_INLINE_MAX = 200
export const WORDS_HEAD_MAX = 100
export const TOLD_HEAD_MAX = 400 // of what is told as it stands: prompts and answers

// `at` resolves against the raw line of the same event to a string; `chars` is its length in UTF-16 units; `head` its beginning.
export interface WordsAt {
  readonly at: string
  readonly chars: number
  readonly head: string
}
export type Words = string | WordsAt

// The input of a tool: a pointer into the raw line, or the value itself where the event does not carry the line.
export type ToolInput = { readonly at: string } | { readonly value: unknown }

export const TOOL_KINDS = [
  'read',
  'edit',
  'write',
  'search',
  'run',
  'web',
  'delegate',
  'plan',
  'ask',
  'todo',
  'other',
] as const
export type ToolKind = (typeof TOOL_KINDS)[number]

export interface ToolUse {
  readonly name: string
  readonly kind: ToolKind
  readonly call: string | null // the agent's id of this call; its result names the same
  readonly input: ToolInput
  readonly target?: string // what it acts on, as one short line: the path, the command, the pattern, the address
}

// What a tool did to a file, as the agent recorded it in the result; lines only where the result counts or shows them.
export interface FileChange {
  readonly path: string
  readonly change: 'created' | 'modified' | 'deleted' | 'renamed'
  readonly added?: number // lines
  readonly removed?: number
  readonly from?: string // its path before, when renamed
}

// What a result shows of a file's content, as the agent recorded it beside its answer. Each is a pointer into the raw line.
export interface FileShown {
  readonly path: string
  readonly before?: string // the whole content before the call
  readonly after?: string // the whole content after it
  readonly lines?: { readonly at: string; readonly from: number; readonly total?: number } // some lines as they are; `from` is 1-based
  readonly hunks?: string // the places that were changed, with lines around them
}

export interface ToolResult {
  readonly call: string | null
  readonly failed: boolean
  readonly exit?: number // exit code, where the agent recorded one
  readonly refused?: true // a person said no: the tool did not run
  readonly feedback?: Words // what the person said with it
  readonly interrupted?: true
  readonly background?: true // the work goes on behind this result
  readonly agentId?: string // the subagent whose work this is the result of
  readonly run?: string // what it began is a run of several subagents, each of which names it
  readonly files?: readonly FileChange[]
  readonly shows?: FileShown
}

// Tokens of one API request as this line knows them; several lines of one request repeat it (see `request`).
export interface Usage {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
  readonly costUsd?: string // what the agent itself recorded, as a decimal string
  readonly webSearches?: number // paid for one by one
  readonly partial?: true // taken while the answer was being written: what was put out is at least this
}

export interface Payload {
  readonly v: number // the PAYLOAD_VERSION it was made with
  readonly text?: Words
  readonly tool?: ToolUse
  readonly result?: ToolResult
  readonly usage?: Usage
  readonly request?: string // id of the API request the usage belongs to
  readonly account?: string // the usage is counted up under this name: of it counts what exceeds all that was told of the account before
  readonly model?: string
  readonly stop?: string
  readonly nativeId?: string // the agent's own id of the line or entry
  readonly nativeParent?: string
  readonly cwd?: string
  readonly branch?: string
  readonly version?: string // of the agent
  readonly title?: string
  readonly injected?: string // which kind of injected text
  readonly command?: 'slash' | 'shell' // a prompt typed as /command or !command
  readonly queued?: true // a prompt given while the agent was at work: it stays inside the turn
  readonly images?: number
  readonly durationMs?: number
  readonly parentCall?: string // the tool call that started the subagent this event belongs to
  readonly parentRun?: string // where it was started by a run (`result.run`) and names no call of its own
  readonly agentType?: string // what the subagent is called: Explore, general-purpose …
  readonly parentSession?: string // the session this one was forked or resumed from, in the agent's own words
  readonly copied?: true // the line was copied from another session, or stands again in this one: kept, counted nowhere
  readonly form?: 1 | 2 // its session may be kept in a better form as well (0, which says nothing; then 1): what the best one there is tells counts
  readonly hidden?: true // an agent's own helper (compaction, suggestions) at work: kept, counted as cost, not shown as work
  readonly noticed?: string // path of a file that the agent saw changed by somebody else; the text shows some of its lines, if any
  readonly url?: string
  readonly why?: string // for damaged_line and file_replaced: what was wrong
}

// The words of a text that stands at `pointer` in the line: inline when short or when this part does not carry the line.
export function wordsAt(text: string, pointer: string, carries: boolean, headMax = WORDS_HEAD_MAX): Words {
  if (!carries || text.length <= WORDS_INLINE_MAX) return text
  return { at: pointer, chars: text.length, head: cut(text, headMax) }
}

// The first `max` UTF-16 units, never half of a surrogate pair.
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const last = text.charCodeAt(max - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max)
}
