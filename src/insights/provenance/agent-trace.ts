// A commit as a record of Agent Trace 0.1.0 (https://agent-trace.dev): whose the added lines are, for other tools to read. The same commit
// over the same record of sessions gives the same bytes: the id is made of the content, the time is the commit's. No words of a prompt and
// no name of this machine are in it.
import { hash } from 'node:crypto'
import { linesOfText } from '../../folds/provenance/blame.ts'
import type { CommitAnswer, CommitRange } from '../../wire/commits.ts'

export interface TraceRange {
  readonly start_line: number // 1-based, at the revision; both included
  readonly end_line: number
  readonly content_hash: string
}

export interface TraceConversation {
  readonly url?: string
  readonly contributor: { readonly type: 'ai' | 'unknown'; readonly model_id?: string }
  readonly ranges: readonly TraceRange[]
  readonly related?: readonly { readonly type: string; readonly url: string }[]
}

export interface TraceRecord {
  readonly version: string
  readonly id: string
  readonly timestamp: string
  readonly vcs: { readonly type: 'git'; readonly revision: string }
  readonly tool: { readonly name: string; readonly version: string }
  readonly files: readonly { readonly path: string; readonly conversations: readonly TraceConversation[] }[]
  readonly metadata: Readonly<Record<string, unknown>>
}

const SPEC_VERSION = '0.1.0'
const MODEL_CHARS_MAX = 250

export interface TraceParts {
  readonly version: string // of this program
  readonly makerOf: (model: string) => string | null
  readonly textOf: (path: string) => string | null // the file, as the commit has it
}

export function traceRecord(answer: CommitAnswer, { version, makerOf, textOf }: TraceParts): TraceRecord {
  const files = answer.files.flatMap(({ path, ranges }) => {
    const texts = linesOfText(textOf(path) ?? '')
    const own = Map.groupBy(ranges, keyOf)
    const conversations = [...own.values()].map((some) => conversation(some, texts, makerOf))
    return conversations.length === 0 ? [] : [{ path, conversations }]
  })
  const body = {
    timestamp: answer.committed,
    vcs: { type: 'git', revision: answer.commit },
    tool: { name: 'openstory', version },
    files,
    metadata: { 'live.openstory': detailsOf(answer) },
  } as const
  return { version: SPEC_VERSION, id: uuidOf(JSON.stringify(body)), ...body }
}

// What one prompt had one model write is a conversation.
const keyOf = ({ turn, model, session }: CommitRange): string => JSON.stringify([session, turn, model])

function conversation(
  ranges: readonly CommitRange[],
  texts: readonly string[],
  makerOf: TraceParts['makerOf'],
): TraceConversation {
  const { session, turn, model } = ranges[0]!
  const told = joined(ranges).map(({ from, to }) => ({
    start_line: from,
    end_line: to,
    content_hash: `sha256:${hash('sha256', texts.slice(from - 1, to).join('\n'), 'hex')}`,
  }))
  if (session === null) return { contributor: { type: 'unknown' }, ranges: told }
  return {
    url: urn('session', session),
    contributor: { type: 'ai', ...(model !== null && { model_id: modelId(model, makerOf) }) },
    ranges: told,
    ...(turn !== null && { related: [{ type: 'prompt', url: urn('turn', turn) }] }),
  }
}

// However sure each is; that stands in the metadata.
function joined(ranges: readonly CommitRange[]): { from: number; to: number }[] {
  const all: { from: number; to: number }[] = []
  for (const { from, to } of ranges) {
    const last = all.at(-1)
    if (last !== undefined && last.to === from - 1) last.to = to
    else all.push({ from, to })
  }
  return all
}

// As models.dev writes it, where it is known who makes the model; as the agent wrote it elsewhere.
function modelId(model: string, makerOf: TraceParts['makerOf']): string {
  const maker = model.includes('/') ? null : makerOf(model)
  return (maker === null ? model : `${maker}/${model}`).slice(0, MODEL_CHARS_MAX)
}

const urn = (what: 'session' | 'turn', id: string): string => `urn:openstory:${what}:${encodeURIComponent(id)}`

function detailsOf({ lines, share, usd, lower_bound, prompts, files }: CommitAnswer): object {
  const unsure = files.flatMap(({ path, ranges }) =>
    ranges
      .filter(({ confidence }) => confidence === 'moved' || confidence === 'inferred')
      .map(({ from, to, confidence }) => ({ path, start_line: from, end_line: to, confidence })),
  )
  return {
    lines,
    share,
    cost: { usd, lower_bound, of: 'whole prompts' },
    prompts: prompts.map(({ turn, session, lines: own, usd: each, output_tokens }) => ({
      url: urn('turn', turn),
      session: urn('session', session),
      lines: own,
      usd: each,
      output_tokens,
    })),
    unsure, // every other range of an agent's is exact
  }
}

// RFC 9562, version 8: the rest is the beginning of a hash.
function uuidOf(text: string): string {
  const hex = hash('sha256', text, 'hex')
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
