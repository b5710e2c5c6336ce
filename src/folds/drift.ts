// What an event shows that its agent's source does not know: a type passed through, a tool that is in no table, a field that is news.
// Never an error and never a dropped line: the line is kept whole whatever is found here.
import { type Event, inputOf } from '../event/event.ts'
import { isOther } from '../event/types.ts'
import { nameOf, redacted } from './redact.ts'

// `server`: a server of tools (MCP) that somebody plugged in. Its tools are known to nobody but it, which is no drift.
export type DriftKind = 'type' | 'field' | 'tool' | 'server'

export interface Drift {
  readonly what: DriftKind
  readonly name: string
  readonly sample: string | null // redacted; null where the event carries nothing to show
}

// What one event adds to the counts. `version` is told only where the event says it; it holds for its lane from there on.
export interface Sighting {
  readonly event: Pick<Event, 'id' | 'agent' | 'session' | 'agentId' | 'time'>
  readonly version: string | null
  readonly found: readonly Drift[]
}

// What is counted of one agent, version and name, over all of the record.
export interface DriftCount {
  readonly agent: string
  readonly version: string | null // of the agent; null where it does not say
  readonly what: DriftKind
  readonly name: string
  readonly count: number
  readonly first: string | null // the times of the first event with it and of the last; null where their lines know no time
  readonly last: string | null
  readonly event: string // the first
  readonly sample: string | null
}

// What the sources know, given by who knows the sources.
export interface Known {
  strangeIn(
    agent: string,
    record: unknown,
  ): readonly {
    readonly what: 'type' | 'field'
    readonly of: string
    readonly name: string
    readonly value: unknown
  }[]
  knowsTool(agent: string, name: string): boolean
}

const NAME_CHARS_MAX = 80
const NAME_DIGITS_MAX = 10 // tools and types may bear a date
const VERSION_MAX = 40

// Null: nothing to count, as of nearly every event. What was copied was counted where it was said first.
export function sightingOf(event: Event, known: Known): Sighting | null {
  const version = event.payload.version?.slice(0, VERSION_MAX) ?? null
  const isCopy = event.payload.copied === true
  const part = isCopy ? NONE : partDrift(event, known)
  const fields = isCopy ? NONE : fieldDrift(event, known)
  if (version === null && part.length + fields.length === 0) return null
  const found = [...part, ...fields]
  const { id, agent, session, agentId, time } = event
  return { event: { id, agent, session, agentId, time }, version, found }
}

function partDrift(event: Event, known: Known): readonly Drift[] {
  if (isOther(event.kind)) {
    const name = event.kind.slice('other.'.length)
    return [{ what: 'type', name: shown(name), sample: event.rawIn === null ? redacted(event.raw) : null }]
  }
  const { tool } = event.payload
  if (tool?.kind !== 'other' || known.knowsTool(event.agent, tool.name)) return NONE
  const server = serverOf(tool.name)
  if (server !== null) return [{ what: 'server', name: shown(server), sample: null }]
  return [{ what: 'tool', name: shown(tool.name), sample: redacted(inputOf(event)) }]
}

const NONE: readonly Drift[] = []

function fieldDrift({ agent, kind, raw, rawIn }: Event, known: Known): readonly Drift[] {
  if (rawIn !== null || isOther(kind) || typeof raw !== 'object') return NONE
  const strange = known.strangeIn(agent, raw)
  if (strange.length === 0) return NONE
  return strange.map(({ what, of, name, value }) => ({ what, name: `${of}.${shown(name)}`, sample: redacted(value) }))
}

const shown = (name: string): string => nameOf(name, NAME_CHARS_MAX, NAME_DIGITS_MAX)

// `mcp__server__tool`, as most agents call a plugged-in tool, or `mcp_server_tool`.
function serverOf(tool: string): string | null {
  if (tool.startsWith('mcp__')) return tool.slice(5).split('__')[0] || null
  return tool.startsWith('mcp_') ? tool.slice(4).split('_')[0] || null : null
}
